//! The store on a real encrypted file: what is kept, what is refused, what is found again.

use jiff::Timestamp;

use super::*;
use crate::code::{CodeDigest, Enrolment};
use crate::submission::{
    ConsentRecord, DeviceKey, Draft, NamedDigest, PortraitFile, Receipt, ReceiptError, Sha256Digest, SignedReceipt,
    SubmissionId,
};
use crate::visit::Language;

struct Booth {
    dir: tempfile::TempDir,
    store: Store,
    key: DeviceKey,
    server: DeviceKey,
}

fn now() -> Timestamp {
    "2026-06-01T08:00:00Z".parse().unwrap()
}

fn booth() -> Booth {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("queue.db"), &StoreKey::from_bytes([5; 32])).unwrap();
    Booth { dir, store, key: DeviceKey::from_seed(&[3; 32]), server: DeviceKey::from_seed(&[4; 32]) }
}

fn draft(jpeg: &[u8]) -> Draft {
    let digest = |name: &str| NamedDigest { name: name.into(), sha256: Sha256Digest::of(name.as_bytes()) };
    Draft {
        submission_id: SubmissionId::new(now()),
        kiosk_id: "booth-1".into(),
        code: CodeDigest([9; 32]),
        consent: ConsentRecord {
            language: Language::English,
            agreement_sha256: Sha256Digest::of(b"agreement"),
            photo_consent_sha256: Sha256Digest::of(b"photo consent"),
            version: "1".into(),
            given_at: now(),
        },
        portrait: PortraitFile {
            jpeg: Zeroizing::new(jpeg.to_vec()),
            width: 480,
            height: 640,
            quality: 85,
            background: [67, 142, 219],
        },
        payment: None,
        contact: None,
        profile: digest("profile"),
        models: vec![digest("matting")],
        software: "0.1.0".into(),
        simulated: true,
    }
}

impl Booth {
    fn append(&self, draft: &Draft) -> Result<Appended, StoreError> {
        self.store.append(draft, &self.key, now())
    }

    fn receipt(&self, pending: &Pending) -> SignedReceipt {
        let sent = pending.submitted();
        Receipt {
            submission_id: sent.submission_id,
            stored_sha256: sent.manifest_sha256,
            picture_sha256: sent.picture_sha256,
            received_at: now(),
        }
        .sign(&self.server)
        .unwrap()
    }

    fn acknowledge(&self, pending: &Pending) -> bool {
        let receipt = self.receipt(pending);
        self.store.acknowledge(pending.submission_id, &receipt, &self.server.public(), now()).unwrap()
    }
}

#[test]
fn submissions_are_chained_and_handed_out_in_order_unchanged() {
    let booth = booth();
    for number in 1..=3 {
        let appended = booth.append(&draft(&[number; 100])).unwrap();
        assert_eq!(appended.sequence, u64::from(number));
        assert_eq!(appended.order_number, appended.submission_id.order_number());
    }
    let batch = booth.store.next_batch(10, usize::MAX).unwrap();
    assert_eq!(batch.iter().map(|pending| pending.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(*batch[1].jpeg, [2; 100]);
    assert_eq!(booth.store.verify(booth.key.public(), None).unwrap(), 3);
}

#[test]
fn saving_the_same_draft_twice_stores_it_once() {
    let booth = booth();
    let mut draft = draft(b"jpeg");
    let first = booth.append(&draft).unwrap();
    booth.append(&self::draft(b"other")).unwrap();
    let later = now() + jiff::Span::new().seconds(5);
    assert_eq!(booth.store.append(&draft, &booth.key, later).unwrap(), first);
    assert_eq!(booth.store.counts().unwrap().pending, 2);
    draft.portrait.jpeg = Zeroizing::new(b"another picture".to_vec());
    assert!(matches!(booth.append(&draft), Err(StoreError::OtherContent(id)) if id == first.submission_id));
    assert_eq!(booth.store.counts().unwrap().pending, 2);
}

#[test]
fn a_batch_respects_count_and_bytes_but_never_starves() {
    let booth = booth();
    for _ in 0..4 {
        booth.append(&draft(&[0; 5000])).unwrap();
    }
    let sizes = |count, bytes| booth.store.next_batch(count, bytes).unwrap().len();
    assert_eq!(sizes(10, usize::MAX), 4);
    assert_eq!(sizes(2, usize::MAX), 2);
    assert_eq!(sizes(10, 14_000), 2);
    assert_eq!(sizes(10, 1), 1, "a picture larger than the limit is still sent");
    assert_eq!(sizes(0, usize::MAX), 0);
}

#[test]
fn only_a_receipt_for_the_stored_bytes_settles() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    booth.append(&draft(b"two")).unwrap();
    let batch = booth.store.next_batch(10, usize::MAX).unwrap();
    let id = batch[0].submission_id;
    let refused = |receipt: &SignedReceipt, server: &DeviceKey| {
        let error = booth.store.acknowledge(id, receipt, &server.public(), now()).unwrap_err();
        assert_eq!(booth.store.counts().unwrap().pending, 2);
        match error {
            StoreError::Receipt { cause, .. } => cause,
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused(&booth.receipt(&batch[1]), &booth.server), ReceiptError::OtherSubmission);
    assert_eq!(refused(&booth.receipt(&batch[0]), &booth.key), ReceiptError::Forged);
    assert!(booth.acknowledge(&batch[0]));
    assert!(!booth.acknowledge(&batch[0]), "the second receipt changes nothing");
    let counts = booth.store.counts().unwrap();
    assert_eq!((counts.pending, counts.acknowledged, counts.pictures), (1, 1, 2));
    assert_eq!(booth.store.verify(booth.key.public(), Some(&booth.server.public())).unwrap(), 2);
    let unknown = SubmissionId::new(now());
    let answer = booth.store.acknowledge(unknown, &booth.receipt(&batch[0]), &booth.server.public(), now());
    assert!(matches!(answer, Err(StoreError::Unknown(id)) if id == unknown));
}

#[test]
fn failed_and_parked_submissions_are_kept_and_come_back() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    booth.append(&draft(b"two")).unwrap();
    let ids: Vec<_> = booth.store.next_batch(9, 9999).unwrap().iter().map(|pending| pending.submission_id).collect();
    booth.store.mark_failed(&[(ids[0], "timeout"), (ids[1], "timeout")]).unwrap();
    assert_eq!(booth.store.next_batch(9, 9999).unwrap()[0].attempts, 1);
    booth.store.park(ids[0], Parked::Rejected, "bad_picture").unwrap();
    booth.store.park(ids[1], Parked::Conflict, "other_content").unwrap();
    let counts = booth.store.counts().unwrap();
    assert_eq!((counts.pending, counts.rejected, counts.conflict, counts.pictures), (0, 1, 1, 2));
    let codes: Vec<_> = booth.store.records().map(|record| record.unwrap().last_error.unwrap()).collect();
    assert_eq!(codes, ["bad_picture", "other_content"]);
    assert!(booth.store.requeue(ids[0]).unwrap());
    assert!(!booth.store.requeue(ids[0]).unwrap());
    assert_eq!(booth.store.next_batch(9, 9999).unwrap().len(), 1);
}

#[test]
fn pictures_are_erased_only_after_a_receipt_and_the_retention_time() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    booth.append(&draft(b"two")).unwrap();
    booth.acknowledge(&booth.store.next_batch(1, 9999).unwrap()[0]);
    assert_eq!(booth.store.erase_pictures(now()).unwrap(), 0, "not older than the retention time");
    let later = now() + jiff::Span::new().seconds(1);
    assert_eq!(booth.store.erase_pictures(later).unwrap(), 1);
    assert_eq!(booth.store.erase_pictures(later).unwrap(), 0);
    assert_eq!(booth.store.counts().unwrap().pictures, 1);
    assert_eq!(booth.store.verify(booth.key.public(), Some(&booth.server.public())).unwrap(), 2);
}

#[test]
fn the_database_itself_refuses_to_change_a_record() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    let pending = booth.store.next_batch(1, 9999).unwrap().remove(0);
    let refused = |sql: &str| booth.store.lock().execute_batch(sql).is_err();
    assert!(refused("UPDATE submissions SET manifest = x'00'"));
    assert!(refused("UPDATE submissions SET sequence = 7"));
    assert!(refused("UPDATE submissions SET jpeg = x'00'"));
    assert!(refused("UPDATE submissions SET jpeg = NULL"), "not acknowledged yet");
    assert!(refused("DELETE FROM submissions"));
    assert!(refused("UPDATE submissions SET state = 'acknowledged'"), "without a receipt");
    booth.acknowledge(&pending);
    assert!(refused(
        "UPDATE submissions SET state = 'pending', receipt = NULL, receipt_signature = NULL, acknowledged_at = NULL"
    ));
}

#[test]
fn a_chain_is_not_continued_with_another_key() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    let other = DeviceKey::from_seed(&[6; 32]);
    assert!(matches!(booth.store.append(&draft(b"two"), &other, now()), Err(StoreError::OtherDeviceKey)));
    assert_eq!(booth.append(&draft(b"two")).unwrap().sequence, 2);
}

#[test]
fn a_full_or_read_only_database_is_said_so_and_keeps_what_it_has() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    booth.store.limit_pages(1).unwrap();
    let error = booth.append(&draft(&[1; 200_000])).unwrap_err();
    assert!(matches!(error, StoreError::Full) && error.is_storage_fault(), "{error}");
    booth.store.limit_pages(u32::MAX - 1).unwrap();
    booth.store.probe().unwrap();
    booth.store.lock().execute_batch("PRAGMA query_only = ON").unwrap();
    assert!(matches!(booth.store.probe(), Err(StoreError::ReadOnly)));
    assert!(matches!(booth.append(&draft(b"two")), Err(StoreError::ReadOnly)));
    booth.store.lock().execute_batch("PRAGMA query_only = OFF").unwrap();
    assert_eq!(booth.append(&draft(b"two")).unwrap().sequence, 2);
    assert_eq!(booth.store.verify(booth.key.public(), None).unwrap(), 2);
}

#[test]
fn the_roster_is_replaced_as_a_whole() {
    let booth = booth();
    let enrolment = |name: &str| Enrolment {
        school: "某大学".into(),
        category: "普通高等教育".into(),
        level: "本科".into(),
        major: "土木工程".into(),
        masked_name: name.into(),
        document_last4: "123X".into(),
        student_number: None,
    };
    let (a, b) = (CodeDigest([1; 32]), CodeDigest([2; 32]));
    booth.store.replace_roster(&[(a, enrolment("郭*荣"))]).unwrap();
    assert_eq!(booth.store.find_enrolment(a).unwrap(), Some(enrolment("郭*荣")));
    booth.store.replace_roster(&[(b, enrolment("李*"))]).unwrap();
    assert_eq!(booth.store.find_enrolment(a).unwrap(), None);
    assert_eq!(booth.store.find_enrolment(b).unwrap(), Some(enrolment("李*")));
    assert_eq!(booth.store.roster_size().unwrap(), 1);
}

#[test]
fn durability_is_set_as_promised() {
    let booth = booth();
    let connection = booth.store.lock();
    let pragma = |name: &str| -> String {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal");
    assert_eq!(pragma("synchronous"), "2");
    assert_eq!(pragma("secure_delete"), "1");
    assert_eq!(pragma("foreign_keys"), "1");
    assert_ne!(pragma("cipher_version"), "", "this is SQLCipher");
    drop(connection);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(booth.dir.path().join("queue.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
