//! The page of updates.

use super::*;
use crate::operator::{FoundStick, FoundUpdate, UpdatePage, UpdateProblem, UpdateWork};
use crate::ui::strings::operator::updates;
use crate::update::{Outcome, Refusal, Stage};

fn found() -> FoundUpdate {
    FoundUpdate {
        stick: FoundStick { name: "KINGSTON".to_owned(), folder: "/media/KINGSTON".into() },
        file: "szz-kiosk_0.2.0~rc1-1_amd64.deb".to_owned(),
        version: "0.2.0~rc1-1".to_owned(),
    }
}

fn outcome(stage: Stage) -> Outcome {
    Outcome { stage, version: Some("0.2.0~dev413.0123abc-1".to_owned()), at: time() }
}

fn page(last: Option<Stage>, found: Option<Vec<FoundUpdate>>, work: UpdateWork) -> Screen {
    Screen::Update(UpdatePage { last: last.map(outcome), found, work })
}

pub fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let mut screens = vec![
        (page(None, None, UpdateWork::Nothing), words.stick_looking.to_owned()),
        (page(None, Some(Vec::new()), UpdateWork::Nothing), words.update_none.to_owned()),
        (page(None, Some(vec![found(); 3]), UpdateWork::Nothing), found().version),
        (page(None, Some(vec![found()]), UpdateWork::Sure(found())), updates::sure(language, &found().version).1),
        (page(None, Some(vec![found()]), UpdateWork::HandingOver), updates::handing_over(language).0),
    ];
    let refusals = [
        Refusal::Incomplete,
        Refusal::NotSigned,
        Refusal::Damaged,
        Refusal::OtherPackage,
        Refusal::NotNewer,
        Refusal::NoRoom,
    ];
    let stages = [Stage::Installing, Stage::Installed, Stage::RolledBack];
    for stage in stages.into_iter().chain(refusals.map(Stage::Refused)) {
        let (headline, line) = updates::outcome(language, &outcome(stage));
        let screen = page(Some(stage), Some(vec![found(); 3]), UpdateWork::Nothing);
        screens.extend([(screen.clone(), headline), (screen, line)]);
    }
    let problems = [UpdateProblem::NotSetUp, UpdateProblem::Gone, UpdateProblem::CannotCopy, UpdateProblem::NoAnswer];
    screens.extend(problems.map(|problem| {
        (page(None, Some(Vec::new()), UpdateWork::Failed(problem)), updates::problem(language, problem).1)
    }));
    screens
}

#[test]
fn a_package_is_installed_only_when_asked_twice() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let first = page(None, Some(vec![found()]), UpdateWork::Nothing);
        assert!(matches!(press(first, language, words.update_install), Event::Update(which) if which == found()));
        let second = page(None, Some(vec![found()]), UpdateWork::Sure(found()));
        assert!(matches!(press(second.clone(), language, words.update_sure), Event::InstallUpdate));
        assert!(matches!(press(second, language, words.back), Event::Back));
    }
}
