//! What the queue costs beside the least that could do the same, run in turn so that a busy machine
//! slows both alike: `cargo bench --profile dev --bench queue [-- large | list]`.
//!
//! `large` fills a queue with 50,000 records of 40 KB (2.5 GB on the disk) and compares it with one of 500;
//! `list` only turns operator mode's pages in both, with small pictures.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::Connection;
use szz_kiosk::demo::{self, DemoServer};
use szz_kiosk::process::resident_mb;
use szz_kiosk::store::{DeliveryState, PageKey, Parked, QueueFilter, Store, StoreKey};
use szz_kiosk::submission::{Algorithm, DeviceKey, Draft, PaymentTerms, Sha256Digest, Signed};
use szz_kiosk::upload::wire::SubmissionBatch;
use szz_kiosk::upload::{BatchLimit, ClientConfig, Delivery, HttpUploader, items};
use szz_kiosk::visit::{PaymentMode, Typed};

const JPEG_BYTES: usize = 40_000;
const TOKEN: &str = "bench";

fn main() {
    if std::env::args().any(|argument| argument == "list") {
        return list(500, 50_000);
    }
    let large = std::env::args().any(|argument| argument == "large");
    sign_and_hash();
    enqueue(300);
    upload(1_000);
    if large {
        grown(500, 50_000);
    }
}

fn sign_and_hash() {
    let record = draft(0).manifest(&place()).expect("a record").to_bytes().expect("bytes");
    let picture = draft(0).portrait.jpeg;
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let key = DeviceKey::from_seed_as(algorithm, &[3; 32]).expect("a key");
        let time = median(200, || {
            black_box((Sha256Digest::of(&picture), Sha256Digest::of(&record), key.sign(Signed::Manifest, &record)));
        });
        println!("sign + hash, {algorithm:?}: {:.3} ms", ms(time));
    }
}

/// A record with its picture, against one row with the same bytes in bare SQLite and in bare SQLCipher.
fn enqueue(rounds: usize) {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir.path().join("queue.db"));
    let key = DeviceKey::from_seed(&[3; 32]);
    let plain = bare(&dir.path().join("plain.db"), "");
    let cipher = bare(&dir.path().join("cipher.db"), &format!("PRAGMA key = \"x'{}'\";", hex::encode([5; 32])));
    let (mut ours, mut against_plain, mut against_cipher) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..rounds {
        let draft = draft(number);
        let manifest = vec![b'm'; 1_300];
        ours.push(timed(|| drop(store.append(&draft, &key, Timestamp::now()).expect("saved"))));
        against_plain.push(timed(|| insert(&plain, &manifest, &draft.portrait.jpeg)));
        against_cipher.push(timed(|| insert(&cipher, &manifest, &draft.portrait.jpeg)));
    }
    let [ours, plain, cipher] = [ours, against_plain, against_cipher].map(|mut times| percentile(&mut times, 50));
    println!(
        "enqueue: {:.2} ms, {:.2} × a bare FULL commit of SQLite ({:.2} ms), {:.2} × of SQLCipher ({:.2} ms)",
        ms(ours),
        ratio(ours, plain),
        ms(plain),
        ratio(ours, cipher),
        ms(cipher)
    );
}

/// The whole round trip, settled in the database, against only posting the same bodies: in pairs, since other work on
/// the machine changes both.
fn upload(records: usize) {
    let mut pairs: Vec<_> = (0..7).map(|_| upload_beside_posting(records)).collect();
    pairs.sort_unstable_by(|a, b| ratio(a.0, a.1).total_cmp(&ratio(b.0, b.1)));
    let of = |(ours, bare)| ratio(ours, bare);
    let (ours, bare) = pairs[pairs.len() / 2];
    println!(
        "upload of {records}: {:.0} ms, {:.2} × posting the same bytes ({:.0} ms); in seven pairs {:.2}–{:.2} ×",
        ms(ours),
        ratio(ours, bare),
        ms(bare),
        of(pairs[0]),
        of(pairs[pairs.len() - 1])
    );
}

fn upload_beside_posting(records: usize) -> (Duration, Duration) {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir.path().join("queue.db"));
    let key = DeviceKey::from_seed(&[3; 32]);
    for number in 0..records {
        store.append(&draft(number), &key, Timestamp::now()).expect("saved");
    }
    // What filling it left to be written is not the upload's.
    for file in ["queue.db", "queue.db-wal"] {
        std::fs::File::open(dir.path().join(file)).and_then(|file| file.sync_all()).expect("on the disk");
    }
    let limit = BatchLimit::default();
    let mut bodies = Vec::new();
    let mut after = 0;
    loop {
        let batch = store.pending_after(after, limit.count, limit.bytes).expect("a batch");
        let Some(last) = batch.last() else { break };
        after = last.sequence;
        let batch = SubmissionBatch::new(key.public(), items(&store, batch).expect("items"));
        bodies.push(serde_json::to_vec(&batch).expect("JSON"));
    }

    let server = server(&key);
    let bare = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/v1/submissions", server.base_url());
    let bare = timed(|| {
        for body in &bodies {
            let answer = bare.post(&url).bearer_auth(TOKEN).body(body.clone()).send().expect("an answer");
            black_box(answer.bytes().expect("a body"));
        }
    });
    assert_eq!(server.stored().len(), records);

    let server = self::server(&key);
    let uploader = HttpUploader::new(&client(&server, &key), TOKEN).expect("a client");
    let mut delivery = Delivery::default();
    let ours = timed(|| {
        while delivery.round(&store, &uploader, &server.public_key(), limit, Timestamp::now()).expect("a round").sent
            > 0
        {}
    });
    assert_eq!(store.counts().expect("counts").acknowledged, records as u64);
    (ours, bare)
}

/// Whether a long queue is as quick as a short one.
fn grown(small: usize, large: usize) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("queue.db");
    let key = DeviceKey::from_seed(&[3; 32]);
    let store = open(&path);
    let fill = |from: usize, to: usize| {
        for number in from..to {
            store.append(&draft(number), &key, Timestamp::now()).expect("saved");
        }
    };
    fill(0, small);
    let before = Costs::measure(&store, &key, small);
    let rss_before = resident_mb();
    fill(small + 200, large);
    let after = Costs::measure(&store, &key, large);
    let rss = resident_mb();
    drop(store);
    let opened = timed(|| drop(open(&path)));
    println!("queue of {small} | of {large} | ratio");
    for (name, before, after) in [
        ("enqueue p99", before.enqueue, after.enqueue),
        ("next batch", before.batch, after.batch),
        ("counts", before.counts, after.counts),
        ("dashboard", before.dashboard, after.dashboard),
    ] {
        println!("{name}: {:.3} ms | {:.3} ms | {:.2}", ms(before), ms(after), ratio(after, before));
    }
    println!("open with {large}: {:.0} ms; resident {rss_before:.0} MB | {rss:.0} MB", ms(opened));
}

/// A page of every list that operator mode has, at its beginning, in its middle and at its end.
fn list(small: usize, large: usize) {
    let dir = tempfile::tempdir().expect("a folder");
    let (few, many) = (listed(&dir.path().join("few.db"), small), listed(&dir.path().join("many.db"), large));
    println!("page of {small} | of {large}, the slowest of beginning, middle and end");
    let state = DeliveryState::Rejected;
    let tail = QueueFilter::NumberTail("0042".to_owned());
    for (name, filter) in [
        ("all", QueueFilter::All),
        ("refused", QueueFilter::State(state)),
        ("received: none", QueueFilter::State(DeliveryState::Acknowledged)),
        ("fee due", QueueFilter::Due),
        ("last digits of 学号", tail),
        ("order number", QueueFilter::OrderNumber("abcde".to_owned())),
    ] {
        let cost = |(store, ends): &(Store, [Option<PageKey>; 3])| {
            let page = |end: &Option<PageKey>| median(50, || drop(black_box(store.queue_page(&filter, *end, 9))));
            ends.iter().map(page).max().unwrap_or_default()
        };
        println!("{name}: {:.3} ms | {:.3} ms", ms(cost(&few)), ms(cost(&many)));
    }
}

/// A store of so many records, a tenth refused, a third with a fee, and three places in it.
fn listed(path: &Path, records: usize) -> (Store, [Option<PageKey>; 3]) {
    let (store, key) = (open(path), DeviceKey::from_seed(&[3; 32]));
    let mut ends = [None; 3];
    for number in 0..records {
        let mut tail = Typed::default();
        format!("{:04}", number % 10_000).chars().for_each(|digit| tail.push(digit, 4));
        let fee = PaymentTerms { fee_fen: 3000, mode: PaymentMode::Staff };
        let draft = Draft {
            number_tail: Some(tail),
            payment: number.is_multiple_of(3).then_some(fee),
            ..demo::draft(number as u64 % 100, vec![0x5a; 1_000], Timestamp::now())
        };
        let saved = store.append(&draft, &key, Timestamp::now()).expect("saved");
        if number.is_multiple_of(10) {
            store.park(saved.submission_id, Parked::Rejected, "picture_too_dark").expect("parked");
        }
        let end = Some(PageKey { sequence: saved.sequence, id: saved.submission_id });
        if number == 20 {
            ends[2] = end;
        } else if number == records / 2 {
            ends[1] = end;
        }
    }
    (store, ends)
}

struct Costs {
    enqueue: Duration,
    batch: Duration,
    counts: Duration,
    dashboard: Duration,
}

impl Costs {
    fn measure(store: &Store, key: &DeviceKey, from: usize) -> Self {
        let mut saves: Vec<_> = (from..from + 200)
            .map(|number| {
                let draft = draft(number);
                timed(|| drop(store.append(&draft, key, Timestamp::now()).expect("saved")))
            })
            .collect();
        let code = draft(7).code;
        Self {
            enqueue: percentile(&mut saves, 99),
            batch: median(50, || drop(black_box(store.next_batch(20, 2 << 20)))),
            counts: median(200, || drop(black_box(store.counts()))),
            dashboard: median(200, || {
                drop(black_box((store.counts(), store.oldest_pending(), store.last_receipt_at())));
                drop(black_box(store.find_account(code)));
            }),
        }
    }
}

fn open(path: &Path) -> Store {
    Store::open(path, &StoreKey::from_bytes([5; 32])).expect("a database")
}

fn bare(path: &Path, key: &str) -> Connection {
    let connection = Connection::open(path).expect("a database");
    connection
        .execute_batch(&format!(
            "{key} PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             CREATE TABLE rows (id INTEGER PRIMARY KEY, manifest BLOB, jpeg BLOB);"
        ))
        .expect("a table");
    connection
}

fn insert(connection: &Connection, manifest: &[u8], jpeg: &[u8]) {
    connection
        .prepare_cached("INSERT INTO rows (manifest, jpeg) VALUES (?1, ?2)")
        .and_then(|mut insert| insert.execute((manifest, jpeg)))
        .expect("inserted");
}

fn server(key: &DeviceKey) -> DemoServer {
    let server = DemoServer::start(DeviceKey::from_seed(&[4; 32]), TOKEN).expect("a server");
    server.register("booth-1", key.public());
    server
}

fn client(server: &DemoServer, key: &DeviceKey) -> ClientConfig {
    ClientConfig {
        base_url: server.base_url(),
        device: key.public(),
        ca_file: None,
        trust_only_ca: false,
        client_certificate: None,
        proxy: None,
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(60),
    }
}

fn place() -> szz_kiosk::submission::Place {
    szz_kiosk::submission::Place {
        sequence: 1,
        previous: Sha256Digest::ZERO,
        created_at: Timestamp::now(),
        clock: szz_kiosk::submission::ClockTrust::Unconfirmed,
        algorithm: Algorithm::Ed25519,
    }
}

fn draft(number: usize) -> Draft {
    let mut jpeg = vec![0x5a; JPEG_BYTES];
    jpeg[..8].copy_from_slice(&number.to_le_bytes());
    demo::draft(number as u64, jpeg, Timestamp::now())
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn median(rounds: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..rounds).map(|_| timed(&mut work)).collect();
    percentile(&mut times, 50)
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent).div_ceil(100).saturating_sub(1)]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn ratio(ours: Duration, bare: Duration) -> f64 {
    ours.as_secs_f64() / bare.as_secs_f64()
}
