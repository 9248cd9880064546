//! `demo --measure-preview SECONDS`: what the live preview costs on this machine, in the real window, with the bytes
//! of a real webcam's MJPEG; then what it costs the photo.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use super::{Demo, headless};
use crate::app::Companion;
use crate::camera::OpenCamera;
use crate::config::Config;
use crate::preview::{Figures, Measurement, median};

const SHOTS: usize = 9;

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct WithPhotos {
    #[serde(flatten)]
    pub figures: Figures,
    /// Shutter to review in the window and without one, median.
    pub develop_ms: f64,
    pub develop_ms_without_window: f64,
}

/// Runs in a window that `open` opens, and takes the same shots without a window.
pub fn measure(
    time: Duration,
    open: impl FnOnce(Arc<Config>, OpenCamera, Vec<Box<dyn Companion>>) -> Result<()>,
) -> Result<WithPhotos> {
    let demo = Demo::set_up(1)?;
    let (figures, develop_ms) = Measurement::prepare(&demo.config, None, time, SHOTS)?.run_in(open)?;
    drop(demo);
    let without = headless::run(&headless::Script { visits: SHOTS as u64, ..headless::Script::default() }, |_| ())?;
    Ok(WithPhotos {
        figures,
        develop_ms: median(&develop_ms),
        develop_ms_without_window: without.shutter_to_review_ms.p50,
    })
}
