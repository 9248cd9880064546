//! One line on standard error about long work, where somebody looks on: nothing in a pipe or a log.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How often the line changes.
const PACE: Duration = Duration::from_millis(200);

/// The line. It is gone when the work is.
pub struct Progress {
    doing: &'static str,
    shown: bool,
    begun: Instant,
    next: Instant,
}

impl Progress {
    pub fn new(doing: &'static str) -> Self {
        let now = Instant::now();
        Self { doing, shown: stderr().is_terminal(), begun: now, next: now }
    }

    /// What is done next.
    pub fn now(&mut self, doing: &'static str) {
        self.doing = doing;
        self.begun = Instant::now();
        self.next = self.begun;
    }

    /// So much is done, of so much if that is known.
    pub fn at(&mut self, done: u64, of: Option<u64>) {
        let now = Instant::now();
        if !self.shown || now < self.next {
            return;
        }
        self.next = now + PACE;
        // Nobody needs the line so much that its failure should end the work.
        let _ = write!(stderr(), "\r\x1b[K{}", line(self.doing, done, of, now - self.begun));
        let _ = stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

fn line(doing: &str, done: u64, of: Option<u64>, took: Duration) -> String {
    let Some(of) = of.filter(|of| *of >= done && *of > 0) else { return format!("{doing} {done}") };
    const WIDTH: u64 = 24;
    let full = WIDTH * done / of;
    let bar: String = (0..WIDTH).map(|at| if at < full { '█' } else { '░' }).collect();
    let left = match done {
        0 => String::new(),
        _ => format!(", {} s left", (took.as_secs_f64() * (of - done) as f64 / done as f64).ceil()),
    };
    format!("{doing} {bar} {done}/{of}{left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_and_how_long() {
        let second = Duration::from_secs(1);
        assert_eq!(line("hashing", 50, Some(200), second), "hashing ██████░░░░░░░░░░░░░░░░░░ 50/200, 3 s left");
        assert_eq!(line("reading", 7000, None, second), "reading 7000");
        assert!(line("reading", 0, Some(4), second).ends_with("0/4"));
        assert!(line("reading", 9, Some(4), second).ends_with("reading 9"), "more than there should be");
    }
}
