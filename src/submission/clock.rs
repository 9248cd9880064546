//! How far the booth's clock can be trusted when it signs a record. A booth without a network cannot set
//! its clock, so each record says what was known: the central server's signed receipts carry its time.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Clocks that differ by more disagree.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(120);
/// A comparison that is older says nothing any more.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is known about the clock at the time of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockTrust {
    /// Within the last seven days it agreed with the central server's, to two minutes.
    Confirmed,
    /// It was not compared lately.
    Unconfirmed,
    /// It differed from the server's, or has gone back since the last record or comparison.
    Doubtful,
}

/// The server's time of a receipt, and the booth's when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockCheck {
    pub server: Timestamp,
    pub booth: Timestamp,
}

impl ClockTrust {
    pub fn judge(now: Timestamp, last_record: Option<Timestamp>, last_check: Option<ClockCheck>) -> Self {
        let before = |earlier: Timestamp| earlier.duration_since(now) > TOLERANCE;
        if last_record.is_some_and(before) {
            return Self::Doubtful;
        }
        match last_check {
            None => Self::Unconfirmed,
            Some(check) if before(check.booth) => Self::Doubtful,
            Some(check) if check.server.duration_since(check.booth).abs() > TOLERANCE => Self::Doubtful,
            Some(check) if now.duration_since(check.booth) > VALID_FOR => Self::Unconfirmed,
            Some(_) => Self::Confirmed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-06-{text}Z").parse().unwrap()
    }

    #[test]
    fn the_clock_is_trusted_only_as_far_as_something_confirms_it() {
        use ClockTrust::{Confirmed, Doubtful, Unconfirmed};
        let now = at("10T08:00:00");
        let check = |server, booth| Some(ClockCheck { server: at(server), booth: at(booth) });
        for (record, compared, expected) in [
            (None, None, Unconfirmed),
            (Some("10T07:59:00"), None, Unconfirmed),
            (Some("10T08:01:30"), None, Unconfirmed),
            (Some("10T08:03:00"), None, Doubtful),
            (None, check("10T07:00:00", "10T07:00:00"), Confirmed),
            (None, check("10T07:02:00", "10T07:00:00"), Confirmed),
            (None, check("10T07:02:01", "10T07:00:00"), Doubtful),
            (None, check("10T06:57:00", "10T07:00:00"), Doubtful),
            (None, check("02T08:00:00", "02T08:00:00"), Unconfirmed),
            // The clock went back a day after the comparison.
            (None, check("11T08:00:00", "11T08:00:00"), Doubtful),
            (Some("11T08:00:00"), check("10T07:00:00", "10T07:00:00"), Doubtful),
        ] {
            assert_eq!(ClockTrust::judge(now, record.map(at), compared), expected, "{record:?} {compared:?}");
        }
    }
}
