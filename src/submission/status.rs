//! What the central server says became of a submission after it had it. Unlike a receipt it proves
//! nothing and decides nothing at the booth: it is shown, with its age.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SubmissionId;

/// 审核结果
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audit {
    Pending,
    Accepted,
    /// The student takes another photo, free of charge.
    Rejected,
    /// A word of a newer server.
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    NotRequired,
    Unpaid,
    Paid,
    Refunded,
    /// A word of a newer server.
    #[default]
    #[serde(other)]
    Unknown,
}

/// How things stand with one submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub audit: Audit,
    /// Why the photo was rejected, as codes.
    #[serde(default)]
    pub reasons: Vec<String>,
    pub payment: Payment,
    /// Whether the student's WeChat account is bound.
    #[serde(default)]
    pub wechat_bound: bool,
    /// When the server last changed any of this.
    #[serde(with = "super::manifest::utc_seconds")]
    pub updated_at: Timestamp,
}

/// One line of the server's news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusUpdate {
    pub submission_id: SubmissionId,
    #[serde(flatten)]
    pub status: Status,
}
