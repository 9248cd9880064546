//! Lists and records from the database, as operator mode shows them.

use std::sync::Arc;

use jiff::Timestamp;

use crate::office::{Office, OfficeError};
use crate::operator::{
    Answer, AuditPage, Delivery, Entry, Filter, Line, Moment, PAGE_LINES, Page, PageEnd, Personal, Record,
};
use crate::photo::Finding;
use crate::photo::decode::decode_picture;
use crate::store::{AuditEntry, DeliveryState, PageKey, QueueFilter, QueueRow};
use crate::submission::{SubmissionId, inspect};

/// Longer than a 学号's last digits, so the beginning of an order number.
const TAIL_DIGITS: usize = 4;

pub(super) fn page(office: &Office, filter: &Filter, after: Option<PageEnd>) -> Result<Answer, OfficeError> {
    let after = after.map(|end| PageKey { sequence: end.sequence, id: end.id });
    // One more than is shown says whether there are more.
    let mut rows = office.store.queue_page(&stored(filter), after, PAGE_LINES as u32 + 1)?;
    let has_more = rows.len() > PAGE_LINES;
    rows.truncate(PAGE_LINES);
    Ok(Answer::Page(Arc::new(Page { lines: rows.iter().map(line).collect(), has_more })))
}

pub(super) fn record(office: &Office, id: SubmissionId) -> Result<Answer, OfficeError> {
    let (row, stored) = (office.store.queue_row(id)?, office.store.find_record(id)?);
    let Some((row, stored)) = row.zip(stored) else { return Ok(Answer::Gone) };
    let is_sound = inspect(&office.key.public(), &stored.evidence()).is_ok();
    let (line, history) = (line(&row), history(&row));
    let manifest = row.manifest;
    Ok(Answer::Record(Arc::new(Record {
        line,
        order_number: manifest.order_number,
        attempts: row.attempts,
        problem: row.last_error,
        withdrawn_at: row.withdrawn_at,
        erased_at: row.erased_at,
        history,
        fee_fen: manifest.payment.map_or(0, |terms| terms.fee_fen),
        status: row.status,
        is_sound,
        picture_bytes: manifest.picture.bytes,
        picture_px: (manifest.picture.width, manifest.picture.height),
        profile: manifest.profile.name,
    })))
}

/// Oldest first.
fn history(row: &QueueRow) -> Vec<(Moment, Timestamp)> {
    let news = row.status.as_ref().map(|status| status.updated_at);
    let known = Moment::ALL.into_iter().filter_map(|moment| {
        let at = match moment {
            Moment::Saved => Some(row.manifest.created_at),
            Moment::Sent => row.sent_at,
            Moment::Received => row.acknowledged_at,
            Moment::News => news,
            Moment::Paid => row.paid_at,
            Moment::Withdrawn => row.withdrawn_at,
            Moment::WithdrawalTold => row.withdrawal_told_at,
            Moment::Erased => row.erased_at,
        };
        Some((moment, at?))
    });
    let mut history: Vec<_> = known.collect();
    history.sort_by_key(|(_, at)| *at);
    history
}

/// Only after the audit log has it.
pub(super) fn personal(office: &Office, id: SubmissionId) -> Result<Answer, OfficeError> {
    let Some(identity) = office.store.identity(id)? else { return Ok(Answer::Gone) };
    let picture = office.store.picture(id)?;
    Ok(Answer::Personal(Arc::new(Personal {
        picture: picture.and_then(|jpeg| decode_picture(&jpeg).ok()).map(Arc::new),
        enrolment: identity.enrolment,
        phone: office.store.find_phone(id)?,
        checks: office.store.checks(id)?.iter().map(Finding::from).collect(),
    })))
}

/// Lines of the audit log on one page.
const ENTRIES: u32 = 10;

pub(super) fn audit(office: &Office, before: Option<u64>) -> Result<Answer, OfficeError> {
    let mut entries = office.store.audit_entries(before, ENTRIES + 1)?;
    let has_more = entries.len() > ENTRIES as usize;
    entries.truncate(ENTRIES as usize);
    let is_sound = office.store.verify_audit_log(office.key.public())?.is_ok();
    let entry =
        |AuditEntry { sequence, at, actor, action, subject, .. }| Entry { sequence, at, actor, action, subject };
    Ok(Answer::Audit(Arc::new(AuditPage { entries: entries.into_iter().map(entry).collect(), has_more, is_sound })))
}

fn line(row: &QueueRow) -> Line {
    Line {
        end: PageEnd { sequence: row.sequence, id: row.manifest.submission_id },
        taken_at: row.manifest.created_at,
        delivery: match row.state {
            DeliveryState::Pending => Delivery::Pending,
            DeliveryState::Acknowledged => Delivery::Received,
            DeliveryState::Rejected => Delivery::Refused,
            DeliveryState::Conflict => Delivery::Conflict,
            DeliveryState::Withdrawn => Delivery::Withdrawn,
        },
        paid: row.paid,
    }
}

fn stored(filter: &Filter) -> QueueFilter {
    match filter {
        Filter::All => QueueFilter::All,
        Filter::Of(delivery) => QueueFilter::State(match delivery {
            Delivery::Pending => DeliveryState::Pending,
            Delivery::Received => DeliveryState::Acknowledged,
            Delivery::Refused => DeliveryState::Rejected,
            Delivery::Conflict => DeliveryState::Conflict,
            Delivery::Withdrawn => DeliveryState::Withdrawn,
        }),
        Filter::Due => QueueFilter::Due,
        Filter::Found(typed) if typed.len() == TAIL_DIGITS => QueueFilter::NumberTail(typed.as_str().to_owned()),
        Filter::Found(typed) => QueueFilter::OrderNumber(typed.as_str().to_owned()),
    }
}
