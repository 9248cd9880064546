//! What is counted by the day, until the back room writes it down: whoever counts never waits for a disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::report::Counted;

#[derive(Clone, Default)]
pub(super) struct Tally(Arc<Mutex<HashMap<Counted, u64>>>);

impl Tally {
    pub(super) fn count(&self, counted: Counted) {
        *self.lock().entry(counted).or_default() += 1;
    }

    pub(super) fn take(&self) -> Vec<(Counted, u64)> {
        self.lock().drain().collect()
    }

    pub(super) fn put_back(&self, counted: Vec<(Counted, u64)>) {
        let mut tally = self.lock();
        counted.into_iter().for_each(|(counted, number)| *tally.entry(counted).or_default() += number);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Counted, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_written_down_is_counted_once() {
        let tally = Tally::default();
        tally.count(Counted::Shot);
        let taken = tally.take();
        tally.count(Counted::Shot);
        tally.put_back(taken);
        assert_eq!(tally.take(), [(Counted::Shot, 2)]);
        assert!(tally.take().is_empty());
    }
}
