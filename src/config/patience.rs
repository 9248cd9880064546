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

/// One key a screen.
macro_rules! screens {
    ($($key:ident => $screen:ident),+ $(,)?) => {
        /// Silence on single screens, where that is not idle_s.
        #[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        struct RawScreens {
            $(#[schemars(range(min = 20, max = 600))] $key: Option<u64>,)+
        }

        impl From<RawScreens> for ScreenLimits {
            fn from(raw: RawScreens) -> Self {
                Self { $($screen: raw.$key.map(Duration::from_secs),)+ }
            }
        }
    };
}

screens! {
    scan_s => scan,
    code_entry_s => code_entry,
    confirm_s => confirm,
    student_number_s => student_number,
    phone_s => phone,
    sms_code_s => sms_code,
    agreement_s => agreement,
    wechat_s => wechat,
    tips_s => tips,
    pictures_s => pictures,
    upload_s => upload,
    crop_s => crop,
    framing_s => framing,
    review_s => review,
    summary_s => summary,
    payment_s => payment,
    centre_s => centre,
    withdraw_s => withdraw,
    help_s => help,
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
