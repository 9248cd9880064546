//! What the server says about submissions, fetched over the network.

use szz_kiosk::submission::{Audit, Payment, Status};
use szz_kiosk::upload::{News, Why, fetch_news};

use super::*;

fn fetch(booth: &Booth, server: &DemoServer) -> News {
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    fetch_news(&booth.store, &uploader, now()).unwrap()
}

fn all(updates: usize) -> News {
    News { updates, stopped_by: None }
}

#[test]
fn news_comes_once_in_pages_and_replaces_what_was_known() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(130);
    while booth.counts().pending > 0 {
        booth.upload(&server);
    }
    assert_eq!(fetch(&booth, &server), all(130), "more than one page");
    assert_eq!(fetch(&booth, &server), all(0));
    let latest = || booth.store.find_account(draft(7).code).unwrap().unwrap();
    assert_eq!(latest().status.unwrap().audit, Audit::Pending);
    server.decide(
        ids[7],
        Status {
            audit: Audit::Rejected,
            reasons: vec!["eyes_closed".into(), "张三 closed his eyes".into()],
            payment: Payment::Paid,
            wechat_bound: true,
            updated_at: now(),
        },
    );
    assert_eq!(fetch(&booth, &server), all(1));
    let status = latest().status.unwrap();
    assert_eq!((status.audit, status.payment, status.wechat_bound), (Audit::Rejected, Payment::Paid, true));
    assert_eq!(status.reasons, ["eyes_closed", "unspecified"], "free text is not kept");
    let booth = booth.restart();
    assert_eq!(fetch(&booth, &server), all(0), "the cursor outlives the program");
    assert_eq!(booth.store.statuses_as_of().unwrap(), Some(now()));
}

#[test]
fn another_booths_news_is_not_told() {
    let (booth, server) = (Booth::new(), server());
    booth.save(1);
    booth.upload(&server);
    let stranger = DeviceKey::from_seed(&[9; 32]).public();
    server.register("booth-2", stranger);
    let uploader = HttpUploader::new(&ClientConfig { device: stranger, ..client(&server.base_url()) }, TOKEN).unwrap();
    let other = Booth::new();
    assert_eq!(fetch_news(&other.store, &uploader, now()).unwrap(), all(0));
}

#[test]
fn without_the_server_the_old_news_stays_with_its_age() {
    let (booth, server) = (Booth::new(), server());
    booth.save(1);
    booth.upload(&server);
    fetch(&booth, &server);
    let uploader = HttpUploader::new(&client(&server.base_url()), "wrong").unwrap();
    let later = now() + jiff::Span::new().hours(5);
    let refused = fetch_news(&booth.store, &uploader, later).unwrap();
    assert_eq!(refused, News { updates: 0, stopped_by: Some(Why::NotAuthorised) });
    let url = server.base_url();
    drop(server);
    let uploader = HttpUploader::new(&client(&url), TOKEN).unwrap();
    let gone = fetch_news(&booth.store, &uploader, later).unwrap();
    assert_eq!(gone.stopped_by, Some(Why::Unreachable));
    assert_eq!(booth.store.statuses_as_of().unwrap(), Some(now()));
    assert!(booth.store.find_account(draft(0).code).unwrap().unwrap().status.is_some());
}

#[test]
fn a_receipt_made_just_now_confirms_the_clock() {
    use szz_kiosk::submission::{ClockTrust, Manifest};
    let (booth, server) = (Booth::new(), server());
    let clock = |booth: &Booth| {
        let record = booth.store.records().last().unwrap().unwrap();
        Manifest::from_bytes(&record.manifest).unwrap().clock.unwrap()
    };
    booth.save(1);
    assert_eq!(clock(&booth), ClockTrust::Unconfirmed);
    // The demo's server lives today; this booth believes in now().
    booth.upload(&server);
    booth.save(1);
    assert_eq!(clock(&booth), ClockTrust::Doubtful);
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    let today = Timestamp::now();
    Delivery::default().round(&booth.store, &uploader, &server.public_key(), BatchLimit::default(), today).unwrap();
    booth.store.append(&draft(3), &device(), today).unwrap();
    assert_eq!(clock(&booth), ClockTrust::Confirmed);
}
