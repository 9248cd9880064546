//! How long a visit waits, screen by screen, from the config.

use std::time::Duration;

use super::State;

/// How long each state waits, from the config.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Silence of this length ends the visit, where the screen has no limit of its own.
    pub idle: Duration,
    pub screens: ScreenLimits,
    /// How long everything must be right before the countdown starts.
    pub steady: Duration,
    pub countdown: Duration,
    /// How long the sitter may be out of place before the countdown stops.
    pub wobble: Duration,
    pub developing: Duration,
    pub saving: Duration,
    pub done: Duration,
}

/// How long each screen waits for a person, where that is not [`Patience::idle`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenLimits {
    pub scan: Option<Duration>,
    /// Confirm, 学号, phone and SMS code.
    pub identity: Option<Duration>,
    pub agreement: Option<Duration>,
    pub wechat: Option<Duration>,
    pub tips: Option<Duration>,
    /// Choosing, sending and framing a brought picture.
    pub import: Option<Duration>,
    pub framing: Option<Duration>,
    /// Review and summary.
    pub review: Option<Duration>,
    pub payment: Option<Duration>,
    pub centre: Option<Duration>,
    pub help: Option<Duration>,
}

impl Patience {
    /// Silence that ends this state, if silence does.
    pub(super) fn limit(&self, state: &State) -> Option<Duration> {
        let screens = &self.screens;
        let own = match state {
            // Countdown has `fires_at` instead.
            State::Welcome | State::Countdown { .. } | State::OutOfService { .. } => return None,
            State::Developing { .. } => return Some(self.developing),
            State::Saving { .. } => return Some(self.saving),
            State::Done { .. } | State::Ended { .. } => return Some(self.done),
            State::Scan { .. } | State::CodeEntry { .. } => screens.scan,
            State::Confirm { .. } | State::StudentNumber { .. } | State::Phone { .. } | State::SmsCode { .. } => {
                screens.identity
            }
            State::Agreement { .. } => screens.agreement,
            State::WeChat { .. } => screens.wechat,
            State::Tips { .. } => screens.tips,
            State::Pictures { .. } | State::Upload { .. } | State::Crop { .. } => screens.import,
            State::Framing { .. } => screens.framing,
            State::Review { .. } | State::Summary { .. } => screens.review,
            State::Payment { .. } => screens.payment,
            State::Centre { .. } | State::Withdraw { .. } => screens.centre,
        };
        Some(own.unwrap_or(self.idle))
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(60),
            screens: ScreenLimits::default(),
            steady: Duration::from_millis(800),
            countdown: Duration::from_secs(3),
            wobble: Duration::from_millis(600),
            developing: Duration::from_secs(20),
            saving: Duration::from_secs(15),
            done: Duration::from_secs(15),
        }
    }
}
