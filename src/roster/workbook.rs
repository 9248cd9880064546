//! XLSX: the first visible sheet, cell by cell. What a small file unpacks to is measured first, and no
//! formula is ever computed.

use std::io::{self, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::FileError;
use super::table::{Cell, MOST_COLUMNS, MOST_ROW_BYTES, Visit};

/// Bytes that a workbook may unpack to; 200,000 students with long codes need 180 MB.
const MOST_UNPACKED: u64 = 256 << 20;

/// Gives every row that has a cell to `visit`.
pub fn each_row(mut file: impl Read + Seek, visit: &mut Visit<'_>) -> Result<(), FileError> {
    measure(&mut file)?;
    file.rewind().map_err(FileError::Unreadable)?;
    // Strangers' bytes: what the library does not survive is a file that is not one.
    catch_unwind(AssertUnwindSafe(|| each_cell(file, visit))).unwrap_or(Err(FileError::NotAWorkbook))
}

/// Unpacks everything to nowhere: what the directory says of sizes may be a lie.
fn measure(file: &mut (impl Read + Seek)) -> Result<(), FileError> {
    let broken = |_| FileError::NotAWorkbook;
    let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
    let mut room = MOST_UNPACKED;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(broken)?;
        room -= io::copy(&mut part.take(room + 1), &mut io::sink())
            .map_err(|_| FileError::NotAWorkbook)
            .and_then(|bytes| if bytes > room { Err(FileError::Bomb) } else { Ok(bytes) })?;
    }
    Ok(())
}

fn each_cell(file: impl Read + Seek, visit: &mut Visit<'_>) -> Result<(), FileError> {
    let mut workbook = Xlsx::new(file).map_err(|_| FileError::NotAWorkbook)?;
    let sheet = workbook.sheets_metadata().iter().find(|sheet| sheet.visible == SheetVisible::Visible);
    let sheet = sheet.map(|sheet| sheet.name.clone()).ok_or(FileError::NotAWorkbook)?;
    let mut reader = workbook.worksheet_cells_reader(&sheet).map_err(|_| FileError::NotAWorkbook)?;
    let mut cells: Vec<Cell> = Vec::new();
    let mut current = None;
    let mut bytes = 0;
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(|_| FileError::NotAWorkbook)? {
        let (row, place) = (found.pos.0.saturating_add(1), found.pos.1 as usize);
        if current != Some(row) {
            if let Some(row) = current {
                visit(row, &cells)?;
            }
            cells.clear();
            bytes = 0;
            current = Some(row);
        }
        let is_empty = found.formula.is_none() && matches!(found.value, DataRef::Empty);
        if place >= MOST_COLUMNS {
            if is_empty { continue } else { return Err(FileError::TooManyColumns { row }) }
        }
        let cell = if found.formula.is_some() { Cell::Formula } else { cell(&found.value) };
        if let Cell::Text(text) = &cell {
            bytes += text.len();
        }
        if bytes > MOST_ROW_BYTES {
            return Err(FileError::RowTooLong { row });
        }
        if cells.len() <= place {
            cells.resize(place + 1, Cell::text(""));
        }
        cells[place] = cell;
    }
    current.map_or(Ok(()), |row| visit(row, &cells))
}

fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Empty => Cell::text(""),
        DataRef::Int(number) => number_cell(*number as f64),
        DataRef::Float(number) => number_cell(*number),
        _ => Cell::Other,
    }
}

/// Spreadsheets keep 15 digits of a number.
fn number_cell(number: f64) -> Cell {
    match number {
        _ if number.abs() >= 1e15 => Cell::LostDigits,
        _ if number.fract() == 0.0 => Cell::text(&format!("{number:.0}")),
        _ => Cell::Other,
    }
}
