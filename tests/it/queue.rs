//! `szz-kiosk queue` and `szz-kiosk verify` as IT uses them: a booth without a network, a stick, a server.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use szz_kiosk::config;
use szz_kiosk::demo::{self, DemoServer};
use szz_kiosk::office::Office;
use szz_kiosk::submission::{DeviceKey, Draft};

use crate::{errors, kiosk, settings};

struct Site {
    folder: tempfile::TempDir,
    server: DemoServer,
}

const TOKEN: &str = "test-token";

impl Site {
    /// A booth with three photos that knows its server but cannot reach it.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = DemoServer::start(DeviceKey::from_seed(&[4; 32]), TOKEN).unwrap();
        let settings = settings(folder.path(), &[]);
        let text = fs::read_to_string(&settings)
            .unwrap()
            .replace("# url = \"https://photos.example.edu.cn\"", "url = \"https://photos.invalid\"")
            .replace("# public_key = \"…\"", &format!("public_key = \"{}\"", server.public_key()))
            .replace("# bundle_key = \"age1…\"", &format!("bundle_key = \"{}\"", server.bundle_key()))
            .replace("# folder = \"/mnt/backup/szz-kiosk\"", "folder = \"backups\"");
        fs::write(&settings, text).unwrap();
        let office = Office::open(&config::load(&settings).unwrap()).unwrap();
        server.register("campus-a-01", office.key.public());
        for number in 0..3 {
            office.store.append(&draft(number), &office.key, Timestamp::now()).unwrap();
        }
        Self { folder, server }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, command: &str, args: &[&str]) -> (Option<i32>, Value) {
        let output =
            kiosk().arg(command).arg("--config").arg(self.path("kiosk.toml")).arg("--json").args(args).output();
        let output = output.unwrap();
        let said = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| Value::String(errors(&output)));
        (output.status.code(), said)
    }

    fn queue(&self, args: &[&str]) -> Value {
        let (code, said) = self.run("queue", args);
        assert_eq!(code, Some(0), "{said}");
        said
    }

    fn verify(&self, path: &Path) -> (Option<i32>, Value) {
        self.run("verify", &[path.to_str().unwrap()])
    }
}

fn draft(number: u64) -> Draft {
    let jpeg = format!("jpeg {number}").into_bytes();
    Draft { kiosk_id: "campus-a-01".into(), ..demo::draft(number, jpeg, Timestamp::now()) }
}

#[test]
fn a_booth_without_a_network_is_emptied_by_stick() {
    let site = Site::new();
    let said = site.queue(&["export", "--to", site.folder.path().to_str().unwrap()]);
    assert_eq!((&said["added"], &said["verified"]), (&3.into(), &true.into()));
    let bundle = site.path("szz-campus-a-01.bundle");
    let (code, said) = site.verify(&bundle);
    assert_eq!((code, &said["kind"], &said["checked"]), (Some(0), &"bundle".into(), &3.into()), "{said}");

    let answer = reqwest::blocking::Client::new()
        .post(format!("{}/v1/bundles", site.server.base_url()))
        .bearer_auth(TOKEN)
        .body(fs::read(&bundle).unwrap())
        .send()
        .unwrap();
    let receipts = site.path("receipts.json");
    fs::write(&receipts, answer.bytes().unwrap()).unwrap();
    let (code, said) = site.verify(&receipts);
    assert_eq!((code, &said["kind"], &said["checked"]), (Some(0), &"receipts".into(), &3.into()), "{said}");
    let said = site.queue(&["import-receipts", receipts.to_str().unwrap()]);
    assert_eq!((&said["acknowledged"], &said["still_pending"]), (&3.into(), &0.into()));
    let said = site.queue(&["status"]);
    assert_eq!((&said["acknowledged"], &said["pictures"]), (&3.into(), &3.into()));
    let logged = Office::open(&config::load(&site.path("kiosk.toml")).unwrap()).unwrap().store.audit_entries(None, 9);
    let logged = logged.unwrap().into_iter().map(|entry| (entry.actor, entry.action));
    let of = |action: &str| ("command_line".to_owned(), action.to_owned());
    assert_eq!(logged.collect::<Vec<_>>(), [of("import_receipts"), of("export")]);

    let said = site.queue(&["backup"]);
    let (code, said) = site.verify(Path::new(said["backup"].as_str().unwrap()));
    assert_eq!((code, &said["kind"], &said["checked"]), (Some(0), &"database".into(), &3.into()), "{said}");
}

#[test]
fn the_queue_is_listed_in_pages_and_nothing_in_it_says_who_it_is() {
    let site = Site::new();
    let records = |said: &Value| -> Vec<u64> {
        said["rows"].as_array().unwrap().iter().map(|row| row["record"].as_u64().unwrap()).collect()
    };
    let first = site.queue(&["list", "--count", "2"]);
    assert_eq!((records(&first), &first["next_after"]), (vec![3, 2], &2.into()), "{first}");
    let second = site.queue(&["list", "--count", "2", "--after", "2", "--state", "pending"]);
    assert_eq!((records(&second), &second["next_after"]), (vec![1], &Value::Null), "{second}");
    for state in ["acknowledged", "rejected", "conflict", "withdrawn"] {
        assert!(records(&site.queue(&["list", "--state", state])).is_empty(), "{state}");
    }
    let order = first["rows"][0]["order_number"].as_str().unwrap();
    let shown = site.queue(&["show", &order[order.len() - 12..]]);
    assert_eq!(shown, first["rows"][0]);
    let keys: Vec<_> = shown.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 11, "somebody looked whether the new one says who it is: {keys:?}");
    for (wrong, expected) in [("no", "hexadecimal"), ("ffffffffffff", "no submission"), ("%27", "hexadecimal")] {
        let (code, said) = site.run("queue", &["show", wrong]);
        assert_eq!(code, Some(2));
        assert!(said.as_str().unwrap().contains(expected), "{said}");
    }
    let verified = site.queue(&["verify"]);
    assert_eq!((&verified["records"], &verified["sound"]), (&3.into(), &true.into()));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let site = Site::new();
    let (code, said) = site.verify(&site.path("data/kiosk.db"));
    assert_eq!((code, &said["sound"], &said["checked"]), (Some(0), &true.into(), &3.into()), "{said}");

    // Two records, as an attacker with the database's key would change them.
    let key = fs::read_to_string(site.path("secrets/store.key")).unwrap();
    let database = rusqlite::Connection::open(site.path("data/kiosk.db")).unwrap();
    database.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.trim())).unwrap();
    database
        .execute_batch(
            "DROP TRIGGER a_record_is_never_changed; DROP TRIGGER a_picture_is_never_changed;
             UPDATE submissions SET signature = zeroblob(64) WHERE sequence = 1;
             UPDATE pictures SET sealed = x'00' WHERE sequence = 3;",
        )
        .unwrap();
    let (code, said) = site.verify(&site.path("data/kiosk.db"));
    assert_eq!(code, Some(1));
    let places: Vec<_> = said["problems"].as_array().unwrap().iter().map(|problem| &problem["place"]).collect();
    assert_eq!(places, ["record 1", "record 3"], "{said}");
    assert!(said["problems"][0]["problem"].as_str().unwrap().contains("not signed by this booth"), "{said}");
    assert!(said["problems"][1]["problem"].as_str().unwrap().contains("picture"), "{said}");
    let (code, said) = site.run("queue", &["verify"]);
    assert_eq!((code, said["problems"].as_array().map(Vec::len)), (Some(1), Some(2)), "{said}");

    let (code, said) = site.verify(&site.path("kiosk.toml"));
    assert_eq!(code, Some(2), "{said}");
    for (name, text) in [("a.json", "{}"), ("b.json", "{\"schema\":1,\"problem\":\"busy\"}")] {
        fs::write(site.path(name), text).unwrap();
        let (code, said) = site.verify(&site.path(name));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.as_str().unwrap().contains("neither a record"), "{said}");
    }
}
