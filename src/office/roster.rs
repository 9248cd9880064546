//! What has been read of a roster meets what the booth has: what an import would change, and the import itself.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::roster::{Line, MOST_BYTES, NoSalt, Number, hash_numbers};
use crate::store::{RosterChanges, Store, StoreError};

/// What an import would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ForeseenChanges {
    pub added: usize,
    /// Updated, or left as they are.
    pub known: usize,
    pub removed: usize,
    /// What takes long.
    pub numbers_to_hash: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum RosterImportError {
    #[error(transparent)]
    NoSalt(#[from] NoSalt),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the import was stopped: nothing was changed")]
    Stopped,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many lines are ready to be saved.
    Hashed(usize),
    Saving,
}

/// SHA-256 of as much of a file as a roster may have; the file is at its beginning again. Cut short by `stop`.
pub fn roster_digest(file: &mut File, stop: &dyn Fn() -> bool) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    let (mut part, mut start) = (vec![0; 1 << 16], file.by_ref().take(MOST_BYTES + 1));
    while !stop() {
        match start.read(&mut part)? {
            0 => break,
            length => digest.update(&part[..length]),
        }
    }
    file.rewind()?;
    Ok(digest.finalize().into())
}

/// What the action log says was imported: the file by its digest, since its name may be a person's.
pub fn roster_subject(digest: &[u8; 32], without_bad: bool) -> String {
    let rows = if without_bad { ", bad rows left out" } else { "" };
    format!("sha256 {}{rows}", hex::encode(&digest[..6]))
}

/// Without the hashes that take long. No store is a booth that knows nobody yet. `stop` is asked for each line.
pub fn foresee_roster(
    store: Option<&Store>,
    lines: &[Line],
    replace: bool,
    stop: &dyn Fn() -> bool,
) -> Result<ForeseenChanges, RosterImportError> {
    let (mut known, mut size) = (0, 0);
    if let Some(store) = store {
        size = store.roster_size()? as usize;
        for line in lines {
            if stop() {
                return Err(RosterImportError::Stopped);
            }
            known += usize::from(store.find_enrolment(line.code)?.is_some());
        }
    }
    let numbers_to_hash = lines.iter().filter(|line| matches!(line.number, Number::Plain(_))).count();
    let removed = if replace { size - known } else { 0 };
    Ok(ForeseenChanges { added: lines.len() - known, known, removed, numbers_to_hash })
}

/// All of it happens or nothing. The hashes take long and hold nothing, and while they are made `stop` is asked;
/// the booth only waits for the one transaction at the end.
pub fn import_roster(
    store: &Store,
    lines: Vec<Line>,
    replace: bool,
    stop: &dyn Fn() -> bool,
    told: &mut dyn FnMut(Step),
) -> Result<RosterChanges, RosterImportError> {
    let known = |code| if stop() { Err(RosterImportError::Stopped) } else { Ok(store.find_enrolment(code)?) };
    let mut roster = hash_numbers(lines, known, &mut |done| told(Step::Hashed(done)))?;
    told(Step::Saving);
    Ok(store.update_roster(&mut roster, replace)?)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Cursor;

    use super::*;
    use crate::roster::{Mapping, Reading};
    use crate::store::StoreKey;
    use crate::visit::NumberForm;

    #[test]
    fn a_stopped_import_changes_nothing_and_a_whole_one_is_as_foreseen() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::create(&folder.path().join("store.key")).unwrap();
        let store = Store::open(&folder.path().join("kiosk.db"), &key).unwrap();
        let mut text = "姓名,证件号,学校名称,学历类别,层次,专业,学号,采集码\n".to_owned();
        for number in 0..300 {
            text += &format!("郭建荣,002X,演示大学,普通高等教育,本科,会计学,{},{number}\n", 1000 + number);
        }
        let lines = || {
            let mut reading = Reading::default();
            let form = Some(NumberForm { shortest: 4, longest: 4, letters: false });
            reading.read(Cursor::new(text.as_bytes()), &Mapping::default(), form, &mut |_| true).unwrap();
            reading.lines
        };
        let hashed = Cell::new(0);
        let stop = || hashed.get() > 0;
        let mut told = |step| {
            if let Step::Hashed(done) = step {
                hashed.set(done);
            }
        };
        let stopped = import_roster(&store, lines(), false, &stop, &mut told);
        assert!(matches!(stopped, Err(RosterImportError::Stopped)), "{stopped:?}");
        assert_eq!((hashed.get(), store.roster_size().unwrap()), (256, 0));

        let stopped = foresee_roster(Some(&store), &lines(), false, &|| true);
        assert!(matches!(stopped, Err(RosterImportError::Stopped)), "{stopped:?}");
        let foreseen = foresee_roster(Some(&store), &lines(), false, &|| false).unwrap();
        assert_eq!(foreseen, ForeseenChanges { added: 300, known: 0, removed: 0, numbers_to_hash: 300 });
        let changes = import_roster(&store, lines(), false, &|| false, &mut |_| ()).unwrap();
        assert_eq!((changes.added, store.roster_size().unwrap()), (300, 300));
        let foreseen = foresee_roster(Some(&store), &lines(), false, &|| false).unwrap();
        assert_eq!((foreseen.added, foreseen.known), (0, 300));
    }
}
