//! The pages of the booth's upkeep: camera, the day's report, the log, and what retention would erase.

use std::sync::Arc;

pub use crate::camera::chosen::{ChosenMode, Lock};
pub use crate::camera::offer::{Offer, OfferedControl, OfferedDevice};
use crate::log;
pub use crate::log::Level;
use crate::report::DayReport;

/// The camera page.
#[derive(Clone, Debug, Default)]
pub struct CameraPage {
    /// None while the driver is asked.
    pub choice: Option<Arc<CameraChoice>>,
    pub look: Option<Arc<Look>>,
    /// Whether the driver could not be asked, or the choice not be kept.
    pub has_failed: bool,
}

#[derive(Clone, Debug)]
pub struct CameraChoice {
    pub offer: Offer,
    /// Whether something that was chosen here wins over the config.
    pub is_chosen: bool,
}

/// What the newest picture is like.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Pictures a second.
    pub fps: f32,
    /// Of the newest one; None without any.
    pub age_ms: Option<u64>,
    pub size_px: (u32, u32),
    /// Shares of the brightest column, from dark to bright.
    pub histogram: [f32; Look::COLUMNS],
    /// Share of the pixels that are white.
    pub burnt_out: f32,
}

impl Look {
    pub const COLUMNS: usize = 32;
}

/// Something that a camera can be held at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraControl {
    Exposure,
    WhiteBalance,
    Focus,
}

impl CameraControl {
    pub const ALL: [Self; 3] = [Self::Exposure, Self::WhiteBalance, Self::Focus];

    pub fn of(self, offer: &Offer) -> Option<OfferedControl> {
        match self {
            Self::Exposure => offer.exposure,
            Self::WhiteBalance => offer.white_balance,
            Self::Focus => offer.focus,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraChange {
    /// By its key.
    Device(String),
    Mode(ChosenMode),
    Hold(CameraControl, Lock),
    /// The config holds again.
    Forget,
}

/// One day of the booth.
#[derive(Clone, Debug, Default)]
pub struct DayPage {
    pub report: Option<Arc<DayReport>>,
    /// There is no later day yet.
    pub is_today: bool,
}

/// The log, newest first.
#[derive(Clone, Debug, Default)]
pub struct LogPage {
    pub level: Level,
    /// Where the pages before this one ended.
    pub before: Vec<log::Place>,
    pub page: Option<Arc<log::Page>>,
    /// The line of the page that is shown in full.
    pub opened: Option<usize>,
}

/// Lines of the log on one page: each is a button.
pub const LOG_LINES: usize = 5;

/// What retention would erase, and what not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasable {
    /// The config's days; None keeps everything.
    pub days: Option<u32>,
    /// Photos that are older and have a receipt.
    pub now: u64,
    /// Photos without a receipt: never erased by age.
    pub without_receipt: u64,
    /// Every photo that is still here.
    pub all: u64,
}

#[derive(Clone, Debug)]
pub enum Purge {
    Looking,
    /// The first question.
    Asked(Erasable),
    /// The second.
    Sure(Erasable),
    Erasing,
    Erased(u64),
}
