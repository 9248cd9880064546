//! USB sticks: export of the queue, of one record, of a report; receipts.

use super::{can_press, full_queue, line, press};
use crate::operator::{Cargo, Delivery, Event, FoundStick, Place, Screen, Stick, StickProblem, StickWork};
use crate::ui::strings::operator::{OperatorStrings, sticks};
use crate::ui::tests::booth::LANGUAGES;

fn found(name: &str) -> FoundStick {
    FoundStick { name: name.to_owned(), folder: "/media/x".into() }
}

fn stick(work: StickWork) -> Stick {
    Stick { sticks: Some(vec![found("KINGSTON")]), work, ..Stick::default() }
}

fn for_one_record() -> Stick {
    let cargo = Cargo::Record { id: line(7, Delivery::Refused, None).end.id, queue: full_queue() };
    Stick { cargo, ..stick(StickWork::Nothing) }
}

fn for_a_day(work: StickWork) -> Stick {
    Stick { cargo: Cargo::Day("2026-06-20".parse().unwrap()), ..stick(work) }
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let own = |text: &str| text.to_owned();
    let two = Stick { sticks: Some(vec![found("KINGSTON"), found("毕业照片")]), ..Stick::default() };
    let none = Stick { sticks: Some(Vec::new()), ..Stick::default() };
    let mut screens = vec![
        (Screen::Stick(two), own("毕业照片")),
        (Screen::Stick(for_one_record()), own(words.export_here)),
        (Screen::Stick(for_a_day(StickWork::Nothing)), sticks::day_note(language, "2026-06-20")),
        (Screen::Stick(Stick::default()), own(words.stick_looking)),
        (Screen::Stick(none), own(words.stick_none)),
        (Screen::Stick(stick(StickWork::Nothing)), own(words.stick_note)),
    ];
    let works = [
        StickWork::Working { done: 12_300, of: 50_000 },
        StickWork::Exported { records: 50_000, added: 37_700 },
        StickWork::Exported { records: 0, added: 0 },
        StickWork::Imported { received: 49_000, refused: 17, pending: 983 },
        StickWork::ReportWritten,
    ];
    let problems = [
        StickProblem::NotSetUp,
        StickProblem::Gone,
        StickProblem::CannotWrite,
        StickProblem::Untrustworthy,
        StickProblem::OtherFile,
        StickProblem::NoReceipts,
        StickProblem::Erased,
        StickProblem::Other,
    ];
    for work in works.into_iter().chain(problems.map(StickWork::Failed)) {
        let (headline, line) = sticks::stick_work(language, work).unwrap();
        let screen = match work {
            StickWork::ReportWritten => for_a_day(work),
            work => stick(work),
        };
        screens.push((Screen::Stick(screen.clone()), headline));
        screens.push((Screen::Stick(screen), line));
    }
    screens
}

#[test]
fn it_takes_the_queue_and_brings_receipts() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let queue = || Screen::Stick(stick(StickWork::Nothing));
        assert!(matches!(press(queue(), language, words.export), Event::Export(to) if to == found("KINGSTON")));
        assert!(
            matches!(press(queue(), language, words.import), Event::ImportReceipts(from) if from == found("KINGSTON"))
        );
        assert!(matches!(press(queue(), language, words.stick_again), Event::Go(Place::Stick)));
        let one = || Screen::Stick(for_one_record());
        assert!(matches!(press(one(), language, words.export_here), Event::Export(_)));
        assert!(!can_press(one(), language, words.import), "receipts are the queue's");
        let working = Screen::Stick(stick(StickWork::Working { done: 1, of: 9 }));
        for label in [words.export, words.import, words.back] {
            assert!(!can_press(working.clone(), language, label), "{label}");
        }
    }
}
