//! Picture → payload: two decoders and a cascade of easier looks at the same picture.
//!
//! The plain picture comes first; then inverted, thresholded and rescaled ones, for as long as the
//! budget lasts. Nothing that is read is logged, and no picture can make the reader panic.

mod deblur;
mod decoders;
mod twice;
mod variant;

use std::ops::Deref;
use std::time::{Duration, Instant};

use image::{ImageBuffer, Luma};
use serde::Serialize;

use super::Payload;
use deblur::Blur;
use decoders::Threshold;
pub use twice::TwoEqualReads;
use variant::{Darkroom, Grey, Look, Scale, Surroundings};

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
    /// A look that is still going is broken off.
    finish_by: Deadline,
    stream: bool,
}

impl Budget {
    /// One frame of many: the plain picture and one or two other looks, different ones next time.
    pub fn live(now: Instant) -> Self {
        let by = |ms| Deadline(now + Duration::from_millis(ms));
        Self { begin_by: by(10), finish_by: by(60), stream: true }
    }

    /// A picture that will not come again: every look there is.
    pub fn file(now: Instant) -> Self {
        let deadline = Deadline(now + Duration::from_secs(3));
        Self { begin_by: deadline, finish_by: deadline, stream: false }
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
const MOST_FINDERS_FOR_RQRR: usize = 30;
/// Small pictures are worth enlarging.
const ENLARGE_BELOW_PIXELS: usize = 700_000;

/// Reads codes from grey pictures. Keeps its buffers, so use one for many pictures.
#[derive(Default)]
pub struct Reader {
    darkroom: Darkroom,
    finders: usize,
    /// Live only: the look that read the last frame, and whose turn is next.
    lucky: Option<Attempt>,
    turn: usize,
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
        let turns = (0..LIVE.len()).map(|i| LIVE[(self.turn + i) % LIVE.len()]);
        let attempts: Vec<_> = lucky.into_iter().chain([PLAIN]).chain(turns).collect();
        for (position, &attempt) in attempts.iter().enumerate() {
            if attempts[..position].contains(&attempt) {
                continue;
            }
            let its_turn = position > usize::from(lucky.is_some());
            if its_turn {
                if budget.begin_by.passed() {
                    break;
                }
                self.turn = (self.turn + 1) % LIVE.len();
            }
            if let Some(reading) = self.attempt(frame, attempt, budget.finish_by) {
                self.lucky = Some(attempt);
                return reading;
            }
        }
        Reading::Nothing
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attempt {
    engine: Engine,
    scale: Scale,
    look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Rxing(Threshold),
    Rqrr,
}

impl Attempt {
    fn decoder(self) -> Decoder {
        match (self.engine, self.scale, self.look) {
            (Engine::Rxing(Threshold::Global), Scale::Whole, Look::Plain) => Decoder::RxingGlobal,
            (Engine::Rxing(_), Scale::Whole, Look::Plain) => Decoder::Rxing,
            (Engine::Rxing(_), Scale::Whole, Look::Inverted) => Decoder::RxingInverted,
            (Engine::Rxing(_), Scale::Whole, Look::Surroundings(_)) => Decoder::RxingStretched,
            (Engine::Rxing(_), Scale::Whole, Look::InvertedSurroundings(_)) => Decoder::RxingInvertedStretched,
            (Engine::Rxing(_), Scale::Whole, Look::Deblurred(_)) => Decoder::RxingDeblurred,
            (Engine::Rxing(_), ..) => Decoder::RxingRescaled,
            (Engine::Rqrr, Scale::Whole, Look::Plain | Look::Inverted) => Decoder::Rqrr,
            (Engine::Rqrr, Scale::Whole, _) => Decoder::RqrrStretched,
            (Engine::Rqrr, ..) => Decoder::RqrrRescaled,
        }
    }
}

const LOCAL: Engine = Engine::Rxing(Threshold::Local);
const GLOBAL: Engine = Engine::Rxing(Threshold::Global);

const PLAIN: Attempt = Attempt { engine: LOCAL, scale: Scale::Whole, look: Look::Plain };
const INVERTED: Attempt = Attempt { engine: LOCAL, scale: Scale::Whole, look: Look::Inverted };
const PLAIN_GLOBAL: Attempt = Attempt { engine: GLOBAL, scale: Scale::Whole, look: Look::Plain };

const fn around(reach: u32, margin: i32) -> Look {
    Look::Surroundings(Surroundings { reach, margin })
}

const fn stretched(reach: u32) -> Attempt {
    Attempt { engine: GLOBAL, scale: Scale::Whole, look: around(reach, 3) }
}

const fn inverted_stretched(reach: u32) -> Attempt {
    let look = Look::InvertedSurroundings(Surroundings { reach, margin: 3 });
    Attempt { engine: GLOBAL, scale: Scale::Whole, look }
}

const fn deblurred(reach: usize) -> Attempt {
    Attempt { engine: LOCAL, scale: Scale::Whole, look: Look::Deblurred(Blur { reach, rounds: 4 }) }
}

const fn halved(engine: Engine) -> Attempt {
    Attempt { engine, scale: Scale::Half, look: Look::Plain }
}

const fn rqrr(scale: Scale, look: Look) -> Attempt {
    Attempt { engine: Engine::Rqrr, scale, look }
}

/// Taken in turns, frame by frame, after the plain picture.
const LIVE: [Attempt; 8] = [
    INVERTED,
    stretched(8),
    PLAIN_GLOBAL,
    stretched(16),
    deblurred(3),
    inverted_stretched(16),
    deblurred(6),
    rqrr(Scale::Whole, around(32, 3)),
];

/// With glare taken away, in files only.
const FLATTENED: [Attempt; 7] =
    [PLAIN, PLAIN_GLOBAL, stretched(8), stretched(16), stretched(32), deblurred(3), halved(LOCAL)];

/// Cheap and likely ones first. The last, rqrr's, are many because it fits creased and curved codes
/// that rxing cannot, but only when the threshold happens to suit it.
fn file_attempts(small: bool) -> impl Iterator<Item = Attempt> {
    let quick = [INVERTED, stretched(32), stretched(8), PLAIN_GLOBAL, stretched(16), inverted_stretched(16)];
    let unfocused = [deblurred(3), deblurred(6)];
    let enlarged = [Scale::OneAndAHalf, Scale::Double].into_iter().filter(move |_| small).map(|scale| Attempt {
        engine: LOCAL,
        scale,
        look: Look::Plain,
    });
    let slow = [
        halved(LOCAL),
        rqrr(Scale::Whole, Look::Plain),
        rqrr(Scale::Whole, Look::Inverted),
        rqrr(Scale::Whole, around(32, 3)),
        rqrr(Scale::Whole, around(16, 3)),
    ];
    let slow = slow.into_iter().filter(move |attempt| !small || attempt.scale != Scale::Half);
    let sweep = [Scale::Whole, Scale::OneAndAHalf, Scale::Double]
        .into_iter()
        .flat_map(|scale| [16, 24, 32, 48, 64].map(|reach| (scale, reach)))
        .flat_map(|(scale, reach)| [0, 8, -5].map(|margin| rqrr(scale, around(reach, margin))))
        .filter(move |_| small);
    quick.into_iter().chain(unfocused).chain(enlarged).chain(slow).chain(sweep)
}
