//! `szz-kiosk roster`: what a booth knows, and what it refuses to learn.

use std::fs;
use std::path::Path;

use szz_kiosk::code::mint::mint;
use szz_kiosk::config;
use szz_kiosk::office::Office;

use crate::{errors, kiosk, project};

/// A file, or a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn an_imported_code_is_known_and_a_wrong_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["kiosk.toml", "agreements", "profiles"] {
        copy(&project().join("kiosk-config").join(part), &folder.path().join(part));
    }
    let settings = folder.path().join("kiosk.toml");
    let minted = kiosk().args(["mint-code", "--seed", "7", "--out"]).arg(folder.path()).output().unwrap();
    assert!(minted.status.success(), "{}", errors(&minted));
    let entry = folder.path().join("roster-entry.json");
    let import = || kiosk().arg("roster").arg("--config").arg(&settings).arg(&entry).output().unwrap();
    let output = import();
    assert!(output.status.success(), "{}", errors(&output));

    let code = mint(7).payload.digest();
    let find = || Office::open(&config::load(&settings).unwrap()).unwrap().store.find_enrolment(code).unwrap();
    assert_eq!(find(), Some(mint(7).enrolment));

    let name = mint(7).enrolment.masked_name.clone();
    fs::write(&entry, format!("[{{\"code_digest\": \"12\", \"enrolment\": {{\"masked_name\": \"{name}\"}}}}]"))
        .unwrap();
    let output = import();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("line 1"), "{}", errors(&output));
    assert!(!errors(&output).contains(&name), "the error quotes a student");
    assert_eq!(find(), Some(mint(7).enrolment));
}
