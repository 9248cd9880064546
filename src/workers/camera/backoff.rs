//! How long to wait before the camera is opened again.

use std::time::Duration;

use crate::visit::CameraTrouble;

/// A camera that filmed this long was well: the next trouble is a new one. In seconds.
const QUIET_SPELL: u32 = 30;
/// In seconds, short enough that there is a picture within five seconds of the camera being well again.
const PAUSES: [u32; 3] = [1, 2, 3];

#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: usize,
}

impl Backoff {
    /// After an attempt that lasted `lasted` and ended with `trouble`; `second` is how long a second is.
    pub(super) fn pause(&mut self, trouble: CameraTrouble, lasted: Duration, second: Duration) -> Duration {
        // Looking for a camera that is not there, or asking for it, does it no harm, and it is wanted back soon.
        let is_gentle = matches!(
            trouble,
            CameraTrouble::Missing | CameraTrouble::Busy | CameraTrouble::Forbidden | CameraTrouble::NoMode
        );
        if is_gentle {
            self.failures = 0;
            return second;
        }
        if lasted >= second * QUIET_SPELL {
            self.failures = 0;
        }
        let pause = PAUSES[self.failures.min(PAUSES.len() - 1)];
        self.failures += 1;
        second * pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_driver_that_keeps_failing_is_left_alone_a_little_longer_each_time() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> =
            (0..7).map(|_| backoff.pause(CameraTrouble::Silent, SECOND * 4, SECOND).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 3, 3, 3, 3, 3]);
        let after_a_quiet_spell = backoff.pause(CameraTrouble::Frozen, SECOND * 30, SECOND);
        assert_eq!(after_a_quiet_spell, SECOND);
    }

    #[test]
    fn a_camera_that_was_pulled_out_is_looked_for_every_second() {
        let mut backoff = Backoff::default();
        for trouble in [CameraTrouble::Missing, CameraTrouble::Busy, CameraTrouble::Forbidden] {
            for _ in 0..20 {
                assert_eq!(backoff.pause(trouble, Duration::ZERO, SECOND), SECOND);
            }
        }
    }
}
