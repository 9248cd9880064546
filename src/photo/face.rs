//! Faces in a picture: MediaPipe's short-range detector, then its face mesh with attention.
//! Finds where a face is and how it is held; never who it is.

use image::RgbImage;
use ort::session::Session;
use ort::value::TensorRef;

use super::raster::{self, Rect};
use super::runtime::{ModelError, ModelLoader};

/// A point in the pixels of the picture that was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    fn middle(self, other: Self) -> Self {
        Self { x: (self.x + other.x) / 2.0, y: (self.y + other.y) / 2.0 }
    }

    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// What the detector says: roughly where a face is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    pub bounds: Rect,
    /// 0..=1
    pub score: f32,
    /// The eye at the left of the picture (the sitter's right) first.
    pub eyes: [Point; 2],
}

/// What the mesh says: where the features of one face are.
#[derive(Clone, Debug)]
pub struct Face {
    /// Middle between the eyes, measured on the lids.
    pub eyes: Point,
    /// Tilt of the line through the eyes, degrees; positive when the eye at the right is lower.
    pub roll_deg: f32,
    pub chin: Point,
    /// Where the face meets the ears, at the left and right of the picture.
    pub cheeks: [Point; 2],
}

impl Face {
    pub fn width(&self) -> f32 {
        self.cheeks[0].distance(self.cheeks[1])
    }

    /// Middle between the cheeks.
    pub fn centre(&self) -> Point {
        self.cheeks[0].middle(self.cheeks[1])
    }
}

/// Both models, loaded. One thread uses it at a time.
pub struct FaceFinder {
    detector: Session,
    mesh: Session,
    anchors: Vec<Point>,
    detector_input: Vec<f32>,
    mesh_input: Vec<f32>,
}

const DETECTOR_SIDE: u32 = 128;
const MESH_SIDE: u32 = 192;
const LEAST_SCORE: f32 = 0.6;
const MERGE_OVERLAP: f32 = 0.3;

impl FaceFinder {
    pub fn load(loader: &ModelLoader) -> Result<Self, ModelError> {
        Ok(Self {
            detector: loader.load("face_detection_short_range")?,
            mesh: loader.load("face_landmark_attention")?,
            anchors: anchors(),
            detector_input: Vec::new(),
            mesh_input: Vec::new(),
        })
    }

    /// Every face in the picture, largest first.
    pub fn detect(&mut self, picture: &RgbImage) -> Result<Vec<Detection>, ModelError> {
        let square = square_around(picture);
        let small = raster::resample(picture, square, DETECTOR_SIDE, DETECTOR_SIDE);
        self.detector_input.clear();
        self.detector_input.extend(small.as_raw().iter().map(|value| f32::from(*value) / 127.5 - 1.0));
        let side = DETECTOR_SIDE as usize;
        let input = TensorRef::from_array_view(([1, side, side, 3], self.detector_input.as_slice()))?;
        let outputs = self.detector.run(ort::inputs!["input" => input])?;
        let (_, regressors) = outputs["regressors"].try_extract_tensor::<f32>()?;
        let (_, logits) = outputs["classificators"].try_extract_tensor::<f32>()?;

        let scale = square.width / DETECTOR_SIDE as f32;
        let in_picture = |x: f32, y: f32| Point { x: square.x + x * scale, y: square.y + y * scale };
        let found =
            self.anchors.iter().zip(regressors.chunks_exact(16)).zip(logits).filter_map(|((anchor, box_), logit)| {
                let score = 1.0 / (1.0 + (-logit.clamp(-100.0, 100.0)).exp());
                (score >= LEAST_SCORE).then(|| {
                    let at = |index: usize| {
                        let side = DETECTOR_SIDE as f32;
                        in_picture(box_[index] + anchor.x * side, box_[index + 1] + anchor.y * side)
                    };
                    let centre = at(0);
                    let (width, height) = (box_[2] * scale, box_[3] * scale);
                    let bounds = Rect { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height };
                    Detection { bounds, score, eyes: [at(4), at(6)] }
                })
            });
        let mut faces = merge(found.collect());
        faces.sort_by(|a, b| b.bounds.width.total_cmp(&a.bounds.width));
        Ok(faces)
    }

    /// The features of a detected face; `None` when the mesh sees no face there after all.
    pub fn mesh(&mut self, picture: &RgbImage, detection: &Detection) -> Result<Option<Face>, ModelError> {
        let region = MeshRegion::around(detection);
        region.sample(picture, &mut self.mesh_input);
        let side = MESH_SIDE as usize;
        let input = TensorRef::from_array_view(([1, side, side, 3], self.mesh_input.as_slice()))?;
        let outputs = self.mesh.run(ort::inputs!["input_1" => input])?;
        let (_, flag) = outputs["conv_faceflag"].try_extract_tensor::<f32>()?;
        if flag.first().is_none_or(|logit| *logit < 0.0) {
            return Ok(None);
        }
        let (_, mesh) = outputs["output_mesh_identity"].try_extract_tensor::<f32>()?;
        let (_, right_eye) = outputs["output_left_eye:0"].try_extract_tensor::<f32>()?;
        let (_, left_eye) = outputs["output_right_eye:0"].try_extract_tensor::<f32>()?;

        let in_picture = |index: usize| region.in_picture(mesh[index * 3], mesh[index * 3 + 1]);
        // The first 16 points of each eye output are the lids, more exact than the mesh.
        let lids = |eye: &[f32]| {
            let sum = eye.chunks_exact(2).take(16).fold((0.0, 0.0), |sum, point| (sum.0 + point[0], sum.1 + point[1]));
            region.in_picture(sum.0 / 16.0, sum.1 / 16.0)
        };
        let mut eyes = [lids(right_eye), lids(left_eye)];
        eyes.sort_by(|a, b| a.x.total_cmp(&b.x));
        Ok(Some(Face {
            eyes: eyes[0].middle(eyes[1]),
            roll_deg: (eyes[1].y - eyes[0].y).atan2(eyes[1].x - eyes[0].x).to_degrees(),
            chin: in_picture(152),
            cheeks: [in_picture(234), in_picture(454)],
        }))
    }
}

/// The detector's 896 anchors: 16×16 cells of two, then 8×8 cells of six.
fn anchors() -> Vec<Point> {
    let grid = |cells: usize, each: usize| {
        (0..cells * cells).flat_map(move |cell| {
            let at = |index: usize| (index as f32 + 0.5) / cells as f32;
            std::iter::repeat_n(Point { x: at(cell % cells), y: at(cell / cells) }, each)
        })
    };
    grid(16, 2).chain(grid(8, 6)).collect()
}

/// The picture with a margin on its short side, so that its proportions are kept.
fn square_around(picture: &RgbImage) -> Rect {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let side = width.max(height);
    Rect { x: (width - side) / 2.0, y: (height - side) / 2.0, width: side, height: side }
}

/// Overlapping boxes are one face: their average, weighted by score.
fn merge(mut found: Vec<Detection>) -> Vec<Detection> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some(best) = found.first().copied() {
        let (same, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|other| overlap(&best.bounds, &other.bounds) > MERGE_OVERLAP);
        found = others;
        let total: f32 = same.iter().map(|one| one.score).sum();
        let mean =
            |value: &dyn Fn(&Detection) -> f32| same.iter().map(|one| value(one) * one.score).sum::<f32>() / total;
        faces.push(Detection {
            bounds: Rect {
                x: mean(&|one| one.bounds.x),
                y: mean(&|one| one.bounds.y),
                width: mean(&|one| one.bounds.width),
                height: mean(&|one| one.bounds.height),
            },
            score: best.score,
            eyes: [0, 1].map(|eye| Point { x: mean(&|one| one.eyes[eye].x), y: mean(&|one| one.eyes[eye].y) }),
        });
    }
    faces
}

/// Intersection over union.
fn overlap(a: &Rect, b: &Rect) -> f32 {
    let width = a.right().min(b.right()) - a.x.max(b.x);
    let height = a.bottom().min(b.bottom()) - a.y.max(b.y);
    if width <= 0.0 || height <= 0.0 {
        return 0.0;
    }
    let both = width * height;
    both / (a.width * a.height + b.width * b.height - both)
}

/// The square the mesh looks at: 1.5 × the detection, turned so that the eyes are level. Only the
/// model's view is turned; no picture that is kept ever is.
struct MeshRegion {
    centre: Point,
    side: f32,
    sin: f32,
    cos: f32,
}

impl MeshRegion {
    fn around(detection: &Detection) -> Self {
        let [left, right] = detection.eyes;
        let angle = (right.y - left.y).atan2(right.x - left.x);
        let bounds = detection.bounds;
        Self {
            centre: Point { x: bounds.x + bounds.width / 2.0, y: bounds.y + bounds.height / 2.0 },
            side: bounds.width.max(bounds.height) * 1.5,
            sin: angle.sin(),
            cos: angle.cos(),
        }
    }

    /// From the model's pixels to the picture's.
    fn in_picture(&self, x: f32, y: f32) -> Point {
        let u = (x / MESH_SIDE as f32 - 0.5) * self.side;
        let v = (y / MESH_SIDE as f32 - 0.5) * self.side;
        Point { x: self.centre.x + u * self.cos - v * self.sin, y: self.centre.y + u * self.sin + v * self.cos }
    }

    /// Fills `input` with RGB 0..=1, averaging 2×2 points per pixel against aliasing.
    fn sample(&self, picture: &RgbImage, input: &mut Vec<f32>) {
        input.clear();
        for y in 0..MESH_SIDE {
            for x in 0..MESH_SIDE {
                let mut sum = [0.0; 3];
                for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                    let point = self.in_picture(x as f32 + dx, y as f32 + dy);
                    let colour = bilinear(picture, point);
                    (0..3).for_each(|channel| sum[channel] += colour[channel]);
                }
                input.extend(sum.map(|value| value / (4.0 * 255.0)));
            }
        }
    }
}

/// The colour at a point, 0..=255; black beyond the picture.
fn bilinear(picture: &RgbImage, point: Point) -> [f32; 3] {
    let (x, y) = (point.x - 0.5, point.y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let mut sum = [0.0; 3];
    for (column, row) in [(left, top), (left + 1.0, top), (left, top + 1.0), (left + 1.0, top + 1.0)] {
        if column < 0.0 || row < 0.0 || column >= picture.width() as f32 || row >= picture.height() as f32 {
            continue;
        }
        let weight = (1.0 - (x - column).abs()) * (1.0 - (y - row).abs());
        let colour = picture.get_pixel(column as u32, row as u32).0;
        (0..3).for_each(|channel| sum[channel] += weight * f32::from(colour[channel]));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detector_has_896_anchors() {
        let anchors = anchors();
        assert_eq!(anchors.len(), 896);
        assert_eq!(anchors[0], Point { x: 0.5 / 16.0, y: 0.5 / 16.0 });
        assert_eq!(anchors[895], Point { x: 7.5 / 8.0, y: 7.5 / 8.0 });
    }

    #[test]
    fn two_boxes_on_one_face_are_one_and_a_neighbour_stays() {
        let at = |x: f32, score: f32| Detection {
            bounds: Rect { x, y: 0.0, width: 100.0, height: 100.0 },
            score,
            eyes: [Point::default(); 2],
        };
        let faces = merge(vec![at(0.0, 0.9), at(20.0, 0.9), at(150.0, 0.7)]);
        assert_eq!(faces.len(), 2);
        assert!((faces[0].bounds.x - 10.0).abs() < 1e-3);
    }
}
