//! What happens to a submission later, and the central server hears of it: a student withdraws the consent, staff take a
//! fee.

use szz_kiosk::store::QueueFilter;
use szz_kiosk::submission::{Audit, Payment, PaymentTerms, SignedStatement, Status, Withdrawal};
use szz_kiosk::upload::{Delivery, Told, fetch_news};
use szz_kiosk::visit::PaymentMode;

use super::*;

fn told(booth: &Booth, url: &str) -> Told {
    let uploader = HttpUploader::new(&client(url), TOKEN).unwrap();
    szz_kiosk::upload::tell(&booth.store, &uploader, &device(), now()).unwrap()
}

fn tell(booth: &Booth, url: &str) -> usize {
    told(booth, url).withdrawals
}

/// A submission whose student owes something.
fn save_due(booth: &Booth, number: usize) -> SubmissionId {
    let draft = Draft { payment: Some(PaymentTerms { mode: PaymentMode::Staff, fee_fen: 3000 }), ..draft(number) };
    booth.store.append(&draft, &device(), now()).unwrap();
    draft.submission_id
}

#[test]
fn what_was_uploaded_is_erased_at_the_server_too() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(2);
    booth.upload(&server);
    booth.store.withdraw(ids[0], now()).unwrap();
    assert_eq!(tell(&booth, &server.base_url()), 1);
    assert_eq!(server.content(ids[0]).unwrap().1, b"", "the picture is gone");
    assert_eq!(server.content(ids[1]).unwrap().1, jpeg(1), "the other one is not");
    assert_eq!(tell(&booth, &server.base_url()), 0, "told once");
    booth.expect_sound(2);
}

#[test]
fn a_withdrawal_waits_for_the_server_and_for_its_yes() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(1);
    booth.upload(&server);
    booth.store.withdraw(ids[0], now()).unwrap();
    assert_eq!(tell(&booth, "http://127.0.0.1:9"), 0);
    // A server that answers about something else has confirmed nothing.
    let (url, thread) = delivery::raw_server(
        b"HTTP/1.1 200 OK\r\ncontent-length: 66\r\n\r\n\
          {\"schema\":1,\"confirmed\":[\"019e8244-7800-7000-8000-000000000001\"]} ",
    );
    assert_eq!(tell(&booth, &url), 0);
    thread.join().unwrap();
    let booth = booth.restart();
    assert_eq!(booth.store.withdrawals_to_tell(9).unwrap().len(), 1);
    assert_eq!(tell(&booth, &server.base_url()), 1);
}

#[test]
fn many_are_told_in_one_go() {
    let (booth, server) = (Booth::new(), server());
    for id in booth.save(205) {
        booth.store.withdraw(id, now()).unwrap();
    }
    assert_eq!(tell(&booth, &server.base_url()), 205);
}

#[test]
fn what_is_withdrawn_after_it_was_made_ready_is_not_sent() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(25);
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    let mut delivery = Delivery::default();
    let limit = BatchLimit { count: 10, ..BatchLimit::default() };
    let mut round = || delivery.round(&booth.store, &uploader, &server.public_key(), limit, now()).unwrap().sent;
    assert_eq!(round(), 10);
    // The next ten are ready by now.
    booth.store.withdraw(ids[12], now()).unwrap();
    assert_eq!((round(), round(), round()), (10, 4, 0));
    let others: Vec<_> = ids.iter().copied().filter(|id| *id != ids[12]).collect();
    assert_eq!(server.stored(), others);
}

#[test]
fn a_bundle_that_comes_after_the_withdrawal_is_too_late() {
    let (booth, server) = (Booth::new(), server());
    let id = booth.save(1)[0];
    let kept = booth.store.next_batch(1, usize::MAX).unwrap();
    booth.store.withdraw(id, now()).unwrap();
    assert_eq!(tell(&booth, &server.base_url()), 1, "also what the server may get by another way");
    let items = szz_kiosk::upload::items(&booth.store, kept).unwrap();
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    uploader.submit(uploader.pack(items));
    assert_eq!(server.stored(), []);
    // The next visit goes on as always.
    booth.save(1);
    assert_eq!(booth.upload(&server).acknowledged, 1);
}

#[test]
fn nobody_withdraws_for_another_booth() {
    let (booth, server) = (Booth::new(), server());
    let id = booth.save(1)[0];
    booth.upload(&server);
    let stranger = DeviceKey::from_seed(&[9; 32]);
    server.register("booth-2", stranger.public());
    let other = Booth::new();
    other.save(1);
    let withdrawal = Withdrawal { submission_id: id, withdrawn_at: now() };
    let forged = SignedStatement::sign(&withdrawal, &stranger).unwrap();
    let body = serde_json::json!({ "schema": 1, "device": stranger.public(), "statements": [forged] });
    let answer = reqwest::blocking::Client::new()
        .post(format!("{}/v1/withdrawals", server.base_url()))
        .bearer_auth(TOKEN)
        .json(&body)
        .send()
        .unwrap();
    assert_eq!(answer.text().unwrap(), r#"{"schema":1,"confirmed":[]}"#);
    assert_eq!(server.content(id).unwrap().1, jpeg(0));
}

#[test]
fn a_fee_that_staff_took_is_paid_at_the_server_too() {
    let (booth, server) = (Booth::new(), server());
    let due = save_due(&booth, 0);
    let other = save_due(&booth, 1);
    assert!(booth.store.take_fee(due, now()).unwrap());
    assert!(!booth.store.take_fee(due, now()).unwrap(), "taken once");
    // Before the submission itself arrives, and after.
    assert_eq!(told(&booth, &server.base_url()).fees, 1);
    booth.upload(&server);
    assert!(booth.store.take_fee(other, now()).unwrap());
    assert_eq!(told(&booth, "http://127.0.0.1:9").fees, 0);
    let booth = booth.restart();
    assert_eq!(told(&booth, &server.base_url()).fees, 1);
    assert_eq!(told(&booth, &server.base_url()), Told::default(), "told once");
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    fetch_news(&booth.store, &uploader, now()).unwrap();
    for id in [due, other] {
        assert_eq!(booth.store.queue_row(id).unwrap().unwrap().status.unwrap().payment, Payment::Paid);
    }
}

#[test]
fn what_was_paid_elsewhere_is_not_due_here_any_more() {
    let (booth, server) = (Booth::new(), server());
    let id = save_due(&booth, 0);
    booth.upload(&server);
    let due = || booth.store.queue_page(&QueueFilter::Due, None, 9).unwrap().len();
    assert_eq!(due(), 1);
    let status = Status {
        audit: Audit::Pending,
        reasons: Vec::new(),
        payment: Payment::Paid,
        wechat_bound: false,
        updated_at: now(),
    };
    server.decide(id, status);
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    fetch_news(&booth.store, &uploader, now()).unwrap();
    assert_eq!(due(), 0);
    assert_eq!(booth.store.queue_row(id).unwrap().unwrap().paid, Some(true));
    assert!(booth.store.find_account(draft(0).code).unwrap().unwrap().paid, "its student sees so, too");
    assert_eq!(told(&booth, &server.base_url()), Told::default(), "the server knows");
}

#[test]
fn a_new_photo_takes_the_order_of_the_one_before() {
    let booth = Booth::new();
    let first = save_due(&booth, 0);
    let second = SubmissionId::new(now());
    let again = Draft {
        submission_id: second,
        payment: Some(PaymentTerms { mode: PaymentMode::Staff, fee_fen: 3000 }),
        ..draft(0)
    };
    booth.store.append(&again, &device(), now()).unwrap();
    let due: Vec<_> = booth.store.queue_page(&QueueFilter::Due, None, 9).unwrap();
    assert_eq!(due.iter().map(|row| row.manifest.submission_id).collect::<Vec<_>>(), [second]);
    assert_eq!(booth.store.queue_row(first).unwrap().unwrap().paid, None);
}

#[test]
fn a_stick_carries_what_the_server_has_to_be_told() {
    let (booth, server, stick) = (Booth::new(), server(), stick::Stick::new());
    let withdrawn = booth.save(1)[0];
    let paid = save_due(&booth, 1);
    stick.export(&booth, &server);
    stick.carry(&server);
    assert_eq!(server.content(withdrawn).unwrap().1, jpeg(0));
    booth.store.withdraw(withdrawn, now()).unwrap();
    booth.store.take_fee(paid, now()).unwrap();
    let stick = stick::Stick::new();
    stick.export(&booth, &server);
    stick.carry(&server);
    assert_eq!(server.content(withdrawn).unwrap().1, b"", "the picture is gone");
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    fetch_news(&booth.store, &uploader, now()).unwrap();
    assert_eq!(booth.store.queue_row(paid).unwrap().unwrap().status.unwrap().payment, Payment::Paid);
}
