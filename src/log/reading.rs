//! The log's files, newest entry first, a page at a time.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::files::{numbers, path};

/// How much an entry matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    #[default]
    Info,
    Warning,
    Error,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    fn from_name(name: &str) -> Self {
        match name {
            "ERROR" => Self::Error,
            "WARN" => Self::Warning,
            _ => Self::Info,
        }
    }
}

/// Where an entry stands: its file and its line in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    file: u64,
    line: usize,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub place: Place,
    pub at: Timestamp,
    pub level: Level,
    /// The message and what belongs to it.
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub has_more: bool,
}

/// At most `count` entries of at least this level before a place, newest first. Lines that are none, as after a
/// power cut, are passed over.
pub fn page(folder: &Path, least: Level, before: Option<Place>, count: usize) -> io::Result<Page> {
    let mut page = Page::default();
    let mut numbers = match numbers(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(page),
        numbers => numbers?,
    };
    numbers.retain(|number| before.is_none_or(|before| *number <= before.file));
    for number in numbers.into_iter().rev() {
        let bytes = match fs::read(path(folder, number)) {
            // It was the oldest, and has just gone.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            bytes => bytes?,
        };
        let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
        let end = before.filter(|before| before.file == number).map_or(lines.len(), |before| before.line);
        for line in (0..end.min(lines.len())).rev() {
            let place = Place { file: number, line };
            let Some(entry) = entry(lines[line], place).filter(|entry| entry.level >= least) else { continue };
            if page.entries.len() == count {
                page.has_more = true;
                return Ok(page);
            }
            page.entries.push(entry);
        }
    }
    Ok(page)
}

fn entry(line: &[u8], place: Place) -> Option<Entry> {
    let mut fields: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let mut take = |name| fields.remove(name).and_then(|value| value.as_str().map(str::to_owned));
    let (at, level, message) = (take("timestamp")?, take("level")?, take("message").unwrap_or_default());
    take("target");
    let mut text = message;
    for (name, value) in fields {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text += &format!(" {name}={value}");
    }
    Some(Entry { place, at: at.parse().ok()?, level: Level::from_name(&level), text })
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::*;

    fn line(number: usize) -> String {
        let level = ["INFO", "WARN", "ERROR"][number % 3];
        format!(
            r#"{{"timestamp":"2026-06-20T08:00:00.{number:03}Z","level":"{level}","message":"entry {number}","count":{number},"target":"a"}}"#
        ) + "\n"
    }

    fn texts(page: &Page) -> Vec<&str> {
        page.entries.iter().map(|entry| entry.text.as_str()).collect()
    }

    #[test]
    fn pages_go_back_through_all_files_without_a_gap() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::open(folder.path(), 10 * 400).unwrap();
        for number in 0..30 {
            files.write(line(number).as_bytes()).unwrap();
        }
        assert!(numbers(folder.path()).unwrap().len() > 5, "several files");
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let page = page(folder.path(), Level::Info, before, 7).unwrap();
            before = page.entries.last().map(|entry| entry.place);
            all.extend(texts(&page).into_iter().map(str::to_owned));
            if !page.has_more {
                break;
            }
        }
        let expected: Vec<_> = (0..30).rev().map(|number| format!("entry {number} count={number}")).collect();
        assert_eq!(all, expected);
        let errors = page(folder.path(), Level::Error, None, 2).unwrap();
        assert_eq!((texts(&errors), errors.has_more), (vec!["entry 29 count=29", "entry 26 count=26"], true));
    }

    #[test]
    fn what_is_no_entry_is_passed_over_and_no_log_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(page(&folder.path().join("none"), Level::Info, None, 5).unwrap(), Page::default());
        let mut text = line(1) + "{\"timestamp\":\"2026-06-20T0" + "\n\u{0}\u{0}\n[]\n{}\n";
        text += &line(2);
        fs::write(path(folder.path(), 4), text).unwrap();
        assert_eq!(texts(&page(folder.path(), Level::Info, None, 9).unwrap()), ["entry 2 count=2", "entry 1 count=1"]);
    }
}
