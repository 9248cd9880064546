//! The queue from end to end: a real encrypted database on a real disk, a real HTTP server that can
//! be told to lie, and the real client between them.
#![cfg(feature = "demo")]

mod delivery;
mod disk;
mod faults;
mod kills;
mod live;
mod news;
mod statements;
mod stick;
mod tls;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use szz_kiosk::code::{CodeDigest, Enrolment};
use szz_kiosk::demo::{self, DemoServer};
use szz_kiosk::store::{Appended, Counts, Store, StoreKey};
use szz_kiosk::submission::{DeviceKey, Draft, Identity, Sha256Digest, SubmissionId};
use szz_kiosk::upload::{BatchLimit, ClientConfig, Delivery, HttpUploader, Report};
use zeroize::Zeroizing;

const TOKEN: &str = "test-token";
const KIOSK: &str = "booth-1";

fn now() -> Timestamp {
    "2026-06-01T08:00:00Z".parse().unwrap()
}

fn device() -> DeviceKey {
    DeviceKey::from_seed(&[3; 32])
}

fn store_key() -> StoreKey {
    StoreKey::from_bytes([5; 32])
}

/// A booth without a camera: its database and its key.
struct Booth {
    dir: tempfile::TempDir,
    store: Store,
}

impl Booth {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("queue.db"), &store_key()).unwrap();
        Self { dir, store }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("queue.db")
    }

    /// Switches the booth off and on again.
    fn restart(self) -> Self {
        drop(self.store);
        let store = Store::open(&self.dir.path().join("queue.db"), &store_key()).unwrap();
        Self { dir: self.dir, store }
    }

    fn save(&self, count: usize) -> Vec<SubmissionId> {
        (0..count).map(|number| self.append(&draft(number)).submission_id).collect()
    }

    fn append(&self, draft: &Draft) -> Appended {
        self.store.append(draft, &device(), now()).unwrap()
    }

    fn upload(&self, server: &DemoServer) -> Report {
        self.upload_to(&server.base_url(), server)
    }

    fn upload_to(&self, url: &str, server: &DemoServer) -> Report {
        let uploader = HttpUploader::new(&client(url), TOKEN).unwrap();
        let mut delivery = Delivery::default();
        let report = delivery.round(&self.store, &uploader, &server.public_key(), BatchLimit::default(), now());
        delivery.finish(&self.store, now()).unwrap();
        report.unwrap()
    }

    fn counts(&self) -> Counts {
        self.store.counts().unwrap()
    }

    #[track_caller]
    fn expect_sound(&self, records: u64) {
        assert_eq!(self.store.verify(device().public(), None).unwrap(), records);
    }
}

fn client(url: &str) -> ClientConfig {
    ClientConfig {
        base_url: url.to_owned(),
        device: device().public(),
        ca_file: None,
        trust_only_ca: false,
        client_certificate: None,
        proxy: None,
        connect_timeout: Duration::from_secs(2),
        timeout: Duration::from_secs(5),
    }
}

fn server() -> DemoServer {
    let server = DemoServer::start(DeviceKey::from_seed(&[4; 32]), TOKEN).unwrap();
    server.register(KIOSK, device().public());
    server
}

/// The picture of a number: JPEG markers around bytes that are easy to find again.
fn jpeg(number: usize) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend(format!("PICTURE {number} ").repeat(400).bytes());
    bytes.extend([0xff, 0xd9]);
    bytes
}

fn enrolment() -> Enrolment {
    Enrolment {
        school: "某某理工大学".into(),
        category: "普通高等教育".into(),
        level: "本科".into(),
        major: "PLAINMAJOR".into(),
        masked_name: "郭*荣".into(),
        document_last4: "987X".into(),
        student_number: None,
    }
}

fn draft(number: usize) -> Draft {
    Draft {
        kiosk_id: KIOSK.into(),
        code: CodeDigest(Sha256Digest::of(&number.to_le_bytes()).0),
        identity: Identity { enrolment: enrolment() },
        ..demo::draft(number as u64, jpeg(number), now())
    }
}
