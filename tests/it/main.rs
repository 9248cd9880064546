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
mod tidy;
mod window;

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
