//! What is tried on a picture, and in which order: a decoder, a size, a look.

use super::Decoder;
use super::deblur::Blur;
use super::decoders::Threshold;
use super::variant::{Look, Scale, Surroundings};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub engine: Engine,
    pub scale: Scale,
    pub look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Rxing(Threshold),
    Rqrr,
}

impl Attempt {
    pub fn decoder(self) -> Decoder {
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

pub(super) const PLAIN: Attempt = plain(Scale::Whole);
const INVERTED: Attempt = Attempt { engine: LOCAL, scale: Scale::Whole, look: Look::Inverted };
const PLAIN_GLOBAL: Attempt = Attempt { engine: GLOBAL, scale: Scale::Whole, look: Look::Plain };

const fn around(reach: u32, margin: i32) -> Look {
    Look::Surroundings(Surroundings { reach, margin })
}

pub(super) const fn stretched(reach: u32) -> Attempt {
    Attempt { engine: GLOBAL, scale: Scale::Whole, look: around(reach, 3) }
}

const fn inverted_stretched(reach: u32) -> Attempt {
    let look = Look::InvertedSurroundings(Surroundings { reach, margin: 3 });
    Attempt { engine: GLOBAL, scale: Scale::Whole, look }
}

const fn deblurred(reach: usize) -> Attempt {
    Attempt { engine: LOCAL, scale: Scale::Whole, look: Look::Deblurred(Blur { reach, rounds: 4 }) }
}

const fn plain(scale: Scale) -> Attempt {
    Attempt { engine: LOCAL, scale, look: Look::Plain }
}

const fn rqrr(scale: Scale, look: Look) -> Attempt {
    Attempt { engine: Engine::Rqrr, scale, look }
}

/// Taken in turns, frame by frame, after the plain picture.
pub(super) const LIVE: [Attempt; 8] = [
    INVERTED,
    stretched(8),
    PLAIN_GLOBAL,
    stretched(16),
    deblurred(3),
    inverted_stretched(16),
    deblurred(6),
    rqrr(Scale::Whole, around(32, 3)),
];

/// Taken in turns where a code seems to be. The one that read it begins in the next frame.
pub(super) const REGION: [Attempt; 9] = [
    deblurred(3),
    stretched(8),
    stretched(16),
    plain(Scale::Double),
    INVERTED,
    inverted_stretched(16),
    deblurred(6),
    PLAIN_GLOBAL,
    rqrr(Scale::Whole, around(32, 3)),
];

/// With glare taken away, in files only.
pub(super) const FLATTENED: [Attempt; 7] =
    [PLAIN, PLAIN_GLOBAL, stretched(8), stretched(16), stretched(32), deblurred(3), plain(Scale::Half)];

/// Cheap and likely ones first. The last, rqrr's, are many because it fits creased and curved codes
/// that rxing cannot, but only when the threshold happens to suit it.
pub(super) fn file_attempts(small: bool) -> impl Iterator<Item = Attempt> {
    let quick = [INVERTED, stretched(32), stretched(8), PLAIN_GLOBAL, stretched(16), inverted_stretched(16)];
    let unfocused = [deblurred(3), deblurred(6)];
    let enlarged = [Scale::OneAndAHalf, Scale::Double].into_iter().filter(move |_| small).map(plain);
    let slow = [
        plain(Scale::Half),
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
