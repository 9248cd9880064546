//! Picture → payload: two decoders and a cascade of easier looks at the same picture.
//!
//! The plain picture comes first; then inverted, thresholded and rescaled ones, for as long as the
//! budget lasts. Live, the place where a code seems to be comes first, and the whole frame now and then.
//! Nothing that is read is logged, and no picture can make the reader panic.

mod attempts;
mod deblur;
mod decoders;
mod twice;
mod variant;

use std::ops::Deref;
use std::time::{Duration, Instant};

use image::{GrayImage, ImageBuffer, Luma, RgbImage};
use serde::Serialize;

use super::Payload;
use attempts::{Attempt, Engine, FLATTENED, LIVE, PLAIN, REGION, file_attempts, stretched};
use decoders::Region;
pub use twice::TwoEqualReads;
use variant::{Darkroom, Grey, Look, Scale};

/// What one picture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// No code, or none that can be read.
    Nothing,
    One {
        payload: Payload,
        decoder: Decoder,
    },
    /// Codes with different payloads: which one is meant is not for the booth to guess.
    Several,
}

impl Reading {
    fn payload(&self) -> Option<&Payload> {
        match self {
            Self::One { payload, .. } => Some(payload),
            Self::Nothing | Self::Several => None,
        }
    }
}

/// Which look at the picture read the code; for reports and tuning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoder {
    Rxing,
    /// One threshold for the whole picture.
    RxingGlobal,
    /// Light modules on dark: dark mode.
    RxingInverted,
    /// Contrast stretched to black and white against the surroundings.
    RxingStretched,
    RxingInvertedStretched,
    /// As if it had been in focus.
    RxingDeblurred,
    /// With glare taken away.
    RxingFlattened,
    RxingRescaled,
    Rqrr,
    RqrrStretched,
    RqrrRescaled,
}

impl Decoder {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rxing => "rxing",
            Self::RxingGlobal => "rxing_global",
            Self::RxingInverted => "rxing_inverted",
            Self::RxingStretched => "rxing_stretched",
            Self::RxingInvertedStretched => "rxing_inverted_stretched",
            Self::RxingDeblurred => "rxing_deblurred",
            Self::RxingFlattened => "rxing_flattened",
            Self::RxingRescaled => "rxing_rescaled",
            Self::Rqrr => "rqrr",
            Self::RqrrStretched => "rqrr_stretched",
            Self::RqrrRescaled => "rqrr_rescaled",
        }
    }
}

/// How long a picture may take.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// No further look is begun after this.
    begin_by: Deadline,
    /// No further look at the place where a code seems to be.
    begin_region_by: Deadline,
    /// A look that is still going is broken off.
    finish_by: Deadline,
    stream: bool,
}

impl Budget {
    /// One frame of many: many looks at the place where a code seems to be; of every third frame, and where there is no
    /// such place, the plain picture and one or two others at the whole, different ones next time.
    pub fn live(now: Instant) -> Self {
        let by = |ms| Deadline(now + Duration::from_millis(ms));
        Self { begin_by: by(10), begin_region_by: by(20), finish_by: by(60), stream: true }
    }

    /// A picture that will not come again: every look there is.
    pub fn file(now: Instant) -> Self {
        let deadline = Deadline(now + Duration::from_secs(3));
        Self { begin_by: deadline, begin_region_by: deadline, finish_by: deadline, stream: false }
    }
}

#[derive(Clone, Copy, Debug)]
struct Deadline(Instant);

impl Deadline {
    /// The only clock of the reader.
    fn passed(self) -> bool {
        Instant::now() >= self.0
    }
}

/// Above this a file is halved until it fits; a code that needs more pixels is not held up to a camera.
const WORKING_PIXELS: usize = 4_000_000;
/// rqrr copies the picture for every triple of finder-like marks: a wall of them would take minutes.
const MOST_FINDERS_FOR_RQRR: usize = 12;
/// Small pictures are worth enlarging.
const ENLARGE_BELOW_PIXELS: usize = 700_000;

/// Frames for which a place is believed: a hand that trembles hides the corner marks for a moment.
const REGION_FRAMES: u8 = 4;
/// While a place is believed and nothing is read there, the whole of every third frame is looked at: a code may be
/// somewhere else, and a place may only look like one.
const WHOLE_EVERY: u8 = 3;

/// Reads codes from grey pictures. Keeps its buffers, so use one for many pictures.
#[derive(Default)]
pub struct Reader {
    darkroom: Darkroom,
    finders: usize,
    /// Where the last attempt saw a code, in its own picture.
    seen: Option<Region>,
    /// Live only: the look that read the last frame, and whose turn is next.
    lucky: Option<Attempt>,
    turn: usize,
    /// Live only: where a code seems to be, for how many more frames that is believed, and whose turn is next there.
    region: Option<(Region, u8)>,
    region_turn: usize,
    /// For how many more frames that place is enough.
    place_is_enough: u8,
    cut: Vec<u8>,
}

/// A picture's brightness (Rec. 709 weights of the encoded values, as [`image::imageops::grayscale`]), in the memory that
/// `grey` has if it is of the same size.
pub fn grey_into(picture: &RgbImage, grey: &mut GrayImage) {
    if grey.dimensions() != picture.dimensions() {
        *grey = GrayImage::new(picture.width(), picture.height());
    }
    for (grey, colour) in grey.iter_mut().zip(picture.as_raw().as_chunks::<3>().0) {
        let [red, green, blue] = colour.map(u32::from);
        *grey = ((2126 * red + 7152 * green + 722 * blue) / 10_000) as u8;
    }
}

impl Reader {
    /// A reader with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for codes until one is found or the budget is spent.
    pub fn read<C>(&mut self, luma: &ImageBuffer<Luma<u8>, C>, budget: Budget) -> Reading
    where
        C: Deref<Target = [u8]>,
    {
        let (width, height) = luma.dimensions();
        let Some(pixels) = luma.as_raw().get(..width as usize * height as usize) else { return Reading::Nothing };
        if pixels.is_empty() {
            return Reading::Nothing;
        }
        let original = Grey { width, height, pixels };
        self.darkroom.new_picture();
        self.finders = 0;
        if budget.stream { self.read_frame(original, budget) } else { self.read_file(original, budget.finish_by) }
    }

    fn read_frame(&mut self, frame: Grey<'_>, budget: Budget) -> Reading {
        let lucky = self.lucky.take();
        if lucky.is_none() && self.place_is_enough > 0 && self.believe(frame).is_some() {
            self.place_is_enough -= 1;
            return self.read_region(frame, budget).unwrap_or(Reading::Nothing);
        }
        self.place_is_enough = WHOLE_EVERY - 1;
        for attempt in lucky.into_iter().filter(|lucky| *lucky != PLAIN).chain([PLAIN]) {
            if let Some(reading) = self.attempt(frame, attempt, budget.finish_by) {
                self.lucky = Some(attempt);
                return reading;
            }
        }
        if let Some(reading) = self.read_region(frame, budget) {
            return reading;
        }
        for _ in 0..LIVE.len() {
            if budget.begin_by.passed() {
                break;
            }
            let attempt = LIVE[self.turn];
            self.turn = (self.turn + 1) % LIVE.len();
            if lucky == Some(attempt) {
                continue;
            }
            if let Some(reading) = self.attempt(frame, attempt, budget.finish_by) {
                self.lucky = Some(attempt);
                return reading;
            }
        }
        Reading::Nothing
    }

    /// Where a code seems to be. What the last frame's later looks have seen counts as well.
    fn believe(&mut self, frame: Grey<'_>) -> Option<Region> {
        if let Some(seen) = self.seen.take() {
            self.region = Some((seen, REGION_FRAMES));
        }
        // Another frame may have had another size.
        self.region = self.region.filter(|(region, frames)| *frames > 0 && region.fits(frame));
        self.region.map(|(region, _)| region)
    }

    /// Every look at the place where a code seems to be, as long as there is time: a small picture allows many.
    fn read_region(&mut self, frame: Grey<'_>, budget: Budget) -> Option<Reading> {
        let region = self.believe(frame)?;
        self.region = self.region.map(|(region, frames)| (region, frames - 1));
        let mut pixels = std::mem::take(&mut self.cut);
        region.cut(frame, &mut pixels);
        let cut = Grey { width: region.width, height: region.height, pixels: &pixels };
        self.darkroom.new_picture();
        let mut found = None;
        for _ in 0..REGION.len() {
            if budget.begin_region_by.passed() {
                break;
            }
            let attempt = REGION[self.region_turn];
            found = self.attempt(cut, attempt, budget.finish_by).map(|reading| (attempt, reading));
            if found.is_some() {
                break;
            }
            self.region_turn = (self.region_turn + 1) % REGION.len();
        }
        self.darkroom.new_picture();
        // In the part's own pixels.
        self.seen = None;
        self.cut = pixels;
        let (attempt, reading) = found?;
        // Another code beside it is for the whole frame to show.
        let whole = Attempt { scale: Scale::Whole, ..attempt };
        match self.attempt(frame, whole, budget.finish_by) {
            Some(whole) if whole.payload() != reading.payload() => Some(Reading::Several),
            _ => Some(reading),
        }
    }

    fn read_file(&mut self, picture: Grey<'_>, deadline: Deadline) -> Reading {
        if let Some(reading) = self.attempt(picture, PLAIN, deadline) {
            return self.second_look(picture, reading, deadline);
        }
        let mut halved;
        let mut working = picture;
        while working.pixels.len() > WORKING_PIXELS {
            self.darkroom.new_picture();
            let Some(half) = self.darkroom.prepare(working, Scale::Half, Look::Plain) else { break };
            let (width, height) = (half.width, half.height);
            halved = half.pixels.to_vec();
            working = Grey { width, height, pixels: &halved };
        }
        self.darkroom.new_picture();
        let again = (working.pixels.len() < picture.pixels.len()).then_some(PLAIN);
        let small = working.pixels.len() < ENLARGE_BELOW_PIXELS;
        for attempt in again.into_iter().chain(file_attempts(small)) {
            if deadline.passed() {
                break;
            }
            if let Some(reading) = self.attempt(working, attempt, deadline) {
                return reading;
            }
        }
        // Small pictures have had the sweep instead.
        if small { Reading::Nothing } else { self.read_flattened(working, deadline) }
    }

    /// Modules that glare has washed out are faint, and beside white ones.
    fn read_flattened(&mut self, picture: Grey<'_>, deadline: Deadline) -> Reading {
        for (reach, gain) in [(8, 4), (28, 8), (32, 16)] {
            self.darkroom.new_picture();
            let pixels = variant::flatten(picture, reach, gain);
            let flattened = Grey { pixels: &pixels, ..picture };
            for attempt in FLATTENED.into_iter().take_while(|_| !deadline.passed()) {
                match self.attempt(flattened, attempt, deadline) {
                    Some(Reading::One { payload, .. }) => {
                        return Reading::One { payload, decoder: Decoder::RxingFlattened };
                    }
                    Some(other) => return other,
                    None => {}
                }
            }
        }
        Reading::Nothing
    }

    /// A second code may show only when the contrast is stretched.
    fn second_look(&mut self, picture: Grey<'_>, first: Reading, deadline: Deadline) -> Reading {
        if picture.pixels.len() > WORKING_PIXELS || deadline.passed() {
            return first;
        }
        match (&first, self.attempt(picture, stretched(16), deadline)) {
            (Reading::One { payload, .. }, Some(Reading::One { payload: other, .. })) if *payload != other => {
                Reading::Several
            }
            (Reading::One { .. }, Some(Reading::Several)) => Reading::Several,
            _ => first,
        }
    }

    fn attempt(&mut self, picture: Grey<'_>, attempt: Attempt, deadline: Deadline) -> Option<Reading> {
        let grey = self.darkroom.prepare(picture, attempt.scale, attempt.look)?;
        let mut texts = match attempt.engine {
            Engine::Rxing(threshold) => {
                let sight = decoders::rxing(grey, threshold, deadline);
                self.finders = self.finders.max(sight.finders);
                if let (Some(region), Scale::Whole) = (sight.region, attempt.scale) {
                    self.seen = Some(region);
                }
                sight.texts
            }
            Engine::Rqrr if self.finders > MOST_FINDERS_FOR_RQRR => return None,
            Engine::Rqrr => decoders::rqrr(grey),
        };
        let text = texts.pop()?;
        if texts.is_empty() {
            return Some(Reading::One { payload: Payload::new(text), decoder: attempt.decoder() });
        }
        Some(Reading::Several)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brightness_is_that_of_the_image_crate_whatever_was_there_before() {
        let picture = |width, height| {
            RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, (7 * y) as u8, (x * y) as u8]))
        };
        let mut grey = GrayImage::default();
        for (width, height) in [(40, 30), (40, 30), (30, 40)] {
            let picture = picture(width, height);
            grey_into(&picture, &mut grey);
            assert_eq!(grey, image::imageops::grayscale(&picture));
        }
    }
}
