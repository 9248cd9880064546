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
use crate::submission::{LinkClaim, SubmissionId};
use crate::visit::{AskId, Claim, Event, Order, Payment, Record, Review, ScanId};

/// Pictures of a stick that are looked at, and for how long.
const MOST_PICTURES: usize = 60;
const STICK_PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Desk<'a> {
    pub shared: &'a Shared,
}

impl Desk<'_> {
    pub(super) fn look_up(&self, ask: AskId, code: CodeDigest) -> Result<Option<Event>, OfficeError> {
        let account = self.shared.office()?.store.find_account(code)?;
        Ok(Some(Event::LookedUp { ask, record: account.map(|account| Arc::new(record(account))) }))
    }

    pub(super) fn read_code(&self, scan: ScanId, payload: &Payload) -> Result<Option<Event>, OfficeError> {
        judge(self.shared, scan, payload).map(Some)
    }

    /// The first code in the newest pictures on a stick. No picture is kept or shown.
    pub(super) fn read_stick(&self, scan: ScanId) -> Result<Option<Event>, OfficeError> {
        let refused = |problem| Ok(Some(Event::CodeRefused { scan, problem }));
        let Some(pictures) = newest_pictures(&self.shared.config.usb_folders, MOST_PICTURES) else {
            return refused(CodeProblem::NoStick);
        };
        let mut reader = Reader::new();
        let give_up_at = Instant::now() + STICK_PATIENCE;
        for picture in pictures.iter().filter_map(|path| open_picture(path).ok()) {
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
}

fn record(account: Account) -> Record {
    let manifest = account.manifest;
    let payment =
        manifest.payment.map_or_else(Payment::default, |terms| Payment { mode: terms.mode, fee_fen: terms.fee_fen });
    let review = match (account.state, account.refusal) {
        (DeliveryState::Rejected | DeliveryState::Conflict, reason) => {
            Review::Rejected { reason: reason.unwrap_or_default() }
        }
        (DeliveryState::Pending | DeliveryState::Acknowledged | DeliveryState::Withdrawn, _) => Review::Waiting,
    };
    Record {
        submission: manifest.submission_id,
        taken_at: manifest.created_at,
        review,
        as_of: account.acknowledged_at,
        order: Order { number: manifest.order_number, payment, paid: account.paid },
        portrait: account.jpeg.and_then(|jpeg| decode_picture(&jpeg).ok()).map(|picture| Arc::new(Wiped(picture))),
    }
}
