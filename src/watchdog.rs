//! Tells systemd that the booth is ready and that it lives; systemd starts one again that does not.
//! Without systemd nothing happens. Fed by the window's loop, which hangs when anything in it does.

use std::time::{Duration, Instant};

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
        tell_systemd(self.fed_at.is_none());
        self.fed_at = Some(now);
    }
}

#[cfg(target_os = "linux")]
fn tell_systemd(is_first: bool) {
    use sd_notify::NotifyState;
    let states: &[NotifyState<'_>] =
        if is_first { &[NotifyState::Ready, NotifyState::Watchdog] } else { &[NotifyState::Watchdog] };
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd was not told");
    }
}

#[cfg(not(target_os = "linux"))]
fn tell_systemd(_is_first: bool) {}
