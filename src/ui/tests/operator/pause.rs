//! Closing the booth to students, and what they read.

use super::press;
use crate::operator::{Event, Notice, Screen};
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::tests::booth::{Booth, LANGUAGES, WINDOWS};
use crate::visit::{Language, State};

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let notices = Notice::ALL.map(|notice| sentences::notice(words.language, notice));
    let said = [words.pause_title, words.pause_note, words.paused_now].into_iter().chain(notices);
    said.map(|words| (Screen::Pause, words.to_owned())).collect()
}

/// The window of these tests is paused for lunch.
#[test]
fn every_message_is_chosen_and_service_resumed() {
    for language in LANGUAGES {
        for notice in Notice::ALL.into_iter().filter(|notice| *notice != Notice::Break) {
            let paused = press(Screen::Pause, language, sentences::notice(language, notice));
            assert!(matches!(paused, Event::Pause(which) if which == notice), "{paused:?}");
        }
        assert!(matches!(press(Screen::Pause, language, OperatorStrings::of(language).resume), Event::Resume));
    }
}

#[test]
fn a_paused_booth_says_so_in_both_languages_and_starts_nothing() {
    for window in WINDOWS {
        for notice in Notice::ALL {
            let booth =
                Booth::open_with(State::Welcome, Language::Chinese, window, move |view| view.paused = Some(notice));
            for language in LANGUAGES {
                assert!(booth.says(sentences::notice(language, notice)), "{notice:?} at {window:?}");
            }
            let labels: Vec<_> = booth.controls().into_iter().map(|(label, _)| label).collect();
            assert_eq!(labels, [crate::ui::tests::CHINESE.staff_corner], "only staff can do something");
        }
    }
}
