//! A student withdraws the consent, and the central server hears of it.

use szz_kiosk::submission::{SignedWithdrawal, Withdrawal};
use szz_kiosk::upload::{Delivery, tell_withdrawals};

use super::*;

fn tell(booth: &Booth, url: &str) -> usize {
    let uploader = HttpUploader::new(&client(url), TOKEN).unwrap();
    tell_withdrawals(&booth.store, &uploader, &device(), now()).unwrap()
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
        b"HTTP/1.1 200 OK\r\ncontent-length: 63\r\n\r\n\
          {\"schema\":1,\"erased\":[\"019e8244-7800-7000-8000-000000000001\"]} ",
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
    let forged: SignedWithdrawal = withdrawal.sign(&stranger).unwrap();
    let body = serde_json::json!({ "schema": 1, "device": stranger.public(), "withdrawals": [forged] });
    let answer = reqwest::blocking::Client::new()
        .post(format!("{}/v1/withdrawals", server.base_url()))
        .bearer_auth(TOKEN)
        .json(&body)
        .send()
        .unwrap();
    assert_eq!(answer.text().unwrap(), r#"{"schema":1,"erased":[]}"#);
    assert_eq!(server.content(id).unwrap().1, jpeg(0));
}
