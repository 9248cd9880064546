//! The page of updates from a USB stick.

use std::time::Instant;

use super::{Answer, Effect, Event, FoundStick, Operator, Order, Place, Screen};
use crate::update::Outcome;

#[derive(Clone, Debug, Default)]
pub struct UpdatePage {
    /// What came of the last one.
    pub last: Option<Outcome>,
    /// None while sticks are looked through.
    pub found: Option<Vec<FoundUpdate>>,
    pub work: UpdateWork,
}

/// A package on a stick. Whether it is genuine is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundUpdate {
    pub stick: FoundStick,
    pub file: String,
    pub version: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UpdateWork {
    #[default]
    Nothing,
    /// The question.
    Sure(FoundUpdate),
    /// Copied and checked.
    HandingOver,
    Failed(UpdateProblem),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateProblem {
    /// This booth was not installed from the package.
    NotSetUp,
    /// The stick.
    Gone,
    CannotCopy,
    /// Nothing on this machine takes what was handed over.
    NoAnswer,
}

#[derive(Clone, Debug)]
pub enum UpdateAnswer {
    Found { last: Option<Outcome>, found: Vec<FoundUpdate> },
    Told(Outcome),
    Failed(UpdateProblem),
}

impl Operator {
    pub(super) fn find_updates(&mut self, effects: &mut Vec<Effect>) {
        self.show(Screen::Update(UpdatePage::default()));
        self.ask(Order::FindUpdates, effects);
    }

    pub(super) fn update(&mut self, page: UpdatePage, event: Event, now: Instant, effects: &mut Vec<Effect>) {
        match (page.work, event) {
            (UpdateWork::HandingOver, _) => self.show_update(page.last, page.found, UpdateWork::HandingOver),
            (_, Event::Go(Place::Update)) => self.find_updates(effects),
            (_, Event::Update(found)) => self.show_update(page.last, page.found, UpdateWork::Sure(found)),
            (UpdateWork::Sure(found), Event::InstallUpdate) => {
                self.show_update(page.last, page.found, UpdateWork::HandingOver);
                self.ask(Order::InstallUpdate(found), effects);
            }
            (UpdateWork::Sure(_), Event::Back) => self.show_update(page.last, page.found, UpdateWork::Nothing),
            (_, Event::Back) => self.board(now, effects),
            (work, _) => self.show_update(page.last, page.found, work),
        }
    }

    pub(super) fn update_answered(&mut self, page: UpdatePage, answer: Answer) {
        match answer {
            Answer::Update(UpdateAnswer::Found { last, found }) => {
                self.show_update(last, Some(found), UpdateWork::Nothing);
            }
            Answer::Update(UpdateAnswer::Told(outcome)) => {
                self.show_update(Some(outcome), page.found, UpdateWork::Nothing);
            }
            Answer::Update(UpdateAnswer::Failed(problem)) => {
                self.show_update(page.last, page.found.or(Some(Vec::new())), UpdateWork::Failed(problem));
            }
            _ => self.show_update(page.last, page.found, UpdateWork::Nothing),
        }
    }

    fn show_update(&mut self, last: Option<Outcome>, found: Option<Vec<FoundUpdate>>, work: UpdateWork) {
        self.show(Screen::Update(UpdatePage { last, found, work }));
    }
}
