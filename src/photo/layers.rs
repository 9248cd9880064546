//! What a portrait is made of, so that its background can be changed without a new photo.

use std::sync::Arc;

use zeroize::Zeroize;

use super::checks::Subject;
use super::colours::Colours;
use super::crop::Crop;
use super::face::Face;
use super::foreground;
use super::jpeg::{self, EncodeError};
use super::raster::Matte;
use super::standard::PhotoProfile;
use super::{Check, Portrait, Wiped};

/// A person without their background, in the portrait's pixels. Wiped from memory when dropped.
pub struct Layers {
    pub(super) face: Face,
    pub(super) crop: Crop,
    /// The person's own colours.
    pub(super) colours: Colours,
    pub(super) matte: Matte,
}

impl Drop for Layers {
    fn drop(&mut self) {
        self.colours.pixels.as_flattened_mut().zeroize();
        self.matte.alpha.zeroize();
    }
}

impl Portrait {
    /// The same portrait on another background, with the checks that look at it made anew. `None` when
    /// it does not know what it is made of.
    pub fn on(&self, background: [u8; 3], profile: &PhotoProfile) -> Option<Result<Self, EncodeError>> {
        let layers = self.layers.clone()?;
        let profile = PhotoProfile { background, ..profile.clone() };
        let pixels = foreground::compose(&self.before, &layers.colours, &layers.matte, background);
        let encoded = match jpeg::encode(&pixels, &profile) {
            Ok(encoded) => encoded,
            Err(error) => return Some(Err(error)),
        };
        let judged = Subject::new(&layers.face, &layers.crop, &self.before, &layers.matte).judge(&pixels, &profile);
        let mut findings = self.findings.clone();
        for finding in &mut findings {
            match finding.check {
                Check::Background | Check::ClothesContrast => {
                    let anew = judged.iter().find(|anew| anew.check == finding.check);
                    *finding = anew.copied().unwrap_or(*finding);
                }
                Check::FileSize => *finding = profile.finding(Check::FileSize, encoded.bytes.len() as f32),
                _ => {}
            }
        }
        Some(Ok(Self {
            jpeg: encoded.bytes,
            pixels: Wiped(pixels),
            before: self.before.clone(),
            quality: encoded.quality,
            background,
            geometry: self.geometry,
            findings,
            layers: Some(Arc::clone(&layers)),
        }))
    }
}
