//! What a visit is told, by the student and by the workers. Data only.

use std::sync::Arc;

use super::{AskId, CaptureId, Claim, Fault, HelpPage, Key, Language, PictureSource, Record, ScanId, Thumbnail};
use crate::code::{CodeProblem, Payload, Student};
use crate::photo::import::{Import, ImportProblem};
use crate::photo::{Framing, Lines, Portrait, RetakeReason};
use crate::submission::SubmissionId;

/// What a visit is told. The first group comes from the student, the second from the workers.
#[derive(Clone, Debug)]
pub enum Event {
    Start,
    Cancel,
    /// "This is me" on the confirm screen.
    ConfirmStudent,
    TickAgreement(bool),
    TickPhotoConsent(bool),
    /// "Next" on the agreement, which was shown in this language.
    Agree(Language),
    Key(Key),
    /// A hand scanner or a keyboard typed a code.
    CodeTyped(Payload),
    /// "I will type my code."
    TypeCode,
    /// "My code is on a USB stick", or "look at the stick again".
    ReadStick,
    /// One step back, where there is one.
    Back,
    ResendSms,
    /// Goes on without what this step asks for: the SMS code, the link with WeChat, payment now.
    Skip,
    /// "I have read this": from the tips to the camera.
    Ready,
    /// Another source than the camera.
    Bring(PictureSource),
    /// To this page of the pictures.
    TurnPage(usize),
    /// By its place on the page.
    ChoosePicture(usize),
    MoveFrame(FrameMove),
    ShootNow,
    /// RGB of another background for the portrait.
    ChooseBackground([u8; 3]),
    Retake,
    /// "This photo", on the review; "this part", of a brought picture.
    Accept,
    /// "Submit", on the summary.
    Submit,
    PayNow,
    Resubmit,
    /// "Withdraw my consent", which is asked about once more.
    Withdraw,
    ConfirmWithdrawal,
    OpenHelp(HelpPage),
    CloseHelp,
    CallStaff,
    /// The student asked for more time or touched something without another meaning.
    Touch,

    CodeRead {
        scan: ScanId,
        student: Student,
    },
    /// The central server may know whose this is.
    CodeUnknown {
        scan: ScanId,
        payload: Payload,
    },
    CodeRefused {
        scan: ScanId,
        problem: CodeProblem,
    },
    /// How many pictures are on the stick; `None` without a stick.
    PicturesFound {
        ask: AskId,
        count: Option<usize>,
    },
    ThumbnailMade {
        ask: AskId,
        /// Among all pictures of the stick.
        index: usize,
        thumbnail: Thumbnail,
    },
    /// The page for the phone is there.
    UploadOpened {
        ask: AskId,
        url: String,
    },
    PictureOpened {
        ask: AskId,
        outcome: Result<Arc<Import>, ImportProblem>,
    },
    FramingSeen(Framing),
    LinesSeen(Lines),
    Developed {
        capture: CaptureId,
        outcome: Outcome,
    },
    LookedUp {
        ask: AskId,
        record: Option<Arc<Record>>,
    },
    SmsSeen {
        ask: AskId,
        seen: SmsSeen,
    },
    ClaimMade {
        ask: AskId,
        claim: Claim,
    },
    /// The central server saw the claim of this submission used.
    Linked {
        submission: SubmissionId,
    },
    PaymentSeen {
        order_number: String,
        seen: PaymentSeen,
    },
    Withdrawn {
        ask: AskId,
        /// Whether it has to be told to erase it, too.
        known_to_server: bool,
    },
    Saved {
        capture: CaptureId,
        order_number: String,
    },
    SaveFailed {
        capture: CaptureId,
    },
    FaultRaised(Fault),
    FaultCleared(Fault),
    /// Whether the background plate fitted the last still. One that does not only costs exactness.
    PlateJudged {
        fits: bool,
    },
    /// Time has passed: a deadline may be due.
    Tick,
}

/// What became of a shutter press.
#[derive(Clone, Debug)]
pub enum Outcome {
    Portrait(Arc<Portrait>),
    Retake(Vec<RetakeReason>),
}

/// What came of an SMS code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsSeen {
    Sent,
    Right,
    Wrong,
    /// The central server cannot be reached, or sends no more.
    Unreachable,
}

/// What the central server says about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentSeen {
    /// To be paid at this address.
    Open(String),
    Paid,
    Unreachable,
    /// Staff took the money.
    Confirmed,
}

/// What a finger does to the frame over a brought picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FrameMove {
    /// Pixels of the picture.
    Shift { x: f32, y: f32 },
    /// How much larger the person becomes.
    Zoom(f32),
    /// To where the program would put it.
    Best,
}

impl Event {
    pub(super) fn is_from_student(&self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Cancel
                | Self::ConfirmStudent
                | Self::TickAgreement(_)
                | Self::TickPhotoConsent(_)
                | Self::Agree(_)
                | Self::Key(_)
                | Self::CodeTyped(_)
                | Self::TypeCode
                | Self::ReadStick
                | Self::Back
                | Self::ResendSms
                | Self::Skip
                | Self::Ready
                | Self::Bring(_)
                | Self::TurnPage(_)
                | Self::ChoosePicture(_)
                | Self::MoveFrame(_)
                | Self::ShootNow
                | Self::ChooseBackground(_)
                | Self::Retake
                | Self::Accept
                | Self::Submit
                | Self::PayNow
                | Self::Resubmit
                | Self::Withdraw
                | Self::ConfirmWithdrawal
                | Self::OpenHelp(_)
                | Self::CloseHelp
                | Self::CallStaff
                | Self::Touch
        )
    }
}
