//! The whole way without a window: from the code to the server's receipt.

use crate::{errors, json_lines, kiosk, leaks};

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

/// The files that the booth writes for IT, at the most detailed level there is, and what it prints.
#[test]
fn the_log_of_a_run_is_free_of_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    let output = kiosk()
        .args(["demo", "--headless", "--visits", "4", "--json", "--keep"])
        .arg(folder.path())
        .env("SZZ_LOG", "trace")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let log = leaks::scan(folder.path());
    for said in ["\"level\":\"TRACE\"", "developed", "uploaded", "reached Done"] {
        assert!(log.contains(said), "{said:?} is not in the log");
    }
    let printed = serde_json::json!({ "message": errors(&output) });
    assert_eq!(leaks::Personal::of_the_demo().found_in(&printed), Vec::<&str>::new());
    let again = kiosk().args(["demo", "--headless", "--keep"]).arg(folder.path()).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "what was kept is not written over");
}
