//! Faces in a picture: MediaPipe's short-range detector, then its face mesh with attention.
//! Finds where a face is and how it is held; never who it is.

use image::RgbImage;
use ort::session::Session;
use ort::value::TensorRef;
use zeroize::Zeroize;

use super::raster::{self, Rect, Scaler};
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

impl Detection {
    /// The same face in a picture `factor` times as large.
    fn enlarged(self, factor: f32) -> Self {
        let Rect { x, y, width, height } = self.bounds;
        Self {
            bounds: Rect { x: x * factor, y: y * factor, width: width * factor, height: height * factor },
            eyes: self.eyes.map(|eye| Point { x: eye.x * factor, y: eye.y * factor }),
            ..self
        }
    }
}

/// What the mesh says: where the features of one face are.
#[derive(Clone, Debug, Default)]
pub struct Face {
    /// Middle between the eyes, measured on the lids.
    pub eyes: Point,
    /// Tilt of the line through the eyes, degrees; positive when the eye at the right is lower.
    pub roll_deg: f32,
    pub chin: Point,
    /// Where the face meets the ears, at the left and right of the picture.
    pub cheeks: [Point; 2],
    /// The 468 points of the mesh, lids and lips refined.
    pub points: Vec<Point>,
    /// How far each point lies behind the middle of the head, in pixels of the picture; negative is
    /// nearer to the camera. A guess of the model from one view.
    pub depths: Vec<f32>,
    /// The eye at the left of the picture first.
    pub irises: [Iris; 2],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Iris {
    pub centre: Point,
    pub radius: f32,
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
    scaler: Scaler,
    detector_input: Vec<f32>,
    mesh_input: Vec<f32>,
}

const DETECTOR_SIDE: u32 = 128;
const MESH_SIDE: u32 = 192;
const LEAST_SCORE: f32 = 0.6;
const MESH_POINTS: usize = 468;
/// Which points of the mesh the first 16 points of each eye output refine; right and left are the sitter's.
const RIGHT_LIDS: [usize; 16] = [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173];
const LEFT_LIDS: [usize; 16] = [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398];
/// And the lip output's: outer, inner, and the two rings between.
const LIPS: [usize; 80] = [
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178, 87, 14,
    317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415, 76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306,
    184, 74, 73, 72, 11, 302, 303, 304, 408, 62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12,
    268, 271, 272, 407,
];
/// A tile shows textures larger than they were, so more is asked of what it shows.
const LEAST_TILE_SCORE: f32 = 0.7;
const MERGE_OVERLAP: f32 = 0.3;
/// No portrait is this many times as long as it is wide, nor this narrow in pixels. A strip has no face to
/// be cut out, and so many tiles that looking through them would take a minute.
const STRIP: f32 = 4.0;
const NARROWEST: f32 = 32.0;

impl FaceFinder {
    pub fn load(loader: &ModelLoader) -> Result<Self, ModelError> {
        Ok(Self {
            detector: loader.load("face_detection_short_range")?,
            mesh: loader.load("face_landmark_attention")?,
            anchors: anchors(),
            scaler: Scaler::default(),
            detector_input: Vec::new(),
            mesh_input: Vec::new(),
        })
    }

    /// Whoever was looked at last is gone from memory.
    pub fn forget(&mut self) {
        self.scaler.forget();
        self.detector_input.zeroize();
        self.mesh_input.zeroize();
    }

    /// The faces that are large enough in the picture to be seen at one glance, largest first: what
    /// live framing needs, twelve times a second.
    pub fn detect(&mut self, picture: &RgbImage) -> Result<Vec<Detection>, ModelError> {
        let mut faces = merge(self.detect_in(picture, square_around(picture), LEAST_SCORE)?);
        faces.sort_by(|a, b| b.bounds.width.total_cmp(&a.bounds.width));
        Ok(faces)
    }

    /// Also those that are small in the picture, such as somebody behind the sitter: a second look
    /// through overlapping tiles, and through smaller ones when nobody has been seen so far. What
    /// only a tile shows counts when the mesh agrees that it is a face. None in a strip.
    pub fn detect_small_too(&mut self, picture: &RgbImage) -> Result<Vec<Detection>, ModelError> {
        let (long, short) =
            (picture.width().max(picture.height()) as f32, picture.width().min(picture.height()) as f32);
        if short < NARROWEST || long > short * STRIP {
            return Ok(Vec::new());
        }
        let mut faces: Vec<Detection> = Vec::new();
        for (look, side) in [(long * 0.45).min(short), short * 0.4, short * 0.25].into_iter().enumerate() {
            // The tiles overlap, so the picture is shrunk once for all of them.
            let shrink = (side / (2 * DETECTOR_SIDE) as f32).max(1.0);
            let (width, height) = (picture.width() as f32 / shrink, picture.height() as f32 / shrink);
            let whole = Rect::whole(picture.width(), picture.height());
            let small = raster::resample(picture, whole, width.round() as u32, height.round() as u32);
            if look == 0 {
                faces.extend(self.detect(&small)?.into_iter().map(|one| one.enlarged(shrink)));
            }
            let side = side / shrink;
            let mut found = Vec::new();
            for tile in tiles(&small, side) {
                // A face cut by the tile's edge is seen whole by the next tile.
                let inner = |one: &Detection| {
                    let margin = side * 0.02;
                    (one.bounds.x > tile.x + margin || tile.x <= 0.0)
                        && (one.bounds.y > tile.y + margin || tile.y <= 0.0)
                        && (one.bounds.right() < tile.right() - margin || tile.right() >= small.width() as f32)
                        && (one.bounds.bottom() < tile.bottom() - margin || tile.bottom() >= small.height() as f32)
                };
                found.extend(self.detect_in(&small, tile, LEAST_TILE_SCORE)?.into_iter().filter(inner));
            }
            for one in merge(found).into_iter().map(|one| one.enlarged(shrink)) {
                let known = faces.iter().any(|face| is_same(face, &one));
                if !known && self.mesh(picture, &one)?.is_some() {
                    faces.push(one);
                }
            }
            if !faces.is_empty() {
                break;
            }
        }
        faces.sort_by(|a, b| b.bounds.width.total_cmp(&a.bounds.width));
        Ok(faces)
    }

    /// Unmerged boxes in one square of the picture.
    fn detect_in(&mut self, picture: &RgbImage, square: Rect, least_score: f32) -> Result<Vec<Detection>, ModelError> {
        let small = self.scaler.resample(picture, square, DETECTOR_SIDE, DETECTOR_SIDE);
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
                (score >= least_score).then(|| {
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
        Ok(found.collect())
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
        let (_, lips) = outputs["output_lips"].try_extract_tensor::<f32>()?;
        let (_, right_iris) = outputs["output_left_iris:0"].try_extract_tensor::<f32>()?;
        let (_, left_iris) = outputs["output_right_iris:0"].try_extract_tensor::<f32>()?;
        if mesh.len() != MESH_POINTS * 3 {
            return Err(ModelError::Runtime(format!("the face mesh has {} values", mesh.len())));
        }

        let mut points: Vec<_> = mesh.chunks_exact(3).map(|point| region.in_picture(point[0], point[1])).collect();
        let depths = mesh.chunks_exact(3).map(|point| point[2] * region.side / MESH_SIDE as f32).collect();
        let refinements =
            [(right_eye, RIGHT_LIDS.as_slice()), (left_eye, LEFT_LIDS.as_slice()), (lips, LIPS.as_slice())];
        for (refined, indices) in refinements {
            for (point, index) in refined.chunks_exact(2).zip(indices) {
                points[*index] = region.in_picture(point[0], point[1]);
            }
        }
        let iris = |contour: &[f32]| {
            let mut contour = contour.chunks_exact(2).map(|point| region.in_picture(point[0], point[1]));
            let centre = contour.next().unwrap_or_default();
            Iris { centre, radius: contour.map(|point| point.distance(centre)).sum::<f32>() / 4.0 }
        };
        let mut irises = [iris(right_iris), iris(left_iris)];
        irises.sort_by(|a, b| a.centre.x.total_cmp(&b.centre.x));
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
            chin: points[152],
            cheeks: [points[234], points[454]],
            points,
            depths,
            irises,
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

/// Squares of this side that cover the picture and overlap by a third or more.
fn tiles(picture: &RgbImage, side: f32) -> Vec<Rect> {
    let starts = |length: f32| {
        let steps = ((length - side) / (side * 0.67)).ceil().max(0.0);
        (0..=steps as usize).map(move |step| if steps > 0.0 { (length - side) * step as f32 / steps } else { 0.0 })
    };
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    starts(height).flat_map(|y| starts(width).map(move |x| Rect { x, y, width: side, height: side })).collect()
}

/// Whether two boxes are of one face: they overlap, or the middle of one lies in the other.
fn is_same(a: &Detection, b: &Detection) -> bool {
    let holds = |outer: &Rect, inner: &Rect| {
        let (x, y) = (inner.x + inner.width / 2.0, inner.y + inner.height / 2.0);
        (outer.x..=outer.right()).contains(&x) && (outer.y..=outer.bottom()).contains(&y)
    };
    overlap(&a.bounds, &b.bounds) > MERGE_OVERLAP || holds(&a.bounds, &b.bounds) || holds(&b.bounds, &a.bounds)
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
    fn tiles_cover_the_picture_and_overlap() {
        let picture = RgbImage::new(1280, 720);
        let tiles = tiles(&picture, 360.0);
        for (x, y) in [(0.5, 0.5), (1279.5, 719.5), (640.0, 0.5), (360.0, 360.0), (1000.0, 500.0)] {
            let covers = |tile: &&Rect| x >= tile.x && x <= tile.right() && y >= tile.y && y <= tile.bottom();
            assert!(tiles.iter().any(|tile| covers(&tile)), "{x},{y}");
        }
        assert!(tiles.iter().all(|tile| tile.x >= 0.0 && tile.right() <= 1280.0 && tile.bottom() <= 720.0));
        assert!(tiles[1].x < tiles[0].right() - 100.0, "{tiles:?}");
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
