//! When to send next, and how much: waits that double and are capped, with jitter so that the booths
//! of a campus do not return all at once after an outage; batches that shrink on a bad line and grow
//! back. Pure: the caller owns the clock.

use std::time::Duration;

use super::courier::{Pace, Report};

/// At most this much is sent at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimit {
    /// Submissions.
    pub count: usize,
    /// Manifests and pictures together; on the wire it is about twice that.
    pub bytes: usize,
}

impl Default for BatchLimit {
    fn default() -> Self {
        Self { count: 20, bytes: 2 << 20 }
    }
}

/// How long to wait, from the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// While the queue is empty. A new submission wakes the courier anyway.
    pub idle: Duration,
    /// After the first failure.
    pub base: Duration,
    /// The longest wait, but for the server's own wish.
    pub cap: Duration,
    /// The longest wait the server may ask for.
    pub longest_wish: Duration,
    pub batch: BatchLimit,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(60),
            base: Duration::from_secs(2),
            cap: Duration::from_secs(300),
            longest_wish: Duration::from_secs(3600),
            batch: BatchLimit::default(),
        }
    }
}

/// Remembers how the last rounds went.
#[derive(Clone, Debug)]
pub struct Backoff {
    rhythm: Rhythm,
    /// Failures in a row.
    failures: u32,
    /// Submissions in the next batch.
    count: usize,
    dice: u64,
}

impl Backoff {
    /// `seed` should differ from booth to booth.
    pub fn new(rhythm: Rhythm, seed: u64) -> Self {
        Self { rhythm, failures: 0, count: rhythm.batch.count.max(1), dice: seed }
    }

    /// How much the next round may send.
    pub fn batch(&self) -> BatchLimit {
        BatchLimit { count: self.count, bytes: self.rhythm.batch.bytes }
    }

    /// How long to wait after this round. Zero: there may be more to send.
    pub fn wait_after(&mut self, report: &Report) -> Duration {
        if report.acknowledged > 0 {
            self.failures = 0;
        }
        match report.pace {
            Pace::Empty => {
                self.failures = 0;
                self.rhythm.idle
            }
            Pace::Continue => {
                self.failures = 0;
                self.count = (self.count * 2).min(self.rhythm.batch.count.max(1));
                Duration::ZERO
            }
            Pace::Wait { .. } => {
                let wish = self.wish(report);
                // Never before the server's wish, and not all booths at that very second.
                self.next_delay().max(wish + self.jittered(wish / 10))
            }
            Pace::Halve { .. } => {
                self.count = (self.count.min(report.sent.max(1)) / 2).max(1);
                self.next_delay()
            }
            Pace::Stop { .. } => {
                self.failures = self.failures.saturating_add(1);
                self.jittered(self.rhythm.cap)
            }
        }
    }

    /// How long the server asks not to be asked again, whatever happens meanwhile.
    pub fn wish(&self, report: &Report) -> Duration {
        match report.pace {
            Pace::Wait { after: Some(wish), .. } => wish.min(self.rhythm.longest_wish),
            _ => Duration::ZERO,
        }
    }

    /// How long to wait after the store or the courier itself failed.
    pub fn wait_after_error(&mut self) -> Duration {
        self.next_delay()
    }

    fn next_delay(&mut self) -> Duration {
        let doublings = self.failures.min(20);
        self.failures = self.failures.saturating_add(1);
        self.jittered(self.rhythm.base.saturating_mul(1 << doublings).min(self.rhythm.cap))
    }

    /// Between half and all of it.
    fn jittered(&mut self, full: Duration) -> Duration {
        // SplitMix64: enough for jitter, and reproducible in tests.
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.dice;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((z ^ (z >> 31)) >> 40) as f64 / (1_u64 << 24) as f64;
        full.mul_f64(0.5 + share / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::Why;
    use super::*;

    fn report(pace: Pace, sent: usize, acknowledged: usize) -> Report {
        Report { sent, acknowledged, rejected: 0, conflicts: 0, failed: sent - acknowledged, pace }
    }

    fn wait() -> Report {
        report(Pace::Wait { why: Why::Unreachable, after: None }, 20, 0)
    }

    #[test]
    fn waits_double_up_to_the_cap_with_jitter() {
        let rhythm = Rhythm::default();
        let mut backoff = Backoff::new(rhythm, 1);
        let mut full = rhythm.base;
        for round in 0..40 {
            let delay = backoff.wait_after(&wait());
            assert!(delay >= full / 2 && delay <= full, "round {round}: {delay:?} of {full:?}");
            full = (full * 2).min(rhythm.cap);
        }
        let (mut a, mut b) = (Backoff::new(rhythm, 1), Backoff::new(rhythm, 2));
        assert_ne!(a.wait_after(&wait()), b.wait_after(&wait()), "two booths do not return together");
    }

    #[test]
    fn success_resets_the_wait() {
        let mut backoff = Backoff::new(Rhythm::default(), 1);
        for _ in 0..8 {
            backoff.wait_after(&wait());
        }
        assert_eq!(backoff.wait_after(&report(Pace::Continue, 20, 20)), Duration::ZERO);
        assert!(backoff.wait_after(&wait()) <= Rhythm::default().base);
    }

    #[test]
    fn the_servers_wish_is_kept_within_reason() {
        let mut backoff = Backoff::new(Rhythm::default(), 1);
        let mut asked = |seconds| {
            backoff.wait_after(&report(
                Pace::Wait { why: Why::ServerBusy, after: Some(Duration::from_secs(seconds)) },
                20,
                0,
            ))
        };
        assert!((900..=990).contains(&asked(900).as_secs()));
        assert!((3600..=3960).contains(&asked(u64::MAX).as_secs()), "a server cannot stop a booth for ever");
    }

    #[test]
    fn batches_shrink_on_a_bad_line_and_grow_back() {
        let mut backoff = Backoff::new(Rhythm::default(), 1);
        let mut counts = vec![backoff.batch().count];
        for _ in 0..6 {
            let sent = backoff.batch().count;
            let delay = backoff.wait_after(&report(Pace::Halve { why: Why::TimedOut }, sent, 0));
            assert!(delay > Duration::ZERO);
            counts.push(backoff.batch().count);
        }
        for _ in 0..6 {
            let sent = backoff.batch().count;
            backoff.wait_after(&report(Pace::Continue, sent, sent));
            counts.push(backoff.batch().count);
        }
        assert_eq!(counts, [20, 10, 5, 2, 1, 1, 1, 2, 4, 8, 16, 20, 20]);
        // Halved from what was really sent, not from what might have been.
        backoff.wait_after(&report(Pace::Halve { why: Why::TooLarge }, 6, 0));
        assert_eq!(backoff.batch().count, 3);
    }

    #[test]
    fn a_stop_waits_long_and_an_empty_queue_idles() {
        let rhythm = Rhythm::default();
        let mut backoff = Backoff::new(rhythm, 1);
        let delay = backoff.wait_after(&report(Pace::Stop { why: Why::NotAuthorised }, 20, 0));
        assert!(delay >= rhythm.cap / 2);
        assert_eq!(backoff.wait_after(&report(Pace::Empty, 0, 0)), rhythm.idle);
    }
}
