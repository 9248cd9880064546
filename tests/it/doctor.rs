//! `szz-kiosk doctor`: looks, says, changes nothing.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use szz_kiosk::config;
use szz_kiosk::demo::DemoServer;
use szz_kiosk::office::Office;
use szz_kiosk::submission::DeviceKey;

use crate::{errors, kiosk, settings};

struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        settings(folder.path(), &[]);
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Mark, what was found and what to do of each subject.
    fn examine(&self) -> (Option<i32>, Value) {
        let output = kiosk().args(["doctor", "--json", "--config"]).arg(self.path("kiosk.toml")).output().unwrap();
        let said = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", errors(&output)));
        (output.status.code(), said)
    }
}

fn about<'a>(said: &'a Value, subject: &str) -> &'a Value {
    let checks = said["checks"].as_array().unwrap();
    checks.iter().find(|check| check["subject"] == subject).unwrap_or_else(|| panic!("no {subject} in {said}"))
}

#[test]
fn a_booth_that_never_started_is_left_as_it_is() {
    let site = Site::new();
    let (code, said) = site.examine();
    assert_eq!(said["well"], code == Some(0), "{said}");
    assert!(matches!(code, Some(0 | 1)));
    // How long a run takes is the machine's; whether the models are there and right is not.
    assert!(["well", "warning"].contains(&about(&said, "models")["mark"].as_str().unwrap()), "{said}");
    for subject in ["disk", "keys", "database", "server"] {
        assert_eq!(about(&said, subject)["mark"], "off", "{said}");
    }
    assert!(!site.path("data").exists() && !site.path("secrets").exists(), "something was made");
    let preview = &said["preview"];
    assert!(preview["shown_per_second"].as_f64().unwrap() > 1.0, "{said}");
    assert!(preview["frame_age_ms"]["p95"].as_f64().unwrap() > 0.0 && preview["cores"].as_f64().unwrap() > 0.0);
    assert_eq!(preview["in_window"], false, "nobody asked for a window");
    for subject in ["preview", "frame age", "face looks", "processor", "allocations"] {
        assert!(about(&said, subject)["found"].as_str().unwrap().contains("goal"), "{said}");
    }
    if about(&said, "camera")["mark"] == "wrong" {
        assert_eq!(preview["source"], "replayed", "there is no camera here");
        assert!(about(&said, "preview")["found"].as_str().unwrap().contains("replayed"), "{said}");
    }
    // A frame has 2700 kB.
    assert!(preview["allocated_kb_per_frame"].as_f64().unwrap() < 2000.0, "{preview}");
    for check in said["checks"].as_array().unwrap() {
        let is_bad = check["mark"] == "wrong" || check["mark"] == "warning";
        assert_eq!(check["advice"].is_string(), is_bad, "{check}");
    }
}

#[test]
fn a_booth_that_runs_is_examined_and_each_fault_found() {
    let site = Site::new();
    let server = DemoServer::start(DeviceKey::from_seed(&[4; 32]), "test-token").unwrap();
    let text = fs::read_to_string(site.path("kiosk.toml")).unwrap();
    let text = text
        .replace("# url = \"https://photos.example.edu.cn\"", &format!("url = \"{}\"", server.base_url()))
        .replace("# public_key = \"…\"", &format!("public_key = \"{}\"", server.public_key()));
    fs::write(site.path("kiosk.toml"), text).unwrap();
    // Open all the while, as a booth that runs has it.
    let office = Office::open(&config::load(&site.path("kiosk.toml")).unwrap()).unwrap();
    server.register("campus-a-01", office.key.public());
    let token = site.path("secrets/server.token");
    szz_kiosk::secret_file::create(&token, b"test-token\n").unwrap();

    let (_, said) = site.examine();
    for subject in ["disk speed", "keys", "database", "action log", "queue", "server"] {
        assert_eq!(about(&said, subject)["mark"], "well", "{said}");
    }
    assert_eq!(about(&said, "clock")["mark"], "warning", "{said}");

    fs::write(&token, "another\n").unwrap();
    let (code, said) = site.examine();
    assert_eq!((code, &about(&said, "server")["mark"]), (Some(1), &"wrong".into()), "{said}");
    assert!(about(&said, "server")["found"].as_str().unwrap().contains("token"), "{said}");
    assert!(!said.to_string().contains("another"), "the token is told");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(site.path("secrets/store.key"), fs::Permissions::from_mode(0o644)).unwrap();
        let (code, said) = site.examine();
        assert_eq!((code, &about(&said, "keys")["mark"]), (Some(1), &"wrong".into()), "{said}");
        assert!(about(&said, "keys")["found"].as_str().unwrap().contains("store.key"), "{said}");
        assert_eq!(about(&said, "database")["mark"], "wrong", "{said}");
    }
}

#[test]
fn without_settings_it_cannot_run() {
    let output = kiosk().args(["doctor", "--config", "/nonexistent.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("does not exist"), "{}", errors(&output));
}
