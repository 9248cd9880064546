//! Stills that are larger than the preview. A webcam films small pictures fluently and large ones slowly; asked for
//! stills it changes its mode, sends some, and changes back. It begins a little before the shutter, so that the stills
//! are of its moment and only the preview stands still. Whether the change is quick enough is tried once after the
//! camera was opened; where it is not, the preview's own pictures are the stills.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use image::RgbImage;

use super::{Camera, CameraError, Frame, FrameSlot, lock};

/// What pictures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Preview,
    Still,
}

/// A preview that stands still for longer is taken for a broken one.
pub const QUICK: Duration = Duration::from_millis(500);
/// How long after the shutter the stills are waited for.
const LINGER: Duration = Duration::from_secs(2);

/// Where larger stills are asked for and left. Clones share it: the camera's thread fills it.
#[derive(Clone, Default)]
pub struct Stills(Arc<Desk>);

#[derive(Default)]
struct Desk {
    verdict: Mutex<Verdict>,
    /// How many wait for stills.
    wishes: AtomicUsize,
    slot: FrameSlot,
    /// When the last still came. Held while one is left, and while the last who waited leaves, so that none stays.
    last_at: Mutex<Option<Instant>>,
    /// When the shutter will be pressed.
    shutter_at: Mutex<Option<Instant>>,
}

/// What is known of a camera's change of mode; each names the mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Verdict {
    #[default]
    Untried,
    /// Found by the next opening, it says that the camera failed over it.
    Trying(String),
    /// The first good still comes after this time.
    Quick(String, Duration),
    Slow(String),
}

/// Takes its wish back, and leaves nobody's picture behind.
struct Wish<'a>(&'a Desk);

impl Drop for Wish<'_> {
    fn drop(&mut self) {
        let _nobody_leaves_one = lock(&self.0.last_at);
        if self.0.wishes.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.slot.clear();
        }
    }
}

impl Stills {
    /// The next `count` stills; fewer when the camera stops for `patience`, none when it has no quick mode for them.
    pub fn take(&self, count: usize, patience: Duration) -> Vec<Arc<RgbImage>> {
        if self.settles_in().is_none() {
            return Vec::new();
        }
        self.0.wishes.fetch_add(1, Ordering::Relaxed);
        let wish = Wish(&self.0);
        wish.0.slot.burst(count, Instant::now(), patience)
    }

    /// How long the camera needs for the change.
    pub fn settles_in(&self) -> Option<Duration> {
        match &*self.verdict() {
            Verdict::Quick(_, settles_in) => Some(*settles_in),
            _ => None,
        }
    }

    /// The shutter will be pressed at this moment, or will not be.
    pub fn expect_shutter(&self, at: Option<Instant>) {
        *lock(&self.0.shutter_at) = at;
    }

    /// Whether the camera has to send stills at this moment.
    pub fn are_wanted(&self, now: Instant) -> bool {
        let is_near = |at: Instant| {
            let settles_in = self.settles_in()?;
            Some(now + settles_in >= at && now <= at + LINGER)
        };
        self.have_takers() || lock(&self.0.shutter_at).and_then(is_near).unwrap_or(false)
    }

    fn have_takers(&self) -> bool {
        self.0.wishes.load(Ordering::Relaxed) > 0
    }

    pub fn put(&self, still: Frame) {
        let mut last_at = lock(&self.0.last_at);
        *last_at = Some(still.taken_at);
        // Those that nobody takes are not kept.
        if self.have_takers() {
            self.0.slot.put(still);
        }
    }

    /// When the last still came.
    pub fn last_at(&self) -> Option<Instant> {
        *lock(&self.0.last_at)
    }

    /// Whether the change to `mode` has to be tried; [`Self::judge`] then says what came of it.
    pub fn begin_trial(&self, mode: &str) -> bool {
        let mut verdict = self.verdict();
        match &*verdict {
            Verdict::Quick(known, _) | Verdict::Slow(known) if known == mode => false,
            Verdict::Trying(known) if known == mode => {
                tracing::warn!(mode, "the camera failed when it changed its mode; stills are the preview's pictures");
                *verdict = Verdict::Slow(mode.to_owned());
                false
            }
            _ => {
                *verdict = Verdict::Trying(mode.to_owned());
                true
            }
        }
    }

    pub fn judge(&self, mode: &str, settles_in: Option<Duration>) {
        let mode = mode.to_owned();
        *self.verdict() = match settles_in {
            Some(settles_in) => {
                tracing::info!(mode, ms = settles_in.as_millis() as u64, "stills are taken in a larger mode");
                Verdict::Quick(mode, settles_in)
            }
            None => {
                tracing::info!(mode, "too slow a change for stills, which are the preview's pictures");
                Verdict::Slow(mode)
            }
        };
    }

    fn verdict(&self) -> MutexGuard<'_, Verdict> {
        lock(&self.0.verdict)
    }
}

/// Changes the mode and back. Returns the time until there was a still, larger than `preview` and as light: a camera
/// whose exposure begins anew darkens the first ones. None if there was none within `quick`. After an error the camera
/// has to be opened again.
pub fn try_change(
    camera: &mut dyn Camera,
    preview: &RgbImage,
    quick: Duration,
) -> Result<Option<Duration>, CameraError> {
    let started = Instant::now();
    camera.change(Use::Still)?;
    let mut still = RgbImage::default();
    let mut settles_in = None;
    while settles_in.is_none() && started.elapsed() <= quick {
        match camera.next_picture(&mut still) {
            Ok(_) if still.height() > preview.height() && is_as_light(&still, preview) => {
                settles_in = Some(started.elapsed());
            }
            Ok(_) => {}
            Err(error) if error.is_passing() => {}
            Err(error) => return Err(error),
        }
    }
    camera.change(Use::Preview)?;
    Ok(settles_in.filter(|time| *time <= quick))
}

fn is_as_light(still: &RgbImage, preview: &RgbImage) -> bool {
    /// Of the preview's mean; people move, lamps do not.
    const SHARE: f32 = 0.08;
    let (still, preview) = (mean_green(still), mean_green(preview));
    (still - preview).abs() <= preview * SHARE + 1.0
}

fn mean_green(picture: &RgbImage) -> f32 {
    // A prime number of pixels apart, so that no column is looked at only.
    const APART: usize = 97;
    let (sum, count) = picture
        .pixels()
        .step_by(APART)
        .fold((0u64, 0u64), |(sum, count), pixel| (sum + u64::from(pixel.0[1]), count + 1));
    sum as f32 / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// Needs `slow` for the change; its first `dark` stills are darker.
    struct Changing {
        using: Use,
        slow: Duration,
        dark: u32,
        size: (u32, u32),
    }

    impl Camera for Changing {
        fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
            let (width, height) = if self.using == Use::Still { self.size } else { (64, 36) };
            let is_dark = self.using == Use::Still && self.dark > 0;
            self.dark -= u32::from(is_dark);
            *into = RgbImage::from_pixel(width, height, Rgb([if is_dark { 90 } else { 140 }; 3]));
            Ok(Instant::now())
        }

        fn change(&mut self, to: Use) -> Result<(), CameraError> {
            std::thread::sleep(self.slow);
            self.using = to;
            Ok(())
        }
    }

    const LARGE: Changing = Changing { using: Use::Preview, slow: Duration::ZERO, dark: 0, size: (96, 54) };
    const LONG: Duration = Duration::from_secs(20);

    fn tried(mut camera: Changing, quick: Duration) -> Option<Duration> {
        let mut preview = RgbImage::default();
        camera.next_picture(&mut preview).unwrap();
        let settles_in = try_change(&mut camera, &preview, quick).unwrap();
        assert_eq!(camera.using, Use::Preview);
        settles_in
    }

    #[test]
    fn a_still_counts_when_it_is_larger_and_as_light_as_the_preview() {
        assert!(tried(LARGE, LONG).is_some());
        assert!(tried(Changing { dark: 5, ..LARGE }, LONG).is_some(), "until its exposure has settled");
        let short = Duration::from_millis(50);
        assert!(tried(Changing { dark: u32::MAX, ..LARGE }, short).is_none(), "which it never does");
        assert!(tried(Changing { size: (64, 36), ..LARGE }, short).is_none(), "a driver that keeps its size");
        assert!(tried(Changing { slow: short * 2, ..LARGE }, short).is_none());
    }

    #[test]
    fn a_mode_is_tried_once_and_never_again_after_the_camera_failed_over_it() {
        let stills = Stills::default();
        assert!(stills.begin_trial("a") && stills.settles_in().is_none());
        stills.judge("a", Some(Duration::from_millis(300)));
        assert!(!stills.begin_trial("a"));
        assert_eq!(stills.settles_in(), Some(Duration::from_millis(300)));
        assert!(stills.begin_trial("b"), "another camera or mode");
        assert_eq!(stills.settles_in(), None);
        assert!(!stills.begin_trial("b"), "opened again without a word");
        assert_eq!(stills.settles_in(), None);
    }

    #[test]
    fn the_mode_changes_so_early_that_the_shutter_meets_it() {
        let (stills, shutter) = (Stills::default(), Instant::now() + LONG);
        let wanted = |early_ms: u64| stills.are_wanted(shutter - Duration::from_millis(early_ms));
        stills.expect_shutter(Some(shutter));
        assert!(!wanted(0), "of a camera without a mode for them");
        stills.judge("a", Some(Duration::from_millis(300)));
        assert_eq!([301, 300, 0].map(wanted), [false, true, true]);
        assert!(stills.are_wanted(shutter + LINGER) && !stills.are_wanted(shutter + 2 * LINGER));
        stills.expect_shutter(None);
        assert!(!wanted(0), "the sitter left");
    }

    #[test]
    fn nobody_waits_for_stills_that_do_not_come() {
        let stills = Stills::default();
        assert!(stills.take(3, LONG).is_empty(), "of a camera without a mode for them");
        stills.judge("a", Some(Duration::ZERO));
        assert!(stills.take(3, Duration::from_millis(5)).is_empty());
        assert!(!stills.are_wanted(Instant::now()), "nobody waits any more");
        std::thread::scope(|scope| {
            let taken = scope.spawn(|| stills.take(2, LONG));
            while !taken.is_finished() {
                if stills.are_wanted(Instant::now()) {
                    stills.put(Frame { picture: Arc::default(), taken_at: Instant::now() });
                }
            }
            assert_eq!(taken.join().unwrap().len(), 2);
        });
        assert!(stills.0.slot.newest().is_none() && stills.last_at().is_some(), "nobody's picture is left");
    }
}
