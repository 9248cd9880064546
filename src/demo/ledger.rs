//! What the reference server knows and decides: registered booths, their chains, stored records.
//! Knows no HTTP. In memory only.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::submission::{
    ContactFacts, DeviceKey, Manifest, PublicKey, Receipt, Sha256Digest, Signed, SignedReceipt, SubmissionId,
};
use crate::upload::wire::{ItemResult, Outcome, SubmissionItem};

/// A record as the server stores it.
#[derive(Clone)]
pub struct Stored {
    pub manifest: Vec<u8>,
    pub picture: Vec<u8>,
    receipt: SignedReceipt,
}

/// One booth key and the chain it signs.
struct Device {
    key: PublicKey,
    kiosk_id: String,
    /// Digest of every record that took its place, stored or refused.
    links: Vec<Sha256Digest>,
}

/// The server's books.
pub struct Ledger {
    key: DeviceKey,
    devices: Vec<Device>,
    stored: HashMap<SubmissionId, Stored>,
    /// In the order of arrival.
    order: Vec<SubmissionId>,
    keeps_pictures: bool,
}

impl Ledger {
    pub fn new(key: DeviceKey) -> Self {
        Self { key, devices: Vec::new(), stored: HashMap::new(), order: Vec::new(), keeps_pictures: true }
    }

    pub fn key(&self) -> &DeviceKey {
        &self.key
    }

    pub fn register(&mut self, kiosk_id: &str, key: PublicKey) {
        if !self.knows(&key) {
            self.devices.push(Device { key, kiosk_id: kiosk_id.to_owned(), links: Vec::new() });
        }
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
        match place(&device.links, &manifest, digest) {
            Place::Next => device.links.push(digest),
            Place::Again => {}
            Place::Taken => return answer(Outcome::Conflict, "other_place"),
            Place::TooEarly => return answer(Outcome::OutOfOrder, "missing_predecessor"),
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
        let Ok(receipt) = receipt.sign(&self.key) else { return answer(Outcome::OutOfOrder, "clock") };
        let picture = if self.keeps_pictures { picture } else { Vec::new() };
        let stored = Stored { manifest: bytes.to_vec(), picture, receipt: receipt.clone() };
        self.stored.insert(submission_id, stored);
        self.order.push(submission_id);
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

/// Where a record stands in its device's chain.
enum Place {
    Next,
    /// Refused before, for its content.
    Again,
    Taken,
    TooEarly,
}

fn place(links: &[Sha256Digest], manifest: &Manifest, digest: Sha256Digest) -> Place {
    let index = usize::try_from(manifest.sequence - 1).unwrap_or(usize::MAX);
    match links.get(index) {
        Some(known) if *known == digest => Place::Again,
        Some(_) => Place::Taken,
        None if index > links.len() => Place::TooEarly,
        None if manifest.previous == links.last().copied().unwrap_or(Sha256Digest::ZERO) => Place::Next,
        None => Place::Taken,
    }
}

/// The id that bytes claim to have, although they are no manifest.
pub fn claimed_id(bytes: &[u8]) -> Option<SubmissionId> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.get("submission_id")?.as_str()?.parse().ok()
}
