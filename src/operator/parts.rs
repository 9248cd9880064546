//! What operator mode's screens are made of.

use std::sync::Arc;

use image::RgbImage;
use jiff::Timestamp;

use super::Action;
use crate::submission::{ClockTrust, SubmissionId};
use crate::visit::{CameraTrouble, Typed};

/// What a PIN is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Enter,
    /// A student stands at the booth and has paid; nothing else is opened.
    ConfirmPayment {
        order_number: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinState {
    Asked,
    Checking,
    Wrong {
        tries_left: u32,
    },
    LockedOut {
        until: Timestamp,
    },
    /// Nobody has made a PIN yet.
    NoPin,
    /// The file with the PINs cannot be used.
    Broken,
    /// Right, but the payment could not be noted.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinProblem {
    /// Too short, or all digits alike.
    Unfit,
    /// Two different ones.
    Differs,
    /// The other role has it.
    Taken,
}

/// What a closed booth tells students.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    BackSoon,
    Break,
    Maintenance,
    OtherBooth,
    EndOfDay,
    /// Said by the booth itself.
    NewVersion,
}

impl Notice {
    /// What staff choose from.
    pub const ALL: [Self; 5] = [Self::BackSoon, Self::Break, Self::Maintenance, Self::OtherBooth, Self::EndOfDay];

    /// As the database and the audit log write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::BackSoon => "back_soon",
            Self::Break => "break",
            Self::Maintenance => "maintenance",
            Self::OtherBooth => "other_booth",
            Self::EndOfDay => "end_of_day",
            Self::NewVersion => "new_version",
        }
    }

    /// A booth that was closed stays closed, whatever an unknown word meant.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|notice| notice.name() == name).unwrap_or(Self::BackSoon)
    }
}

/// How the booth is.
#[derive(Clone, Debug)]
pub struct Facts {
    pub seen_at: Timestamp,
    /// Pictures a second.
    pub fps: f32,
    pub last_frame_ms: Option<u64>,
    pub camera_trouble: Option<CameraTrouble>,
    /// Whether library and models are loaded.
    pub models_loaded: bool,
    /// None where the system does not tell.
    pub free_disk_mb: Option<u64>,
    /// None when the database cannot be read.
    pub queue: Option<Counts>,
    /// Whether a record could be written now.
    pub can_save: bool,
    pub oldest_pending: Option<Timestamp>,
    pub has_server: bool,
    pub last_receipt: Option<Timestamp>,
    pub clock: ClockTrust,
    /// The certificate that ends first, if the booth knows any.
    pub certificate: Option<(Certificate, Timestamp)>,
    pub plate: PlateFacts,
    pub backups: Backups,
    pub version: &'static str,
}

/// Whose certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// As the central server showed it.
    Server,
    /// The booth's own.
    Booth,
    /// The authority that the config names.
    Authority,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backups {
    /// The config names no folder.
    Off,
    NoneYet,
    Newest(Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlateFacts {
    /// The config names none.
    NotUsed,
    /// It has not been taken, or does not fit any more.
    Wanted,
    Fits,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub pending: u64,
    pub received: u64,
    pub refused: u64,
    pub conflict: u64,
    pub withdrawn: u64,
}

/// How far a submission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Pending,
    Received,
    Refused,
    Conflict,
    Withdrawn,
}

/// Which submissions a list shows.
#[derive(Clone, Debug, Default)]
pub enum Filter {
    #[default]
    All,
    Of(Delivery),
    /// A fee is due.
    Due,
    /// Four digits are the end of a 学号, more the beginning of an order number.
    Found(Typed),
}

impl Filter {
    pub const TABS: [Self; 7] = [
        Self::All,
        Self::Of(Delivery::Pending),
        Self::Of(Delivery::Refused),
        Self::Of(Delivery::Conflict),
        Self::Of(Delivery::Received),
        Self::Of(Delivery::Withdrawn),
        Self::Due,
    ];

    /// Whether both are the same list.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, Self::All) | (Self::Due, Self::Due) | (Self::Found(_), Self::Found(_)) => true,
            (Self::Of(delivery), Self::Of(other)) => delivery == other,
            _ => false,
        }
    }
}

/// Where a page of the list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageEnd {
    pub sequence: u64,
    pub id: SubmissionId,
}

/// The list of submissions.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    pub filter: Filter,
    /// Where the pages before this one ended.
    pub before: Vec<PageEnd>,
    pub page: Option<Arc<Page>>,
}

/// Lines on one page.
pub const PAGE_LINES: usize = 7;

#[derive(Clone, Debug)]
pub struct Page {
    pub lines: Vec<Line>,
    pub has_more: bool,
}

/// One submission in the list: nothing in it says who it is.
#[derive(Clone, Debug)]
pub struct Line {
    pub end: PageEnd,
    pub taken_at: Timestamp,
    pub delivery: Delivery,
    /// None when nothing was ever due.
    pub paid: Option<bool>,
}

/// A new background plate.
#[derive(Clone, Debug)]
pub enum Plate {
    /// How to prepare the booth; and what was wrong the last time.
    Prepare(Option<PlateProblem>),
    Taking,
    Taken(Arc<TakenPlate>),
    Kept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlateProblem {
    /// The config does not say where it goes.
    NotSetUp,
    NoPicture,
    Somebody,
    NoModel,
    CannotWrite,
}

#[derive(Clone)]
pub struct TakenPlate {
    pub picture: RgbImage,
    pub fitness: crate::photo::plate::Fitness,
}

impl std::fmt::Debug for TakenPlate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TakenPlate({:?})", self.fitness)
    }
}

/// What operators did, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditLog {
    /// First numbers of the pages before this one.
    pub before: Vec<u64>,
    pub page: Option<Arc<AuditPage>>,
}

#[derive(Clone, Debug)]
pub struct AuditPage {
    pub entries: Vec<Entry>,
    pub has_more: bool,
    /// Whether every entry is signed and none is missing.
    pub is_sound: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub sequence: u64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub subject: String,
}

/// Where staff go from the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Queue,
    Payments,
    Pause,
    Stick,
    Roster,
    Day,
    Plate,
    Camera,
    Log,
    Purge,
    Audit,
    Pins,
    Update,
}

impl Place {
    /// The dashboard's buttons; an update begins at the version's light.
    pub const ALL: [Self; 12] = [
        Self::Queue,
        Self::Payments,
        Self::Pause,
        Self::Stick,
        Self::Roster,
        Self::Day,
        Self::Plate,
        Self::Camera,
        Self::Log,
        Self::Purge,
        Self::Audit,
        Self::Pins,
    ];

    /// What somebody must be allowed to do there.
    pub fn action(self) -> Action {
        match self {
            Self::Queue => Action::SeeQueue,
            Self::Payments => Action::ConfirmPayment,
            Self::Pause => Action::Pause,
            Self::Stick => Action::Export,
            Self::Roster => Action::ImportRoster,
            Self::Day => Action::SeeReport,
            Self::Plate => Action::TakePlate,
            Self::Camera => Action::ChangeCamera,
            Self::Log => Action::SeeLog,
            Self::Purge => Action::Purge,
            Self::Audit => Action::SeeAuditLog,
            Self::Pins => Action::ChangeStaffPin,
            Self::Update => Action::InstallUpdate,
        }
    }
}
