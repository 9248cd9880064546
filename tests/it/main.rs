//! The program from outside: its command line, its window, the whole way to the server's receipt.

#![cfg(feature = "demo")]

mod checks;
mod codes;
mod config;
mod decode;
mod demo;
mod doctor;
mod enroll;
mod fleet;
mod import;
mod leaks;
mod matting;
mod operator;
mod phones;
mod photo;
mod queue;
mod roster;
mod roster_page;
mod shut_eyes;
mod tidy;
mod window;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test.
fn kiosk() -> Command {
    Command::new(env!("CARGO_BIN_EXE_szz-kiosk"))
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> PathBuf {
    project().join("tests/fixtures").join(name)
}

/// A file, or a folder with everything in it.
fn copy(from: &Path, to: &Path) {
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

/// Settings in a folder of their own, with these changes.
fn settings(folder: &Path, changes: &[(&str, &str)]) -> PathBuf {
    for part in ["agreements", "profiles"] {
        copy(&project().join("kiosk-config").join(part), &folder.join(part));
    }
    let mut text = fs::read_to_string(project().join("kiosk-config/kiosk.toml")).unwrap();
    for (before, after) in changes {
        assert!(text.contains(before), "{before} is not in the example");
        text = text.replacen(before, after, 1);
    }
    let file = folder.join("kiosk.toml");
    fs::write(&file, text).unwrap();
    file
}

/// The pictures that are never copied into the project; `None` (and a word about it) when absent.
fn test_data() -> Option<PathBuf> {
    let folder = std::env::var_os("SZZ_TEST_DATA").map_or_else(|| project().join("../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no test pictures (set SZZ_TEST_DATA)");
    None
}

/// Standard output as JSON, one value per line.
fn json_lines(output: &Output) -> Vec<serde_json::Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line:?}")))
        .collect()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
