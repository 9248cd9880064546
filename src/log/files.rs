//! Numbered files of limited size: the newest is written, the oldest goes when together they would be too large.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::platform::owner_only;

/// How many files the whole is made of: one of them goes at a time.
const PARTS: u64 = 10;

#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    number: u64,
    file: File,
    bytes: u64,
    most_bytes: u64,
}

impl Files {
    /// Goes on with the newest file.
    pub(super) fn open(folder: &Path, most_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let number = numbers(folder)?.pop().unwrap_or(1);
        let (file, bytes) = open(folder, number)?;
        Ok(Self { folder: folder.to_owned(), number, file, bytes, most_bytes: most_bytes / PARTS })
    }

    /// One line.
    pub(super) fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.bytes > 0 && self.bytes + line.len() as u64 > self.most_bytes {
            self.turn()?;
        }
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        Ok(())
    }

    fn turn(&mut self) -> io::Result<()> {
        (self.file, self.bytes) = open(&self.folder, self.number + 1)?;
        self.number += 1;
        for old in numbers(&self.folder)?.into_iter().filter(|number| number + PARTS <= self.number) {
            fs::remove_file(path(&self.folder, old))?;
        }
        Ok(())
    }
}

/// Of the files that are there, oldest first.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number: Option<u64> =
            name.to_str().and_then(|name| name.strip_prefix("kiosk-")?.strip_suffix(".jsonl")?.parse().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("kiosk-{number:06}.jsonl"))
}

fn open(folder: &Path, number: u64) -> io::Result<(File, u64)> {
    let file = owner_only(OpenOptions::new().append(true).create(true)).open(path(folder, number))?;
    let bytes = file.metadata()?.len();
    Ok((file, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_go_and_the_whole_stays_within_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::open(folder.path(), 10_000).unwrap();
        for line in 0..2_000 {
            if line == 700 {
                // A restart goes on with the same file.
                files = Files::open(folder.path(), 10_000).unwrap();
            }
            files.write(format!("line {line:04}\n").as_bytes()).unwrap();
        }
        let numbers = numbers(folder.path()).unwrap();
        assert_eq!(numbers.len() as u64, PARTS);
        let all: String =
            numbers.iter().map(|number| fs::read_to_string(path(folder.path(), *number)).unwrap()).collect();
        assert!((9_000..=10_000).contains(&all.len()), "{}", all.len());
        let lines: Vec<_> = all.lines().collect();
        assert_eq!(lines.last(), Some(&"line 1999"));
        let first: usize = lines[0].strip_prefix("line ").unwrap().parse().unwrap();
        assert_eq!(lines.len(), 2_000 - first, "none is missing in between");
    }

    #[test]
    fn other_files_in_the_folder_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "of IT").unwrap();
        let mut files = Files::open(folder.path(), 100).unwrap();
        (0..50).for_each(|_| files.write(b"ten bytes\n").unwrap());
        assert!(folder.path().join("notes.txt").is_file());
    }
}
