//! A row of the table → a line of the roster, or every rule that it breaks. No rule quotes a value.

use zeroize::Zeroizing;

use super::columns::{Columns, Field, Mapping};
use super::table::Cell;
use crate::code::payload::{MOST_BYTES, is_last4, is_masked, is_orderly};
use crate::code::{CodeDigest, Enrolment, NumberHash, Payload};
use crate::visit::NumberForm;

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    #[error("is empty")]
    Empty,
    #[error("holds a formula, or begins like one: paste its value as text")]
    Formula,
    #[error("is a long number that the spreadsheet has rounded: make the column text and enter it again")]
    LostDigits,
    #[error("is a date, a fraction, a truth value or an error: enter it as text")]
    NotText,
    #[error("is longer than {0} characters")]
    TooLong(usize),
    #[error("has characters that no record has: letters, digits, Chinese characters and ·（）-、，&+ are allowed")]
    OddCharacters,
    #[error("is too short to be masked: a name has two characters at least")]
    TooShort,
    #[error("is neither a document number nor its last four characters: digits and letters")]
    NotADocument,
    #[error("is not a 身份证号: its last character does not follow from the others")]
    WrongCheckCharacter,
    #[error("is not the SHA-256 of a code: 64 hexadecimal digits")]
    NotADigest,
    #[error("is not what this booth asks for: {shortest} to {longest} {}", if *letters { "digits and letters" } else { "digits" })]
    OtherNumber { shortest: usize, longest: usize, letters: bool },
    #[error("is the code of row {0}, which says something else")]
    SameCode(u32),
}

/// 学号, as the file gives it.
#[derive(Clone, PartialEq, Eq)]
pub enum Number {
    None,
    Plain(Zeroizing<String>),
    Hashed(NumberHash),
}

/// One student as the file gives them, ready but for the hash of the 学号.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    pub code: CodeDigest,
    pub enrolment: Enrolment,
    pub number: Number,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Line(…)")
    }
}

/// What a row is read with.
pub(super) struct Terms<'a> {
    pub columns: &'a Columns,
    pub mapping: &'a Mapping,
    /// None where the booth does not ask for 学号: they are not read then.
    pub number: Option<NumberForm>,
}

/// Every field of the row; what breaks a rule is given to `wrong`.
pub(super) fn read(cells: &[Cell], terms: &Terms<'_>, wrong: &mut dyn FnMut(Field, Rule)) -> Option<Line> {
    let mut take = |field: Field, check: &dyn Fn(&str) -> Result<Zeroizing<String>, Rule>| {
        let read = terms.text(cells, field).and_then(check);
        read.map_err(|rule| wrong(field, rule)).ok()
    };
    let school = take(Field::School, &|text| orderly(text, 40));
    let category = take(Field::Category, &|text| orderly(text, 20));
    let level = take(Field::Level, &|text| orderly(text, 20));
    let major = take(Field::Major, &|text| orderly(text, 40));
    let name = take(Field::Name, &masked);
    let last4 = take(Field::Document, &last4);
    let code = code(cells, terms).map_err(|(field, rule)| wrong(field, rule)).ok();
    let number = number(cells, terms).map_err(|rule| wrong(Field::StudentNumber, rule)).ok();
    let owned = |text: Zeroizing<String>| text.as_str().to_owned();
    let enrolment = Enrolment {
        school: owned(school?),
        category: owned(category?),
        level: owned(level?),
        major: owned(major?),
        masked_name: owned(name?),
        document_last4: owned(last4?),
        student_number: None,
    };
    Some(Line { code: code?, enrolment, number: number? })
}

impl Terms<'_> {
    /// A field's text, whole and not empty.
    fn text<'b>(&'b self, cells: &'b [Cell], field: Field) -> Result<&'b str, Rule> {
        let found = self.columns.place(field).map(|place| cells.get(place));
        match found {
            None => self.mapping.constant(field).ok_or(Rule::Empty),
            Some(None) => Err(Rule::Empty),
            Some(Some(Cell::Text(text))) if text.is_empty() => Err(Rule::Empty),
            Some(Some(Cell::Text(text))) => Ok(text),
            Some(Some(Cell::Formula)) => Err(Rule::Formula),
            Some(Some(Cell::LostDigits)) => Err(Rule::LostDigits),
            Some(Some(Cell::Other)) => Err(Rule::NotText),
        }
    }
}

fn orderly(text: &str, most: usize) -> Result<Zeroizing<String>, Rule> {
    if text.starts_with(['=', '+', '-', '@']) {
        return Err(Rule::Formula);
    }
    if text.chars().count() > most {
        return Err(Rule::TooLong(most));
    }
    if is_orderly(text, most) { Ok(Zeroizing::new(text.to_owned())) } else { Err(Rule::OddCharacters) }
}

/// A plain name is masked as the manual shows it, 郭\*荣; one that is masked stays.
fn masked(text: &str) -> Result<Zeroizing<String>, Rule> {
    let name = orderly(text, 24)?;
    if is_masked(&name) {
        return Ok(name);
    }
    let letters: Vec<char> = name.chars().collect();
    match letters[..] {
        [] | [_] => Err(Rule::TooShort),
        [first, _] => Ok(Zeroizing::new(format!("{first}*"))),
        [first, .., last] => Ok(Zeroizing::new(format!("{first}*{last}"))),
    }
}

/// Of a whole number only the last four characters are kept.
fn last4(text: &str) -> Result<Zeroizing<String>, Rule> {
    let number = Zeroizing::new(text.to_ascii_uppercase());
    if number.starts_with(['=', '+', '-', '@']) {
        return Err(Rule::Formula);
    }
    // Passports and permits have brackets and dashes before the end.
    let is_one = number.len() <= 24 && number.chars().all(|c| c.is_ascii_alphanumeric() || "()-*".contains(c));
    let tail = number.get(number.len().saturating_sub(4)..).filter(|tail| is_one && is_last4(tail));
    let tail = tail.ok_or(Rule::NotADocument)?;
    let digits = number.as_bytes();
    if digits.len() == 18 && digits[..17].iter().all(u8::is_ascii_digit) && digits[17] != check_character(digits) {
        return Err(Rule::WrongCheckCharacter);
    }
    Ok(Zeroizing::new(tail.to_owned()))
}

/// GB 11643: the last character of a 身份证号 from the 17 digits before it.
fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 =
        digits[..17].iter().enumerate().map(|(at, &digit)| u32::from(digit - b'0') * ((1 << (17 - at)) % 11)).sum();
    b"10X98765432"[(sum % 11) as usize]
}

/// From the code's text, or from its digest where there is no text.
fn code(cells: &[Cell], terms: &Terms<'_>) -> Result<CodeDigest, (Field, Rule)> {
    let text = |field| terms.columns.place(field).map(|_| terms.text(cells, field).map_err(|rule| (field, rule)));
    match (text(Field::Code), text(Field::CodeDigest)) {
        (Some(Ok(code)), _) if code.len() > MOST_BYTES => Err((Field::Code, Rule::TooLong(MOST_BYTES))),
        (Some(Ok(code)), _) => Ok(Payload::new(code.to_owned()).digest()),
        (Some(Err(problem)), None) => Err(problem),
        (_, Some(digest)) => {
            CodeDigest::try_from(digest?.to_owned()).map_err(|_| (Field::CodeDigest, Rule::NotADigest))
        }
        (None, None) => Err((Field::Code, Rule::Empty)),
    }
}

fn number(cells: &[Cell], terms: &Terms<'_>) -> Result<Number, Rule> {
    let Some(form) = terms.number else { return Ok(Number::None) };
    let text = match terms.text(cells, Field::StudentNumber) {
        Err(Rule::Empty) => return Ok(Number::None),
        text => text?,
    };
    if let Ok(hash) = NumberHash::try_from(text.to_owned()) {
        return Ok(Number::Hashed(hash));
    }
    let fits = (form.shortest..=form.longest).contains(&text.len()) && text.chars().all(|c| form.takes(c));
    let NumberForm { shortest, longest, letters } = form;
    if fits {
        Ok(Number::Plain(Zeroizing::new(text.to_owned())))
    } else {
        Err(Rule::OtherNumber { shortest, longest, letters })
    }
}
