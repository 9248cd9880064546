//! What a driver calls a picture may be none: half of one, the same one for ever, or a black one.

use std::hash::{DefaultHasher, Hasher};
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::camera::CameraError;

/// A sensor is never quite still: the same bytes for this long are a frozen driver.
const FROZEN_AFTER: Duration = Duration::from_secs(3);
/// A slow camera may repeat a picture, but not this often.
const FROZEN_PICTURES: u32 = 10;

/// Notices that the same picture comes again and again.
#[derive(Debug, Default)]
pub struct Repetition {
    /// Of samples.
    fingerprint: Option<u64>,
    /// Of the whole picture, and since when it comes; only while the samples say nothing new.
    whole: Option<(u64, Instant)>,
    repeats: u32,
}

impl Repetition {
    pub fn look_at(&mut self, bytes: &[u8], now: Instant) -> Result<(), CameraError> {
        let last = self.fingerprint.replace(fingerprint(bytes));
        if last != self.fingerprint {
            self.whole = None;
            return Ok(());
        }
        let digest = digest(bytes);
        match self.whole {
            Some((whole, since)) if whole == digest => {
                self.repeats += 1;
                let is_frozen = self.repeats >= FROZEN_PICTURES && now.saturating_duration_since(since) >= FROZEN_AFTER;
                if is_frozen { Err(CameraError::Frozen) } else { Ok(()) }
            }
            _ => {
                self.whole = Some((digest, now));
                self.repeats = 0;
                Ok(())
            }
        }
    }
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// Of 64 samples all over the picture: reading every byte of a raw one would take milliseconds.
fn fingerprint(bytes: &[u8]) -> u64 {
    const SAMPLE: usize = 1024;
    let stride = (bytes.len() / 64).max(SAMPLE);
    let mut hasher = DefaultHasher::new();
    hasher.write_usize(bytes.len());
    for block in bytes.chunks(stride) {
        hasher.write(&block[..block.len().min(SAMPLE)]);
    }
    hasher.finish()
}

/// A JPEG that was cut off on the way has no end marker, and a decoder would make up the rest.
pub fn jpeg_is_whole(bytes: &[u8]) -> Result<(), CameraError> {
    const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];
    // From the end: some cameras fill up with zeros.
    let end = bytes.windows(2).rposition(|pair| pair == END_OF_IMAGE);
    end.map(|_| ()).ok_or_else(|| CameraError::Picture("it ends in the middle".to_owned()))
}

/// With the lens covered nothing is brighter than this, of 255.
const DARK: u8 = 20;

pub fn is_lit(picture: &RgbImage) -> Result<(), CameraError> {
    // A prime number of pixels apart, so that no column is looked at only.
    const APART: usize = 97;
    let is_lit = picture.pixels().step_by(APART).any(|pixel| pixel.0.iter().any(|value| *value > DARK));
    if is_lit { Ok(()) } else { Err(CameraError::Black) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn the_same_bytes_for_seconds_are_a_frozen_picture_and_one_other_byte_is_life() {
        let start = Instant::now();
        let at = |tenths: u32| start + Duration::from_millis(100) * tenths;
        let mut repetition = Repetition::default();
        let mut picture = vec![7u8; 200_000];
        for tenth in 0..31 {
            repetition.look_at(&picture, at(tenth)).unwrap();
        }
        assert!(matches!(repetition.look_at(&picture, at(31)), Err(CameraError::Frozen)));
        // Among the samples, and between them.
        for (byte, begin) in [(0, 32), (2000, 62)] {
            picture[byte] ^= 1;
            for tenth in begin..begin + 30 {
                repetition.look_at(&picture, at(tenth)).unwrap();
            }
        }
    }

    #[test]
    fn a_picture_that_lives_in_one_corner_only_is_not_frozen() {
        let start = Instant::now();
        let mut repetition = Repetition::default();
        let mut picture = vec![7u8; 200_000];
        for tenth in 0..100u8 {
            picture[2000] = tenth;
            repetition.look_at(&picture, start + Duration::from_millis(100) * u32::from(tenth)).unwrap();
        }
    }

    #[test]
    fn a_slow_camera_that_repeats_a_picture_is_not_frozen() {
        let start = Instant::now();
        let mut repetition = Repetition::default();
        for second in 0..5 {
            repetition.look_at(b"slow", start + Duration::from_secs(second)).unwrap();
        }
    }

    #[test]
    fn a_jpeg_without_its_end_is_damaged_and_padding_is_not() {
        let mut bytes = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
        encoder.encode(&[120; 64 * 48 * 3], 64, 48, jpeg_encoder::ColorType::Rgb).unwrap();
        let whole = bytes.len();
        bytes.extend([0; 500]);
        jpeg_is_whole(&bytes).unwrap();
        for length in [0, 1, whole / 2, whole - 1] {
            assert!(jpeg_is_whole(&bytes[..length]).unwrap_err().is_passing(), "{length}");
        }
    }

    #[test]
    fn a_covered_lens_is_black_and_a_dim_room_is_not() {
        let covered = RgbImage::from_fn(640, 480, |x, y| Rgb([((x + y) % 9) as u8, 3, 12]));
        assert!(matches!(is_lit(&covered), Err(CameraError::Black)));
        let dim = RgbImage::from_fn(640, 480, |x, _| Rgb([if x < 320 { 5 } else { 40 }; 3]));
        is_lit(&dim).unwrap();
    }
}
