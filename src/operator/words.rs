//! The words of operator mode: its screens, what it is told, what it asks for. Data only.

use std::sync::Arc;

use jiff::civil::Date;

use super::{
    Action, AuditLog, AuditPage, CameraChange, CameraChoice, CameraPage, DayPage, Erasable, Facts, Filter, FoundStick,
    FoundUpdate, Level, LogPage, Look, Notice, Page, PageEnd, Personal, PinProblem, PinState, Place, Plate,
    PlateProblem, Purge, Purpose, Queue, Record, Role, RosterAnswer, RosterFile, RosterPage, RosterPlaces,
    RosterProblem, RosterTouch, Side, Stick, StickWork, Subject, TakenPlate, UpdateAnswer, UpdatePage,
};
use crate::log;
use crate::report::DayReport;
use crate::submission::SubmissionId;
use crate::visit::{AskId, Key, Typed};

/// What is on the screen.
#[derive(Clone, Debug)]
pub enum Screen {
    Pin {
        typed: Typed,
        state: PinState,
        purpose: Purpose,
    },
    /// The dashboard.
    Board {
        facts: Option<Arc<Facts>>,
        /// Whose advice is open.
        open: Option<Subject>,
    },
    Queue(Queue),
    /// What to look for.
    Search {
        typed: Typed,
    },
    Record {
        record: Arc<Record>,
        personal: Option<Arc<Personal>>,
        /// Where "back" leads.
        queue: Queue,
        side: Side,
        /// Whether the fee is about to be noted as taken, which nobody can take back.
        is_paying: bool,
    },
    Pause,
    Stick(Stick),
    Roster(RosterPage),
    Plate(Plate),
    Camera(CameraPage),
    Day(DayPage),
    Log(LogPage),
    Purge(Purge),
    Update(UpdatePage),
    Audit(AuditLog),
    /// Which PIN.
    ChoosePin {
        /// Whose is new.
        changed: Option<Role>,
    },
    ChangePin {
        whose: Role,
        /// Typed once already.
        first: Option<Typed>,
        typed: Typed,
        problem: Option<PinProblem>,
    },
}

/// What operator mode is told: first by staff, then by the workers.
#[derive(Clone, Debug)]
pub enum Event {
    /// The corner was held.
    Open,
    /// Staff confirm a payment while the student waits.
    OpenForPayment {
        order_number: String,
    },
    Key(Key),
    Go(Place),
    /// The advice about a light.
    OpenLight(Subject),
    Filter(Filter),
    Search,
    Older,
    /// One line of the log in full, counted from the top of the page.
    OpenLine(usize),
    Newer,
    OpenRecord(SubmissionId),
    Reveal,
    ShowSide(Side),
    /// One record on a stick.
    TakeAlong,
    Retry,
    ConfirmPayment,
    Pause(Notice),
    Resume,
    Export(FoundStick),
    ImportReceipts(FoundStick),
    Roster(RosterTouch),
    TakePlate,
    KeepPlate,
    ChangeCamera(CameraChange),
    /// The day before the one that is shown, or after it.
    DayBefore,
    DayAfter,
    Level(Level),
    /// Asked twice.
    Purge,
    /// This package, which is asked once more.
    Update(FoundUpdate),
    InstallUpdate,
    ChoosePin(Role),
    Back,
    /// Locks and leaves.
    Leave,
    /// A sign of life without another meaning.
    Touch,

    Answered {
        ask: AskId,
        answer: Answer,
    },
    /// Whether the booth is closed to students.
    PauseSeen(Option<Notice>),
    Tick,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Answer {
    Unlocked(Role),
    Refused(PinState),
    Facts(Arc<Facts>),
    Page(Arc<Page>),
    Record(Arc<Record>),
    Personal(Arc<Personal>),
    /// It is not there any more.
    Gone,
    Sticks(Vec<FoundStick>),
    Stick(StickWork),
    Roster(RosterAnswer),
    PlateTaken(Arc<TakenPlate>),
    PlateKept,
    PlateFailed(PlateProblem),
    Camera(Arc<CameraChoice>),
    Look(Arc<Look>),
    CameraFailed,
    Day(Arc<DayReport>, bool),
    Log(Arc<log::Page>),
    Erasable(Erasable),
    Erased(u64),
    Update(UpdateAnswer),
    Audit(Arc<AuditPage>),
    PinSet,
    PinRefused(PinProblem),
    PaymentConfirmed,
    Done,
    /// The booth's records cannot be read or written.
    Failed,
}

impl Answer {
    /// Whether more is to come of the same question.
    pub fn is_progress(&self) -> bool {
        matches!(
            self,
            Self::Stick(StickWork::Working { .. })
                | Self::Roster(RosterAnswer::Reading(_) | RosterAnswer::Importing { .. })
        )
    }

    /// How what was asked for ended, in the audit log's words, if it was not done.
    pub fn other_end(&self) -> Option<&'static str> {
        match self {
            Self::Roster(RosterAnswer::Failed(RosterProblem::Stopped)) => Some("stopped"),
            Self::Failed
            | Self::Gone
            | Self::Stick(StickWork::Failed(_))
            | Self::Roster(RosterAnswer::Failed(_))
            | Self::PlateFailed(_)
            | Self::CameraFailed
            | Self::PinRefused(_)
            | Self::Update(UpdateAnswer::Failed(_)) => Some("failed"),
            Self::Update(UpdateAnswer::Told(told)) if told.has_failed() => Some("failed"),
            _ => None,
        }
    }
}

/// What operator mode asks for.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Of the workers, in the name of this role; of nobody before the PIN.
    Ask { ask: AskId, role: Option<Role>, order: Order },
    /// The visit may go on: staff have the money.
    PaymentConfirmed { order_number: String },
    /// The visit must not end while staff type their PIN.
    StillThere,
    /// What was asked for may be left undone.
    Stop(AskId),
}

#[derive(Clone, Debug)]
pub enum Order {
    Unlock {
        pin: Typed,
    },
    Lock {
        by_itself: bool,
    },
    SeeFacts,
    ListQueue {
        filter: Filter,
        after: Option<PageEnd>,
    },
    OpenRecord(SubmissionId),
    Reveal(SubmissionId),
    Retry(SubmissionId),
    ConfirmPayment {
        order_number: String,
    },
    Pause(Notice),
    Resume,
    FindSticks,
    Export(FoundStick),
    ExportRecord {
        id: SubmissionId,
        to: FoundStick,
    },
    ImportReceipts(FoundStick),
    FindRosters,
    /// A dry run.
    ReadRoster {
        file: RosterFile,
        places: RosterPlaces,
    },
    ImportRoster {
        file: RosterFile,
        places: RosterPlaces,
        /// Of what was read: another file of that name is not imported.
        digest: [u8; 32],
        without_bad: bool,
    },
    TakePlate,
    KeepPlate(Arc<TakenPlate>),
    SeeCamera,
    LookAtPicture,
    ChangeCamera(CameraChange),
    /// Today, if none is named.
    ReadDay(Option<Date>),
    ExportDay {
        day: Date,
        to: FoundStick,
    },
    ReadLog {
        level: Level,
        before: Option<log::Place>,
    },
    SeeErasable,
    Purge,
    FindUpdates,
    InstallUpdate(FoundUpdate),
    ReadAudit {
        before: Option<u64>,
    },
    SetPin {
        whose: Role,
        pin: Typed,
    },
}

impl Order {
    /// What its role must be allowed to do; nothing for the PIN itself.
    pub fn action(&self) -> Option<Action> {
        Some(match self {
            Self::Unlock { .. } => return None,
            Self::Lock { .. } => Action::Lock,
            Self::SeeFacts => Action::SeeHealth,
            Self::ListQueue { .. } | Self::OpenRecord(_) => Action::SeeQueue,
            Self::Reveal(_) => Action::OpenPersonalData,
            Self::Retry(_) => Action::Retry,
            Self::ConfirmPayment { .. } => Action::ConfirmPayment,
            Self::Pause(_) => Action::Pause,
            Self::Resume => Action::Resume,
            Self::FindSticks | Self::Export(_) | Self::ExportRecord { .. } | Self::ExportDay { .. } => Action::Export,
            Self::ImportReceipts(_) => Action::ImportReceipts,
            Self::FindRosters | Self::ReadRoster { .. } | Self::ImportRoster { .. } => Action::ImportRoster,
            Self::TakePlate | Self::KeepPlate(_) => Action::TakePlate,
            Self::SeeCamera | Self::LookAtPicture | Self::ChangeCamera(_) => Action::ChangeCamera,
            Self::ReadDay(_) => Action::SeeReport,
            Self::ReadLog { .. } => Action::SeeLog,
            Self::SeeErasable | Self::Purge => Action::Purge,
            Self::FindUpdates | Self::InstallUpdate(_) => Action::InstallUpdate,
            Self::ReadAudit { .. } => Action::SeeAuditLog,
            Self::SetPin { whose, .. } => Action::change_pin_of(*whose),
        })
    }

    /// Whether it only looks around, which leaves no line in the audit log.
    pub fn is_logged(&self) -> bool {
        let looks = matches!(
            self,
            Self::FindSticks
                | Self::FindRosters
                | Self::ReadRoster { .. }
                | Self::TakePlate
                | Self::SeeCamera
                | Self::LookAtPicture
                | Self::SeeErasable
                | Self::FindUpdates
        );
        !looks && self.action().is_some_and(Action::is_logged)
    }
}
