//! The checks of one photo: each a pure function from the mesh, the crop and the matte to a number.
//! What is allowed, and what a failure means, is the profile's business; how far each can be trusted
//! is in docs/checks.md.

mod background;
mod clothes;
mod colour;
mod eyes;
mod glasses;
mod habit;
mod hair;
mod light;
mod mouth;
pub(super) mod pose;
mod region;
mod sharpness;

use image::RgbImage;

use super::crop::Crop;
use super::face::{Face, Point};
use super::raster::Matte;
use super::standard::PhotoProfile;
use super::{Check, Finding};
pub use eyes::gap as eye_gap;
pub use habit::EyeHabit;
pub use hair::over_an_ear;
use region::{Histogram, Plane};

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

    /// Brightness of the pixels inside an outline.
    fn histogram(&self, indices: &[usize]) -> Histogram {
        let mut histogram = Histogram::new();
        let plane = &self.brightness;
        region::inside(&self.outline(indices), plane.width, plane.height, |x, y| histogram.add(plane.at(x, y)));
        histogram
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::raster::Rect;

    /// A portrait with a face whose points stand where a test puts them.
    pub(super) struct Scene {
        pub face: Face,
        pub picture: RgbImage,
        pub matte: Matte,
        crop: Crop,
    }

    impl Scene {
        /// Skin all over.
        pub fn new() -> Self {
            Self::painted(|_, _| [190, 140, 115])
        }

        pub fn painted(colour: impl Fn(u32, u32) -> [u8; 3]) -> Self {
            let point = |x, y| Point { x, y };
            let face = Face {
                eyes: point(240.0, 280.0),
                chin: point(240.0, 430.0),
                cheeks: [point(120.0, 300.0), point(360.0, 300.0)],
                points: vec![point(240.0, 300.0); 468],
                depths: vec![0.0; 468],
                ..Face::default()
            };
            let mut scene = Self {
                face,
                picture: RgbImage::from_fn(480, 640, |x, y| image::Rgb(colour(x, y))),
                matte: Matte::new(480, 640, vec![1.0; 480 * 640]),
                crop: Crop { rect: Rect::whole(480, 640), scale: 1.0 },
            };
            scene.put(&colour::CHEEKS[0], [150.0, 320.0, 210.0, 390.0]);
            scene.put(&colour::CHEEKS[1], [270.0, 320.0, 330.0, 390.0]);
            scene
        }

        /// Lays an outline of the mesh along an oval in the rectangle [left, top, right, bottom].
        pub fn put(&mut self, outline: &[usize], [left, top, right, bottom]: [f32; 4]) {
            for (step, index) in outline.iter().enumerate() {
                let angle = step as f32 / outline.len() as f32 * std::f32::consts::TAU;
                self.face.points[*index] = Point {
                    x: (left + right) / 2.0 + (right - left) / 2.0 * angle.cos(),
                    y: (top + bottom) / 2.0 + (bottom - top) / 2.0 * angle.sin(),
                };
            }
        }

        pub fn set(&mut self, index: usize, x: f32, y: f32) {
            self.face.points[index] = Point { x, y };
        }

        pub fn subject(&self) -> Subject<'_> {
            Subject::new(&self.face, &self.crop, &self.picture, &self.matte)
        }
    }

    #[test]
    fn a_face_without_points_or_with_senseless_ones_is_no_panic() {
        let profile = PhotoProfile::default();
        for value in [f32::NAN, f32::INFINITY, -1e9, 1e9, 0.0] {
            let mut scene = Scene::new();
            scene.face.points.fill(Point { x: value, y: value });
            scene.face.depths.fill(value);
            scene.subject().judge(&scene.picture, &profile);
            scene.face.points.clear();
            scene.subject().judge(&scene.picture, &profile);
        }
    }
}
