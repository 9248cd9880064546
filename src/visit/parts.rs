//! What the states of a visit are made of: who is there, and how far each question is.

use std::sync::Arc;

use super::{AskId, Consent, Contact, Payment, PictureSource, Record, Typed};
use crate::code::Student;
use crate::photo::Wiped;
use crate::photo::crop::Crop;
use crate::photo::decode::PictureError;
use crate::photo::import::{Import, ImportProblem};
use crate::submission::SubmissionId;

/// What the booth itself knows about a student: the record of an earlier photo.
#[derive(Clone, Debug)]
pub enum Lookup {
    Pending(AskId),
    Done(Option<Arc<Record>>),
}

/// A student before the consent.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub student: Student,
    pub contact: Option<Contact>,
    /// The last four characters of the 学号 that was typed.
    pub number_tail: Option<Typed>,
    pub earlier: Option<Arc<Record>>,
}

/// A student who agreed and may be photographed.
#[derive(Clone, Debug)]
pub struct Sitter {
    pub student: Student,
    pub consent: Consent,
    pub contact: Option<Contact>,
    pub number_tail: Option<Typed>,
    /// What an earlier photo of this student paid for: a retake is free.
    pub paid: bool,
    /// The id that a claim on the screen named already.
    pub submission: Option<SubmissionId>,
    /// The picture that is developed instead of a still of the camera.
    pub brought: Option<Brought>,
}

impl Sitter {
    pub fn source(&self) -> PictureSource {
        self.brought.as_ref().map_or(PictureSource::Camera, |brought| brought.source)
    }
}

/// A picture that the student brought, and the part of it that becomes the portrait.
#[derive(Clone, Debug)]
pub struct Brought {
    pub source: PictureSource,
    pub import: Arc<Import>,
    pub crop: Crop,
}

/// A picture of the stick, small; or why it does not open.
pub type Thumbnail = Result<Arc<Wiped>, PictureError>;

/// The pictures of a stick, one page of them.
#[derive(Clone, Debug, Default)]
pub struct Album {
    /// How many there are; not known at first.
    pub count: Option<usize>,
    /// From 0.
    pub page: usize,
    /// This page's, as far as they were looked at.
    pub shown: [Option<Thumbnail>; Self::PAGE],
    /// Whether a chosen picture is being opened.
    pub opening: bool,
    /// Of the picture that was chosen last, or of the stick.
    pub problem: Option<ImportProblem>,
}

impl Album {
    /// Pictures a page.
    pub const PAGE: usize = 8;

    /// Number of this page's first picture, from 0.
    pub fn first(&self) -> usize {
        self.page * Self::PAGE
    }

    pub fn pages(&self) -> usize {
        self.count.unwrap_or(0).div_ceil(Self::PAGE)
    }

    pub(super) fn put(&mut self, index: usize, thumbnail: Thumbnail) {
        if let Some(place) = index.checked_sub(self.first()).and_then(|place| self.shown.get_mut(place)) {
            *place = Some(thumbnail);
        }
    }
}

/// How far the SMS code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sms {
    Sending,
    Sent,
    Checking,
    Wrong,
}

/// A text for a QR code that lets WeChat be linked with one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub submission: SubmissionId,
    pub url: String,
}

/// What is due for a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub number: String,
    /// Nothing is due when the fee is 0.
    pub payment: Payment,
    pub paid: bool,
}

impl Order {
    pub fn is_due(&self) -> bool {
        !self.paid && self.payment.fee_fen > 0
    }
}

/// How far the payment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentProgress {
    /// The central server is asked for a code to pay by.
    Asking,
    /// To be shown as a QR code.
    Code(String),
    Unreachable,
    /// Staff take the money.
    WithStaff,
}

/// Why a visit ended without a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Three wrong 学号, in this visit or earlier on this day.
    WrongStudentNumber,
    /// The consent was withdrawn and the photo erased; the server still has to erase what it got.
    Withdrawn { known_to_server: bool },
}

/// What is shown over a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpPage {
    Questions,
    /// How to get a collection code.
    GetCode,
    /// 拍照注意事项
    Tips,
}
