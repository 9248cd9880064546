//! The store on a real encrypted file: what is kept, what is refused, what is found again.

use jiff::Timestamp;

use super::*;
use crate::code::{CodeDigest, Enrolment};
use crate::photo::{Check, Finding, Severity};
use crate::submission::{
    Audit as Verdict, CheckRecord, ClockCheck, ClockTrust, ConsentRecord, DeviceKey, Draft, Identity, Manifest,
    NamedDigest, Payment, PortraitFile, ProvenReceipt, Receipt, Sha256Digest, Status, StatusUpdate, SubmissionId,
    Submitted,
};
use crate::visit::{Language, PictureSource};

mod schema;

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

fn enrolment(name: &str) -> Enrolment {
    Enrolment {
        school: "某大学".into(),
        category: "普通高等教育".into(),
        level: "本科".into(),
        major: "土木工程".into(),
        masked_name: name.into(),
        document_last4: "123X".into(),
        student_number: None,
    }
}

fn draft(jpeg: &[u8]) -> Draft {
    let digest = |name: &str| NamedDigest { name: name.into(), sha256: Sha256Digest::of(name.as_bytes()) };
    Draft {
        submission_id: SubmissionId::new(now()),
        kiosk_id: "booth-1".into(),
        code: CodeDigest([9; 32]),
        identity: Identity { enrolment: enrolment("郭*荣") },
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
            source: PictureSource::Camera,
        },
        payment: None,
        contact: None,
        number_tail: None,
        checks: vec![head_roll()],
        profile: digest("profile"),
        models: vec![digest("matting")],
        software: "0.1.0".into(),
        simulated: true,
    }
}

/// Of a student with a code of their own.
fn draft_of(student: u8) -> Draft {
    Draft { code: CodeDigest([student; 32]), ..draft(&[student; 9]) }
}

fn head_roll() -> CheckRecord {
    CheckRecord {
        check: Check::HeadRoll,
        measured: Some(1.25),
        least: Some(-3.0),
        most: None,
        severity: Severity::Block,
        passed: true,
    }
}

impl Booth {
    fn append(&self, draft: &Draft) -> Result<Appended, StoreError> {
        self.store.append(draft, &self.key, now())
    }

    fn receipt(&self, sent: Submitted) -> ProvenReceipt {
        Receipt {
            submission_id: sent.submission_id,
            stored_sha256: sent.manifest_sha256,
            picture_sha256: sent.picture_sha256,
            received_at: now(),
        }
        .sign(&self.server)
        .unwrap()
        .verify(&self.server.public(), &sent)
        .unwrap()
    }

    fn acknowledge(&self, pending: &Pending) -> bool {
        self.store.acknowledge(&[self.receipt(pending.submitted())], None, now()).unwrap() == 1
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
    let sent = batch[0].submitted();
    for other in [
        Submitted { manifest_sha256: Sha256Digest::ZERO, ..sent },
        Submitted { picture_sha256: Sha256Digest::ZERO, ..sent },
    ] {
        let receipts = [booth.receipt(batch[1].submitted()), booth.receipt(other)];
        let answer = booth.store.acknowledge(&receipts, None, now());
        assert!(matches!(answer, Err(StoreError::OtherContent(id)) if id == sent.submission_id));
        assert_eq!(booth.store.counts().unwrap().pending, 2, "all or none");
    }
    assert!(booth.acknowledge(&batch[0]));
    assert!(!booth.acknowledge(&batch[0]), "the second receipt changes nothing");
    let counts = booth.store.counts().unwrap();
    assert_eq!((counts.pending, counts.acknowledged, counts.pictures), (1, 1, 2));
    assert_eq!(booth.store.verify(booth.key.public(), Some(&booth.server.public())).unwrap(), 2);
    let unknown = SubmissionId::new(now());
    let stranger = booth.receipt(Submitted { submission_id: unknown, ..sent });
    let answer = booth.store.acknowledge(&[stranger], None, now());
    assert!(matches!(answer, Err(StoreError::Unknown(id)) if id == unknown));
}

#[test]
fn failed_and_parked_submissions_are_kept_and_come_back() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    booth.append(&draft(b"two")).unwrap();
    let ids: Vec<_> = booth.store.next_batch(9, 9999).unwrap().iter().map(|pending| pending.submission_id).collect();
    booth.store.mark_failed(&[(ids[0], "timeout"), (ids[1], "timeout")], false).unwrap();
    assert_eq!(booth.store.next_batch(9, 9999).unwrap()[0].attempts, 1);
    let sent_at = || booth.store.queue_row(ids[0]).unwrap().unwrap().sent_at;
    assert!(sent_at().is_none(), "nobody answered");
    booth.store.mark_failed(&[(ids[0], "no_receipt")], true).unwrap();
    assert!(sent_at().is_some());
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
    let first = booth.append(&draft(b"one")).unwrap().submission_id;
    let second = booth.append(&draft(b"two")).unwrap().submission_id;
    booth.acknowledge(&booth.store.next_batch(1, 9999).unwrap()[0]);
    assert_eq!(booth.store.erase_expired(now(), now()).unwrap(), 0, "not older than the retention time");
    let later = now() + jiff::Span::new().seconds(1);
    assert_eq!(booth.store.erase_expired(later, later).unwrap(), 1);
    assert_eq!(booth.store.erase_expired(later, later).unwrap(), 0);
    assert_eq!(booth.store.counts().unwrap().pictures, 1);
    assert_eq!((booth.store.picture(first).unwrap(), booth.store.identity(first).unwrap()), (None, None));
    assert_eq!(**booth.store.picture(second).unwrap().unwrap(), *b"two");
    assert_eq!(booth.store.identity(second).unwrap().unwrap().enrolment, enrolment("郭*荣"));
    let log = booth.store.deletions().unwrap();
    assert_eq!((log.len(), log[0].reason.as_str(), log[0].erased_at), (1, "retention", later));
    assert_eq!((&*log[0].submission_id, log[0].picture_sha256), (&*first.to_string(), Sha256Digest::of(b"one")));
    assert_eq!(booth.store.verify(booth.key.public(), Some(&booth.server.public())).unwrap(), 2);
    for forgery in ["DELETE FROM deletions", "UPDATE deletions SET reason = 'withdrawn'"] {
        assert!(booth.store.lock().execute_batch(forgery).is_err(), "{forgery}");
    }
}

#[test]
fn what_is_withdrawn_is_erased_and_never_sent() {
    let booth = booth();
    let ids: Vec<_> = (0..3).map(|student| booth.append(&draft_of(student)).unwrap().submission_id).collect();
    assert!(!booth.store.withdraw(ids[1], now()).unwrap(), "the server never had it");
    assert!(!booth.store.withdraw(ids[1], now()).unwrap(), "twice changes nothing");
    let batch = booth.store.next_batch(9, 9999).unwrap();
    assert_eq!(batch.iter().map(|pending| pending.submission_id).collect::<Vec<_>>(), [ids[0], ids[2]]);
    booth.acknowledge(&batch[0]);
    assert!(booth.store.withdraw(ids[0], now()).unwrap(), "the server must be told");
    let counts = booth.store.counts().unwrap();
    assert_eq!((counts.pending, counts.acknowledged, counts.withdrawn, counts.pictures), (1, 1, 1, 1));
    assert_eq!(booth.store.deletions().unwrap().len(), 2);
    assert!(!booth.store.requeue(ids[1]).unwrap());
    assert_eq!(booth.store.verify(booth.key.public(), Some(&booth.server.public())).unwrap(), 3);
    let has_photo = |student| booth.store.find_account(draft_of(student).code).unwrap().is_some();
    assert_eq!([0, 1, 2].map(has_photo), [false, false, true], "what was withdrawn is nobody's");
}

#[test]
fn a_student_withdraws_every_photo_and_nobody_elses() {
    let booth = booth();
    let rejected = booth.append(&draft_of(1)).unwrap().submission_id;
    booth.acknowledge(&booth.store.next_batch(9, 9999).unwrap()[0]);
    let other = booth.append(&draft_of(2)).unwrap().submission_id;
    let again = booth.append(&draft_of(1)).unwrap().submission_id;
    assert!(booth.store.withdraw(again, now()).unwrap(), "the server has the one it rejected");
    assert!(booth.store.picture(rejected).unwrap().is_none() && booth.store.identity(rejected).unwrap().is_none());
    assert!(booth.store.picture(other).unwrap().is_some());
    let told: Vec<_> = booth.store.withdrawals_to_tell(9).unwrap().iter().map(|told| told.submission_id).collect();
    assert_eq!(told, [rejected, again]);
    assert!(booth.store.find_account(draft_of(1).code).unwrap().is_none());
}

#[test]
fn an_erased_key_takes_the_picture_with_it_even_where_its_bytes_remain() {
    let booth = booth();
    let id = booth.append(&draft(&[7; 5000])).unwrap().submission_id;
    let sealed: Vec<u8> = booth.store.lock().query_row("SELECT sealed FROM pictures", [], |row| row.get(0)).unwrap();
    booth.store.withdraw(id, now()).unwrap();
    // Somebody kept the encrypted picture and every key that the booth still has.
    assert!(booth.store.vault.open(vault::Kind::Picture, &id.to_string(), &[0; 60], &sealed).is_none());
    let keys: i64 = booth.store.lock().query_row("SELECT count(*) FROM record_keys", [], |row| row.get(0)).unwrap();
    assert_eq!(keys, 0);
}

#[test]
fn the_tally_is_what_counting_would_say() {
    let booth = booth();
    let ids: Vec<_> = (0..6).map(|student| booth.append(&draft_of(student)).unwrap().submission_id).collect();
    booth.store.park(ids[0], Parked::Rejected, "x").unwrap();
    booth.store.park(ids[1], Parked::Conflict, "x").unwrap();
    booth.store.requeue(ids[1]).unwrap();
    booth.store.withdraw(ids[2], now()).unwrap();
    booth.acknowledge(&booth.store.next_batch(9, 9999).unwrap()[0]);
    let later = now() + jiff::Span::new().seconds(1);
    booth.store.erase_expired(later, later).unwrap();
    let sql = "SELECT count(*) FROM (SELECT state, number, pictures FROM tally WHERE number > 0 EXCEPT
               SELECT state, count(*), count(*) FILTER (WHERE erased_at IS NULL) FROM submissions GROUP BY state)";
    let differences: i64 = booth.store.lock().query_row(sql, [], |row| row.get(0)).unwrap();
    let counts = booth.store.counts().unwrap();
    assert_eq!((differences, counts.pending + counts.acknowledged + counts.rejected + counts.withdrawn), (0, 6));
}

#[test]
fn the_servers_news_is_kept_with_its_age_and_found_by_the_students_code() {
    let booth = booth();
    let code = CodeDigest([9; 32]);
    assert!(booth.store.find_account(code).unwrap().is_none());
    booth.append(&draft(b"one")).unwrap();
    let id = booth.append(&draft(b"two")).unwrap().submission_id;
    booth.append(&Draft { code: CodeDigest([8; 32]), ..draft(b"three") }).unwrap();
    let latest = booth.store.find_account(code).unwrap().unwrap();
    assert_eq!((latest.manifest.submission_id, latest.state), (id, DeliveryState::Pending));
    assert!(latest.jpeg.is_some());
    assert_eq!((latest.status, booth.store.statuses_as_of().unwrap()), (None, None));

    let status = |audit| Status {
        audit,
        reasons: vec!["eyes_closed".into()],
        payment: Payment::Paid,
        wechat_bound: true,
        updated_at: now(),
    };
    let stranger = StatusUpdate { submission_id: SubmissionId::new(now()), status: status(Verdict::Accepted) };
    for audit in [Verdict::Pending, Verdict::Rejected] {
        let update = StatusUpdate { submission_id: id, status: status(audit) };
        booth.store.apply_statuses(&[update, stranger.clone()], "next", now()).unwrap();
        assert_eq!(booth.store.find_account(code).unwrap().unwrap().status, Some(status(audit)));
    }
    assert_eq!(booth.store.status_cursor().unwrap().as_deref(), Some("next"));
    assert_eq!(booth.store.statuses_as_of().unwrap(), Some(now()));
}

#[test]
fn a_record_says_how_far_the_clock_could_be_trusted() {
    let booth = booth();
    let clock = |time: Timestamp| {
        let id = booth.store.append(&draft(b"x"), &booth.key, time).unwrap().submission_id.to_string();
        let records: Vec<_> = booth.store.records().map(Result::unwrap).collect();
        let record = records.into_iter().find(|record| record.submission_id == id).unwrap();
        Manifest::from_bytes(&record.manifest).unwrap().clock.unwrap()
    };
    assert_eq!(clock(now()), ClockTrust::Unconfirmed);
    let receipt = booth.receipt(booth.store.next_batch(1, 9999).unwrap()[0].submitted());
    booth.store.acknowledge(&[receipt], Some(ClockCheck { server: now(), booth: now() }), now()).unwrap();
    assert_eq!(clock(now()), ClockTrust::Confirmed);
    assert_eq!(clock(now() - jiff::Span::new().hours(8760)), ClockTrust::Doubtful, "back a year");
}

#[test]
fn a_backup_is_whole_encrypted_and_the_oldest_go() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    let folder = booth.dir.path().join("backups");
    let is_due = |hours: i64| {
        let local =
            (now() + jiff::Span::new().hours(hours)).to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
        Store::backup_is_due(&folder, &local)
    };
    assert!(is_due(0));
    let mut copies = Vec::new();
    for hour in 0..4 {
        booth.append(&draft(b"more")).unwrap();
        copies.push(booth.store.backup(&folder, 2, now() + jiff::Span::new().hours(hour), |_, _| ()).unwrap());
    }
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(!is_due(3) && copies[3].exists());
    // The newest is of 19:00 there.
    let expected = [false, true, true, false, false, true];
    assert_eq!([8, 9, 12, 13, 26, 27].map(is_due), expected, "at 0, 1, 4, 5, 18 and 19 o'clock");
    let copy = Store::open_to_read(&copies[3], &StoreKey::from_bytes([5; 32])).unwrap();
    assert_eq!(copy.verify(booth.key.public(), None).unwrap(), 5);
    assert!(copy.probe().is_err(), "looking changes nothing");
    let wrong = Store::open_to_read(&copies[3], &StoreKey::from_bytes([6; 32]));
    assert!(matches!(wrong, Err(StoreError::WrongKeyOrDamaged { .. })));
    let nowhere = booth.store.backup(std::path::Path::new("/proc/none"), 2, now(), |_, _| ()).unwrap_err();
    assert!(matches!(nowhere, StoreError::Backup { .. }) && !nowhere.is_storage_fault());
}

#[test]
fn a_clock_that_goes_back_a_year_costs_no_backup_and_makes_none_too_many() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    let folder = booth.dir.path().join("backups");
    let hours = |hours: i64| now() + jiff::Span::new().hours(hours);
    let before: Vec<_> =
        (0..3).map(|day| booth.store.backup(&folder, 3, hours(24 * day), |_, _| ()).unwrap()).collect();
    let back = hours(-8760);
    let is_due = |time: Timestamp| Store::backup_is_due(&folder, &time.to_zoned_datetime(jiff::tz::TimeZone::UTC));
    assert!(is_due(back), "none is of that time yet");
    let copy = booth.store.backup(&folder, 3, back, |_, _| ()).unwrap();
    assert!(copy.exists() && !is_due(back));
    assert_eq!([0, 1, 2].map(|day: usize| before[day].exists()), [false, true, true], "the oldest goes");
    assert_eq!(Store::newest_backup(&folder, back), Some(back));
}

#[test]
fn a_backup_is_of_one_moment_though_records_are_written_meanwhile() {
    let booth = booth();
    let jpeg = vec![7; 400 << 10];
    (0..8).for_each(|_| drop(booth.append(&draft(&jpeg)).unwrap()));
    let folder = booth.dir.path().join("backups");
    let mut steps = Vec::new();
    let copy = booth.store.backup(&folder, 2, now(), |done, of| {
        // Not for ever: a copy that begins anew after each record would never end.
        if steps.len() < 3 {
            booth.append(&draft(b"meanwhile")).unwrap();
        }
        steps.push((done, of));
    });
    let copy = Store::open_to_read(&copy.unwrap(), &StoreKey::from_bytes([5; 32])).unwrap();
    assert_eq!(copy.verify(booth.key.public(), None).unwrap(), 8, "nothing of what came later");
    assert!(steps.len() > 2 && steps.is_sorted() && steps.iter().all(|(done, of)| done < of), "{steps:?}");
    assert_eq!(booth.store.verify(booth.key.public(), None).unwrap(), 11);
    let mut seen = Vec::new();
    booth.store.audit(booth.key.public(), None, |records| seen.push(records)).unwrap();
    assert!(seen.iter().copied().eq(1..=11), "each is said once");
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
fn a_roster_is_updated_and_what_did_not_change_is_not_written() {
    let booth = booth();
    let code = |byte| CodeDigest([byte; 32]);
    let mut roster = vec![(code(2), enrolment("李*")), (code(1), enrolment("郭*荣"))];
    let changes = |added, updated, unchanged, removed| RosterChanges { added, updated, unchanged, removed };
    assert_eq!(booth.store.update_roster(&mut roster, false).unwrap(), changes(2, 0, 0, 0));
    assert_eq!(booth.store.update_roster(&mut roster, false).unwrap(), changes(0, 0, 2, 0));
    let mut newer = vec![(code(3), enrolment("王*")), (code(2), enrolment("李*明"))];
    assert_eq!(booth.store.update_roster(&mut newer, false).unwrap(), changes(1, 1, 0, 0));
    assert_eq!(booth.store.roster_size().unwrap(), 3);
    assert_eq!(booth.store.find_enrolment(code(2)).unwrap(), Some(enrolment("李*明")));
    assert_eq!(booth.store.update_roster(&mut newer, true).unwrap(), changes(0, 0, 2, 1));
    assert_eq!(booth.store.find_enrolment(code(1)).unwrap(), None);
}

#[test]
fn what_most_students_have_comes_first() {
    let booth = booth();
    assert_eq!(booth.store.roster_values().unwrap(), [const { Vec::<String>::new() }; 4]);
    let of = |byte: u8, school: &str| {
        let mut enrolment = enrolment("李*");
        enrolment.school = school.to_owned();
        (CodeDigest([byte; 32]), enrolment)
    };
    let mut roster = vec![of(1, "甲大学"), of(2, "乙大学"), of(3, "乙大学")];
    booth.store.update_roster(&mut roster, false).unwrap();
    let [schools, _, levels, _] = booth.store.roster_values().unwrap();
    assert_eq!(schools, ["乙大学", "甲大学"]);
    assert_eq!(levels, [enrolment("李*").level.clone()]);
}

#[test]
fn the_roster_is_replaced_as_a_whole() {
    let booth = booth();
    let (a, b) = (CodeDigest([1; 32]), CodeDigest([2; 32]));
    booth.store.replace_roster(&[(a, enrolment("郭*荣"))]).unwrap();
    assert_eq!(booth.store.find_enrolment(a).unwrap(), Some(enrolment("郭*荣")));
    booth.store.replace_roster(&[(b, enrolment("李*"))]).unwrap();
    assert_eq!(booth.store.find_enrolment(a).unwrap(), None);
    assert_eq!(booth.store.find_enrolment(b).unwrap(), Some(enrolment("李*")));
    assert_eq!(booth.store.roster_size().unwrap(), 1);
}

#[test]
fn a_phone_number_lies_under_a_key_of_its_own() {
    let booth = booth();
    let phone = crate::visit::Phone::parse("13800138000").unwrap();
    let contact = crate::visit::Contact { phone, verified: true };
    let id = booth.append(&Draft { contact: Some(contact), ..draft(b"one") }).unwrap().submission_id;
    assert_eq!(&**booth.store.find_phone(id).unwrap().unwrap(), "13800138000");
    let (key, sealed): (Vec<u8>, Vec<u8>) =
        booth.store.lock().query_row("SELECT key, sealed FROM contacts", [], |row| row.try_into()).unwrap();
    assert!(!sealed.windows(11).any(|bytes| bytes == b"13800138000"));
    assert!(booth.store.vault.open(vault::Kind::Identity, &id.to_string(), &key, &sealed).is_none());
    booth.store.withdraw(id, now()).unwrap();
    assert_eq!(booth.store.find_phone(id).unwrap(), None);
}

#[test]
fn what_was_measured_is_sealed_and_goes_with_the_picture() {
    let booth = booth();
    let id = booth.append(&draft(b"one")).unwrap().submission_id;
    assert_eq!(booth.store.checks(id).unwrap(), [head_roll()]);
    let sealed: Vec<u8> = booth.store.lock().query_row("SELECT sealed FROM checks", [], |row| row.get(0)).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("head_roll"));
    booth.store.withdraw(id, now()).unwrap();
    assert!(booth.store.checks(id).unwrap().is_empty());
    let left: u64 = booth.store.lock().query_row("SELECT count(*) FROM checks", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

/// What has no limit or could not be measured has no number in JSON.
#[test]
fn a_finding_comes_back_as_it_was() {
    let finding = |measured, allowed| Finding { check: Check::Glare, measured, allowed, severity: Severity::Warn };
    for finding in [finding(2.5, (0.0, 9.0)), finding(2.5, (3.0, f32::INFINITY)), finding(f32::NAN, (0.0, 1.0))] {
        let json = serde_json::to_string(&CheckRecord::from(&finding)).unwrap();
        let record: CheckRecord = serde_json::from_str(&json).unwrap();
        let again = Finding::from(&record);
        assert_eq!(
            (again.allowed, again.passed(), record.passed),
            (finding.allowed, finding.passed(), finding.passed())
        );
        assert_eq!(again.measured.to_bits(), finding.measured.to_bits());
    }
}
