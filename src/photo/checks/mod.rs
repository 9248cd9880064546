//! The checks of one photo: each a pure function from the mesh, the crop and the matte to a number.
//! What is allowed, and what a failure means, is the profile's business; how far each can be trusted
//! is in docs/checks.md.

mod background;
mod clothes;
mod colour;
mod eyes;
mod glasses;
mod hair;
mod light;
mod mouth;
mod pose;
mod region;
mod sharpness;

use image::RgbImage;

use super::crop::Crop;
use super::face::{Face, Point};
use super::raster::Matte;
use super::standard::PhotoProfile;
use super::{Check, Finding};
use region::Plane;

/// A cut-out portrait before and after its background was replaced, and where the face is in it.
pub struct Subject<'a> {
    face: &'a Face,
    /// With the background of the still.
    picture: &'a RgbImage,
    matte: &'a Matte,
    brightness: Plane,
    /// Points of the mesh in portrait pixels.
    points: Vec<Point>,
    /// Width of the face in portrait pixels.
    face_width: f32,
    crop: &'a Crop,
}

impl<'a> Subject<'a> {
    pub fn new(face: &'a Face, crop: &'a Crop, picture: &'a RgbImage, matte: &'a Matte) -> Self {
        let points: Vec<_> = face.points.iter().map(|point| in_portrait(crop, *point)).collect();
        Self {
            face,
            picture,
            matte,
            brightness: Plane::brightness(picture),
            points,
            face_width: face.width() * crop.scale,
            crop,
        }
    }

    /// A point of the mesh in portrait pixels.
    fn at(&self, index: usize) -> Point {
        self.points.get(index).copied().unwrap_or_default()
    }

    fn outline(&self, indices: &[usize]) -> Vec<Point> {
        indices.iter().map(|index| self.at(*index)).collect()
    }

    /// Everything that the portrait itself shows, in the order of [`Check`].
    pub fn judge(&self, result: &RgbImage, profile: &PhotoProfile) -> Vec<Finding> {
        let skin = colour::Skin::of(self);
        let blur = sharpness::blur(self);
        let pose = pose::of(self.face);
        let measured = [
            (Check::FaceSize, self.face.irises[0].centre.distance(self.face.irises[1].centre)),
            (Check::HeadYaw, pose.yaw_deg),
            (Check::HeadPitch, pose.pitch_deg),
            (Check::EyesOpen, eyes::gap(self.face)),
            (Check::UnderExposure, light::bright_parts(self)),
            (Check::OverExposure, light::burnt(self)),
            (Check::Sharpness, blur.least),
            (Check::MotionBlur, blur.most),
            (Check::UnevenLight, light::unevenness(self)),
            (Check::ColourCast, skin.cast()),
            (Check::RedEye, eyes::red(self)),
            (Check::Background, background::stain(result, self.matte, profile.background)),
            (Check::MouthClosed, mouth::gap(self.face)),
            (Check::Gaze, eyes::gaze(self.face)),
            (Check::BrowsVisible, hair::over_brows(self, &skin)),
            (Check::EarsVisible, hair::ears(self, &skin)),
            (Check::Glare, glasses::glare(self, &skin)),
            (Check::TintedLenses, glasses::lens_brightness(self, &skin)),
            (Check::Glasses, glasses::nose_bar(self, &skin)),
            (Check::Headwear, hair::headwear(self)),
            (Check::Shine, light::shine(self, &skin)),
            (Check::ShouldersLevel, clothes::shoulder_tilt(self)),
            (Check::ClothesContrast, clothes::contrast(self, profile.background)),
        ];
        measured.map(|(check, value)| profile.finding(check, value)).to_vec()
    }
}

fn in_portrait(crop: &Crop, point: Point) -> Point {
    Point { x: (point.x - crop.rect.x) * crop.scale, y: (point.y - crop.rect.y) * crop.scale }
}
