//! Erasing what is due.

use super::{can_press, press};
use crate::operator::{Erasable, Event, Purge, Screen};
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::tests::booth::LANGUAGES;

fn erasable(now: u64) -> Erasable {
    Erasable { days: Some(30), now, without_receipt: 123, all: 50_000 }
}

fn purge(purge: Purge) -> Screen {
    Screen::Purge(purge)
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let own = |text: &str| text.to_owned();
    let for_ever = Erasable { days: None, ..erasable(0) };
    vec![
        (purge(Purge::Looking), own(words.wait)),
        (purge(Purge::Asked(erasable(49_000))), own(words.purge_note)),
        (purge(Purge::Asked(erasable(49_000))), own(words.purge_without_receipt)),
        (purge(Purge::Asked(erasable(49_000))), sentences::retention(language, Some(30))),
        (purge(Purge::Asked(erasable(0))), own(words.purge_nothing)),
        (purge(Purge::Asked(for_ever)), sentences::retention(language, None)),
        (purge(Purge::Sure(erasable(49_000))), sentences::purge_sure(language, 49_000)),
        (purge(Purge::Erasing), own(words.purge_erasing)),
        (purge(Purge::Erased(49_000)), sentences::purged(language, 49_000)),
    ]
}

#[test]
fn it_is_asked_twice_and_nothing_is_erased_that_is_not_due() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let first = purge(Purge::Asked(erasable(3)));
        assert!(matches!(press(first, language, words.purge_erase), Event::Purge));
        let second = purge(Purge::Sure(erasable(3)));
        assert!(matches!(press(second.clone(), language, words.purge_sure), Event::Purge));
        assert!(matches!(press(second, language, words.back), Event::Back));
        for nothing in [Purge::Asked(erasable(0)), Purge::Looking, Purge::Erasing, Purge::Erased(3)] {
            assert!(!can_press(purge(nothing.clone()), language, words.purge_erase), "{nothing:?}");
        }
    }
}
