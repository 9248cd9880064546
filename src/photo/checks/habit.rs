//! How open one sitter's eyes usually are, from the looks before the shutter. Numbers only, and
//! forgotten when somebody else may sit there.

/// Fewer looks say nothing about a habit.
const LEAST_LOOKS: usize = 6;
/// Two seconds of framing.
const KEPT_LOOKS: usize = 24;

#[derive(Clone, Debug, Default)]
pub struct EyeHabit {
    gaps: Vec<f32>,
    next: usize,
}

impl EyeHabit {
    /// One more look; see [`super::eye_gap`].
    pub fn note(&mut self, gap: f32) {
        if !gap.is_finite() {
            return;
        }
        if self.gaps.len() < KEPT_LOOKS {
            self.gaps.push(gap);
        } else {
            self.gaps[self.next] = gap;
        }
        self.next = (self.next + 1) % KEPT_LOOKS;
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The median, which a blink does not move.
    pub fn usual(&self) -> Option<f32> {
        let mut sorted = self.gaps.clone();
        sorted.sort_by(f32::total_cmp);
        (sorted.len() >= LEAST_LOOKS).then(|| sorted[sorted.len() / 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blink_does_not_change_the_habit_and_few_looks_are_none() {
        let mut habit = EyeHabit::default();
        (0..5).for_each(|_| habit.note(8.0));
        assert_eq!(habit.usual(), None);
        (0..40).for_each(|look| habit.note(if look % 5 == 0 { 0.5 } else { 8.0 }));
        habit.note(f32::NAN);
        assert_eq!(habit.usual(), Some(8.0));
        assert_eq!(habit.gaps.len(), KEPT_LOOKS);
        habit.forget();
        assert_eq!(habit.usual(), None);
    }
}
