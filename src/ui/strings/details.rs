//! Amounts, numbers and times as students read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Strings;
use crate::visit::{Contact, Language, Phone};

use Language::{Chinese, English};

/// ¥30.00
pub fn yuan(fen: u32) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
}

pub fn with_amount(words: &str, fen: u32) -> String {
    format!("{words} {}", yuan(fen))
}

/// As it is read out: 138 0013 8000.
pub fn grouped_phone(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index == 3 || index == 7 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

pub fn sms_sent_to(language: Language, phone: &Phone) -> String {
    match language {
        Chinese => format!("已向 {} 发送 6 位验证码，输入后自动核对", phone.masked()),
        English => format!("Six digits were sent to {}. They are checked as soon as they are typed.", phone.masked()),
    }
}

/// The number, masked, and whether an SMS proved it.
pub fn contact(language: Language, contact: &Contact) -> String {
    let strings = Strings::of(language);
    let mark = if contact.verified { strings.phone_verified_mark } else { strings.phone_unverified_mark };
    match language {
        Chinese => format!("{}（{mark}）", contact.phone.masked()),
        English => format!("{} ({mark})", contact.phone.masked()),
    }
}

pub fn wrong_student_number(language: Language, tries_left: u8) -> String {
    match (language, tries_left) {
        (Chinese, _) => format!("学号与学籍不符，请重新输入（还可以试 {tries_left} 次）"),
        (English, 1) => "Not the number of this record. One try is left.".to_owned(),
        (English, _) => format!("Not the number of this record. {tries_left} tries are left."),
    }
}

/// How old what the booth knows is.
pub fn known_since(language: Language, as_of: Option<Timestamp>) -> String {
    match (language, as_of) {
        (Chinese, Some(time)) => format!("审核状态更新于 {}", local_time(time)),
        (English, Some(time)) => format!("Review as of {}", local_time(time)),
        (Chinese, None) => "照片已保存在本机，联网后自动上传，之后才会审核".to_owned(),
        (English, None) => "Stored in this booth; it is reviewed once it was uploaded".to_owned(),
    }
}

/// As the manual shows it: 2023-02-24 11:45:28, in the booth's time zone.
pub fn local_time(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_numbers_are_written_as_they_are_read() {
        assert_eq!((yuan(3000).as_str(), yuan(5).as_str(), yuan(123_456).as_str()), ("¥30.00", "¥0.05", "¥1234.56"));
        assert_eq!(grouped_phone("13800138000"), "138 0013 8000");
        assert_eq!(grouped_phone("1380"), "138 0");
        let contact_of = |verified| Contact { phone: Phone::parse("13800138000").unwrap(), verified };
        assert_eq!(contact(Chinese, &contact_of(true)), "138 **** 8000（已验证）");
        assert_eq!(contact(English, &contact_of(false)), "138 **** 8000 (unverified)");
        assert!(wrong_student_number(English, 1).ends_with("One try is left."));
    }
}
