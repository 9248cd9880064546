//! The whole way without a window: from the code to the server's receipt.

use szz_kiosk::code::mint::{mint, mint_online};
use szz_kiosk::demo;

use crate::{errors, json_lines, kiosk};

#[test]
fn scripted_students_get_a_receipt_for_every_photo() {
    let output = kiosk().args(["demo", "--headless", "--visits", "3", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let summary = &json_lines(&output)[0];
    for (key, expected) in [("visits", 3), ("saved", 3), ("acknowledged", 3), ("lost", 0)] {
        assert_eq!(summary[key], expected, "{key} in {summary}");
    }
    for key in ["used_first", "used_settled", "used_last"] {
        let used = &summary[key];
        assert!(used["rss_mb"].as_f64().unwrap() > 1.0, "{key} in {summary}");
        assert!(used["threads"].as_u64().unwrap() >= 5 && used["handles"].as_u64().unwrap() > 3, "{key} in {summary}");
    }
    assert_eq!(summary["program_ms_first_hundred"], summary["program_ms_last_hundred"], "three visits are both");
    let developing = &summary["shutter_to_review_ms"];
    assert!(developing["p50"].as_f64().unwrap() <= developing["p95"].as_f64().unwrap(), "{summary}");
    assert!(summary["program_ms_per_visit"]["p50"].as_f64().unwrap() >= developing["p50"].as_f64().unwrap() * 0.5);
}

/// Nothing that a run prints may name a student, a number or a code.
#[test]
fn the_log_of_a_run_is_free_of_personal_data() {
    let output =
        kiosk().args(["demo", "--headless", "--visits", "2", "--json"]).env("SZZ_LOG", "trace").output().unwrap();
    let log = errors(&output);
    assert!(log.contains("developed"), "nothing was logged: {log}");
    // As typed, as shown in groups, and by their ends.
    let numbers = [demo::STUDENT_NUMBER, demo::PHONE, "138 0013 8000", "9639005", "00138000", "8000138"];
    for number in numbers.into_iter().chain([demo::STAFF_PIN, demo::SUPERVISOR_PIN, demo::SMS_CODE]) {
        let found = log.match_indices(number).any(|(at, _)| {
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
            // Not as a part of a longer number, such as a digest or a time.
            !is_digit(log[..at].chars().next_back()) && !is_digit(log[at + number.len()..].chars().next())
        });
        assert!(!found, "the log has a number of {} characters too many", number.len());
    }
    for seed in 0..24 {
        let online = mint_online(seed);
        assert!(!log.contains(online.payload.expose()), "the log has the code that the server knows");
        let minted = mint(seed);
        let enrolment = &minted.enrolment;
        let fields = [&enrolment.masked_name, &enrolment.school, &enrolment.major, &enrolment.category];
        // A part of a code is as good as most of it.
        let payload = minted.payload.expose();
        assert!(!log.contains(&payload[payload.len() - 40..]), "the log has the end of a code");
        for text in fields.into_iter().map(String::as_str).chain([minted.payload.expose()]) {
            assert!(!log.contains(text), "the log of student {seed} has {} characters too many", text.len());
        }
    }
}
