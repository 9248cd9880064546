//! What the reference server knows and decides: registered booths, their chains, stored records.
//! Knows no HTTP. In memory only.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use crate::submission::{
    Audit, ContactFacts, DeviceKey, FeeTaken, Manifest, Payment, PublicKey, Receipt, Sha256Digest, Signed,
    SignedReceipt, SignedStatement, Status, StatusUpdate, SubmissionId, Withdrawal,
};
use crate::upload::wire::{ItemResult, Outcome, SubmissionBatch, SubmissionItem};

/// Updates in one page of news.
const NEWS_PAGE: usize = 100;

/// A record as the server stores it.
#[derive(Clone)]
pub struct Stored {
    pub manifest: Vec<u8>,
    pub picture: Vec<u8>,
    receipt: SignedReceipt,
    device: PublicKey,
}

/// One booth key and the chain it signs.
struct Device {
    key: PublicKey,
    kiosk_id: String,
    /// Every place that a signed record took, stored or refused, by its number.
    links: BTreeMap<u64, Link>,
    /// What students withdrew: never taken again.
    withdrawn: HashSet<SubmissionId>,
    /// What staff took at the booth.
    fees: HashSet<SubmissionId>,
}

/// One place of a chain.
struct Link {
    digest: Sha256Digest,
    previous: Sha256Digest,
}

/// The server's books.
pub struct Ledger {
    key: DeviceKey,
    devices: Vec<Device>,
    stored: HashMap<SubmissionId, Stored>,
    /// In the order of arrival.
    order: Vec<SubmissionId>,
    /// News, oldest first: what a cursor counts.
    news: Vec<(PublicKey, StatusUpdate)>,
    keeps_pictures: bool,
}

impl Ledger {
    pub fn new(key: DeviceKey) -> Self {
        let (devices, stored, order) = (Vec::new(), HashMap::new(), Vec::new());
        Self { key, devices, stored, order, news: Vec::new(), keeps_pictures: true }
    }

    pub fn key(&self) -> &DeviceKey {
        &self.key
    }

    pub fn register(&mut self, kiosk_id: &str, key: PublicKey) {
        if !self.knows(&key) {
            self.devices.push(Device {
                key,
                kiosk_id: kiosk_id.to_owned(),
                links: BTreeMap::new(),
                withdrawn: HashSet::new(),
                fees: HashSet::new(),
            });
        }
    }

    /// The keys that may submit for a booth.
    pub fn keys_of<'a>(&'a self, kiosk_id: &'a str) -> impl Iterator<Item = &'a PublicKey> {
        self.devices.iter().filter(move |device| device.kiosk_id == kiosk_id).map(|device| &device.key)
    }

    pub fn knows(&self, key: &PublicKey) -> bool {
        self.devices.iter().any(|device| device.key == *key)
    }

    pub fn keep_no_pictures(&mut self) {
        self.keeps_pictures = false;
    }

    pub fn stored(&self, id: SubmissionId) -> Option<&Stored> {
        self.stored.get(&id)
    }

    pub fn ids(&self) -> &[SubmissionId] {
        &self.order
    }

    /// What was paid at a booth stays paid.
    pub fn decide(&mut self, id: SubmissionId, mut status: Status) {
        let Some(stored) = self.stored.get(&id) else { return };
        if self.devices.iter().any(|device| device.key == stored.device && device.fees.contains(&id)) {
            status.payment = Payment::Paid;
        }
        self.news.push((stored.device, StatusUpdate { submission_id: id, status }));
    }

    /// A page of a booth's news after a cursor, the cursor after it, and whether there is more.
    pub fn news(&self, key: &PublicKey, after: usize) -> (Vec<StatusUpdate>, usize, bool) {
        let mut theirs = self.news.iter().enumerate().skip(after).filter(|(_, (device, _))| device == key);
        let page: Vec<_> = theirs.by_ref().take(NEWS_PAGE).collect();
        let more = theirs.next().is_some();
        let next = if more { page.last().map_or(after, |(at, _)| at + 1) } else { self.news.len().max(after) };
        (page.into_iter().map(|(_, (_, update))| update.clone()).collect(), next, more)
    }

    /// Numbers below a booth's newest record that never arrived: what an auditor asks about.
    pub fn missing(&self, key: &PublicKey) -> Vec<u64> {
        let Some(device) = self.devices.iter().find(|device| device.key == *key) else { return Vec::new() };
        let newest = device.links.last_key_value().map_or(0, |(number, _)| *number);
        (1..newest).filter(|number| !device.links.contains_key(number)).collect()
    }

    /// Erases the picture of a booth's own submission, now or before it arrives. None: the booth does not say so.
    pub fn withdraw(&mut self, key: &PublicKey, withdrawal: &SignedStatement) -> Option<SubmissionId> {
        let id = withdrawal.verify::<Withdrawal>(key)?.submission_id;
        let device = self.devices.iter_mut().find(|device| device.key == *key)?;
        match self.stored.get_mut(&id) {
            Some(stored) if stored.device != *key => return None,
            Some(stored) => stored.picture.clear(),
            None => {}
        }
        device.withdrawn.insert(id);
        Some(id)
    }

    /// Notes that staff took the fee of a booth's own submission, now or before it arrives. None: the booth does not say
    /// so.
    pub fn take_fee(&mut self, key: &PublicKey, fee: &SignedStatement) -> Option<SubmissionId> {
        let FeeTaken { submission_id: id, taken_at, .. } = fee.verify(key)?;
        let device = self.devices.iter_mut().find(|device| device.key == *key)?;
        if self.stored.get(&id).is_some_and(|stored| stored.device != *key) {
            return None;
        }
        if device.fees.insert(id) {
            let last = self.news.iter().rev().find(|(_, update)| update.submission_id == id);
            if let Some(status) = last.map(|(_, update)| update.status.clone()) {
                self.decide(id, Status { updated_at: taken_at, ..status });
            }
        }
        Some(id)
    }

    /// Acts upon what a bundle states beside its records.
    pub fn hear(&mut self, batch: &SubmissionBatch) {
        for withdrawal in &batch.withdrawals {
            self.withdraw(&batch.device, withdrawal);
        }
        for fee in &batch.fees {
            self.take_fee(&batch.device, fee);
        }
    }

    /// Judges one item of a known device. None: it does not even say which submission it is.
    pub fn receive(&mut self, key: &PublicKey, item: &SubmissionItem, now: Timestamp) -> Option<ItemResult> {
        let bytes = item.manifest.as_bytes();
        let manifest = Manifest::from_bytes(bytes);
        let submission_id = match &manifest {
            Ok(manifest) => manifest.submission_id,
            Err(_) => claimed_id(bytes)?,
        };
        let answer = |outcome, reason: &str| {
            Some(ItemResult { submission_id, outcome, receipt: None, reason: Some(reason.to_owned()) })
        };
        if !key.verifies(Signed::Manifest, bytes, &item.signature) {
            return answer(Outcome::Rejected, "bad_signature");
        }
        let Ok(manifest) = manifest else { return answer(Outcome::Rejected, "bad_manifest") };
        if manifest.algorithm() != key.algorithm() {
            return answer(Outcome::Rejected, "bad_manifest");
        }
        let digest = Sha256Digest::of(bytes);
        let device = self.devices.iter_mut().find(|device| device.key == *key)?;
        if manifest.kiosk_id != device.kiosk_id {
            return answer(Outcome::Rejected, "wrong_kiosk");
        }
        if let Some(stored) = self.stored.get(&submission_id) {
            if stored.manifest != bytes {
                return answer(Outcome::Conflict, "other_content");
            }
            let receipt = Some(stored.receipt.clone());
            return Some(ItemResult { submission_id, outcome: Outcome::Duplicate, receipt, reason: None });
        }
        if !fits(&device.links, &manifest, digest) {
            return answer(Outcome::Conflict, "other_place");
        }
        device.links.insert(manifest.sequence, Link { digest, previous: manifest.previous });
        if device.withdrawn.contains(&submission_id) {
            return answer(Outcome::Rejected, "withdrawn");
        }
        let picture = hex::decode(&item.picture).unwrap_or_default();
        if picture.is_empty() || Sha256Digest::of(&picture) != manifest.picture.sha256 {
            return answer(Outcome::Rejected, "picture_mismatch");
        }
        if !has_its_phone(&manifest, item.phone.as_deref()) {
            return answer(Outcome::Rejected, "contact_mismatch");
        }
        let receipt =
            Receipt { submission_id, stored_sha256: digest, picture_sha256: manifest.picture.sha256, received_at: now };
        let receipt = receipt.sign(&self.key).ok()?;
        let picture = if self.keeps_pictures { picture } else { Vec::new() };
        let stored = Stored { manifest: bytes.to_vec(), picture, receipt: receipt.clone(), device: *key };
        self.stored.insert(submission_id, stored);
        self.order.push(submission_id);
        self.decide(submission_id, received(now));
        Some(ItemResult { submission_id, outcome: Outcome::Stored, receipt: Some(receipt), reason: None })
    }
}

/// Whether the number is the one that the record is about.
fn has_its_phone(manifest: &Manifest, phone: Option<&str>) -> bool {
    match (&manifest.contact, phone) {
        (None, None) => true,
        (Some(contact), Some(phone)) => {
            ContactFacts::of(manifest.submission_id, phone, contact.verified).sha256 == contact.sha256
        }
        _ => false,
    }
}

/// Whether nothing that is known contradicts a record's place. A gap contradicts nothing: what was
/// refused or lost must not hold up what came after it, and the links tell when it does arrive.
fn fits(links: &BTreeMap<u64, Link>, manifest: &Manifest, digest: Sha256Digest) -> bool {
    let at = |number| links.get(&number);
    at(manifest.sequence).is_none_or(|known| known.digest == digest)
        && at(manifest.sequence - 1).is_none_or(|before| before.digest == manifest.previous)
        && at(manifest.sequence + 1).is_none_or(|after| after.previous == digest)
}

/// How things stand with a submission that was just stored.
fn received(now: Timestamp) -> Status {
    let audit = Audit::Pending;
    Status { audit, reasons: Vec::new(), payment: Payment::Unpaid, wechat_bound: false, updated_at: now }
}

/// The id that bytes claim to have, although they are no manifest.
pub fn claimed_id(bytes: &[u8]) -> Option<SubmissionId> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.get("submission_id")?.as_str()?.parse().ok()
}
