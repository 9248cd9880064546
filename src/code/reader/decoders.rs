//! The two decoders behind one shape: grey pixels in, texts out.
//!
//! Both are other people's code fed with whatever a camera or a USB stick brings, so a panic inside
//! one is caught and counts as "nothing read". rxing is stopped at a deadline; rqrr cannot be, so it is
//! not given pictures that would take it long.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use rxing::common::{BitMatrix, DetectorRXingResult, GlobalHistogramBinarizer, HybridBinarizer};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR};
use rxing::{Binarizer, Luma8Source};

use super::Deadline;
use super::variant::Grey;

/// How rxing tells black from white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threshold {
    /// Per 8×8 block, for uneven light.
    Local,
    /// One for the whole picture.
    Global,
}

/// What rxing sees in one picture.
#[derive(Default)]
pub(super) struct Sight {
    /// Every distinct text.
    pub texts: Vec<String>,
    /// Marks that look like a QR code's corner.
    pub finders: usize,
    /// Where three of them look most like one code.
    pub region: Option<Region>,
}

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Region {
    /// The code of three corner marks, with its quiet zone; `None` outside the picture.
    fn around(set: &FinderPatternSet, width: u32, height: u32) -> Option<Self> {
        let [bl, tl, tr] = [set.bl, set.tl, set.tr].map(|mark| (mark.p.x, mark.p.y));
        let br = (tr.0 + bl.0 - tl.0, tr.1 + bl.1 - tl.1);
        // A mark is seven modules wide; its middle is three and a half from the code's edge, the quiet zone four more.
        let margin = [set.bl, set.tl, set.tr].map(|mark| mark.size).into_iter().max()? as f32 * 1.5;
        let span = |values: [f32; 4], most: u32| {
            let low = values.into_iter().fold(f32::INFINITY, f32::min) - margin;
            let high = values.into_iter().fold(f32::NEG_INFINITY, f32::max) + margin;
            let (low, high) = (low.clamp(0.0, most as f32) as u32, high.clamp(0.0, most as f32) as u32);
            (high > low).then_some((low, high - low))
        };
        let (left, width) = span([bl.0, tl.0, tr.0, br.0], width)?;
        let (top, height) = span([bl.1, tl.1, tr.1, br.1], height)?;
        Some(Self { left, top, width, height })
    }

    pub fn fits(self, grey: Grey<'_>) -> bool {
        self.left + self.width <= grey.width && self.top + self.height <= grey.height
    }

    /// These pixels alone, row by row, of a picture that it fits.
    pub fn cut(self, grey: Grey<'_>, out: &mut Vec<u8>) {
        out.clear();
        for row in grey.pixels.chunks_exact(grey.width as usize).skip(self.top as usize).take(self.height as usize) {
            out.extend_from_slice(&row[self.left as usize..][..self.width as usize]);
        }
    }
}

/// Looks for QR codes with rxing.
pub(super) fn rxing(grey: Grey<'_>, threshold: Threshold, deadline: Deadline) -> Sight {
    guarded(|| {
        let source = Luma8Source::new_with_slice(grey.pixels, grey.width, grey.height).ok()?;
        let sight = match threshold {
            Threshold::Local => decode_all(HybridBinarizer::new(source).get_black_matrix().ok()?, deadline),
            Threshold::Global => decode_all(GlobalHistogramBinarizer::new(source).get_black_matrix().ok()?, deadline),
        };
        Some(sight)
    })
    .unwrap_or_default()
}

/// rxing's own reader does the same walk, but stops at the first code and knows no deadline.
fn decode_all(bits: &BitMatrix, deadline: Deadline) -> Sight {
    let mut finders = FindFinderPatterns(bits, true, 0);
    let mut used = Vec::new();
    let mut texts = Vec::new();
    let mut region = None;
    for set in GenerateFinderPatternSets(&mut finders) {
        // The likeliest come first.
        region = region.or_else(|| Region::around(&set, bits.getWidth(), bits.getHeight()));
        if deadline.passed() {
            break;
        }
        let corners = [set.bl, set.tl, set.tr];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        let Ok(symbol) = SampleQR(bits, &set) else { continue };
        let Ok(decoded) = Decode(symbol.getBits()) else { continue };
        if decoded.isValid() {
            used.extend(corners);
            note(&mut texts, decoded.text());
        }
    }
    Sight { texts, finders: finders.len(), region }
}

/// Every distinct QR text that rqrr sees.
pub(super) fn rqrr(grey: Grey<'_>) -> Vec<String> {
    guarded(|| {
        let (width, height) = (grey.width as usize, grey.height as usize);
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey.pixels[y * width + x]);
        let mut texts = Vec::new();
        for grid in prepared.detect_grids() {
            if let Ok((_, text)) = grid.decode() {
                note(&mut texts, text);
            }
        }
        Some(texts)
    })
    .unwrap_or_default()
}

fn note(texts: &mut Vec<String>, text: String) {
    if !text.is_empty() && !texts.contains(&text) {
        texts.push(text);
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder; a panic inside it becomes `None`, without a word on stderr.
fn guarded<T>(decode: impl FnOnce() -> Option<T>) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                report(info);
            }
        }));
    });
    GUARDED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(false);
    outcome.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_decoder_is_nothing_read() {
        assert_eq!(guarded(|| -> Option<()> { panic!("as rqrr does") }), None);
        assert_eq!(guarded(|| Some(7)), Some(7));
    }
}
