//! Tells systemd that the booth is ready and that it lives; systemd starts one again that does not.
//! Without systemd nothing happens. Fed by the window's loop, which hangs when anything in it does.

use std::time::{Duration, Instant};

use crate::platform::tell_supervisor;

#[derive(Debug, Default)]
pub struct Watchdog {
    fed_at: Option<Instant>,
}

/// Often enough for any sensible `WatchdogSec`.
const INTERVAL: Duration = Duration::from_secs(2);

impl Watchdog {
    /// The first call says that the booth is ready.
    pub fn feed(&mut self, now: Instant) {
        if self.fed_at.is_some_and(|fed_at| now.saturating_duration_since(fed_at) < INTERVAL) {
            return;
        }
        if let Err(error) = tell_supervisor(self.fed_at.is_none()) {
            tracing::warn!(%error, "systemd was not told");
        }
        self.fed_at = Some(now);
    }
}
