//! What the personal centre shows: an earlier photo of a student, as far as this booth knows.

use std::sync::Arc;

use jiff::Timestamp;

use super::Order;
use crate::photo::Wiped;
use crate::submission::SubmissionId;

/// The newest submission of one collection code that was not withdrawn.
#[derive(Clone, Debug)]
pub struct Record {
    pub submission: SubmissionId,
    /// 采集时间
    pub taken_at: Timestamp,
    /// 审核状态
    pub review: Review,
    /// When the central server last told it; `None` when it never has.
    pub as_of: Option<Timestamp>,
    pub order: Order,
    /// Gone once it was delivered and erased.
    pub portrait: Option<Arc<Wiped>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Review {
    /// 待审核
    Waiting,
    /// 审核通过
    Approved,
    /// 审核未通过, with the reviewer's words.
    Rejected { reason: String },
}
