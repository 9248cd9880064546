//! What a code says about its student: the same JSON object in plain and in sealed codes.
//!
//! Strict on purpose: an unknown field, a character that only looks like another one, or a name
//! that is not masked rejects the whole code.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Rejected, Terms};
use crate::code::{Enrolment, NumberHash};

/// How far the clocks of booth and issuer may be apart, seconds.
pub const CLOCK_TOLERANCE_S: i64 = 600;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// 院校代码
    pub school_code: String,
    /// 学校名称
    pub school: String,
    /// 学历类别
    pub category: String,
    /// 层次
    pub level: String,
    /// 专业
    pub major: String,
    /// 姓名, masked
    pub name: String,
    /// Last four characters of the 证件号
    pub id_last4: String,
    /// 学号, salted and hashed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub student_number: Option<NumberHash>,
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Claims {
    pub fn new(school_code: &str, enrolment: &Enrolment, from: Timestamp, until: Timestamp) -> Self {
        let Enrolment { school, category, level, major, masked_name, document_last4, student_number } = enrolment;
        Self {
            school_code: school_code.to_owned(),
            school: school.clone(),
            category: category.clone(),
            level: level.clone(),
            major: major.clone(),
            name: masked_name.clone(),
            id_last4: document_last4.clone(),
            student_number: student_number.clone(),
            from,
            until,
        }
    }

    /// The parser's own words may quote a student's data, so they end here.
    pub(super) fn from_json(json: &[u8]) -> Result<Self, Rejected> {
        serde_json::from_slice(json).map_err(|_| Rejected::Unreadable)
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and times are always JSON")
    }

    /// The enrolment, when every claim may be believed to be meant for this booth now.
    pub(super) fn check(self, terms: &Terms, now: Timestamp) -> Result<Enrolment, Rejected> {
        if !is_school_code(&self.school_code) {
            return Err(Rejected::OddText);
        }
        let enrolment = Enrolment {
            school: self.school,
            category: self.category,
            level: self.level,
            major: self.major,
            masked_name: self.name,
            document_last4: self.id_last4,
            student_number: self.student_number,
        };
        check_enrolment(&enrolment)?;
        if self.school_code != terms.school_code {
            return Err(Rejected::WrongSchool);
        }
        let (from, until, now) = (self.from.as_second(), self.until.as_second(), now.as_second());
        if from >= until {
            return Err(Rejected::Unreadable);
        }
        if now + CLOCK_TOLERANCE_S < from {
            return Err(Rejected::NotYetValid);
        }
        if now - CLOCK_TOLERANCE_S > until {
            return Err(Rejected::Expired);
        }
        Ok(enrolment)
    }
}

/// What may be shown to anybody: short texts of what records are made of, and a masked name.
pub fn check_enrolment(enrolment: &Enrolment) -> Result<(), Rejected> {
    let Enrolment { school, category, level, major, masked_name, document_last4, .. } = enrolment;
    let texts = [(school, 40), (category, 20), (level, 20), (major, 40), (masked_name, 24)];
    if !texts.into_iter().all(|(text, most)| is_orderly(text, most)) {
        return Err(Rejected::OddText);
    }
    if is_masked(masked_name) && is_last4(document_last4) { Ok(()) } else { Err(Rejected::NotMasked) }
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claims(…)")
    }
}

/// A school's code: 1–12 digits and capital letters.
pub fn is_school_code(text: &str) -> bool {
    (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Whether a text is short and made of what names are made of, with single spaces inside only.
pub fn is_orderly(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
        && text.chars().all(is_of_a_record)
        && text.split(' ').all(|word| !word.is_empty())
        && text.chars().any(char::is_alphanumeric)
}

/// Letters and digits of ASCII, unified ideographs, the mask, the middle dot, a few separators. What
/// only looks like one of them (Cyrillic, full-width, compatibility ideographs, radicals) is not.
fn is_of_a_record(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || " *·()（）-、，&+".contains(letter)
        || matches!(letter, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
        // Between these two lie compatibility ideographs.
        || matches!(letter, '\u{20000}'..='\u{2F7FF}' | '\u{30000}'..='\u{323AF}')
}

/// Something is hidden, as in 郭\*荣.
pub fn is_masked(name: &str) -> bool {
    name.contains('*')
}

pub fn is_last4(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}
