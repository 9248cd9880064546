//! A package on a stick, handed over to be installed.

use std::time::{Duration, Instant};

use super::BackRoom;
use crate::operator::{Answer, FoundUpdate, UpdateAnswer, UpdateProblem};
use crate::update::{Exchange, Outcome, packages};

/// Until it is known whether a package is taken: its signature is checked, and 100 MB are copied once more.
const PATIENCE: Duration = Duration::from_secs(60);

impl BackRoom {
    pub(super) fn find_updates(&self) -> Answer {
        let Some(exchange) = &self.shared.config.update else {
            return Answer::Update(UpdateAnswer::Failed(UpdateProblem::NotSetUp));
        };
        let found = self.find_sticks().into_iter().flat_map(|stick| {
            let packages = packages(&stick.folder).into_iter();
            packages.map(move |(file, version)| FoundUpdate { stick: stick.clone(), file, version })
        });
        Answer::Update(UpdateAnswer::Found { last: exchange.outcome(), found: found.collect() })
    }

    pub(super) fn install_update(&self, wanted: &FoundUpdate) -> Answer {
        Answer::Update(match self.hand_over(wanted) {
            Ok(outcome) => UpdateAnswer::Told(outcome),
            Err(problem) => UpdateAnswer::Failed(problem),
        })
    }

    fn hand_over(&self, wanted: &FoundUpdate) -> Result<Outcome, UpdateProblem> {
        let exchange = self.shared.config.update.as_ref().ok_or(UpdateProblem::NotSetUp)?;
        if !self.is_there(&wanted.stick) {
            return Err(UpdateProblem::Gone);
        }
        let before = exchange.outcome();
        exchange.hand_over(&wanted.stick.folder, &wanted.file).map_err(|error| {
            tracing::error!(%error, "the update was not handed over");
            UpdateProblem::CannotCopy
        })?;
        tracing::info!("an update was handed over");
        self.wait_for_answer(exchange, before.as_ref())
    }

    fn wait_for_answer(&self, exchange: &Exchange, before: Option<&Outcome>) -> Result<Outcome, UpdateProblem> {
        let give_up_at = Instant::now() + PATIENCE;
        while Instant::now() < give_up_at && !self.shared.stop.is_set() {
            match exchange.outcome() {
                Some(outcome) if Some(&outcome) != before => return Ok(outcome),
                _ => self.shared.stop.sleep(Duration::from_millis(200)),
            }
        }
        tracing::error!("nobody takes the update");
        Err(UpdateProblem::NoAnswer)
    }
}
