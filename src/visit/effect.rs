//! What a visit asks of the workers. Data only.

use std::sync::Arc;

use super::{AskId, Brought, CaptureId, Order, Payment, Phone, ScanId, Sitter, Typed};
use crate::code::{CodeDigest, Payload};
use crate::photo::Portrait;
use crate::submission::SubmissionId;

/// What a visit asks of the workers.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful of effects per visit")]
pub enum Effect {
    /// What analysis should look for in the live picture from now on.
    Watch(Watch),
    /// Take a still and develop it.
    Shoot(CaptureId),
    /// Develop a brought picture.
    Develop {
        capture: CaptureId,
        brought: Brought,
    },
    /// Put the portrait on another background.
    Recolour {
        capture: CaptureId,
        portrait: Arc<Portrait>,
        /// RGB.
        background: [u8; 3],
    },
    /// Which brought pictures to look at from now on.
    Browse(Browse),
    /// Open the picture that was chosen, and find the person in it.
    OpenPicture {
        ask: AskId,
        index: usize,
    },
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
    /// The server says so, or staff have noted it already.
    MarkPaid {
        order_number: String,
    },
    /// Erase this photo and whose it is, and let the server know.
    Withdraw {
        ask: AskId,
        submission: SubmissionId,
    },
    /// For staff: whose number was wrong three times.
    LogWrongNumber {
        code: CodeDigest,
    },
    CallStaff,
}

/// A question that is asked until the visit has moved on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Enquiry {
    #[default]
    Nothing,
    Payment(Order),
    Link(SubmissionId),
}

/// Where brought pictures are looked for. Whatever was found before is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Browse {
    #[default]
    Nothing,
    Stick {
        ask: AskId,
        page: usize,
    },
    Phone {
        ask: AskId,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watch {
    #[default]
    Nothing,
    Codes(ScanId),
    Face,
}
