//! The roster page with the whole booth behind it, and a folder that plays the stick.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use encoding_rs::GB18030;
use szz_kiosk::code::{CodeDigest, Payload};
use szz_kiosk::config::{Config, RosterOffers};
use szz_kiosk::demo::{Demo, STAFF_PIN, SUPERVISOR_PIN};
use szz_kiosk::office::Office;
use szz_kiosk::operator::{
    Event, Place, RosterAnswer, RosterCounts, RosterDone, RosterFile, RosterFound, RosterPage, RosterProblem,
    RosterRead, RosterTouch, Screen,
};
use szz_kiosk::roster::{Field, FileError, Rule};

use crate::fixture;
use crate::operator::{Hands, logged};

const HEADINGS: &str = "姓名,证件号,学校名称,学历类别,层次,专业,学号,采集码";

fn row(name: &str, number: &str, code: &str) -> String {
    format!("{name},002X,演示大学,普通高等教育,本科,会计学,{number},{code}")
}

fn table(headings: &str, rows: &[String]) -> String {
    format!("{headings}\r\n{}\r\n", rows.join("\r\n"))
}

fn code(text: &str) -> CodeDigest {
    Payload::new(text.to_owned()).digest()
}

/// A demo whose stick has nothing but these.
fn stick(demo: &Demo, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = demo.config.usb_folders[0].join("DEMO-STICK");
    for entry in fs::read_dir(&folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

impl Hands {
    fn rosters(&mut self) -> Vec<RosterFile> {
        self.go(Place::Roster, |screen| matches!(screen, Screen::Roster(RosterPage::Files { files: Some(_), .. })));
        match self.booth.operator().screen() {
            Some(Screen::Roster(RosterPage::Files { files: Some(files), .. })) => files.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn read(&mut self, name: &str) -> Arc<RosterFound> {
        let file = self.rosters().into_iter().find(|file| file.name == name).unwrap();
        self.touch(Event::Roster(RosterTouch::Read(file)));
        self.found()
    }

    fn found(&mut self) -> Arc<RosterFound> {
        self.wait_for("what was read", |screen| matches!(screen, Screen::Roster(RosterPage::Read(_))));
        match self.booth.operator().screen() {
            Some(Screen::Roster(RosterPage::Read(RosterRead { found, .. }))) => found.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn import(&mut self) -> Result<RosterDone, RosterProblem> {
        self.touch(Event::Roster(RosterTouch::Import));
        let is_over = |page: &Screen| matches!(page, Screen::Roster(RosterPage::Imported(_) | RosterPage::Failed(_)));
        self.wait_for("the import", is_over);
        match self.booth.operator().screen() {
            Some(Screen::Roster(RosterPage::Imported(done))) => Ok(*done),
            Some(Screen::Roster(RosterPage::Failed(problem))) => Err(*problem),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_supervisor_imports_a_table_whose_columns_are_put_right_and_again_without_doubles() {
    let demo = Demo::set_up(2).unwrap();
    let known = 2;
    let text = table(&HEADINGS.replace("专业", "备注"), &[row("郭建荣", "20220000001", "a"), row("李明", "", "b")]);
    stick(&demo, &[("名单.csv", text.as_bytes()), ("readme.txt", b"no"), ("picture.csv", b"\x89PNG\r\n")]);
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);
    let names: Vec<_> = hands.rosters().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["picture.csv", "名单.csv"]);

    let no_table = hands.read("picture.csv");
    assert!(matches!(no_table.counts, Err(FileError::NotATable)), "{no_table:?}");

    let found = hands.read("名单.csv");
    assert!(matches!(&found.counts, Err(FileError::MissingColumns { missing, .. }) if *missing == [Field::Major]));
    hands.touch(Event::Roster(RosterTouch::Field(Field::Major)));
    hands.touch(Event::Roster(RosterTouch::Column(Some(5))));
    let found = hands.found();
    let foreseen = RosterCounts { rows: 2, added: 2, to_hash: 1, ..RosterCounts::default() };
    assert_eq!(*found.counts.as_ref().unwrap(), foreseen);
    let size = || Office::open(&demo.config).unwrap().store.roster_size().unwrap();
    assert_eq!(size(), known, "a dry run changes nothing");
    assert_eq!(hands.import(), Ok(RosterDone { added: 2, ..RosterDone::default() }));
    assert_eq!(size(), known + 2);
    let enrolment = Office::open(&demo.config).unwrap().store.find_enrolment(code("a")).unwrap().unwrap();
    assert_eq!((enrolment.masked_name.as_str(), enrolment.major.as_str()), ("郭*荣", "会计学"));
    assert!(enrolment.student_number.as_ref().unwrap().matches("20220000001"));

    hands.read("名单.csv");
    hands.touch(Event::Roster(RosterTouch::Field(Field::Major)));
    hands.touch(Event::Roster(RosterTouch::Column(Some(5))));
    let counts = *hands.found().counts.as_ref().unwrap();
    assert_eq!((counts.added, counts.known), (0, 2));
    assert_eq!(hands.import(), Ok(RosterDone { unchanged: 2, ..RosterDone::default() }));
    assert_eq!(size(), known + 2, "nobody is doubled");
    hands.touch(Event::Leave);
    drop(hands);

    let imports = logged(&demo).into_iter().filter(|(_, action, _)| action.starts_with("import_roster"));
    let subject = format!("sha256 {}", hex::encode(&found.digest[..6]));
    let entry = ("supervisor".to_owned(), "import_roster".to_owned(), subject);
    assert_eq!(imports.collect::<Vec<_>>(), [entry.clone(), entry], "by digest, no name");
}

/// A booth that knows nobody yet has no values of its own to offer.
#[test]
fn what_it_named_is_offered_for_a_table_without_the_column() {
    let mut demo = Demo::set_up(0).unwrap();
    let roster = RosterOffers { schools: vec!["演示大学".to_owned()], majors: vec!["会计学".to_owned()] };
    demo.config = Arc::new(Config { roster, ..demo.config.as_ref().clone() });
    let text = table(&HEADINGS.replace("学校名称", "备注"), &[row("郭建荣", "20220000001", "a")]);
    stick(&demo, &[("名单.csv", text.as_bytes())]);
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);
    hands.rosters();
    let found = hands.read("名单.csv");
    assert!(matches!(&found.counts, Err(FileError::MissingColumns { missing, .. }) if *missing == [Field::School]));
    let offered = |field| found.offered(field).collect::<Vec<_>>();
    assert_eq!((offered(Field::School), offered(Field::Major)), (vec!["演示大学"], vec!["会计学"]));
    hands.touch(Event::Roster(RosterTouch::Field(Field::School)));
    hands.touch(Event::Roster(RosterTouch::SameForAll));
    hands.touch(Event::Roster(RosterTouch::Value("演示大学".to_owned())));
    hands.found();
    assert_eq!(hands.import(), Ok(RosterDone { added: 1, ..RosterDone::default() }));
    let enrolment = Office::open(&demo.config).unwrap().store.find_enrolment(code("a")).unwrap().unwrap();
    assert_eq!(enrolment.school, "演示大学");
}

#[test]
fn bad_rows_of_a_gbk_table_are_named_and_left_out_only_when_told() {
    let demo = Demo::set_up(1).unwrap();
    let rows =
        [row("郭建荣", "20220000001", "a"), row("李明", "2022", "b"), row("王芳", "", "c"), row("王芳", "", "c")];
    let text = table(HEADINGS, &rows);
    let folder = stick(&demo, &[("gbk.csv", &GB18030.encode(&text).0)]);
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);
    let found = hands.read("gbk.csv");
    let foreseen = RosterCounts { rows: 4, bad: 1, repeated: 1, added: 2, known: 0, to_hash: 1 };
    assert_eq!(*found.counts.as_ref().unwrap(), foreseen);
    let problem = &found.problems[0];
    assert_eq!((problem.row, problem.column.as_deref(), problem.field), (3, Some("G"), Field::StudentNumber));
    assert!(matches!(problem.rule, Rule::OtherNumber { .. }));
    let size = || Office::open(&demo.config).unwrap().store.roster_size().unwrap();

    hands.touch(Event::Roster(RosterTouch::Import));
    assert!(!hands.booth.operator().is_waiting(), "it is asked first");
    fs::write(folder.join("gbk.csv"), &*GB18030.encode(&text.replace("王芳", "王五")).0).unwrap();
    assert_eq!(hands.import(), Err(RosterProblem::Changed), "what was not read is not imported");
    assert_eq!(size(), 1);
    fs::write(folder.join("gbk.csv"), &*GB18030.encode(&text).0).unwrap();
    hands.read("gbk.csv");
    hands.touch(Event::Roster(RosterTouch::Import));
    assert_eq!(hands.import(), Ok(RosterDone { added: 2, bad: 1, ..RosterDone::default() }));
    let store = Office::open(&demo.config).unwrap().store;
    let found = ["a", "b", "c"].map(|text| store.find_enrolment(code(text)).unwrap().is_some());
    assert_eq!(found, [true, false, true]);

    let files = hands.rosters();
    fs::remove_file(folder.join("gbk.csv")).unwrap();
    hands.touch(Event::Roster(RosterTouch::Read(files[0].clone())));
    hands.wait_for("gone", |screen| matches!(screen, Screen::Roster(RosterPage::Failed(RosterProblem::Gone))));
    hands.touch(Event::Leave);
    drop(hands);
    let entries = logged(&demo);
    let actions: Vec<_> = entries.iter().map(|(_, action, _)| action.as_str()).collect();
    assert_eq!(actions, ["unlock", "import_roster", "import_roster_failed", "import_roster", "lock"]);
    assert!(entries.iter().all(|(.., subject)| !subject.contains("gbk")), "{entries:?}");
    assert!(entries[3].2.ends_with("bad rows left out"));
}

/// A workbook as a spreadsheet program writes it, with a title above the headings.
#[test]
fn a_workbook_is_imported_and_what_no_column_says_is_chosen_for_all() {
    let demo = Demo::set_up(1).unwrap();
    let workbook = fs::read(fixture("roster.xlsx")).unwrap();
    let csv = table("姓名,证件号,学历类别,专业,采集码", &["郭建荣,002X,普通高等教育,会计学,a".to_owned()]);
    stick(&demo, &[("名单.xlsx", &workbook), ("b.csv", csv.as_bytes())]);
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);
    let found = hands.read("名单.xlsx");
    let counts = *found.counts.as_ref().unwrap();
    assert!(counts.good() > 0 && found.headings.as_ref().unwrap().row > 1, "{found:?}");
    let size = || Office::open(&demo.config).unwrap().store.roster_size().unwrap();
    let before = size();
    if counts.bad > 0 {
        hands.touch(Event::Roster(RosterTouch::Import));
    }
    let done = hands.import().unwrap();
    assert_eq!((done.added, size()), (counts.added, before + counts.added));

    let found = hands.read("b.csv");
    let missing = [Field::School, Field::Level];
    assert!(matches!(&found.counts, Err(FileError::MissingColumns { missing: of, .. }) if *of == missing), "{found:?}");
    let school = found.offered(Field::School).next().unwrap().to_owned();
    for (field, value) in [(Field::School, school.as_str()), (Field::Level, "硕士研究生")] {
        hands.touch(Event::Roster(RosterTouch::Field(field)));
        hands.touch(Event::Roster(RosterTouch::SameForAll));
        hands.touch(Event::Roster(RosterTouch::Value(value.to_owned())));
        hands.found();
    }
    assert_eq!(hands.import(), Ok(RosterDone { added: 1, ..RosterDone::default() }));
    let enrolment = Office::open(&demo.config).unwrap().store.find_enrolment(code("a")).unwrap().unwrap();
    assert_eq!((enrolment.school.as_str(), enrolment.level.as_str()), (school.as_str(), "硕士研究生"));
}

/// As long as those that schools have: a supervisor waits for neither.
#[test]
fn reading_and_import_are_stopped_by_touch_and_change_nothing() {
    let demo = Demo::set_up(1).unwrap();
    let rows: Vec<_> = (0..200_000)
        .map(|number| row("郭建荣", &(20_220_000_000_u64 + number).to_string(), &number.to_string()))
        .collect();
    stick(&demo, &[("large.csv", table(HEADINGS, &rows).as_bytes())]);
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);
    let file = hands.rosters().remove(0);
    hands.touch(Event::Roster(RosterTouch::Read(file)));
    let is_under_way = |page: &Screen| matches!(page, Screen::Roster(RosterPage::Reading { rows: 1.., .. }));
    hands.wait("rows", |booth| booth.operator().screen().is_some_and(is_under_way));
    hands.touch(Event::Back);
    let files = |page: &Screen| matches!(page, Screen::Roster(RosterPage::Files { files: Some(_), .. }));
    hands.wait_for("the files", files);

    let found = hands.read("large.csv");
    assert_eq!(found.counts.as_ref().unwrap().added, 200_000, "{found:?}");
    hands.touch(Event::Roster(RosterTouch::Import));
    let is_under_way = |page: &Screen| matches!(page, Screen::Roster(RosterPage::Importing { done: 1.., .. }));
    hands.wait("hashes", |booth| booth.operator().screen().is_some_and(is_under_way));
    hands.touch(Event::Roster(RosterTouch::Stop));
    let is_over = |page: &Screen| matches!(page, Screen::Roster(RosterPage::Failed(RosterProblem::Stopped)));
    hands.wait_for("the end", is_over);
    hands.touch(Event::Leave);
    drop(hands);
    assert_eq!(Office::open(&demo.config).unwrap().store.roster_size().unwrap(), 1);
    let actions: Vec<_> = logged(&demo).into_iter().map(|(_, action, _)| action).collect();
    assert_eq!(actions, ["unlock", "import_roster", "import_roster_stopped", "lock"]);
}

#[test]
fn staff_do_not_get_there() {
    let demo = Demo::set_up(1).unwrap();
    let mut hands = Hands::at(&demo);
    hands.enter(STAFF_PIN);
    hands.touch(Event::Go(Place::Roster));
    assert!(matches!(hands.booth.operator().screen(), Some(Screen::Board { .. })));
    let answer = RosterAnswer::Files(Vec::new());
    let ask = szz_kiosk::visit::AskId(0);
    hands.touch(Event::Answered { ask, answer: szz_kiosk::operator::Answer::Roster(answer) });
    assert!(matches!(hands.booth.operator().screen(), Some(Screen::Board { .. })));
}
