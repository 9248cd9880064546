//! The dashboard and what to do about each light.

use std::sync::Arc;

use super::{can_press, press, time};
use crate::operator::{Backups, Counts, Event, Facts, Place, PlateFacts, Screen, Subject, lights};
use crate::submission::ClockTrust;
use crate::ui::strings::operator::{OperatorStrings, lights as light_words, sentences};
use crate::ui::tests::booth::LANGUAGES;
use crate::visit::CameraTrouble;

fn facts(is_well: bool) -> Facts {
    let old = Some(time() - jiff::SignedDuration::from_hours(200));
    Facts {
        seen_at: time(),
        fps: 29.7,
        last_frame_ms: Some(34),
        camera_trouble: (!is_well).then_some(CameraTrouble::Forbidden),
        models_loaded: is_well,
        free_disk_mb: Some(if is_well { 80_000 } else { 120 }),
        queue: Some(Counts { pending: 12_345, received: 40_000, refused: 17, conflict: 2, withdrawn: 1 }),
        can_save: is_well,
        oldest_pending: old,
        has_server: true,
        last_receipt: old,
        clock: if is_well { ClockTrust::Confirmed } else { ClockTrust::Doubtful },
        certificate: None,
        plate: if is_well { PlateFacts::Fits } else { PlateFacts::Wanted },
        backups: Backups::Off,
        version: "0.1.0",
    }
}

fn board() -> Screen {
    Screen::Board { facts: Some(Arc::new(facts(true))), open: None }
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let mut screens = vec![(Screen::Board { facts: None, open: None }, words.board_waiting.to_owned())];
    for is_well in [true, false] {
        let facts = Arc::new(facts(is_well));
        screens.push((Screen::Board { facts: Some(facts.clone()), open: None }, words.board_title.to_owned()));
        for subject in Subject::ALL {
            let light = lights::light(&facts, subject);
            for advice in light_words::advice(language, &facts, subject, light) {
                screens.push((Screen::Board { facts: Some(facts.clone()), open: Some(subject) }, advice));
            }
        }
    }
    let facts = Some(Arc::new(facts(true)));
    screens.push((Screen::Board { facts, open: None }, words.board_hint.to_owned()));
    screens
}

/// What staff can do themselves is one touch away; a light that is green sends nobody anywhere.
#[test]
fn advice_leads_to_the_page_that_it_names() {
    let places = [(Subject::Camera, Place::Camera), (Subject::Plate, Place::Plate), (Subject::Queue, Place::Queue)];
    for language in LANGUAGES {
        for (subject, place) in places {
            let advice = |is_well| Screen::Board { facts: Some(Arc::new(facts(is_well))), open: Some(subject) };
            let label = sentences::place(language, place);
            let went = press(advice(false), language, label);
            assert!(matches!(went, Event::Go(to) if to == place), "{subject:?}: {went:?}");
            if subject != Subject::Queue {
                assert!(!can_press(advice(true), language, label), "{subject:?}");
            }
        }
    }
}

#[test]
fn every_light_and_every_place_opens() {
    for language in LANGUAGES {
        for place in Place::ALL {
            let went = press(board(), language, sentences::place(language, place));
            assert!(matches!(went, Event::Go(to) if to == place), "{place:?}: {went:?}");
        }
        for subject in Subject::ALL {
            let opened = press(board(), language, light_words::subject(language, subject));
            assert!(matches!(opened, Event::OpenLight(which) if which == subject), "{subject:?}: {opened:?}");
        }
    }
}
