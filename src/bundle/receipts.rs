//! The central server's answer to a bundle: a file with a signed receipt for each record.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::upload::wire::{BatchAnswer, Body};

/// Longest receipt file: a year of a booth.
const MOST_BYTES: u64 = 256 << 20;

#[derive(Debug, thiserror::Error)]
pub enum ReceiptFileError {
    #[error("{} cannot be read: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
    #[error("{} is too large for a receipt file: nothing was changed", path.display())]
    TooLarge { path: PathBuf },
    #[error("{} is not a receipt file of the central server: nothing was changed", path.display())]
    NotReceipts { path: PathBuf },
}

/// Reads a receipt file. What it says is not checked yet.
pub fn read_receipts(path: &Path) -> Result<BatchAnswer, ReceiptFileError> {
    let failed = |cause| ReceiptFileError::Io { path: path.to_owned(), cause };
    if fs::metadata(path).map_err(failed)?.len() > MOST_BYTES {
        return Err(ReceiptFileError::TooLarge { path: path.to_owned() });
    }
    match Body::read_file(&fs::read(path).map_err(failed)?) {
        Body::Results(answer) => Ok(answer),
        _ => Err(ReceiptFileError::NotReceipts { path: path.to_owned() }),
    }
}

/// Every receipt file that lies at the top of a stick, whatever its name before `.json`.
pub fn receipts_in(folder: &Path) -> Vec<BatchAnswer> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    entries.flatten().map(|entry| entry.path()).filter(is_json).filter_map(|path| read_receipts(&path).ok()).collect()
}
