//! Amounts, numbers and times as students read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Strings, checks};
use crate::photo::Check;
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
pub fn contact(strings: &Strings, contact: &Contact) -> String {
    let mark = if contact.verified { strings.phone_verified_mark } else { strings.phone_unverified_mark };
    match strings.language {
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
pub fn known_since(language: Language, as_of: Option<Timestamp>, now: Timestamp) -> String {
    match (language, as_of) {
        (Chinese, Some(time)) => format!("信息更新于 {}（{}）", local_time(time), age(language, time, now)),
        (English, Some(time)) => format!("As of {} ({})", local_time(time), age(language, time, now)),
        (Chinese, None) => "照片还没有上传".to_owned(),
        (English, None) => "Not uploaded yet".to_owned(),
    }
}

/// In the largest unit that is not zero.
fn age(language: Language, time: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(time).as_mins().max(0);
    let (number, chinese, english) = match minutes {
        0..60 => (minutes, "分钟", "minute"),
        60..1440 => (minutes / 60, "小时", "hour"),
        _ => (minutes / 1440, "天", "day"),
    };
    match (language, number) {
        (Chinese, 0) => "刚刚".to_owned(),
        (English, 0) => "just now".to_owned(),
        (Chinese, _) => format!("{number} {chinese}前"),
        (English, 1) => format!("1 {english} ago"),
        (English, _) => format!("{number} {english}s ago"),
    }
}

/// What the central server's code for a rejection means. Reviewers use the names of the checks, and a
/// few of their own.
pub fn review_reason(language: Language, code: &str) -> String {
    match (language, reason_name(language, code)) {
        (Chinese, Some(name)) => format!("“{name}”不合要求"),
        (English, Some(name)) => format!("Failed: {name}"),
        (Chinese, None) => format!("其他原因，请咨询学校（代码 {code}）"),
        (English, None) => format!("Another reason, please ask your school (code {code})"),
    }
}

/// Why the server did not take a record, for its student.
pub fn not_taken(language: Language, code: Option<&str>) -> String {
    let code = code.unwrap_or("–");
    match language {
        Chinese => format!("可重新拍摄，或请工作人员处理（代码 {code}）"),
        English => format!("Take a new photo, or ask the staff (code {code})"),
    }
}

/// What a reviewer's code is about, in a word or two; `None` for a code of another server.
pub fn reason_name(language: Language, code: &str) -> Option<&'static str> {
    let own = match (language, code) {
        (Chinese, "not_the_student") => Some("本人照片"),
        (English, "not_the_student") => Some("Photo of this student"),
        (Chinese, "old_photo") => Some("近期照片"),
        (English, "old_photo") => Some("Recent photo"),
        (Chinese, "expression") => Some("表情自然"),
        (English, "expression") => Some("Neutral expression"),
        (Chinese, "clothes") => Some("着装得体"),
        (English, "clothes") => Some("Suitable clothes"),
        _ => None,
    };
    let check = || serde_json::from_value::<Check>(code.into()).ok();
    own.or_else(|| check().map(|check| checks::check_name(language, check)))
}

/// What a photo's background is called, for who does not see it.
pub fn background_name(language: Language, [red, green, blue]: [u8; 3]) -> String {
    let (low, high) = (red.min(green).min(blue), red.max(green).max(blue));
    let (chinese, english) = if low >= 250 {
        ("白色", "white")
    } else if high - low < 24 {
        if high > 127 { ("浅灰色", "light grey") } else { ("深灰色", "dark grey") }
    } else if blue == high {
        ("蓝色", "blue")
    } else if red == high {
        ("红色", "red")
    } else {
        ("绿色", "green")
    };
    match language {
        Chinese => format!("背景：{chinese}"),
        English => format!("Background: {english}"),
    }
}

/// As the manual shows it: 2023-02-24 11:45:28, in the booth's time zone.
pub fn local_time(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::{CHINESE, ENGLISH};

    #[test]
    fn amounts_and_numbers_are_written_as_they_are_read() {
        assert_eq!((yuan(3000).as_str(), yuan(5).as_str(), yuan(123_456).as_str()), ("¥30.00", "¥0.05", "¥1234.56"));
        assert_eq!(grouped_phone("13800138000"), "138 0013 8000");
        assert_eq!(grouped_phone("1380"), "138 0");
        let contact_of = |verified| Contact { phone: Phone::parse("13800138000").unwrap(), verified };
        assert_eq!(contact(&CHINESE, &contact_of(true)), "138 **** 8000（已验证）");
        assert_eq!(contact(&ENGLISH, &contact_of(false)), "138 **** 8000 (unverified)");
        let now: Timestamp = "2026-06-01T08:00:00Z".parse().unwrap();
        let aged = |minutes: i64| age(English, now - jiff::SignedDuration::from_mins(minutes), now);
        assert_eq!(
            [0, 1, 59, 60, 119, 1440, 3000].map(aged),
            ["just now", "1 minute ago", "59 minutes ago", "1 hour ago", "1 hour ago", "1 day ago", "2 days ago"]
        );
        assert_eq!(age(Chinese, now + jiff::SignedDuration::from_hours(1), now), "刚刚", "the clock was put back");
        assert_eq!(review_reason(English, "head_roll"), "Failed: Head straight");
        assert_eq!(review_reason(Chinese, "old_photo"), "“近期照片”不合要求");
        assert_eq!(review_reason(English, "clothes"), "Failed: Suitable clothes");
        assert!(review_reason(Chinese, "x17").contains("x17"));
        assert!(wrong_student_number(English, 1).ends_with("One try is left."));
    }
}
