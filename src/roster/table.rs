//! A table as rows of cells, whichever file it comes from.

use zeroize::Zeroizing;

use super::FileError;

/// Further to the right nothing is looked at.
pub const MOST_COLUMNS: usize = 256;
/// Bytes in one row.
pub const MOST_ROW_BYTES: usize = 64 * 1024;

/// One cell, as far as a roster can use it. Wiped from memory when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    Text(Zeroizing<String>),
    /// Computed, so that it could say something else tomorrow.
    Formula,
    /// A number with more digits than spreadsheets keep.
    LostDigits,
    /// A date, a truth value, a fraction, an error.
    Other,
}

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::Text(Zeroizing::new(text.trim_matches(is_around).to_owned()))
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cell(…)")
    }
}

/// What office programs leave around a value unseen.
fn is_around(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}')
}

/// Takes a row by its number in the file, from 1.
pub type Visit<'a> = dyn FnMut(u32, &[Cell]) -> Result<(), FileError> + 'a;
