//! Where a visit can stand. Data only; what follows from what is the machine's business.

use std::sync::Arc;
use std::time::Instant;

use super::{
    Album, AskId, Brought, CaptureId, Claim, Ending, Fault, Lookup, Order, PaymentProgress, Phone, Record, ScanId,
    Sitter, Sms, Typed, Visitor,
};
use crate::code::{CodeProblem, Student};
use crate::photo::import::ImportProblem;
use crate::photo::{Framing, Lines, Portrait, RetakeReason};

/// Where the visit stands. What belongs to the student lives in the variant and nowhere else.
#[derive(Clone, Debug)]
pub enum State {
    Welcome,
    Scan {
        scan: ScanId,
        problem: Option<CodeProblem>,
    },
    /// A code that is typed on the booth's own keys.
    CodeEntry {
        scan: ScanId,
        typed: Typed,
        capitals: bool,
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
    /// The pictures on a USB stick.
    Pictures {
        sitter: Sitter,
        ask: AskId,
        album: Album,
    },
    /// A page for the student's phone, to send a picture from.
    Upload {
        sitter: Sitter,
        ask: AskId,
        /// Not open yet at first.
        url: Option<String>,
        problem: Option<ImportProblem>,
    },
    /// The frame over a brought picture.
    Crop {
        sitter: Sitter,
        brought: Brought,
        /// Why this part of it was not good enough.
        retake: Vec<RetakeReason>,
    },
    Framing {
        sitter: Sitter,
        framing: Framing,
        /// Which guide lines the head meets.
        lines: Lines,
        /// Since when everything has been right.
        good_since: Option<Instant>,
        /// Why the last picture was not good enough.
        retake: Vec<RetakeReason>,
    },
    Countdown {
        sitter: Sitter,
        fires_at: Instant,
        /// What was seen last.
        framing: Framing,
        lines: Lines,
        /// Since when there has been nobody, or somebody else.
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
    /// "Withdraw my consent?"
    Withdraw {
        visitor: Visitor,
        record: Arc<Record>,
        /// Asked for, not done yet.
        ask: Option<AskId>,
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
            | Self::CodeEntry { .. }
            | Self::Confirm { .. }
            | Self::StudentNumber { .. }
            | Self::Phone { .. }
            | Self::SmsCode { .. }
            | Self::Agreement { .. }
            | Self::WeChat { .. }
            | Self::Tips { .. }
            | Self::Pictures { .. }
            | Self::Upload { .. }
            | Self::Crop { .. }
            | Self::Framing { .. }
            | Self::Review { .. }
            | Self::Summary { .. }
            | Self::Payment { .. }
            | Self::Centre { .. }
            | Self::Withdraw { .. } => true,
        }
    }
}
