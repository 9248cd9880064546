//! `[patience]`: how long the booth waits, in seconds.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::visit::{Patience, ScreenLimits};

/// How long the booth waits, in seconds.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPatience {
    /// Silence after which a visit ends and everything of it is discarded.
    #[schemars(range(min = 20, max = 600))]
    idle_s: u64,
    /// From "everything is right" to the shutter.
    #[schemars(range(min = 1, max = 10))]
    countdown_s: u64,
    /// How long the last screen stays.
    #[schemars(range(min = 3, max = 120))]
    done_s: u64,
    screens: RawScreens,
}

impl Default for RawPatience {
    fn default() -> Self {
        Self { idle_s: 60, countdown_s: 3, done_s: 15, screens: RawScreens::default() }
    }
}

/// Silence on single screens, where that is not idle_s.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RawScreens {
    #[schemars(range(min = 20, max = 600))]
    scan_s: Option<u64>,
    /// Confirm, 学号, phone, SMS code.
    #[schemars(range(min = 20, max = 600))]
    identity_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    agreement_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    wechat_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    tips_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    import_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    framing_s: Option<u64>,
    /// Review and summary.
    #[schemars(range(min = 20, max = 600))]
    review_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    payment_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    centre_s: Option<u64>,
    #[schemars(range(min = 20, max = 600))]
    help_s: Option<u64>,
}

impl From<RawPatience> for Patience {
    fn from(raw: RawPatience) -> Self {
        Self {
            screens: raw.screens.into(),
            idle: Duration::from_secs(raw.idle_s),
            countdown: Duration::from_secs(raw.countdown_s),
            done: Duration::from_secs(raw.done_s),
            ..Self::default()
        }
    }
}

impl From<RawScreens> for ScreenLimits {
    fn from(raw: RawScreens) -> Self {
        let limit = |seconds: Option<u64>| seconds.map(Duration::from_secs);
        Self {
            scan: limit(raw.scan_s),
            identity: limit(raw.identity_s),
            agreement: limit(raw.agreement_s),
            wechat: limit(raw.wechat_s),
            tips: limit(raw.tips_s),
            import: limit(raw.import_s),
            framing: limit(raw.framing_s),
            review: limit(raw.review_s),
            payment: limit(raw.payment_s),
            centre: limit(raw.centre_s),
            help: limit(raw.help_s),
        }
    }
}
