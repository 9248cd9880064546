//! `szz-kiosk enroll`: from a booth without keys to the first receipt, over the network and by two files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use szz_kiosk::config::{self, Config};
use szz_kiosk::demo::{self, DemoServer};
use szz_kiosk::office::Office;
use szz_kiosk::submission::{DeviceKey, Draft};
use szz_kiosk::upload::{BatchLimit, Delivery, HttpUploader};

use crate::{errors, kiosk, settings};

/// What the server gives a booth that it takes.
const TOKEN: &str = "the-booths-own-token";
/// What the server's staff hand out.
const ONE_TIME: &str = "one-time-7c2f";

fn server() -> DemoServer {
    let server = DemoServer::start(DeviceKey::from_seed(&[4; 32]), TOKEN).unwrap();
    server.invite(ONE_TIME);
    server
}

struct Site(tempfile::TempDir);

impl Site {
    /// A booth that never started; its settings name a server, or none.
    fn new(url: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        settings(folder.path(), &[]);
        let site = Self(folder);
        if let Some(url) = url {
            site.edit("# url = \"https://photos.example.edu.cn\"", &format!("url = \"{url}\""));
        }
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn edit(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.path("kiosk.toml")).unwrap();
        assert!(text.contains(old), "{old}");
        fs::write(self.path("kiosk.toml"), text.replace(old, new)).unwrap();
    }

    fn run(&self, command: &str, args: &[&str], typed: &str) -> (Option<i32>, Value) {
        let mut command = kiosk_with(command, &self.path("kiosk.toml"), args);
        let mut child = command.spawn().unwrap();
        // A command that asks for nothing does not read it.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let output = child.wait_with_output().unwrap();
        let all = String::from_utf8_lossy(&output.stdout).into_owned() + &errors(&output);
        assert!(!all.contains(TOKEN) && !all.contains(ONE_TIME), "a token is told: {all}");
        let said = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| Value::String(errors(&output)));
        (output.status.code(), said)
    }

    fn enroll(&self, args: &[&str]) -> (Option<i32>, Value) {
        self.run("enroll", args, &format!("{ONE_TIME}\n"))
    }

    fn config(&self) -> Config {
        config::load(&self.path("kiosk.toml")).unwrap_or_else(|error| panic!("{error}"))
    }

    #[track_caller]
    fn refuses(&self, args: &[&str], why: &str) {
        let (code, said) = self.enroll(args);
        assert!(code == Some(2) && said.as_str().unwrap().contains(why), "{said}");
        assert!(!self.path("secrets/enrolment.json").exists(), "something was pinned");
        assert!(!self.path("secrets/server.token").exists(), "something is taken for the token");
    }

    /// A photo goes to the server with what was pinned, and its receipt is believed.
    #[track_caller]
    fn delivers(&self) {
        let (config, now) = (self.config(), Timestamp::now());
        let server = config.server.as_ref().unwrap();
        let office = Office::open(&config).unwrap();
        let draft = Draft { kiosk_id: config.kiosk_id.clone(), ..demo::draft(1, vec![0xff, 0xd8, 0xff, 0xd9], now) };
        office.store.append(&draft, &office.key, now).unwrap();
        let patience = Duration::from_secs(10);
        let uploader = HttpUploader::of(server, office.key.public(), patience, patience).unwrap();
        let report = Delivery::default()
            .round(&office.store, &uploader, &server.public_key, BatchLimit::default(), now)
            .unwrap();
        assert_eq!(report.acknowledged, 1, "{report:?}");
    }
}

fn kiosk_with(command: &str, settings: &Path, args: &[&str]) -> std::process::Command {
    let mut kiosk = kiosk();
    kiosk.arg(command).args(args).arg("--json");
    match command {
        "check-config" => kiosk.arg(settings),
        _ => kiosk.arg("--config").arg(settings),
    };
    kiosk.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    kiosk
}

#[test]
fn a_new_booth_enrols_over_the_network_and_its_first_photo_arrives() {
    let server = server();
    let site = Site::new(Some(&server.base_url()));
    let (code, said) = site.run("check-config", &[], "");
    assert!(code == Some(1) && said.to_string().contains("szz-kiosk enroll"), "{said}");

    let (code, said) = site.enroll(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said["server_key"], server.public_key().to_string());
    assert_eq!(site.run("check-config", &[], "").0, Some(0));
    let config = site.config();
    let pinned = config.server.as_ref().unwrap();
    assert_eq!(pinned.public_key, server.public_key());
    assert_eq!(pinned.bundle_key.as_ref().unwrap().to_string(), server.bundle_key().to_string());
    let kept = fs::read_to_string(site.path("secrets/enrolment.json")).unwrap();
    assert!(!kept.contains(TOKEN), "the token is for its own file");
    assert!(!site.path("secrets/enrolment.age").exists(), "the key for the answer has done its work");
    site.delivers();

    // An answer can be lost, so the same booth may ask again; nobody else may.
    let (code, said) = site.enroll(&[]);
    assert_eq!(code, Some(0), "{said}");
    Site::new(Some(&server.base_url())).refuses(&[], "one-time token");
    server.invite("another");
    let other = Site::new(Some(&server.base_url()));
    let (code, said) = other.run("enroll", &[], "another");
    assert!(code == Some(2) && said.as_str().unwrap().contains("[kiosk] id"), "{said}");
    other.edit("id = \"campus-a-01\"", "id = \"campus-a-02\"");
    let (code, said) = other.run("enroll", &[], "another");
    assert_eq!(code, Some(0), "{said}");
    other.delivers();
    let audit = site.run("audit", &["verify"], "");
    assert_eq!(audit.0, Some(0), "{}", audit.1);
}

#[test]
fn without_a_network_two_files_do_the_same() {
    let server = server();
    let site = Site::new(None);
    let (request, answer) = (site.path("request.json"), site.path("answer.json"));
    let (request, answer) = (request.to_str().unwrap(), answer.to_str().unwrap());
    let (code, said) = site.enroll(&["--write-request", request]);
    assert_eq!(code, Some(0), "{said}");
    assert!(site.config().server.is_none(), "a request is no enrolment");

    // The server's staff post it as it is and save the answer as it is.
    let posted = reqwest::blocking::Client::new()
        .post(format!("{}/v1/enrolments", server.base_url()))
        .bearer_auth(ONE_TIME)
        .body(fs::read(request).unwrap())
        .send()
        .unwrap();
    assert_eq!(posted.status(), 200);
    let text = posted.text().unwrap();
    assert!(!text.contains(TOKEN), "whoever carries the stick reads the token");
    fs::write(answer, &text).unwrap();

    let key = server.public_key().to_string();
    let url = server.base_url();
    let other = DeviceKey::from_seed(&[5; 32]).public().to_string();
    // Nothing but the key vouches for a file.
    assert_eq!(site.enroll(&["--read-answer", answer, "--server", &url]).0, Some(2));
    site.refuses(&["--read-answer", answer, "--server", &url, "--server-key", &other], "not by the expected");
    site.refuses(
        &["--read-answer", request, "--server", &url, "--server-key", &key],
        "not the central server's answer",
    );
    fs::write(site.path("altered.json"), text.replace("campus-a-01", "campus-a-09")).unwrap();
    let altered = site.path("altered.json");
    site.refuses(&["--read-answer", altered.to_str().unwrap(), "--server", &url, "--server-key", &key], "altered");

    let (code, said) = site.enroll(&["--read-answer", answer, "--server", &url, "--server-key", &key]);
    assert_eq!(code, Some(0), "{said}");
    site.delivers();

    // The answer to an older request opens nothing once there is a newer one.
    let (code, _) = site.enroll(&["--write-request", request]);
    assert_eq!(code, Some(0));
    let (code, said) = site.enroll(&["--read-answer", answer, "--server", &url, "--server-key", &key]);
    assert!(code == Some(2) && said.as_str().unwrap().contains("new request"), "{said}");
    assert!(site.config().server.is_some(), "what was pinned before still holds");
}

#[test]
fn whoever_is_not_the_server_gives_the_booth_nothing() {
    let server = server();
    let site = Site::new(Some(&server.base_url()));
    let (code, said) = site.run("enroll", &[], "a-wrong-token\n");
    assert!(code == Some(2) && said.as_str().unwrap().contains("one-time token"), "{said}");
    let (code, said) = site.run("enroll", &[], "\n");
    assert!(code == Some(2) && said.as_str().unwrap().contains("empty"), "{said}");
    site.refuses(&["--server", "http://127.0.0.1:1"], "cannot be reached");
    site.refuses(&["--server", "http://photos.example.edu.cn"], "not https");
    let expected = DeviceKey::from_seed(&[5; 32]).public().to_string();
    site.refuses(&["--server-key", &expected], "not by the expected");
    // The settings' own word counts as well.
    site.edit("# public_key = \"…\"", &format!("public_key = \"{expected}\""));
    site.refuses(&[], "not by the expected");

    let portal = portal();
    site.refuses(&["--server", &portal], "is not the central server");
}

/// A network that asks for a login first.
fn portal() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answers = move || {
        use std::io::Read;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 65_536]);
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<html></html>");
        }
    };
    std::thread::Builder::new().name("portal".to_owned()).spawn(answers).unwrap();
    address
}

#[test]
fn what_is_pinned_holds_until_it_is_replaced_on_purpose() {
    let server = server();
    let site = Site::new(Some(&server.base_url()));
    assert_eq!(site.enroll(&[]).0, Some(0));
    let check = |why: &str| {
        let (code, said) = site.run("check-config", &[], "");
        assert!(code == Some(1) && said.to_string().contains(why), "{said}");
    };
    site.edit("id = \"campus-a-01\"", "id = \"campus-a-07\"");
    check("enrolled as");
    site.edit("id = \"campus-a-07\"", "id = \"campus-a-01\"");
    let other = DeviceKey::from_seed(&[5; 32]);
    site.edit("# public_key = \"…\"", &format!("public_key = \"{}\"", other.public()));
    check("another key");
    site.edit(&format!("public_key = \"{}\"", other.public()), "# public_key = \"…\"");

    let second = DemoServer::start(other, TOKEN).unwrap();
    second.invite(ONE_TIME);
    let (code, said) = site.enroll(&["--server", &second.base_url()]);
    assert!(code == Some(2) && said.as_str().unwrap().contains("--replace"), "{said}");
    assert_eq!(site.config().server.unwrap().public_key, server.public_key());
    let (code, said) = site.enroll(&["--server", &second.base_url(), "--replace"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.config().server.unwrap().public_key, second.public_key());

    // Damage is noticed, and nothing is believed instead.
    let kept = site.path("secrets/enrolment.json");
    let text = fs::read_to_string(&kept).unwrap();
    fs::write(&kept, text.replace("campus-a-01", "campus-a-02")).unwrap();
    check("does not hold what it should");
    let (code, said) = site.enroll(&["--server", &second.base_url()]);
    assert!(code == Some(2) && said.as_str().unwrap().contains("enrolment.json"), "{said}");
    assert_eq!(site.enroll(&["--server", &second.base_url(), "--replace"]).0, Some(0));
    assert_eq!(site.run("check-config", &[], "").0, Some(0));
}
