//! Any bytes → lines of a roster, problems, or a reason: tables as schools send them.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

// The modules under test, and as little of the rest as they need.
#[path = "../../src/roster/mod.rs"]
#[allow(dead_code, unused_imports)]
mod roster;
#[path = "../../src/platform/mod.rs"]
#[allow(dead_code, unused_imports)]
mod platform;
#[path = "../../src/secret_file.rs"]
#[allow(dead_code)]
mod secret_file;
#[path = "../../src/visit/typed.rs"]
#[allow(dead_code)]
mod typed;
#[path = "../../src/code/mod.rs"]
#[allow(dead_code, unused_imports)]
mod code;
#[path = "../../src/photo/finding.rs"]
#[allow(dead_code)]
mod photo;
#[path = "../../src/submission/mod.rs"]
#[allow(dead_code, unused_imports)]
mod submission;
#[allow(dead_code, unused_imports)]
mod visit;

use code::payload::check_enrolment;

fuzz_target!(|bytes: &[u8]| {
    let form = visit::NumberForm { shortest: 4, longest: 11, letters: true };
    let mut reading = roster::Reading::default();
    let mapping = roster::Mapping::default();
    let _ = reading.read(Cursor::new(bytes), &mapping, Some(form), &mut |_| true);
    assert!(reading.lines.len() + reading.bad_rows + reading.repeated <= reading.rows);
    assert!(reading.problems.len() <= roster::MOST_TOLD);
    for line in &reading.lines {
        assert!(check_enrolment(&line.enrolment).is_ok(), "whoever is imported can be shown");
    }
});
