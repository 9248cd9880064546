//! The words of a visit: its states, what it is told, what it asks for.
//! Data only; what follows from what is the machine's business.

use std::sync::Arc;
use std::time::Instant;

use super::{
    Claim, Ending, HelpPage, Key, Lookup, Order, Payment, PaymentProgress, Phone, Record, Sitter, Sms, Typed, Visitor,
};
use crate::code::{CodeDigest, CodeProblem, Payload, Student};
use crate::photo::{Framing, Portrait, RetakeReason};
use crate::submission::SubmissionId;

/// Names one press of the shutter. Never reused while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaptureId(pub u64);

/// Names one stay on the scan screen. Never reused while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScanId(pub u64);

/// Names one question to the booth's own records or to the central server. Never reused while the
/// program runs, so that an answer reaches nobody but who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AskId(pub u64);

/// Something is wrong with the booth itself, not with the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No picture from the camera.
    Camera,
    /// The photo could not be made: library or model missing or altered.
    Studio,
    /// The queue cannot be written: disk full or database damaged.
    Storage,
}

/// Why the camera gives no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CameraTrouble {
    /// Not plugged in, or not the one that the config names.
    Missing,
    /// Another program has it.
    Busy,
    /// The booth's user may not open it.
    Forbidden,
    /// No picture format that the booth reads.
    NoMode,
    /// Open, and nothing comes.
    Silent,
    /// The same picture again and again.
    Frozen,
    /// The lens is covered, or it is dark.
    Black,
    /// Broken pictures only.
    Damaged,
    Other,
}

impl CameraTrouble {
    pub const ALL: [Self; 9] = [
        Self::Missing,
        Self::Busy,
        Self::Forbidden,
        Self::NoMode,
        Self::Silent,
        Self::Frozen,
        Self::Black,
        Self::Damaged,
        Self::Other,
    ];
}

/// When the student agreed, and in which language the texts were shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    pub language: Language,
    pub given_at: Instant,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

/// Where the visit stands. What belongs to the student lives in the variant and nowhere else.
#[derive(Clone, Debug)]
pub enum State {
    Welcome,
    Scan {
        scan: ScanId,
        problem: Option<CodeProblem>,
    },
    Confirm {
        student: Student,
        lookup: Lookup,
    },
    /// 学号
    StudentNumber {
        visitor: Visitor,
        typed: Typed,
        tries_left: u8,
        /// Whether the last one was wrong.
        wrong: bool,
    },
    Phone {
        visitor: Visitor,
        typed: Typed,
        /// Whether what was typed is no mobile number.
        malformed: bool,
    },
    SmsCode {
        visitor: Visitor,
        phone: Phone,
        ask: AskId,
        sms: Sms,
        typed: Typed,
    },
    Agreement {
        visitor: Visitor,
        agreement_ticked: bool,
        photo_consent_ticked: bool,
    },
    WeChat {
        sitter: Sitter,
        ask: AskId,
        /// Not made yet at first.
        claim: Option<Claim>,
    },
    Tips {
        sitter: Sitter,
    },
    Framing {
        sitter: Sitter,
        framing: Framing,
        /// Since when everything has been right.
        good_since: Option<Instant>,
        /// Why the last picture was not good enough.
        retake: Vec<RetakeReason>,
    },
    Countdown {
        sitter: Sitter,
        fires_at: Instant,
        /// Since when the sitter has been out of place.
        bad_since: Option<Instant>,
    },
    Developing {
        sitter: Sitter,
        capture: CaptureId,
    },
    Review {
        sitter: Sitter,
        capture: CaptureId,
        portrait: Arc<Portrait>,
    },
    /// Everything on one page, before it is submitted.
    Summary {
        sitter: Sitter,
        capture: CaptureId,
        portrait: Arc<Portrait>,
    },
    Saving {
        sitter: Sitter,
        capture: CaptureId,
        portrait: Arc<Portrait>,
    },
    /// The photo is saved already.
    Payment {
        order: Order,
        progress: PaymentProgress,
    },
    Done {
        order: Order,
    },
    /// 个人中心
    Centre {
        visitor: Visitor,
        record: Arc<Record>,
    },
    /// A visit that ended otherwise than by a photo.
    Ended {
        ending: Ending,
    },
    OutOfService {
        fault: Fault,
    },
}

impl State {
    /// Whether the booth waits for a person, so that silence ends the visit and is announced before.
    pub fn is_asked(&self) -> bool {
        match self {
            Self::Welcome
            | Self::Countdown { .. }
            | Self::Developing { .. }
            | Self::Saving { .. }
            | Self::Done { .. }
            | Self::Ended { .. }
            | Self::OutOfService { .. } => false,
            Self::Scan { .. }
            | Self::Confirm { .. }
            | Self::StudentNumber { .. }
            | Self::Phone { .. }
            | Self::SmsCode { .. }
            | Self::Agreement { .. }
            | Self::WeChat { .. }
            | Self::Tips { .. }
            | Self::Framing { .. }
            | Self::Review { .. }
            | Self::Summary { .. }
            | Self::Payment { .. }
            | Self::Centre { .. } => true,
        }
    }
}

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
    /// "My code is on a USB stick."
    ReadStick,
    /// One step back, where there is one.
    Back,
    ResendSms,
    /// Goes on without what this step asks for: the SMS code, the link with WeChat, payment now.
    Skip,
    /// "I have read this": from the tips to the camera.
    Ready,
    ShootNow,
    Retake,
    /// "This photo", on the review.
    Accept,
    /// "Submit", on the summary.
    Submit,
    PayNow,
    Resubmit,
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
    FramingSeen(Framing),
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

/// What a visit asks of the workers.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful of effects per visit")]
pub enum Effect {
    /// What analysis should look for in the live picture from now on.
    Watch(Watch),
    /// Take a still and develop it.
    Shoot(CaptureId),
    /// Sign and store. Emitted at most once per capture.
    Save {
        capture: CaptureId,
        sitter: Sitter,
        portrait: Arc<Portrait>,
        payment: Payment,
    },
    /// Whose code is this?
    ReadCode {
        scan: ScanId,
        payload: Payload,
    },
    /// Ask the central server whose code this is.
    ResolveCode {
        scan: ScanId,
        payload: Payload,
    },
    /// Look for a code in the pictures on a USB stick.
    ReadStick {
        scan: ScanId,
    },
    /// Is there a record of an earlier photo?
    LookUp {
        ask: AskId,
        code: CodeDigest,
    },
    SendSms {
        ask: AskId,
        phone: Phone,
    },
    CheckSms {
        ask: AskId,
        phone: Phone,
        code: Typed,
    },
    /// Sign a claim for the submission that this visit will make.
    MakeClaim {
        ask: AskId,
    },
    /// What to ask the central server again and again from now on.
    Enquire(Enquiry),
    MarkPaid {
        order_number: String,
    },
    /// For staff: whose number was wrong three times.
    LogWrongNumber {
        code: CodeDigest,
    },
    CallStaff,
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

/// A question that is asked until the visit has moved on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Enquiry {
    #[default]
    Nothing,
    Payment(Order),
    Link(SubmissionId),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watch {
    #[default]
    Nothing,
    Codes(ScanId),
    Face,
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
                | Self::ReadStick
                | Self::Back
                | Self::ResendSms
                | Self::Skip
                | Self::Ready
                | Self::ShootNow
                | Self::Retake
                | Self::Accept
                | Self::Submit
                | Self::PayNow
                | Self::Resubmit
                | Self::OpenHelp(_)
                | Self::CloseHelp
                | Self::CallStaff
                | Self::Touch
        )
    }
}
