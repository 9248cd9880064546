//! CSV in whatever encoding office programs write it: UTF-8, UTF-16, GB18030 (and with it GBK and GB2312),
//! with commas, semicolons or tabs. Read in pieces: no row may be longer than [`MOST_ROW_BYTES`].

use std::io::{Read, Seek, SeekFrom};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use zeroize::Zeroizing;

use super::FileError;
use super::table::{Cell, MOST_COLUMNS, MOST_ROW_BYTES, Visit};

const PIECE: usize = 32 * 1024;

/// Gives every row to `visit`.
pub fn each_row(mut file: impl Read + Seek, visit: &mut Visit<'_>) -> Result<(), FileError> {
    let encoding = encoding_of(&mut file)?;
    file.rewind().map_err(FileError::Unreadable)?;
    let mut text = Text::new(file, encoding);
    text.more()?;
    let mut csv = ReaderBuilder::new().delimiter(delimiter(text.ready())).build();
    let mut bytes = Zeroizing::new(vec![0; MOST_ROW_BYTES]);
    let mut cells = Vec::new();
    while let Some(row) = read_row(&mut csv, &mut text, &mut bytes, &mut cells)? {
        visit(row, &cells)?;
    }
    Ok(())
}

/// The next row and its number; `bytes` is room for it.
fn read_row(
    csv: &mut Reader,
    text: &mut Text<impl Read>,
    bytes: &mut [u8],
    cells: &mut Vec<Cell>,
) -> Result<Option<u32>, FileError> {
    let row = text.skip_empty_lines()?;
    let mut ends = [0; MOST_COLUMNS + 1];
    let (mut written, mut fields) = (0, 0);
    loop {
        if text.ready().is_empty() {
            text.more()?;
        }
        let (result, read, wrote, ended) = csv.read_record(text.ready(), &mut bytes[written..], &mut ends[fields..]);
        text.consume(read);
        written += wrote;
        fields += ended;
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => return Err(FileError::RowTooLong { row }),
            ReadRecordResult::OutputEndsFull => return Err(FileError::TooManyColumns { row }),
            ReadRecordResult::Record => break,
            ReadRecordResult::End => return Ok(None),
        }
    }
    cells.clear();
    let mut from = 0;
    for &end in &ends[..fields] {
        // Fields end between characters: what separates them is ASCII.
        let field = std::str::from_utf8(&bytes[from..end]).map_err(|_| FileError::Encoding { row })?;
        cells.push(if is_scientific(field.trim()) { Cell::LostDigits } else { Cell::text(field) });
        from = end;
    }
    Ok(Some(row))
}

/// Such as 4.40102E+17: what is left of a long number that a spreadsheet has saved.
fn is_scientific(field: &str) -> bool {
    let Some((digits, power)) = field.split_once("E+") else { return false };
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    all(digits) && all(power)
}

/// What most often stands in the first line outside of quotes.
fn delimiter(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for &byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && counts.iter().any(|(_, count)| *count > 0) => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(one, _)| *one == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(one, _)| one)
}

/// By its mark; else by the zeros of UTF-16; else UTF-8 if all of it is, and GB18030 if not.
fn encoding_of(file: &mut (impl Read + Seek)) -> Result<&'static Encoding, FileError> {
    file.rewind().map_err(FileError::Unreadable)?;
    let mut start = Vec::new();
    file.by_ref().take(4096).read_to_end(&mut start).map_err(FileError::Unreadable)?;
    if let Some((marked, _)) = Encoding::for_bom(&start) {
        return Ok(marked);
    }
    let zeros = |odd| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => {}
        (0, _) => return Ok(UTF_16LE),
        (_, 0) => return Ok(UTF_16BE),
        _ => return Err(FileError::NotATable),
    }
    file.seek(SeekFrom::Start(0)).map_err(FileError::Unreadable)?;
    let mut text = Text::new(file, UTF_8);
    loop {
        match text.more() {
            Ok(()) if text.is_done() => return Ok(UTF_8),
            Ok(()) => text.consume(text.ready().len()),
            Err(FileError::Encoding { .. }) => return Ok(GB18030),
            Err(error) => return Err(error),
        }
    }
}

/// A file, decoded piece by piece.
struct Text<R> {
    file: R,
    decoder: Decoder,
    raw: Zeroizing<Vec<u8>>,
    at_end: bool,
    /// UTF-8, of which what begins at `next` waits to be read.
    decoded: Zeroizing<Vec<u8>>,
    next: usize,
    /// Line ends that were read.
    lines: u32,
}

impl<R: Read> Text<R> {
    fn new(file: R, encoding: &'static Encoding) -> Self {
        Self {
            file,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: Zeroizing::new(Vec::with_capacity(PIECE)),
            at_end: false,
            decoded: Zeroizing::new(Vec::with_capacity(4 * PIECE)),
            next: 0,
            lines: 0,
        }
    }

    fn is_done(&self) -> bool {
        self.at_end && self.raw.is_empty()
    }

    fn ready(&self) -> &[u8] {
        &self.decoded[self.next..]
    }

    /// Decodes the next piece behind what is ready; there is none at the end of the file.
    fn more(&mut self) -> Result<(), FileError> {
        self.decoded.drain(..self.next);
        self.next = 0;
        while !self.is_done() {
            if !self.at_end && self.raw.len() < PIECE / 2 {
                let most = (PIECE - self.raw.len()) as u64;
                let read = self.file.by_ref().take(most).read_to_end(&mut self.raw).map_err(FileError::Unreadable)?;
                self.at_end = read == 0;
            }
            let before = self.decoded.len();
            // Three bytes for each and a few for what the decoder held back.
            self.decoded.resize(before + 3 * self.raw.len() + 16, 0);
            let (result, read, wrote) =
                self.decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.decoded[before..], self.at_end);
            self.decoded.truncate(before + wrote);
            self.raw.drain(..read);
            if let DecoderResult::Malformed(..) = result {
                return Err(FileError::Encoding { row: self.lines + count_lines(self.ready()) + 1 });
            }
            if wrote > 0 {
                break;
            }
            if self.at_end && read == 0 {
                // Nothing came of the last bytes.
                self.raw.clear();
            }
        }
        Ok(())
    }

    fn consume(&mut self, bytes: usize) {
        self.lines += count_lines(&self.ready()[..bytes]);
        self.next += bytes;
    }

    /// Number of the line that comes next.
    fn skip_empty_lines(&mut self) -> Result<u32, FileError> {
        loop {
            let ends = self.ready().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.consume(ends);
            if !self.ready().is_empty() || self.is_done() {
                return Ok(self.lines + 1);
            }
            self.more()?;
        }
    }
}

fn count_lines(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u32
}
