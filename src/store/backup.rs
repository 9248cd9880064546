//! Copies of the database while it is in use, by SQLite's online backup. A copy is encrypted with the same
//! key, gets its name only after it was read back, and replaces nothing; the oldest ones go.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, ffi};

use super::error::doing;
use super::{Store, StoreError, connect, counted_records, newest_record, open_or_make};
use crate::platform::make_owners_folder;

const PREFIX: &str = "kiosk-";
const SUFFIX: &str = ".db";
/// In one step: a megabyte.
const PAGES: i32 = 256;

impl Store {
    /// Copies the database into a folder and keeps the newest `keep` copies there. Returns the copy. Says how
    /// many pages are copied, of how many.
    pub fn backup(
        &self,
        folder: &Path,
        keep: usize,
        now: Timestamp,
        copied: impl FnMut(u64, u64),
    ) -> Result<PathBuf, StoreError> {
        let failed = |cause| StoreError::Backup { folder: folder.to_owned(), cause };
        make_owners_folder(folder).map_err(failed)?;
        let partial = folder.join("kiosk.partial");
        remove_database(&partial).map_err(failed)?;
        let copied = self.copy_to(&partial, copied).and_then(|()| self.compare(&partial, folder));
        if let Err(error) = copied {
            // What is half written helps nobody.
            let _ = remove_database(&partial);
            return Err(error);
        }
        let path = folder.join(format!("{PREFIX}{}{SUFFIX}", now.strftime("%Y%m%dT%H%M%SZ")));
        File::open(&partial).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(&partial, &path).map_err(failed)?;
        let mut others = backups(folder).map_err(failed)?;
        others.retain(|other| *other != path);
        // What was made at a time still to come was made before the clock was set back.
        others.sort_by_key(|other| made_at(other).is_none_or(|made| made <= now));
        for old in &others[..(others.len() + 1).saturating_sub(keep.max(1))] {
            fs::remove_file(old).map_err(failed)?;
        }
        Ok(path)
    }

    /// Whether a folder wants a new copy, by the booth's local time: every night, when nobody is photographed; by day
    /// when there has been none for a day, as of a booth that is off at night.
    pub fn backup_is_due(folder: &Path, now: &ZonedDateTime) -> bool {
        const NIGHT: Range<i8> = 1..5;
        // One in the evening does not spare the night's, and the night is shorter than this.
        let hours = if NIGHT.contains(&now.hour()) { 6 } else { 24 };
        let now = now.timestamp();
        Self::newest_backup(folder, now)
            .is_none_or(|made| now.duration_since(made) >= SignedDuration::from_hours(hours))
    }

    /// When the newest copy in a folder was made; copies of a time still to come say nothing.
    pub fn newest_backup(folder: &Path, now: Timestamp) -> Option<Timestamp> {
        backups(folder).ok()?.iter().filter_map(|path| made_at(path)).filter(|made| *made <= now).max()
    }

    /// By a connection of its own, so that visits are saved meanwhile.
    fn copy_to(&self, path: &Path, copied: impl FnMut(u64, u64)) -> Result<(), StoreError> {
        const DOING: &str = "backing up";
        let source = connect(&self.path, &self.key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        open_or_make(path)?;
        let mut target = connect(path, &self.key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // Reading begins before the first page and ends after the last: one moment of the database, however much
        // is written meanwhile.
        source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").map_err(doing(DOING))?;
        copy_pages(&source, &mut target, copied).map_err(doing(DOING))?;
        target.execute_batch("PRAGMA journal_mode = DELETE").map_err(doing(DOING))?;
        target.close().map_err(|(_, error)| doing(DOING)(error))
    }

    /// Reads every page of the copy.
    fn compare(&self, path: &Path, folder: &Path) -> Result<(), StoreError> {
        const DOING: &str = "reading the backup back";
        let copy = connect(path, &self.key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(doing(DOING))?;
        let there = newest_record(&copy).map_err(doing(DOING))?;
        let tally = counted_records(&copy).map_err(doing(DOING))?;
        let here = newest_record(&self.lock()).map_err(doing(DOING))?;
        if verdict == "ok" && there == tally && there <= here {
            Ok(())
        } else {
            Err(StoreError::BackupDiffers { folder: folder.to_owned() })
        }
    }
}

fn copy_pages(source: &Connection, target: &mut Connection, mut copied: impl FnMut(u64, u64)) -> rusqlite::Result<()> {
    let backup = Backup::new(source, target)?;
    loop {
        match backup.step(PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {
                let pages = |number: i32| u64::from(number.unsigned_abs());
                let progress = backup.progress();
                copied(pages(progress.pagecount - progress.remaining), pages(progress.pagecount));
            }
            // Nobody else knows of the copy, and readers wait for nobody: whoever holds it holds it for good.
            _ => return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None)),
        }
    }
}

/// Finished copies, oldest first: their names sort by time.
fn backups(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    found.retain(|path| made_at(path).is_some());
    found.sort();
    Ok(found)
}

fn made_at(path: &Path) -> Option<Timestamp> {
    let stem = path.file_name()?.to_str()?.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", stem).ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(time).ok()
}

fn remove_database(path: &Path) -> io::Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
