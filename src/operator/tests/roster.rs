//! The roster page's own rules.

use super::*;
use crate::roster::{Columns, Field, FileError, Headings, Mapping, Problem, Reading, Rule};

pub fn file() -> RosterFile {
    RosterFile {
        stick: FoundStick { name: "A".to_owned(), folder: "/media/a".into() },
        name: "a.csv".to_owned(),
        bytes: 9,
    }
}

/// 姓名, 证件号, and a column that is not known.
fn headings() -> Headings {
    let text = "姓名,证件号,备注\n";
    let mut reading = Reading::default();
    let _ = reading.read(std::io::Cursor::new(text), &Mapping::default(), None, &mut |_| true);
    reading.headings.unwrap()
}

fn found(counts: Result<RosterCounts, FileError>) -> Answer {
    let problem = Problem { row: 3, column: Some("B".to_owned()), field: Field::Document, rule: Rule::Empty };
    let problems = match &counts {
        Ok(counts) => vec![problem; counts.bad as usize],
        Err(_) => Vec::new(),
    };
    Answer::Roster(RosterAnswer::Read(Arc::new(RosterFound {
        headings: Some(headings()),
        digest: [7; 32],
        counts,
        problems,
        offered: vec![(Field::School, "演示大学".to_owned()), (Field::Level, "本科".to_owned())],
    })))
}

pub fn good(bad: u64) -> Answer {
    found(Ok(RosterCounts { rows: 10 + bad, bad, repeated: 0, added: 8, known: 2, to_hash: 10 }))
}

fn at_files(role: Role) -> super::Booth {
    let mut booth = super::Booth::open_as(role);
    booth.send(Event::Go(Place::Roster));
    if role == Role::Supervisor {
        booth.answer(Answer::Roster(RosterAnswer::Files(vec![file()])));
    }
    booth
}

fn touch(booth: &mut super::Booth, touch: RosterTouch) {
    booth.send(Event::Roster(touch));
}

fn view(booth: &super::Booth) -> RosterView {
    match booth.operator.screen() {
        Some(Screen::Roster(RosterPage::Read(read))) => read.view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn staff_import_no_roster() {
    let booth = at_files(Role::Staff);
    assert!(matches!(booth.operator.screen(), Some(Screen::Board { .. })));
    assert!(matches!(booth.last(), Order::SeeFacts));
}

#[test]
fn one_tap_reads_and_another_imports_what_was_read() {
    let mut booth = at_files(Role::Supervisor);
    let other = RosterFile { name: "../b.csv".to_owned(), ..file() };
    touch(&mut booth, RosterTouch::Read(other));
    assert!(matches!(booth.last(), Order::FindRosters), "only what was found");
    touch(&mut booth, RosterTouch::Read(file()));
    assert!(matches!(booth.last(), Order::ReadRoster { file: read, .. } if *read == file()));
    booth.answer(Answer::Roster(RosterAnswer::Reading(1000)));
    assert!(booth.operator.is_waiting(), "there is more to come");
    booth.answer(good(0));
    touch(&mut booth, RosterTouch::Import);
    assert!(matches!(booth.last(), Order::ImportRoster { digest, without_bad: false, .. } if *digest == [7; 32]));
    booth.answer(Answer::Roster(RosterAnswer::Importing { done: 4, of: 10 }));
    booth.send(Event::Back);
    booth.wait(IDLE);
    assert!(matches!(booth.operator.screen(), Some(Screen::Roster(RosterPage::Importing { done: 4, .. }))));
    assert!(booth.stopped.is_empty(), "only when told");
    let done = RosterDone { added: 8, updated: 0, unchanged: 2, bad: 0 };
    booth.answer(Answer::Roster(RosterAnswer::Imported(done)));
    assert!(matches!(booth.operator.screen(), Some(Screen::Roster(RosterPage::Imported(what))) if *what == done));
    booth.wait(IDLE);
    assert!(booth.operator.screen().is_none(), "done");
}

#[test]
fn bad_rows_are_left_out_only_after_saying_so() {
    let mut booth = at_files(Role::Supervisor);
    touch(&mut booth, RosterTouch::Read(file()));
    booth.answer(good(9));
    touch(&mut booth, RosterTouch::Problems);
    booth.send(Event::Older);
    assert_eq!(view(&booth), RosterView::Problems { first: ROSTER_PROBLEMS });
    booth.send(Event::Older);
    assert_eq!(view(&booth), RosterView::Problems { first: ROSTER_PROBLEMS }, "there are no more");
    booth.send(Event::Back);
    touch(&mut booth, RosterTouch::Import);
    assert_eq!(view(&booth), RosterView::Sure);
    assert!(matches!(booth.last(), Order::ReadRoster { .. }), "nothing is imported yet");
    booth.send(Event::Back);
    assert_eq!(view(&booth), RosterView::Whole);
    touch(&mut booth, RosterTouch::Import);
    touch(&mut booth, RosterTouch::Import);
    assert!(matches!(booth.last(), Order::ImportRoster { without_bad: true, .. }));
    booth.answer(Answer::Roster(RosterAnswer::Failed(RosterProblem::Gone)));
    assert!(matches!(booth.operator.screen(), Some(Screen::Roster(RosterPage::Failed(RosterProblem::Gone)))));
    booth.send(Event::Back);
    assert!(matches!(booth.last(), Order::FindRosters));
}

#[test]
fn a_file_that_is_no_roster_or_has_no_good_row_is_not_imported() {
    for counts in [
        Err(FileError::NotATable),
        Ok(RosterCounts { rows: 3, bad: 3, ..RosterCounts::default() }),
        Ok(RosterCounts::default()),
    ] {
        let mut booth = at_files(Role::Supervisor);
        touch(&mut booth, RosterTouch::Read(file()));
        booth.answer(found(counts));
        touch(&mut booth, RosterTouch::Import);
        touch(&mut booth, RosterTouch::Import);
        assert!(matches!(booth.last(), Order::ReadRoster { .. }), "{:?}", booth.last());
    }
}

#[test]
fn a_reading_that_is_left_is_stopped_and_an_import_says_what_came_of_it() {
    for leave in [Event::Back, Event::Leave] {
        let mut booth = at_files(Role::Supervisor);
        touch(&mut booth, RosterTouch::Read(file()));
        let reading = booth.asked.last().unwrap().0;
        booth.send(leave);
        assert_eq!(booth.stopped, [reading]);
    }
    for (end, is_as_it_was) in [
        (RosterAnswer::Failed(RosterProblem::Stopped), true),
        (RosterAnswer::Imported(RosterDone { added: 8, ..RosterDone::default() }), false),
    ] {
        let mut booth = at_files(Role::Supervisor);
        touch(&mut booth, RosterTouch::Read(file()));
        booth.answer(good(0));
        touch(&mut booth, RosterTouch::Import);
        let import = booth.asked.last().unwrap().0;
        touch(&mut booth, RosterTouch::Stop);
        assert_eq!(booth.stopped, [import]);
        booth.answer(Answer::Roster(RosterAnswer::Importing { done: 5, of: 10 }));
        let waits = matches!(
            booth.operator.screen(),
            Some(Screen::Roster(RosterPage::Importing { done: 5, is_stopping: true, .. }))
        );
        assert!(waits, "what was saved before it stopped is said");
        booth.answer(Answer::Roster(end));
        let stopped =
            matches!(booth.operator.screen(), Some(Screen::Roster(RosterPage::Failed(RosterProblem::Stopped))));
        assert_eq!(stopped, is_as_it_was);
    }
}

#[test]
fn what_all_students_have_is_one_of_what_is_offered() {
    let mut booth = at_files(Role::Supervisor);
    touch(&mut booth, RosterTouch::Read(file()));
    booth.answer(found(Err(FileError::MissingColumns { row: 1, missing: vec![Field::School] })));
    touch(&mut booth, RosterTouch::Field(Field::Name));
    touch(&mut booth, RosterTouch::SameForAll);
    assert!(matches!(view(&booth), RosterView::Columns { .. }), "nobody has another's name");
    booth.send(Event::Back);
    touch(&mut booth, RosterTouch::Field(Field::School));
    touch(&mut booth, RosterTouch::SameForAll);
    assert_eq!(view(&booth), RosterView::Values(Field::School));
    touch(&mut booth, RosterTouch::Value("本科".to_owned()));
    assert_eq!(view(&booth), RosterView::Values(Field::School), "that is no school");
    touch(&mut booth, RosterTouch::Value("演示大学".to_owned()));
    let mapping = |booth: &super::Booth| match booth.last() {
        Order::ReadRoster { places, .. } => places.mapping(),
        other => panic!("{other:?}"),
    };
    let said = mapping(&booth);
    assert_eq!(said.constants, [(Field::School, "演示大学".to_owned())]);
    assert_eq!((said.columns, said.left_out), (Vec::new(), vec![Field::School]), "no column is taken for it");
    booth.answer(good(0));
    touch(&mut booth, RosterTouch::Field(Field::School));
    touch(&mut booth, RosterTouch::Column(Some(2)));
    let said = mapping(&booth);
    assert_eq!((said.constants, said.columns), (Vec::new(), vec![("C".to_owned(), Field::School)]));
}

#[test]
fn a_column_that_is_chosen_is_read_anew() {
    let mut booth = at_files(Role::Supervisor);
    touch(&mut booth, RosterTouch::Read(file()));
    booth.answer(found(Err(FileError::MissingColumns { row: 1, missing: vec![Field::Major] })));
    touch(&mut booth, RosterTouch::Field(Field::Major));
    assert_eq!(view(&booth), RosterView::Columns { field: Field::Major, first: 0 });
    for beyond in [Some(3), None] {
        touch(&mut booth, RosterTouch::Column(beyond));
        assert!(matches!(view(&booth), RosterView::Columns { .. }), "{beyond:?}");
    }
    let mapping = |booth: &super::Booth| match booth.last() {
        Order::ReadRoster { places, .. } => places.mapping(),
        other => panic!("{other:?}"),
    };
    touch(&mut booth, RosterTouch::Column(Some(2)));
    let said = mapping(&booth);
    assert_eq!((said.columns, said.headings_row), (vec![("C".to_owned(), Field::Major)], Some(1)));
    booth.answer(good(0));

    // The same column as something else, and no column where there may be none.
    touch(&mut booth, RosterTouch::Field(Field::School));
    touch(&mut booth, RosterTouch::Column(Some(2)));
    booth.answer(good(0));
    touch(&mut booth, RosterTouch::Field(Field::StudentNumber));
    touch(&mut booth, RosterTouch::Column(None));
    let said = mapping(&booth);
    assert_eq!(said.columns, [("C".to_owned(), Field::School)]);
    assert_eq!(said.left_out, [Field::StudentNumber]);
    booth.answer(good(0));
    touch(&mut booth, RosterTouch::Import);
    let Order::ImportRoster { places, .. } = booth.last() else { panic!("{:?}", booth.last()) };
    assert_eq!(places.mapping().left_out, [Field::StudentNumber], "as it was read");
    assert_eq!(headings().columns.place(Field::Name), Some(0));
    assert_ne!(headings().columns, Columns::default());
}
