//! The roster page: what it says of every file, column and problem, in both languages.

use std::io::Cursor;
use std::sync::Arc;

use super::booth::{LANGUAGES, WINDOWS};
use super::operator::open;
use crate::operator::{
    Event, FoundStick, Place, ROSTER_PROBLEMS, Role, RosterCounts, RosterDone, RosterFile, RosterFound, RosterPage,
    RosterPlaces, RosterProblem, RosterRead, RosterTouch, RosterView, Screen,
};
use crate::roster::{Field, FileError, Headings, Mapping, Problem, Reading, Rule};
use crate::ui::strings::operator::{OperatorStrings, rosters, sentences};
use crate::ui::*;

fn file(name: &str) -> RosterFile {
    let stick = FoundStick { name: "KINGSTON".to_owned(), folder: "/media/x".into() };
    RosterFile { stick, name: name.to_owned(), bytes: 1_234_567 }
}

fn headings(text: &str) -> Headings {
    let mut reading = Reading::default();
    let _ = reading.read(Cursor::new(text), &Mapping::default(), None, &mut |_| true);
    reading.headings.unwrap()
}

/// As wide as tables of schools are.
fn wide() -> Headings {
    let more = (0..20).map(|number| format!(",备注说明第{number}项（选填，没有可以不填写）")).collect::<String>();
    headings(&format!("姓名,证件号码,学校名称,学历类别,层次,采集码{more}\n"))
}

fn rules() -> Vec<Rule> {
    vec![
        Rule::Empty,
        Rule::Formula,
        Rule::LostDigits,
        Rule::NotText,
        Rule::TooLong(40),
        Rule::OddCharacters,
        Rule::TooShort,
        Rule::NotADocument,
        Rule::WrongCheckCharacter,
        Rule::NotADigest,
        Rule::OtherNumber { shortest: 4, longest: 20, letters: true },
        Rule::OtherNumber { shortest: 11, longest: 11, letters: false },
        Rule::SameCode(299_999),
    ]
}

fn problems() -> Vec<Problem> {
    let problem = |rule| Problem { row: 299_998, column: Some("AB".to_owned()), field: Field::StudentNumber, rule };
    rules().into_iter().map(problem).collect()
}

fn file_errors() -> Vec<FileError> {
    vec![
        FileError::Unreadable(std::io::ErrorKind::Other.into()),
        FileError::TooLarge,
        FileError::TooManyRows,
        FileError::Empty,
        FileError::NotATable,
        FileError::OldWorkbook,
        FileError::NotAWorkbook,
        FileError::Bomb,
        FileError::Encoding { row: 299_999 },
        FileError::RowTooLong { row: 299_999 },
        FileError::TooManyColumns { row: 1 },
        FileError::NoHeadings,
        FileError::MissingColumns { row: 1, missing: Field::SHOWN.to_vec() },
        FileError::Ambiguous { row: 1, field: Field::Document, columns: ["B".to_owned(), "AC".to_owned()] },
        FileError::Stopped,
        FileError::NotAnEntry { line: 12 },
    ]
}

fn counts(bad: u64) -> RosterCounts {
    RosterCounts { rows: 300_000, bad, repeated: 12, added: 250_000, known: 40_000, to_hash: 290_000 }
}

/// As many as fit, of the length of real ones.
fn offered() -> Vec<(Field, String)> {
    let schools = (1..=12).map(|number| (Field::School, format!("演示电子科技职业技术大学第{number}校区")));
    let levels = Field::Level.usual_values().iter().map(|value| (Field::Level, (*value).to_owned()));
    schools.chain(levels).collect()
}

fn read(counts: Result<RosterCounts, FileError>, headings: Option<Headings>, view: RosterView) -> Screen {
    let found = RosterFound { headings, digest: [0; 32], counts, problems: problems(), offered: offered() };
    Screen::Roster(RosterPage::Read(RosterRead {
        file: file("2026届毕业生图像采集名单-最终版.xlsx"),
        places: RosterPlaces::default(),
        found: Arc::new(found),
        view,
    }))
}

fn files(names: &[&str]) -> Screen {
    let files = names.iter().map(|name| file(name)).collect();
    Screen::Roster(RosterPage::Files { files: Some(files), first: 0 })
}

/// Every screen of the page, with words that are on it.
pub(super) fn every_screen(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let own = |text: &str| text.to_owned();
    let reading = RosterPage::Reading { file: file("a.csv"), places: RosterPlaces::default(), rows: 299_000 };
    let done = RosterDone { added: 250_000, updated: 1, unchanged: 39_999, bad: 17 };
    let mut screens = vec![
        (Screen::Roster(RosterPage::Files { files: None, first: 0 }), own(words.roster_looking)),
        (files(&[]), own(words.roster_none)),
        (files(&["一.csv", "二.xlsx", "三.json", "四.csv", "五.csv", "六.csv", "七.csv"]), own("五.csv")),
        (Screen::Roster(reading), rosters::reading(language, 299_000)),
        (read(Ok(counts(0)), Some(wide()), RosterView::Whole), rosters::ready(language, &counts(0)).0),
        (read(Ok(counts(17)), Some(wide()), RosterView::Whole), rosters::ready(language, &counts(17)).0),
        (read(Ok(RosterCounts::default()), None, RosterView::Whole), own(words.roster_json)),
        (read(Ok(counts(17)), Some(wide()), RosterView::Sure), rosters::sure(language, &counts(17)).0),
        (
            read(Ok(counts(17)), Some(wide()), RosterView::Columns { field: Field::Document, first: 0 }),
            rosters::which_column(language, Field::Document),
        ),
        (
            read(Ok(counts(17)), Some(wide()), RosterView::Columns { field: Field::Code, first: 24 }),
            own(words.roster_no_column),
        ),
        (
            Screen::Roster(RosterPage::Importing { done: 1, of: 290_000, bad: 0, is_stopping: false }),
            rosters::importing(language, 1, 290_000, false).0,
        ),
        (
            Screen::Roster(RosterPage::Importing { done: 1, of: 290_000, bad: 0, is_stopping: true }),
            rosters::importing(language, 1, 290_000, true).0,
        ),
        (read(Ok(counts(17)), Some(wide()), RosterView::Values(Field::School)), offered()[11].1.clone()),
        (read(Ok(counts(17)), Some(wide()), RosterView::Values(Field::Major)), own(words.roster_same_none)),
        (Screen::Roster(RosterPage::Imported(done)), rosters::imported(language, done).1.remove(0)),
    ];
    for first in (0..rules().len()).step_by(ROSTER_PROBLEMS) {
        let said = rosters::problem(language, &problems()[first]).1;
        screens.push((read(Ok(counts(17)), Some(wide()), RosterView::Problems { first }), said));
    }
    for error in file_errors() {
        let said = rosters::file_error(language, &error).0;
        screens.push((read(Err(error), Some(wide()), RosterView::Whole), said));
    }
    for problem in RosterProblem::ALL {
        let said = rosters::page_problem(language, problem).0.to_owned();
        screens.push((Screen::Roster(RosterPage::Failed(problem)), said));
    }
    screens
}

#[test]
fn every_button_of_the_roster_page_means_one_thing() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let press =
            |screen: Screen, label: &str| match open(screen, language, WINDOWS[0], Role::Supervisor).press(label) {
                Some(Intent::Operator(Event::Roster(touch))) => touch,
                other => panic!("{label}: {other:?}"),
            };
        let whole = |bad| read(Ok(counts(bad)), Some(wide()), RosterView::Whole);
        let touched = press(files(&["一.csv", "二.xlsx"]), "二.xlsx");
        assert!(matches!(&touched, RosterTouch::Read(file) if file.name == "二.xlsx"), "{touched:?}");
        for field in Field::ALL {
            let touched = press(whole(0), rosters::field(language, field));
            assert!(matches!(touched, RosterTouch::Field(of) if of == field), "{field:?}: {touched:?}");
        }
        assert!(matches!(press(whole(0), words.roster_import), RosterTouch::Import));
        assert!(matches!(press(whole(17), words.roster_import_rest), RosterTouch::Import));
        assert!(matches!(press(whole(17), words.roster_problems), RosterTouch::Problems));
        let sure = read(Ok(counts(17)), Some(wide()), RosterView::Sure);
        assert!(matches!(press(sure, words.roster_sure), RosterTouch::Import));
        let columns = |field| read(Ok(counts(0)), Some(wide()), RosterView::Columns { field, first: 0 });
        let touched = press(columns(Field::Major), &rosters::column(&wide(), 6));
        assert!(matches!(touched, RosterTouch::Column(Some(6))), "{touched:?}");
        assert!(matches!(press(columns(Field::Code), words.roster_no_column), RosterTouch::Column(None)));
        let touched = press(columns(Field::Level), words.roster_same);
        assert!(matches!(touched, RosterTouch::SameForAll), "{touched:?}");
        let touched = press(read(Ok(counts(0)), Some(wide()), RosterView::Values(Field::Level)), "本科");
        assert!(matches!(&touched, RosterTouch::Value(value) if value == "本科"), "{touched:?}");
        let importing = RosterPage::Importing { done: 1, of: 9, bad: 0, is_stopping: false };
        assert!(matches!(press(Screen::Roster(importing), words.roster_stop), RosterTouch::Stop));
        let again = Screen::Roster(RosterPage::Failed(RosterProblem::Gone));
        let pressed = open(again, language, WINDOWS[0], Role::Supervisor).press(words.roster_another);
        assert!(matches!(pressed, Some(Intent::Operator(Event::Go(Place::Roster)))), "{pressed:?}");
    }
}

#[test]
fn what_must_not_be_touched_does_nothing() {
    let words = OperatorStrings::of(Language::Chinese);
    let nothing = |screen: Screen, label: &str| {
        let pressed = open(screen, Language::Chinese, WINDOWS[0], Role::Supervisor).press(label);
        assert!(!matches!(pressed, Some(Intent::Operator(Event::Roster(_) | Event::Back))), "{label}: {pressed:?}");
    };
    nothing(read(Err(FileError::NotATable), None, RosterView::Whole), words.roster_import);
    nothing(
        read(
            Ok(RosterCounts { rows: 3, bad: 3, ..counts(3) }),
            Some(wide()),
            RosterView::Columns { field: Field::Name, first: 0 },
        ),
        words.roster_no_column,
    );
    let stopping = |is_stopping| Screen::Roster(RosterPage::Importing { done: 1, of: 9, bad: 0, is_stopping });
    nothing(stopping(true), words.roster_stop);
    nothing(stopping(false), words.roster_another);
}

#[test]
fn every_problem_has_words_of_its_own() {
    for language in LANGUAGES {
        let mut said: Vec<String> = problems().iter().map(|problem| rosters::problem(language, problem).1).collect();
        said.extend(file_errors().iter().map(|error| rosters::file_error(language, error).0));
        let count = said.len();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), count);
        let subject = sentences::audit_subject(language, "sha256 0011aabb, bad rows left out");
        assert_eq!(subject.contains("bad"), language == Language::English, "{subject}");
        for action in ["import_roster", "import_roster_failed", "import_roster_stopped"] {
            assert!(!sentences::action(language, action).contains("import_roster"), "{action}");
        }
    }
}

#[test]
fn a_code_or_its_digest_is_enough() {
    let places = RosterPlaces::default();
    for (table, is_well) in [("采集码,姓名", true), ("采集码摘要,姓名", true), ("姓名,专业", false)] {
        let headings = headings(&format!("{table}\n"));
        for field in [Field::Code, Field::CodeDigest] {
            assert_eq!(
                rosters::taken_from(Language::English, &headings, &places, field).1,
                is_well,
                "{table}: {field:?}"
            );
        }
        assert!(rosters::taken_from(Language::English, &headings, &places, Field::StudentNumber).1);
        assert!(!rosters::taken_from(Language::English, &headings, &places, Field::Level).1);
    }
}
