//! `plain`: `SZZ-PLAIN-1.` and a JSON object, for schools that print their own codes. Anybody can
//! write one, so the roster has to know it too unless the config says otherwise.

use jiff::Timestamp;

use super::{Claims, Kind, Rejected, Terms};
use crate::code::{Enrolment, Payload};

pub(super) fn decode(text: &str, terms: &Terms, now: Timestamp) -> Result<Enrolment, Rejected> {
    let body = Kind::Plain.body(text)?;
    // Readers guess the encoding of anything else, and not always the same.
    if !body.is_ascii() {
        return Err(Rejected::Unreadable);
    }
    Claims::from_json(body.as_bytes())?.check(terms, now)
}

/// The text of a plain code. Everything beyond ASCII is written `\uXXXX`.
pub fn write(claims: &Claims) -> Payload {
    let mut text = format!("{}1.", Kind::Plain.mark());
    let mut units = [0; 2];
    for letter in claims.to_json().chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            letter.encode_utf16(&mut units).iter().for_each(|unit| text += &format!("\\u{unit:04x}"));
        }
    }
    Payload::new(text)
}
