//! How far a chain had come, beside the database: the submissions, the audit log. SQLite recovers from a lost or damaged log by
//! forgetting the last commits without a word; this notices. Written after each commit and not synced:
//! it may be behind the database after a power cut, but never ahead of it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::platform::owner_only;

#[derive(Debug)]
pub(super) struct Mark(File);

/// Of the submissions.
pub(super) const RECORDS: &str = "-mark";
/// Of what operators did.
pub(super) const AUDIT: &str = "-audit-mark";

/// A mark's file of a database.
pub(super) fn path_of(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Mark {
    pub(super) fn open(database: &Path, ending: &str) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        owner_only(&mut options).open(path_of(database, ending)).map(Self)
    }

    /// For looking only; none where there is none.
    pub(super) fn look(database: &Path, ending: &str) -> io::Result<Option<Self>> {
        match File::open(path_of(database, ending)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(|file| Some(Self(file))),
        }
    }

    /// Number of the newest record that was ever saved; 0 where nothing legible is written.
    pub(super) fn newest(&mut self) -> io::Result<u64> {
        let mut text = String::new();
        self.0.seek(SeekFrom::Start(0))?;
        (&mut self.0).take(64).read_to_string(&mut text)?;
        Ok(text.trim().parse().unwrap_or(0))
    }

    pub(super) fn set(&mut self, newest: u64) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(0))?;
        // Always the same length, so that no old digits stay behind.
        self.0.write_all(format!("{newest:020}\n").as_bytes())
    }
}
