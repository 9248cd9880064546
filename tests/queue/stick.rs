//! No network at all: the queue on a stick, and the receipts that come back.

use std::path::PathBuf;

use szz_kiosk::bundle::{self, ExportError, Exported, Segments};
use szz_kiosk::upload::import_answer;
use szz_kiosk::upload::wire::{BatchAnswer, Body};

use super::*;

pub(super) struct Stick {
    dir: tempfile::TempDir,
}

impl Stick {
    pub(super) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(super) fn file(&self) -> PathBuf {
        self.dir.path().join("szz-booth-1.bundle")
    }

    fn try_export(&self, booth: &Booth, server: &DemoServer) -> Result<Exported, ExportError> {
        bundle::export(&booth.store, &device(), KIOSK, &server.bundle_key(), &self.file(), now(), |_| ())
    }

    #[track_caller]
    pub(super) fn export(&self, booth: &Booth, server: &DemoServer) -> (usize, usize) {
        let done = self.try_export(booth, server).unwrap();
        assert_eq!(done.bytes, std::fs::metadata(self.file()).unwrap().len());
        (done.found, done.added)
    }

    /// Somebody carries the stick to the server and brings its answer back.
    pub(super) fn carry(&self, server: &DemoServer) -> (u16, BatchAnswer) {
        let response = reqwest::blocking::Client::new()
            .post(format!("{}/v1/bundles", server.base_url()))
            .bearer_auth(TOKEN)
            .body(std::fs::read(self.file()).unwrap())
            .send()
            .unwrap();
        let status = response.status().as_u16();
        match Body::read_file(&response.bytes().unwrap()) {
            Body::Results(answer) => (status, answer),
            _ => (status, BatchAnswer { schema: 1, results: Vec::new() }),
        }
    }
}

fn import(booth: &Booth, server: &DemoServer, answer: &BatchAnswer) -> (usize, usize) {
    let (report, foreign) = import_answer(&booth.store, answer, &server.public_key(), now(), |_| ()).unwrap();
    (report.acknowledged, foreign)
}

#[test]
fn importing_receipts_says_how_far_it_is() {
    let (booth, other, server, stick) = (Booth::new(), Booth::new(), server(), Stick::new());
    other.save(2);
    stick.export(&other, &server);
    let (_, mut foreign) = stick.carry(&server);
    let stick = Stick::new();
    booth.save(3);
    stick.export(&booth, &server);
    let (_, mut answer) = stick.carry(&server);
    answer.results.append(&mut foreign.results);
    let mut judged = Vec::new();
    let said = |number| judged.push(number);
    let (_, strangers) = import_answer(&booth.store, &answer, &server.public_key(), now(), said).unwrap();
    assert_eq!((strangers, judged), (2, vec![3, 4, 5]), "those of other booths are passed over at once");
}

#[test]
fn a_bundle_goes_there_and_the_receipts_come_back() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    let ids = booth.save(230);
    assert_eq!(stick.export(&booth, &server), (0, 230));
    assert_eq!(booth.counts().pending, 230, "a bundle proves nothing yet");
    let (status, answer) = stick.carry(&server);
    assert_eq!((status, server.stored()), (200, ids));
    let receipts = Body::read_file(&serde_json::to_vec(&answer).unwrap());
    assert!(matches!(receipts, Body::Results(_)), "the answer is the receipt file");
    assert_eq!(import(&booth, &server, &answer), (230, 0));
    assert_eq!((booth.counts().pending, booth.counts().acknowledged), (0, 230));
    assert_eq!(booth.store.verify(device().public(), Some(&server.public_key())).unwrap(), 230);
    assert_eq!(import(&booth, &server, &answer), (230, 0), "twice changes nothing");
}

/// For a server that lost it: also when it was received long ago.
#[test]
fn one_record_goes_alone_and_only_while_its_picture_is_there() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    let ids = booth.save(3);
    assert_eq!(booth.upload(&server).acknowledged, 3);
    let id = ids[1];
    // The same server, after it lost everything.
    let again = self::server();
    let export = || {
        let (key, recipient) = (device(), again.bundle_key());
        bundle::export_record(&booth.store, &key, KIOSK, &recipient, &stick.file(), now(), id)
    };
    assert_eq!(export().unwrap().added, 1);
    assert_eq!(export().unwrap().added, 0, "it is there already");
    let (status, answer) = stick.carry(&again);
    assert_eq!((status, answer.results.len()), (200, 1));
    assert_eq!(again.stored(), [id]);
    booth.store.withdraw(id, now()).unwrap();
    assert!(matches!(export(), Err(ExportError::Store(szz_kiosk::store::StoreError::Unknown(_)))));
    let name = bundle::record_file_name(KIOSK, id);
    assert!(name.starts_with("szz-booth-1-") && name.ends_with(".bundle"), "{name}");
}

#[test]
fn a_record_that_came_both_ways_is_one() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(5);
    stick.export(&booth, &server);
    let (_, by_stick) = stick.carry(&server);
    assert_eq!(booth.upload(&server).acknowledged, 5);
    let by_network: Vec<_> = booth.store.records().map(|record| record.unwrap().receipt.unwrap()).collect();
    let by_stick_too: Vec<_> = by_stick.results.iter().map(|result| result.receipt.clone().unwrap()).collect();
    assert_eq!(by_network, by_stick_too, "the same receipts");
    assert_eq!(server.stored().len(), 5);
    assert_eq!(import(&booth, &server, &by_stick), (5, 0));
    assert_eq!(stick.export(&booth, &server), (5, 0), "nothing waits any more");
}

#[test]
fn an_export_goes_on_where_it_was_cut_off() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(230);
    stick.export(&booth, &server);
    let whole = std::fs::read(stick.file()).unwrap();
    // Pulled out in the third segment, in the second's head, in the first.
    for (cut, found) in [(whole.len() - 1, 200), (whole.len() * 100 / 230 + 40, 100), (700, 0)] {
        std::fs::write(stick.file(), &whole[..cut]).unwrap();
        assert_eq!(stick.export(&booth, &server), (found, 230 - found), "cut at {cut}");
    }
    // New photos join the same file.
    booth.save(3);
    assert_eq!(stick.export(&booth, &server), (230, 3));
    assert_eq!(stick.carry(&server).1.results.len(), 233);
}

#[test]
fn a_damaged_segment_is_written_again() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(230);
    stick.export(&booth, &server);
    let mut bytes = std::fs::read(stick.file()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(stick.file(), &bytes).unwrap();
    let error = bundle::check_file(&stick.file()).unwrap_err();
    assert_eq!(error.segment, 2, "{error}");
    assert_eq!(stick.carry(&server).0, 400, "the server takes nothing from it");
    assert!(server.stored().is_empty());
    assert_eq!(stick.export(&booth, &server), (100, 130));
    assert_eq!(stick.carry(&server).0, 200);
    assert_eq!(server.stored().len(), 230);
}

#[test]
fn other_files_are_left_alone() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(2);
    std::fs::write(stick.file(), "毕业论文").unwrap();
    assert!(matches!(stick.try_export(&booth, &server), Err(ExportError::NotABundle { .. })));
    assert_eq!(std::fs::read(stick.file()).unwrap(), "毕业论文".as_bytes());

    let stranger = DeviceKey::from_seed(&[9; 32]);
    std::fs::remove_file(stick.file()).unwrap();
    let other = Booth::new();
    other.store.append(&draft(1), &stranger, now()).unwrap();
    bundle::export(&other.store, &stranger, "booth-2", &server.bundle_key(), &stick.file(), now(), |_| ()).unwrap();
    let before = std::fs::read(stick.file()).unwrap();
    assert!(matches!(stick.try_export(&booth, &server), Err(ExportError::OtherBooth { .. })));
    assert_eq!(std::fs::read(stick.file()).unwrap(), before);
    assert_eq!(stick.carry(&server).0, 403, "the server does not know that booth");
}

#[test]
fn receipts_of_others_and_forged_ones_settle_nothing() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(3);
    stick.export(&booth, &server);
    let (_, answer) = stick.carry(&server);
    let other = Booth::new();
    other.save(1);
    assert_eq!(import(&other, &server, &answer), (0, 3));
    let forger = DeviceKey::from_seed(&[8; 32]).public();
    let (report, _) = import_answer(&booth.store, &answer, &forger, now(), |_| ()).unwrap();
    assert_eq!((report.acknowledged, report.failed), (0, 3));
    let mut doubled = answer.clone();
    doubled.results.push(answer.results[0].clone());
    assert_eq!(import(&booth, &server, &doubled), (2, 0), "what is named twice is not believed");
    assert_eq!(booth.counts().pending, 1);
}

#[test]
fn nothing_on_a_stick_can_be_read() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(3);
    stick.export(&booth, &server);
    let bytes = std::fs::read(stick.file()).unwrap();
    let hex = hex::encode("PICTURE 1");
    for secret in [b"PICTURE 1".as_slice(), hex.as_bytes(), b"code_digest", b"picture"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", String::from_utf8_lossy(secret));
    }
    assert_eq!(
        Segments::new(&bytes[..]).map(|segment| segment.unwrap().seal.sequences).collect::<Vec<_>>(),
        [[1, 2, 3]]
    );
}

/// Sticks may have links, and nothing that is written goes where they lead.
#[test]
#[cfg(unix)]
fn a_link_on_a_stick_leads_nowhere() {
    let (booth, server, stick) = (Booth::new(), server(), Stick::new());
    booth.save(1);
    let precious = booth.dir.path().join("precious");
    std::fs::write(&precious, "as it was").unwrap();
    std::os::unix::fs::symlink(&precious, stick.file()).unwrap();
    assert!(matches!(stick.try_export(&booth, &server), Err(ExportError::Io { .. })));
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "as it was");
    std::os::unix::fs::symlink("/dev/zero", stick.dir.path().join("receipts.json")).unwrap();
    assert!(bundle::receipts_in(stick.dir.path()).is_empty());
}
