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
    /// When that was last known to be so; `None` while the central server has not got it.
    pub as_of: Option<Timestamp>,
    /// Whether WeChat is linked with it, as far as is known.
    pub wechat_linked: bool,
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
    /// 审核未通过, with the server's codes for why.
    Rejected { reasons: Vec<String> },
    /// It has not come to a review: the server did not take the record, for this code.
    NotTaken { reason: Option<String> },
}

impl Review {
    /// Whether another photo takes the place of this one.
    pub fn asks_for_another(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::NotTaken { .. })
    }
}
