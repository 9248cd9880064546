//! The whole way without a window: from the code to the server's receipt.

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
    for seed in 0..24 {
        let minted = szz_kiosk::code::mint::mint(seed);
        let fields = [&minted.enrolment.masked_name, &minted.enrolment.school, &minted.enrolment.major];
        for text in fields.into_iter().map(String::as_str).chain([minted.payload.expose()]) {
            assert!(!log.contains(text), "the log of student {seed} has {} characters too many", text.len());
        }
    }
}
