//! A live code counts only when two frames agree: one blurred frame is no proof.
//!
//! Pure: time comes in as `now`.

use std::time::{Duration, Instant};

use crate::code::Payload;

/// Accepts a payload after two equal reads with no other payload between them.
///
/// Frames on which nothing was read do not count against it: not every frame of a held-up phone is
/// sharp. After the window the first read is forgotten.
#[derive(Debug)]
pub struct TwoEqualReads {
    window: Duration,
    first: Option<(Payload, Instant)>,
}

impl Default for TwoEqualReads {
    /// Two seconds: enough for a hand that moves, too short for the next student.
    fn default() -> Self {
        Self::new(Duration::from_secs(2))
    }
}

impl TwoEqualReads {
    /// `window` is the longest time between the two reads.
    pub fn new(window: Duration) -> Self {
        Self { window, first: None }
    }

    /// Takes what one frame showed; the payload comes out with the second equal read.
    pub fn confirm(&mut self, payload: Payload, now: Instant) -> Option<Payload> {
        let before = self.first.replace((payload.clone(), now));
        let (first, at) = before?;
        if first != payload || now.saturating_duration_since(at) > self.window {
            return None;
        }
        self.first = None;
        Some(payload)
    }

    /// Starts again: several codes were in view, or another visit began.
    pub fn forget(&mut self) {
        self.first = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(reads: &[(&str, u64)]) -> Option<String> {
        let start = Instant::now();
        let mut two = TwoEqualReads::new(Duration::from_secs(2));
        let mut accepted = None;
        for (text, ms) in reads {
            accepted = two.confirm(Payload::new((*text).to_owned()), start + Duration::from_millis(*ms));
        }
        accepted.map(|payload| payload.expose().to_owned())
    }

    #[test]
    fn one_read_is_not_enough() {
        assert_eq!(after(&[("a", 0)]), None);
        assert_eq!(after(&[("a", 0), ("a", 100)]).as_deref(), Some("a"));
    }

    #[test]
    fn another_code_between_starts_again() {
        assert_eq!(after(&[("a", 0), ("b", 50), ("a", 100)]), None);
        assert_eq!(after(&[("a", 0), ("b", 50), ("b", 100)]).as_deref(), Some("b"));
    }

    #[test]
    fn a_read_from_long_ago_does_not_count() {
        assert_eq!(after(&[("a", 0), ("a", 2001)]), None);
        assert_eq!(after(&[("a", 0), ("a", 2001), ("a", 3000)]).as_deref(), Some("a"));
    }

    #[test]
    fn an_accepted_code_needs_two_reads_again() {
        assert_eq!(after(&[("a", 0), ("a", 100), ("a", 200)]), None);
    }

    #[test]
    fn several_codes_in_view_start_it_again() {
        let now = Instant::now();
        let mut two = TwoEqualReads::default();
        let payload = Payload::new("a".to_owned());
        assert_eq!(two.confirm(payload.clone(), now), None);
        two.forget();
        assert_eq!(two.confirm(payload, now), None);
    }
}
