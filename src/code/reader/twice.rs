//! A live code counts only when two frames agree: one blurred frame is no proof.
//!
//! Pure: time comes in as `now`.

use std::time::{Duration, Instant};

use super::Reading;
use crate::code::Payload;

/// Accepts a payload after two equal reads with no other payload between them.
///
/// Frames on which nothing was read do not count against it: not every frame of a held-up phone is
/// sharp. After `window` the first read is forgotten.
#[derive(Debug)]
pub struct TwoEqualReads {
    window: Duration,
    first: Option<(Payload, Instant)>,
}

impl TwoEqualReads {
    /// `window` is the longest time between the two reads.
    pub fn new(window: Duration) -> Self {
        Self { window, first: None }
    }

    /// Takes the reading of one frame; the payload comes out with the second equal one.
    pub fn accept(&mut self, reading: Reading, now: Instant) -> Option<Payload> {
        let before = self.first.take().filter(|(_, at)| now.saturating_duration_since(*at) <= self.window);
        match reading {
            Reading::Nothing => self.first = before,
            Reading::Several => {}
            Reading::One { payload, .. } => {
                if before.is_some_and(|(first, _)| first == payload) {
                    return Some(payload);
                }
                self.first = Some((payload, now));
            }
        }
        None
    }

    /// Forgets a first read, e.g. when a new visit begins.
    pub fn forget(&mut self) {
        self.first = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::reader::Decoder;

    fn one(text: &str) -> Reading {
        Reading::One { payload: Payload::new(text.to_owned()), decoder: Decoder::Rxing }
    }

    fn after(readings: &[(Reading, u64)]) -> Option<String> {
        let start = Instant::now();
        let mut reads = TwoEqualReads::new(Duration::from_secs(2));
        let mut accepted = None;
        for (reading, ms) in readings {
            accepted = reads.accept(reading.clone(), start + Duration::from_millis(*ms));
        }
        accepted.map(|payload| payload.expose().to_owned())
    }

    #[test]
    fn one_read_is_not_enough() {
        assert_eq!(after(&[(one("a"), 0)]), None);
        assert_eq!(after(&[(one("a"), 0), (one("a"), 100)]).as_deref(), Some("a"));
    }

    #[test]
    fn a_blurred_frame_between_does_not_matter() {
        assert_eq!(after(&[(one("a"), 0), (Reading::Nothing, 50), (one("a"), 100)]).as_deref(), Some("a"));
    }

    #[test]
    fn another_code_between_starts_again() {
        assert_eq!(after(&[(one("a"), 0), (one("b"), 50), (one("a"), 100)]), None);
        assert_eq!(after(&[(one("a"), 0), (Reading::Several, 50), (one("a"), 100)]), None);
        assert_eq!(after(&[(one("a"), 0), (one("b"), 50), (one("b"), 100)]).as_deref(), Some("b"));
    }

    #[test]
    fn a_read_from_long_ago_does_not_count() {
        assert_eq!(after(&[(one("a"), 0), (one("a"), 2001)]), None);
        assert_eq!(after(&[(one("a"), 0), (Reading::Nothing, 2001), (one("a"), 2002)]), None);
        assert_eq!(after(&[(one("a"), 0), (one("a"), 2001), (one("a"), 3000)]).as_deref(), Some("a"));
    }
}
