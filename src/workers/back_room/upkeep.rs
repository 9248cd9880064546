//! The day's report, the log, and what retention would erase.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::BackRoom;
use crate::log::{self, Level};
use crate::office::{Office, OfficeError};
use crate::operator::{Answer, Erasable, FoundStick, LOG_LINES, StickProblem, StickWork};
use crate::platform::no_links;
use crate::report;

pub(super) fn day(office: &Office, day: Option<Date>) -> Result<Answer, OfficeError> {
    let today = report::today(Timestamp::now());
    let day = day.unwrap_or(today);
    let Some(hours) = report::hours(day) else { return Ok(Answer::Gone) };
    Ok(Answer::Day(Arc::new(office.store.day_report(day, hours)?), day >= today))
}

impl BackRoom {
    /// As CSV and as a page to print, in the booth's language.
    pub(super) fn export_day(&self, day: Date, stick: &FoundStick) -> Result<StickWork, StickProblem> {
        if !self.is_there(stick) {
            return Err(StickProblem::Gone);
        }
        let config = &self.shared.config;
        let unexpected = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "the report was not made");
            StickProblem::Other
        };
        let office = self.shared.office().map_err(|error| unexpected(&error))?;
        let hours = report::hours(day).ok_or(StickProblem::Other)?;
        let report = office.store.day_report(day, hours).map_err(|error| unexpected(&error))?;
        let files = [
            ("csv", report::csv::write(&report, &config.kiosk_id, config.language)),
            ("html", report::html::write(&report, &config.kiosk_id, config.language)),
        ];
        for (extension, text) in files {
            let path = stick.folder.join(report::file_name(&config.kiosk_id, day, extension));
            write(&path, &text).map_err(|error| {
                tracing::error!(%error, "the report cannot be written to the stick");
                StickProblem::CannotWrite
            })?;
        }
        Ok(StickWork::ReportWritten)
    }

    pub(super) fn read_log(&self, level: Level, before: Option<log::Place>) -> Answer {
        match log::page(&log::folder(&self.shared.config.data), level, before, LOG_LINES) {
            Ok(page) => Answer::Log(Arc::new(page)),
            Err(error) => {
                tracing::warn!(%error, "the log's files cannot be read");
                Answer::Failed
            }
        }
    }

    pub(super) fn erasable(&self) -> Result<Answer, OfficeError> {
        let store = &self.shared.office()?.store;
        let counts = store.counts()?;
        let days = self.shared.config.retention_days;
        let now = match self.erased_before() {
            Some(before) => store.expired(before)?,
            None => 0,
        };
        let without_receipt = counts.pending + counts.rejected + counts.conflict;
        Ok(Answer::Erasable(Erasable { days, now, without_receipt, all: counts.pictures }))
    }

    /// What the courier's thread would erase within minutes, and nothing else.
    pub(super) fn purge(&self) -> Result<Answer, OfficeError> {
        let Some(before) = self.erased_before() else { return Ok(Answer::Erased(0)) };
        let erased = self.shared.office()?.store.erase_expired(before, Timestamp::now())?;
        tracing::info!(erased, "pictures were erased by a supervisor");
        Ok(Answer::Erased(erased))
    }

    fn erased_before(&self) -> Option<Timestamp> {
        let days = self.shared.config.retention_days?;
        Some(Timestamp::now() - SignedDuration::from_hours(24 * i64::from(days)))
    }
}

/// There when it is said to be.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = no_links(options.write(true).create(true).truncate(true)).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
