//! What goes onto a USB stick, and how far that is.

use jiff::civil::Date;

use super::Queue;
use crate::submission::SubmissionId;

/// What a stick is wanted for, and where "back" leads.
#[derive(Clone, Debug, Default)]
pub enum Cargo {
    /// The queue, and the receipts back.
    #[default]
    Queue,
    /// One record, from this list.
    Record { id: SubmissionId, queue: Queue },
    /// The report of a day.
    Day(Date),
}

/// The queue on a stick, and the receipts back.
#[derive(Clone, Debug, Default)]
pub struct Stick {
    pub cargo: Cargo,
    /// None while they are looked for.
    pub sticks: Option<Vec<FoundStick>>,
    pub work: StickWork,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundStick {
    pub name: String,
    pub folder: std::path::PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StickWork {
    #[default]
    Nothing,
    Working {
        done: u64,
        of: u64,
    },
    Exported {
        /// What the file holds now, and how many of them are new.
        records: u64,
        added: u64,
    },
    /// The day's report, as CSV and as a page to print.
    ReportWritten,
    Imported {
        received: u64,
        refused: u64,
        pending: u64,
    },
    Failed(StickProblem),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StickProblem {
    /// The config names no server, or no key for bundles.
    NotSetUp,
    Gone,
    /// No room, or it may not be written.
    CannotWrite,
    /// What was written reads back differently.
    Untrustworthy,
    /// A bundle of another booth, or another file of that name.
    OtherFile,
    NoReceipts,
    /// The picture is erased: there is nothing to take along.
    Erased,
    Other,
}
