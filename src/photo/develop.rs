//! From a still to a portrait, the steps in a row: face, matte, crop, background, file, checks.
//! Keeps nothing: every intermediate picture is dropped on return.

use std::sync::Arc;
use std::time::Instant;

use image::{RgbImage, imageops};
use serde::Serialize;
use thiserror::Error;

use super::burst;
use super::checks::Subject;
use super::crop::{self, Crop, CutOff, Head};
use super::cut_out::CutOut;
use super::face::{Face, FaceFinder};
use super::import::{ImportProblem, Placement};
use super::jpeg::{self, EncodeError};
use super::matting::{self, Matting};
use super::plate::Misfit;
use super::raster::{self, Matte, PixelRect, Rect};
use super::runtime::{ModelError, ModelLoader};
use super::standard::PhotoProfile;
use super::{Check, Finding, Geometry, Layers, Portrait, Verdict, Wiped, foreground};

#[derive(Debug, Error)]
pub enum DevelopError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Milliseconds spent in each step. `decode` is filled in by whoever opened the picture.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timings {
    pub decode: f64,
    pub detect: f64,
    pub mesh: f64,
    pub matting: f64,
    pub foreground: f64,
    pub compose: f64,
    pub encode: f64,
    pub checks: f64,
    pub total: f64,
}

/// What became of a still.
#[derive(Debug)]
pub struct Developed {
    /// Every check that was made, passed or not.
    pub findings: Vec<Finding>,
    /// Where the face is, as soon as one was found.
    pub geometry: Option<Geometry>,
    /// Whenever there was one face; whether it may be submitted is [`Developed::passed`].
    pub portrait: Option<Portrait>,
    /// Which part of the still the portrait shows, in its pixels; it may reach beyond.
    pub crop: Option<Rect>,
    /// Why the background plate was not used, when there is one that was not.
    pub misfit: Option<Misfit>,
    /// Whether the background plate was used.
    pub used_plate: bool,
    pub timings: Timings,
}

impl Developed {
    fn nothing_yet() -> Self {
        Self {
            findings: Vec::new(),
            geometry: None,
            portrait: None,
            crop: None,
            misfit: None,
            used_plate: false,
            timings: Timings::default(),
        }
    }

    /// Whether the portrait may be submitted; there may still be warnings.
    pub fn passed(&self) -> bool {
        self.verdict() != Verdict::Retake
    }

    pub fn verdict(&self) -> Verdict {
        if self.portrait.is_none() || self.findings.iter().any(Finding::blocks) {
            Verdict::Retake
        } else if self.findings.iter().any(Finding::warns) {
            Verdict::Warn
        } else {
            Verdict::Pass
        }
    }

    /// Holds the eyes against how open the same person's usually are: half of large eyes is a blink,
    /// though somebody else's are no wider when open.
    pub fn compare_eyes(&mut self, usual_gap: f32, profile: &PhotoProfile) {
        let least = usual_gap * profile.min_eye_share;
        let shown = self.portrait.iter_mut().flat_map(|portrait| portrait.findings.iter_mut());
        for finding in self.findings.iter_mut().chain(shown).filter(|finding| finding.check == Check::EyesOpen) {
            finding.allowed.0 = finding.allowed.0.max(least);
        }
    }

    /// Whether the background plate fits this still; `None` when the still says nothing about it.
    pub fn plate_fits(&self) -> Option<bool> {
        match self.misfit {
            Some(misfit) => misfit.asks_for_a_new_plate().then_some(false),
            None => self.used_plate.then_some(true),
        }
    }

    /// What the photo is refused for, the most useful to hear about first.
    pub fn failed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.blocks())
    }
}

/// The models of the darkroom, loaded once and shared by every picture.
pub struct Developer {
    faces: FaceFinder,
    matting: Matting,
}

impl Developer {
    pub fn load(loader: &ModelLoader) -> Result<Self, ModelError> {
        Ok(Self { faces: FaceFinder::load(loader)?, matting: Matting::load(loader)? })
    }

    /// The still to develop of those that were taken at one shutter; `None` of none.
    pub fn best_of<'a>(&mut self, stills: &'a [impl AsRef<RgbImage>]) -> Result<Option<&'a RgbImage>, ModelError> {
        burst::best(stills, &mut self.faces)
    }

    /// Develops one still by the profile. `plate` is the empty booth, taken by the same camera in the
    /// same mode; one that does not fit is not used, and [`Developed::misfit`] says why.
    pub fn develop(
        &mut self,
        still: &RgbImage,
        plate: Option<&RgbImage>,
        profile: &PhotoProfile,
    ) -> Result<Developed, DevelopError> {
        let mut developed = Developed::nothing_yet();
        let mut watch = Stopwatch::start();
        if let Some(found) = self.find(still, profile, &mut developed, &mut watch)? {
            let crop = Crop::aim(&found.head, found.cut_off, still.dimensions(), profile);
            finish(&mut developed, still, &found, crop, plate, profile, &mut watch)?;
        }
        developed.timings.total = watch.total();
        Ok(developed)
    }

    /// Develops the part of a brought picture that its student framed.
    pub fn develop_framed(
        &mut self,
        picture: &RgbImage,
        crop: Crop,
        profile: &PhotoProfile,
    ) -> Result<Developed, DevelopError> {
        let mut developed = Developed::nothing_yet();
        let mut watch = Stopwatch::start();
        if let Some(found) = self.find(picture, profile, &mut developed, &mut watch)? {
            finish(&mut developed, picture, &found, crop, None, profile, &mut watch)?;
        }
        developed.timings.total = watch.total();
        Ok(developed)
    }

    /// Where the portrait can be cut out of a brought picture.
    pub fn place(
        &mut self,
        picture: &RgbImage,
        profile: &PhotoProfile,
    ) -> Result<Result<Placement, ImportProblem>, ModelError> {
        let mut developed = Developed::nothing_yet();
        let found = self.find(picture, profile, &mut developed, &mut Stopwatch::start())?;
        Ok(match found {
            Some(found) => Ok(Placement::new(found.head, found.cut_off, picture.dimensions(), profile)),
            None if developed.findings.iter().any(|finding| finding.measured > 1.0) => Err(ImportProblem::SeveralFaces),
            None => Err(ImportProblem::NoFace),
        })
    }

    /// The one person in a picture. The only finding without one is how many there are.
    fn find(
        &mut self,
        still: &RgbImage,
        profile: &PhotoProfile,
        developed: &mut Developed,
        watch: &mut Stopwatch,
    ) -> Result<Option<Found>, ModelError> {
        let mut detections = self.faces.detect_small_too(still)?;
        let main_width = detections.first().map_or(0.0, |main| main.bounds.width);
        detections.retain(|other| other.bounds.width >= main_width * profile.min_other_face);
        developed.timings.detect = watch.lap();
        let face = match detections.as_slice() {
            [only] => self.faces.mesh(still, only)?,
            _ => None,
        };
        developed.timings.mesh = watch.lap();
        let Some(face) = face else {
            let count = if detections.len() == 1 { 0 } else { detections.len() };
            developed.findings.push(profile.finding(Check::FaceCount, count as f32));
            return Ok(None);
        };
        developed.findings.push(profile.finding(Check::FaceCount, 1.0));
        developed.findings.push(profile.finding(Check::HeadRoll, face.roll_deg));

        let size = still.dimensions();
        let region = surroundings(&face, size, profile);
        let part = imageops::crop_imm(still, region.x, region.y, region.width, region.height).to_image();
        let mut matte = self.matting.matte(&part)?;
        let middle = in_matte(face.centre().x, face.centre().y, &matte, region);
        matting::keep_person(&mut matte, middle);
        developed.timings.matting = watch.lap();
        let head = Head::seen(&face, &matte, region);
        let cut_off = cut_off_sides(&matte, region, size);
        Ok(Some(Found { face, matte, region, head, cut_off }))
    }

    /// The person in the whole picture, at its own size.
    pub fn cut_out(&mut self, picture: &RgbImage, plate: Option<&RgbImage>) -> Result<CutOut, ModelError> {
        let (width, height) = picture.dimensions();
        let small = self.matting.matte(picture)?;
        let matte = raster::resample_matte(&small, Rect::whole(small.width, small.height), width, height);
        Ok(CutOut::of(picture, matte, plate.map(Ok)))
    }
}

/// The person in a still, cut out of it.
struct Found {
    face: Face,
    /// Of the region.
    matte: Matte,
    region: PixelRect,
    head: Head,
    cut_off: CutOff,
}

/// From the crop to the checked file.
fn finish(
    developed: &mut Developed,
    still: &RgbImage,
    found: &Found,
    crop: Crop,
    plate: Option<&RgbImage>,
    profile: &PhotoProfile,
    watch: &mut Stopwatch,
) -> Result<(), EncodeError> {
    let Found { face, matte, region, head, .. } = found;
    let size = still.dimensions();
    let geometry = crop.geometry(head);
    developed.geometry = Some(geometry);
    developed.crop = Some(crop.rect);
    let (width, height) = (profile.width_px, profile.height_px);
    let picture = raster::resample(still, crop.rect, width, height);
    let matte = raster::resample_matte(matte, crop_in_matte(&crop, matte, *region), width, height);
    developed.findings.extend(profile.check_geometry(&geometry));
    developed.findings.push(profile.finding(Check::Resolution, 1.0 / crop.scale));
    let cut = crop::cut_edges(&matte, &crop, size, face);
    developed.findings.push(profile.finding(Check::Cropping, cut.head_px));
    developed.findings.push(profile.finding(Check::ShouldersCropped, cut.body_px));
    developed.timings.compose = watch.lap();

    let plate = plate.map(|plate| match plate.dimensions() == size {
        true => Ok(raster::resample(plate, crop.rect, width, height)),
        false => Err(Misfit::Size),
    });
    let cut_out = CutOut::of(&picture, matte, plate.as_ref().map(Result::as_ref));
    developed.misfit = cut_out.misfit;
    developed.used_plate = plate.is_some() && cut_out.misfit.is_none();
    developed.timings.foreground = watch.lap();
    let layers = Layers { face: face.clone(), crop, colours: cut_out.colours, matte: cut_out.matte };
    let pixels = foreground::compose(&picture, &layers.colours, &layers.matte, profile.background);
    developed.timings.compose += watch.lap();
    let encoded = jpeg::encode(&pixels, profile)?;
    developed.timings.encode = watch.lap();
    developed.findings.push(profile.finding(Check::FileSize, encoded.bytes.len() as f32));
    developed.findings.extend(Subject::new(face, &crop, &picture, &layers.matte).judge(&pixels, profile));
    developed.findings.sort_by_key(|finding| finding.check);
    developed.timings.checks = watch.lap();
    developed.portrait = Some(Portrait {
        jpeg: encoded.bytes,
        pixels: Wiped(pixels),
        before: Wiped(picture),
        quality: encoded.quality,
        background: profile.background,
        geometry,
        findings: developed.findings.clone(),
        layers: Some(Arc::new(layers)),
    });
    Ok(())
}

/// Head and shoulders with room around them: what the matting model is shown, since on the whole
/// frame the person would have too few of its pixels.
fn surroundings(face: &Face, still: (u32, u32), profile: &PhotoProfile) -> PixelRect {
    let crop = Crop::aim(&Head::guess(face), CutOff::default(), still, profile).rect;
    let wider = Rect {
        x: crop.x - crop.width * 0.15,
        y: crop.y - crop.height * 0.2,
        width: crop.width * 1.3,
        height: crop.height * 1.3,
    };
    wider.whole_pixels_within(still.0, still.1)
}

fn in_matte(x: f32, y: f32, matte: &Matte, region: PixelRect) -> (f32, f32) {
    let scale_x = matte.width as f32 / region.width as f32;
    let scale_y = matte.height as f32 / region.height as f32;
    ((x - region.x as f32) * scale_x, (y - region.y as f32) * scale_y)
}

fn crop_in_matte(crop: &Crop, matte: &Matte, region: PixelRect) -> Rect {
    let (x, y) = in_matte(crop.rect.x, crop.rect.y, matte, region);
    Rect {
        x,
        y,
        width: crop.rect.width * matte.width as f32 / region.width as f32,
        height: crop.rect.height * matte.height as f32 / region.height as f32,
    }
}

/// Whether the person touches the left or right edge of the still itself.
fn cut_off_sides(matte: &Matte, region: PixelRect, still: (u32, u32)) -> CutOff {
    let touches = |x: u32| (0..matte.height).any(|y| matte.at(x, y) > 0.5);
    CutOff { left: region.x == 0 && touches(1), right: region.x + region.width == still.0 && touches(matte.width - 2) }
}

struct Stopwatch {
    started: Instant,
    lap: Instant,
}

impl Stopwatch {
    fn start() -> Self {
        let now = Instant::now();
        Self { started: now, lap: now }
    }

    /// Milliseconds since the last lap.
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let lap = now - self.lap;
        self.lap = now;
        lap.as_secs_f64() * 1000.0
    }

    fn total(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyes_half_as_open_as_usual_are_a_blink() {
        let profile = PhotoProfile::default();
        let blinks = |gap: f32, usual: f32| {
            let mut developed = Developed::nothing_yet();
            developed.findings.push(profile.finding(Check::EyesOpen, gap));
            developed.compare_eyes(usual, &profile);
            developed.failed().next().is_some()
        };
        assert!(blinks(3.5, 9.0), "large eyes half closed");
        assert!(!blinks(3.5, 4.2), "narrow eyes as open as ever");
        assert!(blinks(1.0, 1.2), "the profile's own limit stays");
        assert!(!blinks(3.5, f32::NAN), "no habit, no comparison");
    }
}
