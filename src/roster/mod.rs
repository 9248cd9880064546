//! Rosters as schools keep them: CSV in any usual encoding, XLSX, or the JSON of `mint-code`, read into lines
//! for the store. Every row that breaks a rule is named by row and column, and never by what stands in it.
//!
//! Files come from strangers. Nothing is read beyond fixed limits, no formula is computed, and plain names and
//! document numbers are masked as they are read.

mod columns;
mod hash;
mod line;
mod table;
mod text;
mod workbook;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Read, Seek, SeekFrom};

pub use columns::{Columns, Field, Headings, Mapping, letters};
pub use hash::{NoSalt, hash_numbers};
pub use line::{Line, Number, Rule};
use table::{Cell, MOST_COLUMNS, MOST_ROW_BYTES};

use crate::code::RosterEntry;
use crate::code::payload::check_enrolment;
use crate::visit::NumberForm;

/// Bytes of one file.
pub const MOST_BYTES: u64 = 256 << 20;
/// Students in one import.
pub const MOST_ROWS: usize = 300_000;
/// Problems that are told one by one; the others are counted.
pub const MOST_TOLD: usize = 200;
/// Rows above the headings: a title, a note on how to fill the table in.
const ROWS_BEFORE_HEADINGS: usize = 10;

/// Why a file cannot be read as a roster at all. Never quotes it.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("is larger than {} MB: split it", MOST_BYTES >> 20)]
    TooLarge,
    #[error("has more than {MOST_ROWS} students: a booth serves one campus, so import its students only")]
    TooManyRows,
    #[error("is empty")]
    Empty,
    #[error("is neither CSV nor XLSX nor JSON: save the table as .xlsx or .csv")]
    NotATable,
    #[error("is an .xls file or has a password: save it as .xlsx without one")]
    OldWorkbook,
    #[error("is not an XLSX workbook, or a damaged one: open it in the spreadsheet program and save it as .xlsx")]
    NotAWorkbook,
    #[error("unpacks to far more than a roster needs: it was not opened")]
    Bomb,
    #[error("row {row} is not text in UTF-8, UTF-16 or GB18030: save the file as CSV UTF-8")]
    Encoding { row: u32 },
    #[error("row {row} is longer than {} KB: a quotation mark may be missing", MOST_ROW_BYTES >> 10)]
    RowTooLong { row: u32 },
    #[error("row {row} has more than {MOST_COLUMNS} columns")]
    TooManyColumns { row: u32 },
    #[error(
        "has no row of headings among its first {ROWS_BEFORE_HEADINGS}: name the columns, such as 采集码, 姓名, 学号; or say them by --map"
    )]
    NoHeadings,
    #[error(
        "the headings in row {row} do not say: {}. Add the columns, or say which they are by --map HEADING=FIELD, or what all students have by --set FIELD=VALUE",
        list(missing)
    )]
    MissingColumns { row: u32, missing: Vec<Field> },
    #[error("columns {} and {} in row {row} may both be {field}: say which by --map", columns[0], columns[1])]
    Ambiguous { row: u32, field: Field, columns: [String; 2] },
    #[error("was not read to its end")]
    Stopped,
    #[error("line {line} is not a roster entry")]
    NotAnEntry { line: usize },
}

fn list(fields: &[Field]) -> String {
    fields.iter().map(Field::to_string).collect::<Vec<_>>().join(", ")
}

/// One rule that one cell breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub row: u32,
    /// Its letter; `None` for what --set says.
    pub column: Option<String>,
    pub field: Field,
    pub rule: Rule,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { row, column, field, rule } = self;
        match column {
            Some(column) => write!(f, "row {row}, column {column} ({field}) {rule}"),
            None => write!(f, "row {row}: --set {field} {rule}"),
        }
    }
}

/// What was read from one file or several.
#[derive(Debug, Default)]
pub struct Reading {
    /// In the order of the files; each code once.
    pub lines: Vec<Line>,
    by_code: HashMap<crate::code::CodeDigest, (usize, u32)>,
    /// Rows with a student, good or bad.
    pub rows: usize,
    pub bad_rows: usize,
    /// Rows that say once more what another row says.
    pub repeated: usize,
    /// Of this file, the first [`MOST_TOLD`].
    pub problems: Vec<Problem>,
    /// Of this file, also where they are not enough; `None` without any, as in JSON.
    pub headings: Option<Headings>,
}

impl Reading {
    /// Reads one more file. `seen` hears the number of students so far, every thousand, and
    /// says whether to go on.
    pub fn read(
        &mut self,
        mut file: impl Read + Seek,
        mapping: &Mapping,
        number: Option<NumberForm>,
        seen: &mut dyn FnMut(usize) -> bool,
    ) -> Result<(), FileError> {
        self.problems.clear();
        self.headings = None;
        let length = file.seek(SeekFrom::End(0)).map_err(FileError::Unreadable)?;
        if length > MOST_BYTES {
            return Err(FileError::TooLarge);
        }
        file.rewind().map_err(FileError::Unreadable)?;
        let mut start = Vec::new();
        file.by_ref().take(1024).read_to_end(&mut start).map_err(FileError::Unreadable)?;
        file.rewind().map_err(FileError::Unreadable)?;
        let mut columns: Option<Columns> = None;
        let mut above = 0;
        let mut visit = |row: u32, cells: &[Cell]| match &columns {
            None if cells.iter().all(Cell::is_blank) || mapping.headings_row.is_some_and(|known| row < known) => Ok(()),
            None if above == ROWS_BEFORE_HEADINGS => Err(FileError::NoHeadings),
            None => {
                above += 1;
                let Some((found, enough)) = Columns::find(row, cells, mapping) else { return Ok(()) };
                self.headings = Some(Headings::of(row, cells, &found));
                columns = Some(found);
                enough
            }
            Some(columns) => {
                let terms = line::Terms { columns, mapping, number };
                self.row(row, cells, &terms, seen)
            }
        };
        match kind_of(&start)? {
            Kind::Json => return self.entries(file, seen),
            Kind::Text => text::each_row(file, &mut visit)?,
            Kind::Workbook => workbook::each_row(file, &mut visit)?,
        }
        if columns.is_none() { Err(FileError::NoHeadings) } else { Ok(()) }
    }

    fn row(
        &mut self,
        row: u32,
        cells: &[Cell],
        terms: &line::Terms<'_>,
        seen: &mut dyn FnMut(usize) -> bool,
    ) -> Result<(), FileError> {
        if cells.iter().all(Cell::is_blank) {
            return Ok(());
        }
        self.count(seen)?;
        let problems = &mut self.problems;
        let mut tell = |field: Field, rule| {
            if problems.len() < MOST_TOLD {
                let column = terms.columns.place(field).map(letters);
                problems.push(Problem { row, column, field, rule });
            }
        };
        let mut is_bad = false;
        let line = line::read(cells, terms, &mut |field, rule| {
            is_bad = true;
            tell(field, rule);
        });
        let other = line.and_then(|line| self.by_code.keep(&mut self.lines, &mut self.repeated, line, row));
        if let Some(other) = other {
            is_bad = true;
            let by = if terms.columns.place(Field::Code).is_some() { Field::Code } else { Field::CodeDigest };
            tell(by, Rule::SameCode(other));
        }
        self.bad_rows += usize::from(is_bad);
        Ok(())
    }

    fn count(&mut self, seen: &mut dyn FnMut(usize) -> bool) -> Result<(), FileError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(FileError::TooManyRows);
        }
        if self.rows.is_multiple_of(1000) && !seen(self.rows) {
            return Err(FileError::Stopped);
        }
        Ok(())
    }

    /// JSON: an entry as `mint-code` writes it, or a list of them. The parser's own words may quote a student.
    fn entries(&mut self, file: impl Read, seen: &mut dyn FnMut(usize) -> bool) -> Result<(), FileError> {
        let mut text = String::new();
        io::BufReader::new(file).read_to_string(&mut text).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => FileError::Encoding { row: 1 },
            _ => FileError::Unreadable(error),
        })?;
        let text = text.trim_start_matches('\u{FEFF}');
        let entries: Vec<RosterEntry> = if text.trim_start().starts_with('[') {
            serde_json::from_str(text)
        } else {
            serde_json::from_str(text).map(|entry| vec![entry])
        }
        .map_err(|error| FileError::NotAnEntry { line: error.line() })?;
        for (entry, row) in entries.into_iter().zip(1..) {
            self.count(seen)?;
            let RosterEntry { code_digest: code, mut enrolment } = entry;
            let mut tell = |field, rule| {
                self.bad_rows += 1;
                if self.problems.len() < MOST_TOLD {
                    self.problems.push(Problem { row, column: Some("–".to_owned()), field, rule });
                }
            };
            if check_enrolment(&enrolment).is_err() {
                tell(Field::Name, Rule::OddCharacters);
                continue;
            }
            let number = enrolment.student_number.take().map_or(Number::None, Number::Hashed);
            let line = Line { code, enrolment, number };
            if let Some(other) = self.by_code.keep(&mut self.lines, &mut self.repeated, line, row) {
                tell(Field::CodeDigest, Rule::SameCode(other));
            }
        }
        Ok(())
    }
}

/// Each code once.
trait Keep {
    /// The row that has said something else of the same code.
    fn keep(&mut self, lines: &mut Vec<Line>, repeated: &mut usize, line: Line, row: u32) -> Option<u32>;
}

impl Keep for HashMap<crate::code::CodeDigest, (usize, u32)> {
    fn keep(&mut self, lines: &mut Vec<Line>, repeated: &mut usize, line: Line, row: u32) -> Option<u32> {
        match self.entry(line.code) {
            Entry::Vacant(new) => {
                new.insert((lines.len(), row));
                lines.push(line);
                None
            }
            Entry::Occupied(known) if lines[known.get().0] == line => {
                *repeated += 1;
                None
            }
            Entry::Occupied(known) => Some(known.get().1),
        }
    }
}

enum Kind {
    Json,
    Text,
    Workbook,
}

/// By what a file begins with; its name may say anything.
fn kind_of(start: &[u8]) -> Result<Kind, FileError> {
    const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Err(FileError::Empty),
        Some(b'{' | b'[') => Ok(Kind::Json),
        _ if start.starts_with(b"PK\x03\x04") => Ok(Kind::Workbook),
        _ if start.starts_with(COMPOUND) => Err(FileError::OldWorkbook),
        _ if [&b"%PDF"[..], b"\x89PNG", b"\xFF\xD8\xFF", b"\x7FELF", b"GIF8"].iter().any(|m| start.starts_with(m)) => {
            Err(FileError::NotATable)
        }
        _ => Ok(Kind::Text),
    }
}

#[cfg(test)]
mod tests;
