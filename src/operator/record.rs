//! One submission as operators see it: without what is personal, and with it.

use std::sync::Arc;

use image::RgbImage;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Line;
use crate::code::Enrolment;
use crate::photo::Finding;
use crate::submission::Status;

/// Which side of a record is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Facts,
    History,
    /// What was measured on the photo: as personal as the photo.
    Checks,
}

impl Side {
    pub const ALL: [Self; 3] = [Self::Facts, Self::History, Self::Checks];
}

/// Something that happened to a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Saved,
    /// The newest attempt that the server answered.
    Sent,
    Received,
    /// The server's newest word about it.
    News,
    Paid,
    Withdrawn,
    /// The server has confirmed the withdrawal.
    WithdrawalTold,
    Erased,
}

impl Moment {
    pub const ALL: [Self; 8] = [
        Self::Saved,
        Self::Sent,
        Self::Received,
        Self::News,
        Self::Paid,
        Self::Withdrawn,
        Self::WithdrawalTold,
        Self::Erased,
    ];
}

/// One submission, without what is personal.
#[derive(Clone, Debug)]
pub struct Record {
    pub line: Line,
    pub order_number: String,
    pub attempts: u32,
    /// Code of the last failed attempt, or of the server's refusal.
    pub problem: Option<String>,
    pub withdrawn_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// What happened to it, oldest first.
    pub history: Vec<(Moment, Timestamp)>,
    pub fee_fen: u32,
    /// The server's last word, if any came.
    pub status: Option<Status>,
    /// Whether signature and picture are as they were signed.
    pub is_sound: bool,
    pub picture_bytes: u64,
    pub picture_px: (u32, u32),
    pub profile: String,
}

/// Whose it is. Shown to a supervisor who asked for it, which is logged.
#[derive(Clone)]
pub struct Personal {
    pub picture: Option<Arc<RgbImage>>,
    pub enrolment: Enrolment,
    pub phone: Option<Zeroizing<String>>,
    /// What was measured on the photo; nothing for records of an earlier program.
    pub checks: Vec<Finding>,
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Personal(…)")
    }
}
