//! The central server's answer to a bundle: a file with a signed receipt for each record.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::stick::files_at_the_top;
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
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ReceiptFileError::TooLarge { path: path.to_owned() });
    }
    match Body::read_file(&bytes) {
        Body::Results(answer) => Ok(answer),
        _ => Err(ReceiptFileError::NotReceipts { path: path.to_owned() }),
    }
}

/// Every receipt file that lies at the top of a stick, whatever its name before `.json`.
pub fn receipts_in(folder: &Path) -> Vec<BatchAnswer> {
    let files = files_at_the_top(folder, &["json"], usize::MAX).into_iter();
    files.filter_map(|(name, _)| read_receipts(&folder.join(name)).ok()).collect()
}
