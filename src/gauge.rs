//! What the live preview does: how many of the camera's frames are shown, and how old they get.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Ages of this many frames are remembered: half a minute.
const REMEMBERED: usize = 1024;

#[derive(Debug, Default)]
pub struct Gauge {
    shown: u64,
    on_screen: Option<Instant>,
    ages: VecDeque<Duration>,
}

impl Gauge {
    /// A frame taken at `taken_at` goes on the screen in place of the one before, whose age is now
    /// the greatest that anybody saw.
    pub fn show(&mut self, taken_at: Instant, now: Instant) {
        self.shown += 1;
        if let Some(replaced) = self.on_screen.replace(taken_at) {
            if self.ages.len() == REMEMBERED {
                self.ages.pop_front();
            }
            self.ages.push_back(now.saturating_duration_since(replaced));
        }
    }

    /// The screen that follows has no preview.
    pub fn hide(&mut self) {
        self.on_screen = None;
    }

    /// Forgets what was measured.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// The age that `percent` of the frames did not exceed before the next one took their place.
    pub fn age(&self, percent: usize) -> Option<Duration> {
        let mut ages: Vec<_> = self.ages.iter().copied().collect();
        ages.sort_unstable();
        ages.get(place(ages.len(), percent)).copied()
    }
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// One of the values, which `percent` of them do not exceed; 0 of none.
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(place(sorted.len(), percent)).copied().unwrap_or_default()
}

fn place(number: usize, percent: usize) -> usize {
    (number * percent).div_ceil(100).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!((percentile(&values, 50), percentile(&values, 95)), (10.0, 19.0));
        assert_eq!(percentile(&[], 50), 0.0);
    }

    #[test]
    fn a_frame_is_as_old_as_it_was_when_the_next_one_came() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut gauge = Gauge::default();
        assert_eq!(gauge.age(95), None);
        for frame in 0..20 {
            gauge.show(at(frame * 33), at(frame * 33 + 10));
        }
        assert_eq!((gauge.shown(), gauge.age(50), gauge.age(95)), (20, Some(at(43) - start), Some(at(43) - start)));
        // Nobody looks at a preview that is not shown.
        gauge.hide();
        gauge.show(at(5000), at(5010));
        gauge.show(at(5100), at(5110));
        assert_eq!(gauge.age(100), Some(Duration::from_millis(110)));
        (0..5000).for_each(|frame| gauge.show(at(frame), at(frame)));
        assert_eq!(gauge.ages.len(), REMEMBERED);
    }
}
