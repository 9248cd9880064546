//! `szz-kiosk roster`: what a booth knows, and what it refuses to learn.

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use szz_kiosk::code::mint::mint;
use szz_kiosk::code::{CodeDigest, Enrolment, Payload};
use szz_kiosk::config;
use szz_kiosk::office::Office;
use szz_kiosk::submission::Sha256Digest;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::{errors, fixture, json_lines, kiosk, settings};

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        settings(folder.path(), &[]);
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn roster(&self, args: &[&str]) -> Output {
        let settings = self.path("kiosk.toml");
        kiosk().current_dir(&self.folder).arg("roster").arg("--config").arg(settings).args(args).output().unwrap()
    }

    fn find(&self, code: CodeDigest) -> Option<Enrolment> {
        Office::open(&config::load(&self.path("kiosk.toml")).unwrap()).unwrap().store.find_enrolment(code).unwrap()
    }
}

#[test]
fn an_imported_code_is_known_and_a_wrong_file_changes_nothing() {
    let site = Site::new();
    let minted = kiosk().args(["mint-code", "--seed", "7", "--out"]).arg(site.folder.path()).output().unwrap();
    assert!(minted.status.success(), "{}", errors(&minted));
    let output = site.roster(&["import", "roster-entry.json"]);
    assert!(output.status.success(), "{}", errors(&output));
    let code = mint(7).payload.digest();
    assert_eq!(site.find(code), Some(mint(7).enrolment));

    let name = mint(7).enrolment.masked_name.clone();
    let wrong = format!("[{{\"code_digest\": \"12\", \"enrolment\": {{\"masked_name\": \"{name}\"}}}}]");
    fs::write(site.path("roster-entry.json"), wrong).unwrap();
    let output = site.roster(&["import", "roster-entry.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("line 1"), "{}", errors(&output));
    assert!(!errors(&output).contains(&name), "the error quotes a student");
    assert_eq!(site.find(code), Some(mint(7).enrolment));
}

#[test]
fn a_table_is_imported_whole_again_without_doubles_and_bad_rows_only_when_told() {
    let site = Site::new();
    let headings = "姓名,证件号,学校名称,学历类别,层次,专业,学号,采集码";
    let row =
        |name: &str, number: &str, code: &str| format!("{name},002X,演示大学,普通高等教育,本科,会计学,{number},{code}");
    let code = |text: &str| Payload::new(text.to_owned()).digest();
    let write = |rows: &[String]| fs::write(site.path("a.csv"), format!("{headings}\n{}\n", rows.join("\n"))).unwrap();
    let said = |args: &[&str], status: i32| {
        let output = site.roster(&[&["import", "a.csv", "--json"], args].concat());
        assert_eq!(output.status.code(), Some(status), "{}", errors(&output));
        json_lines(&output).remove(0)
    };
    write(&[row("郭建荣", "20220000001", "a"), row("李明", "", "b")]);
    let foreseen = said(&["--dry-run"], 0);
    assert_eq!((&foreseen["changes"]["added"], &foreseen["imported"]), (&2.into(), &false.into()), "{foreseen}");
    assert!(!site.path("data").exists(), "a dry run makes nothing");

    let first = said(&[], 0);
    assert_eq!((&first["changes"]["added"], &first["imported"]), (&2.into(), &true.into()), "{first}");
    let enrolment = site.find(code("a")).unwrap();
    assert_eq!((enrolment.masked_name.as_str(), enrolment.document_last4.as_str()), ("郭*荣", "002X"));
    assert!(enrolment.student_number.as_ref().unwrap().matches("20220000001"));
    let again = said(&[], 0);
    assert_eq!(again["changes"], serde_json::json!({"added": 0, "updated": 0, "unchanged": 2, "removed": 0}));

    write(&[row("郭建华", "20220000001", "a"), row("李明", "2022", "c")]);
    let refused = said(&[], 1);
    assert_eq!((&refused["bad_rows"], &refused["imported"]), (&1.into(), &false.into()), "{refused}");
    let problem = &refused["problems"][0];
    assert_eq!((&problem["row"], &problem["column"]), (&3.into(), &"G".into()), "{problem}");
    assert!(!refused.to_string().contains("李明") && !refused.to_string().contains("2022"), "{refused}");
    assert_eq!(site.find(code("a")).unwrap().masked_name, "郭*荣", "nothing was changed");

    let skipped = said(&["--skip-bad-rows"], 0);
    assert_eq!(skipped["changes"], serde_json::json!({"added": 0, "updated": 1, "unchanged": 0, "removed": 0}));
    assert_eq!((site.find(code("a")).unwrap().masked_name.as_str(), site.find(code("c"))), ("郭*华", None));
    assert_eq!(said(&["--skip-bad-rows", "--replace"], 0)["changes"]["removed"], 1);
    let status = site.roster(&["status", "--json"]);
    assert_eq!(json_lines(&status)[0]["students"], 1);

    let office = Office::open(&config::load(&site.path("kiosk.toml")).unwrap()).unwrap();
    let digest = hex::encode(&Sha256Digest::of(&fs::read(site.path("a.csv")).unwrap()).0[..6]);
    let logged = office.store.audit_entries(None, 10).unwrap();
    let subjects: Vec<_> = logged.iter().map(|entry| entry.subject.as_str()).collect();
    assert!(logged.iter().all(|entry| (&*entry.actor, &*entry.action) == ("command_line", "import_roster")));
    // Two whole imports, then two without the bad row; what was refused or only tried is none.
    assert_eq!(subjects.len(), 4, "{subjects:?}");
    assert_eq!(subjects[0], format!("sha256 {digest}, bad rows left out"));
}

const ROWS: usize = 200_000;

/// What an import says, and the most memory that it took, MB.
#[cfg(target_os = "linux")]
fn import_watched(site: &Site, args: &[&str]) -> (serde_json::Value, u64) {
    let mut command = kiosk();
    command.current_dir(&site.folder).args(["roster", "--config", "kiosk.toml", "--json", "import"]).args(args);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() / 1024);
        std::thread::sleep(Duration::from_millis(10));
    }
    (json_lines(&child.wait_with_output().unwrap()).remove(0), peak)
}

/// As large as rosters may nearly be: read, and taken in, in memory that does not grow with the file's text.
#[cfg(target_os = "linux")]
#[test]
fn two_hundred_thousand_rows_are_taken_in_little_memory() {
    const MOST_MEGABYTES: u64 = 300;
    let site = Site::new();
    let mut text = "姓名,证件号,学校名称,学历类别,层次,专业,学号,采集码\n".to_owned();
    for number in 0..ROWS {
        text += &format!("郭建荣,002X,演示大学,普通高等教育,本科,会计学,{},{number}\n", 20_220_000_000 + number as u64);
    }
    fs::write(site.path("large.csv"), text).unwrap();
    fs::write(site.path("large.xlsx"), workbook()).unwrap();
    // A 学号 takes its time to be hashed.
    for args in [&["large.csv", "--dry-run"][..], &["large.xlsx"]] {
        let (said, peak) = import_watched(&site, args);
        assert_eq!((&said["rows"], &said["changes"]["added"]), (&ROWS.into(), &ROWS.into()), "{said}");
        assert!((20..MOST_MEGABYTES).contains(&peak), "{args:?}: {peak} MB");
    }
    let last = Payload::new((ROWS - 1).to_string()).digest();
    assert_eq!(site.find(last).unwrap().masked_name, "郭*荣");
}

/// The same students without 学号, every text in its own cell, in place of those of the small workbook.
fn workbook() -> Vec<u8> {
    let head = row(&["姓名", "证件号", "学校名称", "学历类别", "层次", "专业", "采集码"]);
    let student =
        |number: usize| row(&["郭建荣", "002X", "演示大学", "普通高等教育", "本科", "会计学", &number.to_string()]);
    let rows: String = std::iter::once(head).chain((0..ROWS).map(student)).collect();
    let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let sheet = format!("<worksheet xmlns=\"{namespace}\"><sheetData>{rows}</sheetData></worksheet>");

    let mut small = ZipArchive::new(File::open(fixture("roster.xlsx")).unwrap()).unwrap();
    let mut large = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..small.len() {
        let part = small.by_index_raw(index).unwrap();
        if part.name().unwrap() != SHEET {
            large.raw_copy_file(part).unwrap();
        }
    }
    large.start_file(SHEET, SimpleFileOptions::default()).unwrap();
    large.write_all(sheet.as_bytes()).unwrap();
    large.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")).collect();
    format!("<row>{cells}</row>")
}
