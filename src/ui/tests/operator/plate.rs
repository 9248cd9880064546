//! A new background plate.

use std::sync::Arc;

use super::press;
use crate::operator::{Event, Plate, PlateProblem, Screen, TakenPlate};
use crate::photo::plate::Fitness;
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::tests::booth::LANGUAGES;

fn plate(score: u8) -> Screen {
    let fitness = Fitness { brightness: 212.4, unevenness: 31.0, clutter: 0.04, burnt_out: 0.0, score };
    Screen::Plate(Plate::Taken(Arc::new(TakenPlate { picture: Default::default(), fitness })))
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let own = |text: &str| text.to_owned();
    let mut screens = vec![
        (Screen::Plate(Plate::Prepare(None)), own(words.plate_take)),
        (Screen::Plate(Plate::Prepare(None)), own(words.plate_title)),
        (Screen::Plate(Plate::Taking), own(words.plate_taking)),
        (Screen::Plate(Plate::Kept), own(words.plate_kept)),
        (Screen::Plate(Plate::Kept), own(words.plate_kept_next)),
        (plate(92), own(words.plate_good)),
        (plate(12), own(words.plate_poor)),
    ];
    screens.extend(words.plate_steps.map(|step| (Screen::Plate(Plate::Prepare(None)), own(step))));
    for problem in [
        PlateProblem::NotSetUp,
        PlateProblem::NoPicture,
        PlateProblem::Somebody,
        PlateProblem::NoModel,
        PlateProblem::CannotWrite,
    ] {
        let said = sentences::plate_problem(words.language, problem).1.to_owned();
        screens.push((Screen::Plate(Plate::Prepare(Some(problem))), said));
    }
    screens
}

#[test]
fn it_is_taken_and_kept() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let prepare = Screen::Plate(Plate::Prepare(None));
        assert!(matches!(press(prepare, language, words.plate_take), Event::TakePlate));
        assert!(matches!(press(plate(92), language, words.plate_keep), Event::KeepPlate));
        for taken in [plate(92), Screen::Plate(Plate::Kept)] {
            assert!(matches!(press(taken, language, words.plate_again), Event::TakePlate));
        }
    }
}
