//! The queue on a stick, and the receipts back.

use std::sync::Arc;

use age::x25519::Recipient;
use jiff::Timestamp;

use super::BackRoom;
use crate::bundle::{self, ExportError, Exported};
use crate::office::Office;
use crate::operator::{Answer, Event, FoundStick, StickProblem, StickWork};
use crate::store::StoreError;
use crate::submission::SubmissionId;
use crate::upload::import_answer;
use crate::visit::AskId;

impl BackRoom {
    pub(super) fn find_sticks(&self) -> Vec<FoundStick> {
        let found = self.shared.sticks();
        let name = |folder: &std::path::Path| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.into_iter().map(|folder| FoundStick { name: name(&folder), folder }).collect()
    }

    /// Where the stick still is.
    pub(super) fn is_there(&self, stick: &FoundStick) -> bool {
        self.find_sticks().contains(stick)
    }

    /// For whom, and from where, once the stick is there.
    fn ready_to_export(&self, stick: &FoundStick) -> Result<(&Recipient, Arc<Office>), StickProblem> {
        let recipient = self.shared.config.server.as_ref().and_then(|server| server.bundle_key.as_ref());
        let recipient = recipient.ok_or(StickProblem::NotSetUp)?;
        if !self.is_there(stick) {
            return Err(StickProblem::Gone);
        }
        Ok((recipient, self.shared.office().map_err(|error| unexpected(&error))?))
    }

    pub(super) fn export(&self, ask: AskId, stick: &FoundStick) -> Result<StickWork, StickProblem> {
        let config = &self.shared.config;
        let (recipient, office) = self.ready_to_export(stick)?;
        let of = office.store.counts().map_err(|error| unexpected(&error))?.pending;
        let path = stick.folder.join(bundle::file_name(&config.kiosk_id));
        let said = |done: usize| self.tell(ask, done as u64, of);
        let done =
            bundle::export(&office.store, &office.key, &config.kiosk_id, recipient, &path, Timestamp::now(), said)
                .map_err(|error| problem(&error))?;
        Ok(exported(done))
    }

    pub(super) fn export_record(&self, id: SubmissionId, stick: &FoundStick) -> Result<StickWork, StickProblem> {
        let config = &self.shared.config;
        let (recipient, office) = self.ready_to_export(stick)?;
        let path = stick.folder.join(bundle::record_file_name(&config.kiosk_id, id));
        let done =
            bundle::export_record(&office.store, &office.key, &config.kiosk_id, recipient, &path, Timestamp::now(), id)
                .map_err(|error| problem(&error))?;
        Ok(exported(done))
    }

    fn tell(&self, ask: AskId, done: u64, of: u64) {
        let work = StickWork::Working { done, of };
        self.answers.offer(Event::Answered { ask, answer: Answer::Stick(work) });
    }

    pub(super) fn import(&self, ask: AskId, stick: &FoundStick) -> Result<StickWork, StickProblem> {
        let server = self.shared.config.server.as_ref().ok_or(StickProblem::NotSetUp)?;
        if !self.is_there(stick) {
            return Err(StickProblem::Gone);
        }
        let answers = bundle::receipts_in(&stick.folder);
        if answers.is_empty() {
            return Err(StickProblem::NoReceipts);
        }
        let store = &self.shared.office().map_err(|error| unexpected(&error))?;
        let store = &store.store;
        let (mut received, mut refused, mut before) = (0, 0, 0);
        let of = answers.iter().map(|answer| answer.results.len()).sum::<usize>() as u64;
        for answer in &answers {
            let said = |done: usize| self.tell(ask, (before + done) as u64, of);
            let (report, _) = import_answer(store, answer, &server.public_key, Timestamp::now(), said)
                .map_err(|error| unexpected(&error))?;
            before += answer.results.len();
            received += report.acknowledged;
            refused += report.rejected + report.conflicts + report.failed;
        }
        let pending = store.counts().map_err(|error| unexpected(&error))?.pending;
        Ok(StickWork::Imported { received: received as u64, refused: refused as u64, pending })
    }
}

fn exported(done: Exported) -> StickWork {
    StickWork::Exported { records: (done.found + done.added) as u64, added: done.added as u64 }
}

fn problem(error: &ExportError) -> StickProblem {
    tracing::error!(%error, "the queue was not exported");
    match error {
        ExportError::Store(StoreError::Unknown(_)) => StickProblem::Erased,
        ExportError::Io { .. } => StickProblem::CannotWrite,
        ExportError::NotABundle { .. } | ExportError::OtherBooth { .. } => StickProblem::OtherFile,
        ExportError::ReadBack { .. } | ExportError::Incomplete { .. } => StickProblem::Untrustworthy,
        ExportError::Store(_) | ExportError::Packing(_) => StickProblem::Other,
    }
}

fn unexpected(error: &dyn std::fmt::Display) -> StickProblem {
    tracing::error!(%error, "the stick's work failed");
    StickProblem::Other
}
