//! Looks through a log for whatever is personal in a run of the demonstration.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use szz_kiosk::code::mint::{Minted, mint, mint_online};
use szz_kiosk::config::{self, Config};
use szz_kiosk::demo::{self, stick};
use szz_kiosk::office::Office;
use szz_kiosk::store::StoredPicture;

use crate::project;

/// Seeds of the demonstration's students, and of those in a queue with a past.
const SEEDS: u64 = 24 + 40;
/// As typed, as shown in groups, by their ends, and the wrong one of the tour.
const NUMBERS: [&str; 10] = [
    demo::STUDENT_NUMBER,
    "19219639000",
    demo::PHONE,
    "138 0013 8000",
    "9639005",
    "00138000",
    "8000138",
    demo::STAFF_PIN,
    demo::SUPERVISOR_PIN,
    demo::SMS_CODE,
];

/// What a log may not have.
pub struct Personal {
    /// Kind, and what would give it away wherever it stands.
    texts: Vec<(&'static str, String)>,
    /// Kind, and what would give it away where it is not a part of a longer number or word.
    numbers: Vec<(&'static str, String)>,
}

impl Personal {
    /// Of every student of the demonstration.
    pub fn of_the_demo() -> Self {
        let mut personal = Self { texts: Vec::new(), numbers: Vec::new() };
        personal.numbers.extend(NUMBERS.map(|number| ("number", number.to_owned())));
        for seed in 0..SEEDS {
            personal.add(&mint(seed));
            personal.add_payload(mint_online(seed).payload.expose());
        }
        personal.add_roster(stick::ROSTER);
        personal.texts.sort();
        personal.texts.dedup();
        personal
    }

    /// The table on the tour's stick: name, document number, 学号 and code of each row.
    fn add_roster(&mut self, table: &str) {
        for row in table.lines().skip(1) {
            let cells: Vec<_> = row.split(',').collect();
            self.add_text("name", cells[1]);
            self.texts.push(("code", cells[8].to_owned()));
            let numbers = [cells[2], cells[7]].into_iter().filter(|number| !number.is_empty());
            self.numbers.extend(numbers.map(|number| ("number", number.to_owned())));
        }
    }

    fn add(&mut self, minted: &Minted) {
        self.add_payload(minted.payload.expose());
        let enrolment = &minted.enrolment;
        let fields = [
            ("name", &enrolment.masked_name),
            ("school", &enrolment.school),
            ("category", &enrolment.category),
            ("level", &enrolment.level),
            ("major", &enrolment.major),
        ];
        for (kind, text) in fields {
            self.add_text(kind, text);
        }
        self.numbers.push(("document number", enrolment.document_last4.clone()));
    }

    /// A part of a code is as good as most of it.
    fn add_payload(&mut self, payload: &str) {
        let start = payload.find('.').unwrap() + 1;
        self.texts
            .extend([&payload[start..start + 40], &payload[payload.len() - 40..]].map(|x| ("code", x.to_owned())));
    }

    /// As it is, as a URL has it, and as bytes are printed.
    fn add_text(&mut self, kind: &'static str, text: &str) {
        let bytes = |prefix: &str, upper: bool| {
            text.bytes().fold(String::new(), |mut all, byte| {
                let _ = if upper { write!(all, "{prefix}{byte:02X}") } else { write!(all, "{prefix}{byte:02x}") };
                all
            })
        };
        self.texts.extend([text.to_owned(), bytes("%", true), bytes("\\x", false)].map(|text| (kind, text)));
    }

    /// A part of a picture that no other has, as hexadecimal, as numbers and as base64.
    pub fn add_picture(&mut self, jpeg: &[u8]) {
        let middle = &jpeg[jpeg.len() / 2..][..24];
        let numbers: Vec<_> = middle[..9].iter().map(u8::to_string).collect();
        self.texts.push(("picture", hex::encode(&middle[..9])));
        self.texts.push(("picture", numbers.join(", ")));
        // Wherever in a group of three it begins.
        for shift in 0..3 {
            self.texts.push(("picture", STANDARD.encode(&middle[shift..shift + 12])));
        }
    }

    /// The kinds of what stands in a line, which is JSON.
    pub fn found_in(&self, line: &Value) -> Vec<&'static str> {
        let mut said = String::new();
        collect(line, &mut said);
        let texts = self.texts.iter().filter(|(_, text)| said.contains(text.as_str()));
        // Libraries count and measure in four digits, and know of a document only what else they would give away.
        let is_own = line["target"].as_str().is_none_or(|target| target.starts_with("szz_kiosk"));
        let tells = |number: &str| is_own || number.len() > 4 || number.ends_with('X');
        let numbers = self.numbers.iter().filter(|(_, number)| tells(number) && stands_alone(&said, number));
        texts.chain(numbers).map(|(kind, _)| *kind).collect()
    }
}

/// Every text and number of an entry but its time, each on a line.
fn collect(value: &Value, said: &mut String) {
    match value {
        Value::Object(fields) => fields.iter().filter(|(name, _)| *name != "timestamp").for_each(|(name, value)| {
            said.push_str(name);
            said.push('=');
            collect(value, said);
        }),
        Value::Array(values) => values.iter().for_each(|value| collect(value, said)),
        Value::String(text) => {
            said.push_str(text);
            said.push('\n');
        }
        other => {
            let _ = writeln!(said, "{other}");
        }
    }
}

/// Not as a part of a longer number, such as a digest, a time or a port.
fn stands_alone(said: &str, number: &str) -> bool {
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '_'));
    said.match_indices(number)
        .any(|(at, _)| !goes_on(said[..at].chars().next_back()) && !goes_on(said[at + number.len()..].chars().next()))
}

/// A demonstration's own settings, of a folder in which it kept its data.
fn kept(folder: &Path) -> Config {
    let mut config = config::load(&project().join("kiosk-config/kiosk.toml")).unwrap();
    config.kiosk_id = "demo".to_owned();
    config.data = folder.join("data");
    config.secrets = folder.join("secrets");
    config
}

/// Fails if the log that a demonstration kept holds anything of its students. Returns what it says.
pub fn scan(folder: &Path) -> String {
    let config = kept(folder);
    let mut personal = Personal::of_the_demo();
    let store = Office::open(&config).unwrap().store;
    let mut pictures = 0;
    for record in store.records() {
        if let StoredPicture::Jpeg(jpeg) = &record.unwrap().picture {
            personal.add_picture(jpeg);
            pictures += 1;
        }
    }
    assert!(pictures > 0, "the run has saved no picture");
    let log = szz_kiosk::log::folder(&config.data);
    let mut files: Vec<_> = fs::read_dir(&log).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files[0].ends_with("kiosk-000001.jsonl"), "the beginning of the log has gone already");
    let mut all = String::new();
    let mut leaks = Vec::new();
    for (number, line) in files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .enumerate()
    {
        let entry: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("line {number}: {error}"));
        // Whatever a picture is written as, it is long.
        let found = personal.found_in(&entry).into_iter().chain((line.len() > LONGEST_LINE).then_some("a long line"));
        leaks.extend(found.map(|kind| format!("{kind} in line {number} of {}", entry["target"])));
        all += &line;
        all.push('\n');
    }
    assert!(leaks.is_empty(), "{} leaks: {:#?}", leaks.len(), &leaks[..leaks.len().min(20)]);
    all
}

const LONGEST_LINE: usize = 8 << 10;

#[test]
fn whatever_is_personal_is_found_in_a_log() {
    let minted = mint(7);
    let enrolment = &minted.enrolment;
    let picture: Vec<u8> = (0..200u8).map(|byte| byte.wrapping_mul(73)).collect();
    let mut personal = Personal::of_the_demo();
    personal.add_picture(&picture);
    let payload = minted.payload.expose();
    let name_in_url: String = enrolment.masked_name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let leaks = [
        ("name", format!("welcome {}", enrolment.masked_name)),
        ("name", format!("GET /students?name={name_in_url}")),
        ("school", format!("{:?}", Some(&enrolment.school))),
        ("school", enrolment.school.as_bytes().escape_ascii().to_string()),
        ("major", format!("of {} here", enrolment.major)),
        ("document number", format!("document {}", enrolment.document_last4)),
        ("number", format!("the number is {}", demo::STUDENT_NUMBER)),
        ("number", format!("Phone({:?})", demo::PHONE)),
        ("name", "row 2: 甲一一".to_owned()),
        ("number", "row 3: 20260000002".to_owned()),
        ("code", "demo-roster-5 is there twice".to_owned()),
        ("code", payload.to_owned()),
        ("code", format!("cut off: {}", &payload[..80])),
        ("picture", format!("{picture:?}")),
        ("picture", hex::encode(&picture)),
        ("picture", STANDARD.encode(&picture)),
        ("picture", STANDARD.encode(&picture[1..])),
        ("picture", STANDARD.encode(&picture[2..])),
    ];
    for (kind, text) in leaks {
        let line = |text: &str| serde_json::json!({"timestamp": "2026", "target": "szz_kiosk", "message": text});
        assert!(personal.found_in(&line(&text)).contains(&kind), "{kind} is not found");
        assert!(personal.found_in(&serde_json::json!({"field": {"deep": [text]}})).contains(&kind), "{kind}, deep");
    }
    let harmless = serde_json::json!({
        "timestamp": "2026-06-20T08:00:00.123456Z",
        "message": "uploaded to 127.0.0.1:41234, digest 192196390050abcdef, took 0.1234567 s",
    });
    assert_eq!(personal.found_in(&harmless), Vec::<&str>::new());
    assert!(personal.found_in(&serde_json::json!({"code": 123_456})).contains(&"number"), "a number as a number");
}
