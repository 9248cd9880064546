//! The portrait as a file: baseline JPEG with 300 dpi in its header, fitted to the profile's size.

use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};
use thiserror::Error;
use zeroize::Zeroizing;

use super::standard::PhotoProfile;

#[derive(Debug, Error)]
#[error("the portrait cannot be encoded: {0}")]
pub struct EncodeError(String);

/// A JPEG file and the quality (1–100) it was made with.
pub struct Encoded {
    pub bytes: Zeroizing<Vec<u8>>,
    pub quality: u8,
}

/// The best quality whose file is no larger than the profile allows. A picture so smooth that it
/// stays below the smallest size gets full colour resolution as well. A picture that does not fit
/// at the lowest quality is returned all the same: the file size check reports it.
pub fn encode(portrait: &RgbImage, profile: &PhotoProfile) -> Result<Encoded, EncodeError> {
    let largest = profile.file_bytes.1 as usize;
    let smallest = profile.file_bytes.0 as usize;
    let usual = best_fit(portrait, profile, SamplingFactor::R_4_2_0, largest)?;
    if usual.bytes.len() >= smallest {
        return Ok(usual);
    }
    let full = best_fit(portrait, profile, SamplingFactor::R_4_4_4, largest)?;
    Ok(if full.bytes.len() > usual.bytes.len() && full.bytes.len() <= largest { full } else { usual })
}

fn best_fit(
    portrait: &RgbImage,
    profile: &PhotoProfile,
    sampling: SamplingFactor,
    largest: usize,
) -> Result<Encoded, EncodeError> {
    let mut best = encode_at(portrait, profile, sampling, profile.min_quality)?;
    let (mut low, mut high) = (profile.min_quality, 100);
    while low < high {
        let quality = low + (high - low).div_ceil(2);
        let attempt = encode_at(portrait, profile, sampling, quality)?;
        if attempt.bytes.len() <= largest {
            low = quality;
            best = attempt;
        } else {
            high = quality - 1;
        }
    }
    Ok(best)
}

fn encode_at(
    portrait: &RgbImage,
    profile: &PhotoProfile,
    sampling: SamplingFactor,
    quality: u8,
) -> Result<Encoded, EncodeError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(profile.file_bytes.1 as usize * 4));
    let mut encoder = Encoder::new(&mut *bytes, quality);
    encoder.set_sampling_factor(sampling);
    encoder.set_density(PixelDensity::dpi(profile.dpi));
    let side = |length: u32| u16::try_from(length).map_err(|_| EncodeError(format!("{length} pixels are too many")));
    let (width, height) = (side(portrait.width())?, side(portrait.height())?);
    encoder.encode(portrait.as_raw(), width, height, ColorType::Rgb).map_err(|error| EncodeError(error.to_string()))?;
    Ok(Encoded { bytes, quality })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn textured(strength: u32) -> RgbImage {
        // A fixed noise (xorshift), since a smooth picture says nothing about fitting.
        let mut seed = 2463534242u32;
        RgbImage::from_fn(480, 640, |x, y| {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            let value = ((x * y / 1500) % 200 + seed % strength.max(1)) as u8;
            image::Rgb([value, value, value])
        })
    }

    #[test]
    fn a_usual_portrait_lands_between_30_and_40_kb_with_300_dpi() {
        let profile = PhotoProfile::default();
        let encoded = encode(&textured(12), &profile).unwrap();
        assert!((30_720..=40_000).contains(&encoded.bytes.len()), "{} bytes", encoded.bytes.len());
        assert!(encoded.quality >= 60);
        // JFIF APP0: unit 1 (dots per inch), x and y density.
        assert_eq!(&encoded.bytes[6..11], b"JFIF\0");
        assert_eq!(encoded.bytes[13..18], [1, 300u16.to_be_bytes()[0], 300u16.to_be_bytes()[1], 1, 44]);
        // Baseline, not progressive.
        assert!(encoded.bytes.windows(2).any(|pair| pair == [0xFF, 0xC0]));
        assert!(!encoded.bytes.windows(2).any(|pair| pair == [0xFF, 0xC2]));
    }

    #[test]
    fn quality_never_falls_below_the_profiles() {
        let encoded = encode(&textured(255), &PhotoProfile::default()).unwrap();
        assert_eq!(encoded.quality, 60);
    }
}
