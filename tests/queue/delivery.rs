//! Delivery: what the server says, and what the queue believes.

use std::io::{Read, Write};
use std::net::TcpListener;

use szz_kiosk::demo::Fault;
use szz_kiosk::upload::{Backoff, Pace, Rhythm, Why};

use super::*;

#[test]
fn what_was_saved_arrives_unchanged_and_is_settled() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(25);
    assert_eq!(booth.upload(&server).acknowledged, 20);
    let second = booth.upload(&server);
    assert_eq!((second.acknowledged, second.pace), (5, Pace::Continue));
    assert_eq!(booth.upload(&server).pace, Pace::Empty);
    assert_eq!(server.requests(), 2, "an empty queue sends nothing");
    assert_eq!(server.stored(), ids);
    for (number, record) in booth.store.records().map(Result::unwrap).enumerate() {
        let (manifest, picture) = server.content(ids[number]).unwrap();
        assert_eq!(manifest, record.manifest);
        assert_eq!(picture, jpeg(number));
    }
    let booth = booth.restart();
    assert_eq!((booth.counts().pending, booth.counts().acknowledged), (0, 25));
    assert_eq!(booth.store.verify(device().public(), Some(&server.public_key())).unwrap(), 25);
}

/// One lie, then the truth: nothing is settled by the lie, nothing is lost or doubled by it.
#[track_caller]
fn lie(fault: Fault, expected: Pace) {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(3);
    server.script(fault.clone());
    let report = booth.upload(&server);
    assert_eq!((report.acknowledged, report.failed, report.pace), (0, 3, expected), "{fault:?}");
    let counts = booth.counts();
    assert_eq!((counts.pending, counts.acknowledged), (3, 0), "{fault:?}");
    let records: Vec<_> = booth.store.records().map(Result::unwrap).collect();
    assert!(records.iter().all(|record| record.attempts == 1 && record.last_error.is_some()), "{fault:?}");

    assert_eq!(booth.upload(&server).acknowledged, 3, "{fault:?}");
    assert_eq!(server.stored(), ids, "{fault:?}");
}

fn wait(why: Why) -> Pace {
    Pace::Wait { why, after: None }
}

#[test]
fn no_lie_of_the_network_settles_anything() {
    lie(Fault::Portal { status: 200 }, wait(Why::NotOurServer));
    lie(Fault::Portal { status: 403 }, wait(Why::NotOurServer));
    lie(Fault::Portal { status: 511 }, wait(Why::NotOurServer));
    lie(Fault::Empty, wait(Why::NotOurServer));
    lie(Fault::Redirect, wait(Why::Redirected));
    lie(Fault::CutAnswer, wait(Why::NotOurServer));
    lie(Fault::OversizedAnswer, wait(Why::NotOurServer));
}

#[test]
fn no_lie_of_the_server_settles_anything() {
    lie(Fault::ForgedReceipts, wait(Why::ForgedReceipt));
    lie(Fault::SwappedReceipts, wait(Why::WrongReceipt));
    lie(Fault::WrongManifestDigest, wait(Why::WrongReceipt));
    lie(Fault::WrongPictureDigest, wait(Why::WrongReceipt));
    lie(Fault::DoubledResults, wait(Why::Contradiction));
    lie(Fault::NoReceipts, wait(Why::NoReceipt));
}

#[test]
fn a_server_in_trouble_is_given_time() {
    let busy = |status, retry_after_s| Fault::Status { status, retry_after_s };
    lie(busy(503, None), wait(Why::ServerBusy));
    lie(busy(429, Some(7)), Pace::Wait { why: Why::ServerBusy, after: Some(Duration::from_secs(7)) });
    lie(busy(500, None), Pace::Halve { why: Why::ServerError });
    lie(busy(413, None), Pace::Halve { why: Why::TooLarge });
    lie(busy(401, None), Pace::Stop { why: Why::NotAuthorised });
    lie(busy(404, None), Pace::Stop { why: Why::WrongAddress });
    lie(busy(400, None), Pace::Halve { why: Why::Refused });
}

#[test]
fn a_crash_between_sending_and_the_receipt_is_settled_once() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(2);
    server.script(Fault::StoreThenFail);
    assert_eq!(booth.upload(&server).acknowledged, 0);
    assert_eq!(server.stored(), ids, "the server has them, the booth does not know");
    let booth = booth.restart();
    booth.save(1);
    assert_eq!(booth.upload(&server).acknowledged, 3);
    assert_eq!(server.stored().len(), 3, "nothing is stored twice");
    assert_eq!(booth.counts().acknowledged, 3);
    assert_eq!(booth.upload(&server).pace, Pace::Empty);
}

#[test]
fn an_item_the_answer_forgets_is_sent_again_alone() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(3);
    server.script(Fault::DropResult(1));
    let report = booth.upload(&server);
    assert_eq!((report.acknowledged, report.failed, report.pace), (2, 1, wait(Why::NoReceipt)));
    let left = booth.store.next_batch(9, usize::MAX).unwrap();
    assert_eq!(left.iter().map(|pending| pending.submission_id).collect::<Vec<_>>(), [ids[1]]);
    assert_eq!(booth.upload(&server).acknowledged, 1);
    assert_eq!(server.stored(), ids);
}

#[test]
fn what_the_server_refuses_is_parked_and_can_be_sent_again() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(2);
    server.script(Fault::RejectAll("season_closed"));
    let report = booth.upload(&server);
    assert_eq!((report.rejected, report.failed, report.pace), (2, 0, Pace::Continue));
    assert_eq!((booth.counts().rejected, booth.counts().pictures), (2, 2));
    assert_eq!(booth.upload(&server).pace, Pace::Empty);
    assert!(ids.iter().all(|id| booth.store.requeue(*id).unwrap()));
    assert_eq!(booth.upload(&server).acknowledged, 2);
}

#[test]
fn another_record_at_a_known_place_is_a_conflict() {
    let server = server();
    let first = Booth::new();
    first.save(1);
    assert_eq!(first.upload(&server).acknowledged, 1);
    // The same key with a fresh database: a restored backup, or a copied booth.
    let second = Booth::new();
    let draft = draft(9);
    second.append(&draft);
    assert_eq!(second.upload(&server).conflicts, 1);
    assert_eq!(second.counts().conflict, 1);
    // The same id with other content.
    let id = first.store.records().next().unwrap().unwrap().submission_id;
    let third = Booth::new();
    third.append(&Draft { submission_id: id.parse().unwrap(), ..draft });
    assert_eq!(third.upload(&server).conflicts, 1);
    let errors: Vec<_> =
        [&second, &third].map(|booth| booth.store.records().next().unwrap().unwrap().last_error.unwrap()).into();
    assert_eq!(errors, ["other_place", "other_content"]);
    assert_eq!(server.stored().len(), 1);
}

#[test]
fn a_record_that_is_held_back_does_not_hold_up_the_next() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(3);
    booth.store.park(ids[1], szz_kiosk::store::Parked::Rejected, "held_back").unwrap();
    assert_eq!(booth.upload(&server).acknowledged, 2);
    assert_eq!(server.stored(), [ids[0], ids[2]]);
    assert_eq!(server.missing(&device().public()), [2], "the server knows what it has not seen");
    booth.store.requeue(ids[1]).unwrap();
    assert_eq!(booth.upload(&server).acknowledged, 1);
    assert_eq!(server.missing(&device().public()), [0_u64; 0]);
}

#[test]
fn a_late_record_must_fit_between_its_neighbours() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(3);
    booth.store.park(ids[1], szz_kiosk::store::Parked::Rejected, "held_back").unwrap();
    booth.upload(&server);
    // A copy of the booth that went another way after its first record.
    let copy = Booth::new();
    let records: Vec<_> = booth.store.records().map(Result::unwrap).collect();
    copy.append(&Draft { submission_id: records[0].submission_id.parse().unwrap(), ..draft(0) });
    copy.append(&draft(7));
    assert_eq!(copy.upload(&server).conflicts, 1);
    assert_eq!(copy.store.records().last().unwrap().unwrap().last_error.unwrap(), "other_place");
    assert_eq!(server.stored(), [ids[0], ids[2]]);
}

#[test]
fn a_proxy_is_used_only_when_the_config_names_it() {
    let (booth, server) = (Booth::new(), server());
    booth.save(1);
    // Nobody listens there; the demo's server plays the proxy.
    let nowhere = "http://127.0.0.1:9".to_owned();
    let upload = |proxy: Option<String>| {
        let config = ClientConfig { proxy, ..client(&nowhere) };
        let uploader = HttpUploader::new(&config, TOKEN).unwrap();
        Delivery::default().round(&booth.store, &uploader, &server.public_key(), BatchLimit::default(), now()).unwrap()
    };
    assert_eq!(upload(None).pace, wait(Why::Unreachable));
    assert_eq!(upload(Some(server.base_url())).acknowledged, 1);
}

#[test]
fn strangers_are_refused_as_a_whole() {
    let (booth, server) = (Booth::new(), server());
    booth.save(2);
    let upload = |config: &ClientConfig, token: &str| {
        let uploader = HttpUploader::new(config, token).unwrap();
        Delivery::default()
            .round(&booth.store, &uploader, &server.public_key(), BatchLimit::default(), now())
            .unwrap()
            .pace
    };
    let stop = Pace::Stop { why: Why::NotAuthorised };
    assert_eq!(upload(&client(&server.base_url()), "wrong"), stop);
    let stranger = DeviceKey::from_seed(&[9; 32]).public();
    assert_eq!(upload(&ClientConfig { device: stranger, ..client(&server.base_url()) }, TOKEN), stop);
    assert_eq!(
        upload(&client(&format!("{}/elsewhere", server.base_url())), TOKEN),
        Pace::Stop { why: Why::WrongAddress }
    );
    // Registered, but not the one that signed these records.
    server.register(KIOSK, stranger);
    upload(&ClientConfig { device: stranger, ..client(&server.base_url()) }, TOKEN);
    assert_eq!((booth.counts().rejected, server.stored().len()), (2, 0));
}

/// Whether a request has its whole body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    request.len() >= head.len() + 4 + length.unwrap_or(0)
}

/// Answers one connection with these bytes, then closes it.
pub fn raw_server(answer: &'static [u8]) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::Builder::new()
        .name("raw-server".into())
        .spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // The whole request, or the client sees a reset before the answer.
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 65536];
            while !is_whole(&request) {
                match stream.read(&mut buffer) {
                    Ok(read) if read > 0 => request.extend(&buffer[..read]),
                    _ => break,
                }
            }
            let _ = stream.write_all(answer);
        })
        .unwrap();
    (url, thread)
}

#[test]
fn broken_connections_leave_everything_pending() {
    let server = server();
    let booth = Booth::new();
    booth.save(2);
    let cases: [(&'static [u8], Pace); 5] = [
        (b"", Pace::Halve { why: Why::CutOff }),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Pace::Halve { why: Why::CutOff }),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"schema\":1,", Pace::Halve { why: Why::CutOff }),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", wait(Why::NotOurServer)),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", wait(Why::Redirected)),
    ];
    for (number, (answer, expected)) in cases.into_iter().enumerate() {
        let (url, thread) = raw_server(answer);
        assert_eq!(booth.upload_to(&url, &server).pace, expected, "case {number}");
        thread.join().unwrap();
    }
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(booth.upload_to(&format!("http://{gone}"), &server).pace, wait(Why::Unreachable));
    assert_eq!(booth.counts().pending, 2);
    assert_eq!(booth.upload(&server).acknowledged, 2);
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_long() {
    let (booth, server) = (Booth::new(), server());
    booth.save(1);
    // Accepts by its backlog, never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let config = ClientConfig { timeout: Duration::from_millis(300), ..client(&url) };
    let uploader = HttpUploader::new(&config, TOKEN).unwrap();
    let report =
        Delivery::default().round(&booth.store, &uploader, &server.public_key(), BatchLimit::default(), now()).unwrap();
    assert_eq!(report.pace, wait(Why::TimedOut));
}

#[test]
fn the_server_stops_when_it_is_dropped() {
    let server = server();
    let booth = Booth::new();
    booth.save(1);
    let url = server.base_url();
    let key = server.public_key();
    drop(server);
    let uploader = HttpUploader::new(&client(&url), TOKEN).unwrap();
    let report = Delivery::default().round(&booth.store, &uploader, &key, BatchLimit::default(), now()).unwrap();
    assert_eq!(report.pace, wait(Why::Unreachable));
}

#[test]
fn no_status_of_the_server_settles_or_loses_anything() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(2);
    let statuses = (200..=208).chain(300..=308).chain(400..=431).chain([451]).chain(500..=511).chain([599]);
    for status in statuses {
        server.script(Fault::Status { status, retry_after_s: None });
        let report = booth.upload(&server);
        assert_eq!((report.acknowledged, report.failed, booth.counts().pending), (0, 2, 2), "{status}");
    }
    assert_eq!(server.stored(), [], "nothing was stored meanwhile");
    assert_eq!(booth.upload(&server).acknowledged, 2);
    assert_eq!(server.stored(), ids);
}

/// The server breaks at one record, whatever comes with it.
#[test]
fn one_record_that_the_server_cannot_bear_does_not_hold_up_the_others() {
    for (status, why) in [(500, Why::ServerError), (422, Why::Refused), (413, Why::TooLarge)] {
        let (booth, server) = (Booth::new(), server());
        let ids = booth.save(5);
        server.break_at(ids[1], Some(status));
        let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
        let (mut delivery, mut backoff) = (Delivery::default(), Backoff::new(Rhythm::default(), 7));
        let mut rounds = 0;
        let mut until_empty = |most: usize| {
            for _ in 0..most {
                rounds += 1;
                let report =
                    delivery.round(&booth.store, &uploader, &server.public_key(), backoff.batch(), now()).unwrap();
                backoff.wait_after(&report);
                if report.pace == Pace::Empty {
                    break;
                }
            }
            rounds
        };
        until_empty(20);
        let others: Vec<_> = ids.iter().copied().filter(|id| *id != ids[1]).collect();
        assert_eq!((server.stored(), booth.counts().pending), (others, 1), "{status}");
        let row = booth.store.queue_row(ids[1]).unwrap().unwrap();
        assert_eq!(row.last_error.as_deref(), Some(why.code()), "staff see which one it is");
        server.break_at(ids[1], None);
        until_empty(5);
        assert_eq!((server.stored().len(), booth.counts().pending), (5, 0), "{status}: tried again");
    }
}

#[test]
fn records_without_a_valid_receipt_do_not_hold_up_those_after_them() {
    let (booth, server) = (Booth::new(), server());
    booth.save(25);
    let uploader = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    let mut delivery = Delivery::default();
    server.script(Fault::ForgedReceipts);
    let mut round =
        || delivery.round(&booth.store, &uploader, &server.public_key(), BatchLimit::default(), now()).unwrap();
    assert_eq!(round().failed, 20);
    assert_eq!(round().acknowledged, 5);
    assert_eq!(round().pace, Pace::Empty);
    assert_eq!(round().acknowledged, 20);
}

mod cuts {
    use std::net::{Shutdown, SocketAddr, TcpStream};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// Where a connection ends: after this many bytes of the request, or of the answer.
    #[derive(Clone, Copy, Debug)]
    enum Cut {
        Request(usize),
        Answer(usize),
    }

    fn cut() -> impl Strategy<Value = Cut> {
        // A batch has about forty kilobytes, its answer one or two.
        prop_oneof![(0..60_000usize).prop_map(Cut::Request), (0..3_000usize).prop_map(Cut::Answer)]
    }

    /// Passes connections on to the server, each cut as the next of `cuts` says; after the last none is.
    fn proxy(server: SocketAddr, cuts: Vec<Cut>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let cuts = Arc::new((cuts, AtomicUsize::new(0)));
        on_a_thread(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let cuts = cuts.clone();
                on_a_thread(move || {
                    let cut = cuts.0.get(cuts.1.fetch_add(1, Ordering::Relaxed)).copied();
                    let server = TcpStream::connect(server).unwrap();
                    let limits = match cut {
                        Some(Cut::Request(bytes)) => (bytes, usize::MAX),
                        Some(Cut::Answer(bytes)) => (usize::MAX, bytes),
                        None => (usize::MAX, usize::MAX),
                    };
                    let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                    on_a_thread(move || pass(from, to, limits.0));
                    pass(server, client, limits.1);
                });
            }
        });
        url
    }

    fn on_a_thread(work: impl FnOnce() + Send + 'static) {
        std::thread::Builder::new().name("proxy".into()).spawn(work).unwrap();
    }

    fn pass(mut from: TcpStream, mut to: TcpStream, mut limit: usize) {
        let mut buffer = [0; 4096];
        while limit > 0 {
            let most = limit.min(buffer.len());
            match from.read(&mut buffer[..most]) {
                Ok(read) if read > 0 && to.write_all(&buffer[..read]).is_ok() => limit -= read,
                _ => break,
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        /// Every record ends acknowledged, refused with a reason, or pending; what is acknowledged is at the server.
        #[test]
        fn wherever_connections_are_cut_nothing_is_lost_or_believed(
            cuts in prop::collection::vec(cut(), 1..6),
            refused in prop::option::of(0usize..3),
        ) {
            let (booth, server) = (Booth::new(), server());
            let ids = booth.save(12);
            if let Some(at) = refused {
                (0..at).for_each(|_| server.script(Fault::StoreThenFail));
                server.script(Fault::RejectAll("not_wanted"));
            }
            let address = server.base_url().strip_prefix("http://").unwrap().parse().unwrap();
            let url = proxy(address, cuts);
            let uploader = HttpUploader::new(&client(&url), TOKEN).unwrap();
            let (mut delivery, mut backoff) = (Delivery::default(), Backoff::new(Rhythm::default(), 7));
            for round in 0.. {
                prop_assert!(round < 60, "it does not come to an end");
                let limit = backoff.batch();
                let report = delivery.round(&booth.store, &uploader, &server.public_key(), limit, now()).unwrap();
                backoff.wait_after(&report);
                for record in booth.store.records().map(Result::unwrap) {
                    let (manifest, receipt) = (record.manifest.clone(), record.receipt.is_some());
                    let id = szz_kiosk::submission::Manifest::from_bytes(&manifest).unwrap().submission_id;
                    prop_assert!(!receipt || server.content(id).is_some_and(|content| content.0 == manifest));
                }
                if booth.counts().pending == 0 {
                    break;
                }
            }
            let counts = booth.counts();
            prop_assert_eq!(counts.acknowledged + counts.rejected, 12);
            for id in ids {
                let row = booth.store.queue_row(id).unwrap().unwrap();
                prop_assert!(row.acknowledged_at.is_some() || row.last_error.as_deref() == Some("not_wanted"));
            }
            booth.expect_sound(12);
        }
    }
}
