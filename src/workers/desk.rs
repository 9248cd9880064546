//! What the booth's own records answer: an earlier photo, a payment to note, a claim to sign. Run by
//! the studio's thread, like saving, so that none overtakes another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Shared;
use super::analysis::judge;
use crate::code::reader::{Budget, Reader, Reading};
use crate::code::{CodeDigest, CodeProblem, Payload};
use crate::office::OfficeError;
use crate::photo::Wiped;
use crate::photo::decode::{decode_picture, open_picture};
use crate::stick::newest_pictures;
use crate::store::{Account, DeliveryState};
use crate::submission::{Audit, LinkClaim, Status, SubmissionId};
use crate::visit::{AskId, Claim, Event, Order, Payment, Record, Review, ScanId, Watch};

/// Pictures of a stick that are looked at, and for how long.
const MOST_PICTURES: usize = 60;
const STICK_PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Desk<'a> {
    pub shared: &'a Shared,
}

impl Desk<'_> {
    pub(super) fn look_up(&self, ask: AskId, code: CodeDigest) -> Result<Option<Event>, OfficeError> {
        let store = &self.shared.office()?.store;
        let news_as_of = store.statuses_as_of()?;
        let account = store.find_account(code)?;
        Ok(Some(Event::LookedUp { ask, record: account.map(|account| Arc::new(record(account, news_as_of))) }))
    }

    pub(super) fn read_code(&self, scan: ScanId, payload: &Payload) -> Result<Option<Event>, OfficeError> {
        judge(self.shared, scan, payload).map(Some)
    }

    /// The first code in the newest pictures on a stick. No picture is kept or shown.
    pub(super) fn read_stick(&self, scan: ScanId) -> Result<Option<Event>, OfficeError> {
        let refused = |problem| Ok(Some(Event::CodeRefused { scan, problem }));
        let Some(pictures) = newest_pictures(&self.shared.sticks(), MOST_PICTURES) else {
            return refused(CodeProblem::NoStick);
        };
        let mut reader = Reader::new();
        let give_up_at = Instant::now() + STICK_PATIENCE;
        for path in &pictures {
            // Its student has gone on or left.
            if self.shared.watch.get() != Watch::Codes(scan) {
                return Ok(None);
            }
            let Ok(picture) = open_picture(path) else { continue };
            let grey = image::imageops::grayscale(&picture);
            match reader.read(&grey, Budget::file(Instant::now())) {
                Reading::One { payload, .. } => return judge(self.shared, scan, &payload).map(Some),
                Reading::Several => return refused(CodeProblem::SeveralCodes),
                Reading::Nothing if Instant::now() >= give_up_at => break,
                Reading::Nothing => {}
            }
        }
        refused(CodeProblem::NoCodeOnStick)
    }

    /// A claim for a submission that is still to be made.
    pub(super) fn make_claim(&self, ask: AskId) -> Result<Option<Event>, OfficeError> {
        let office = self.shared.office()?;
        let config = &self.shared.config;
        let now = Timestamp::now();
        let submission = SubmissionId::new(now);
        // Ids and times are always JSON.
        let Ok(text) = LinkClaim::new(submission, &config.kiosk_id, now).sign(&office.key) else { return Ok(None) };
        let url = format!("{}{text}", config.link_url.as_deref().unwrap_or_default());
        Ok(Some(Event::ClaimMade { ask, claim: Claim { submission, url } }))
    }

    pub(super) fn mark_paid(&self, order_number: &str) -> Result<Option<Event>, OfficeError> {
        if let Ok(id) = SubmissionId::from_order_number(order_number) {
            self.shared.office()?.store.mark_paid(id, Timestamp::now())?;
        }
        Ok(None)
    }

    pub(super) fn withdraw(&self, ask: AskId, submission: SubmissionId) -> Result<Option<Event>, OfficeError> {
        let known_to_server = self.shared.office()?.store.withdraw(submission, Timestamp::now())?;
        tracing::info!(%submission, known_to_server, "a consent was withdrawn: picture and identity are erased");
        Ok(Some(Event::Withdrawn { ask, known_to_server }))
    }
}

/// What the booth knows of a submission: from the server's news, else from how far its delivery is.
fn record(account: Account, news_as_of: Option<Timestamp>) -> Record {
    let manifest = account.manifest;
    let payment =
        manifest.payment.map_or_else(Payment::default, |terms| Payment { mode: terms.mode, fee_fen: terms.fee_fen });
    let review = match (account.state, &account.status) {
        (DeliveryState::Rejected | DeliveryState::Conflict, _) => Review::NotTaken { reason: account.refusal },
        (_, Some(Status { audit: Audit::Accepted, .. })) => Review::Approved,
        (_, Some(Status { audit: Audit::Rejected, reasons, .. })) => Review::Rejected { reasons: reasons.clone() },
        _ => Review::Waiting,
    };
    let known_at = match account.status {
        Some(_) => news_as_of,
        None => account.acknowledged_at,
    };
    let status = account.status.as_ref();
    Record {
        submission: manifest.submission_id,
        taken_at: manifest.created_at,
        review,
        as_of: known_at,
        wechat_linked: status.is_some_and(|status| status.wechat_bound),
        order: Order { number: manifest.order_number, payment, paid: account.paid },
        portrait: account.jpeg.and_then(|jpeg| decode_picture(&jpeg).ok()).map(|picture| Arc::new(Wiped(picture))),
    }
}

#[cfg(all(test, feature = "demo"))]
mod tests {
    use super::*;
    use crate::demo;
    use crate::store::{Store, StoreKey};
    use crate::submission::DeviceKey;

    fn account(state: DeliveryState, refusal: Option<&str>, status: Option<Status>) -> Account {
        let now: Timestamp = "2026-06-01T08:00:00Z".parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kiosk.db"), &StoreKey::from_bytes([5; 32])).unwrap();
        let draft = demo::draft(1, b"no jpeg".to_vec(), now);
        store.append(&draft, &DeviceKey::from_seed(&[3; 32]), now).unwrap();
        let account = store.find_account(draft.code).unwrap().unwrap();
        Account { state, refusal: refusal.map(str::to_owned), status, ..account }
    }

    #[test]
    fn the_servers_word_counts_and_its_age_is_told() {
        let now: Timestamp = "2026-06-02T08:00:00Z".parse().unwrap();
        let status = |audit| Status {
            audit,
            reasons: vec!["eyes_open".to_owned()],
            payment: crate::submission::Payment::Paid,
            wechat_bound: true,
            updated_at: now,
        };
        let seen = |state, refusal, audit: Option<Audit>| record(account(state, refusal, audit.map(status)), Some(now));
        let waiting = seen(DeliveryState::Pending, None, None);
        assert_eq!((waiting.review, waiting.as_of, waiting.order.paid), (Review::Waiting, None, false));
        let rejected = seen(DeliveryState::Acknowledged, None, Some(Audit::Rejected));
        assert_eq!(rejected.review, Review::Rejected { reasons: vec!["eyes_open".to_owned()] });
        assert!(rejected.as_of == Some(now) && rejected.wechat_linked);
        assert_eq!(seen(DeliveryState::Acknowledged, None, Some(Audit::Accepted)).review, Review::Approved);
        assert_eq!(seen(DeliveryState::Acknowledged, None, Some(Audit::Unknown)).review, Review::Waiting);
        let refused = seen(DeliveryState::Rejected, Some("bad_picture"), None);
        assert_eq!(refused.review, Review::NotTaken { reason: Some("bad_picture".to_owned()) });
    }
}
