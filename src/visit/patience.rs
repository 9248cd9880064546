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
    pub code_entry: Option<Duration>,
    pub confirm: Option<Duration>,
    pub student_number: Option<Duration>,
    pub phone: Option<Duration>,
    pub sms_code: Option<Duration>,
    pub agreement: Option<Duration>,
    pub wechat: Option<Duration>,
    pub tips: Option<Duration>,
    pub pictures: Option<Duration>,
    pub upload: Option<Duration>,
    pub crop: Option<Duration>,
    pub framing: Option<Duration>,
    pub review: Option<Duration>,
    pub summary: Option<Duration>,
    pub payment: Option<Duration>,
    pub centre: Option<Duration>,
    pub withdraw: Option<Duration>,
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
            State::Scan { .. } => screens.scan,
            State::CodeEntry { .. } => screens.code_entry,
            State::Confirm { .. } => screens.confirm,
            State::StudentNumber { .. } => screens.student_number,
            State::Phone { .. } => screens.phone,
            State::SmsCode { .. } => screens.sms_code,
            State::Agreement { .. } => screens.agreement,
            State::WeChat { .. } => screens.wechat,
            State::Tips { .. } => screens.tips,
            State::Pictures { .. } => screens.pictures,
            State::Upload { .. } => screens.upload,
            State::Crop { .. } => screens.crop,
            State::Framing { .. } => screens.framing,
            State::Review { .. } => screens.review,
            State::Summary { .. } => screens.summary,
            State::Payment { .. } => screens.payment,
            State::Centre { .. } => screens.centre,
            State::Withdraw { .. } => screens.withdraw,
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
