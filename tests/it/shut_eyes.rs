//! Whether shut eyes are noticed. Nobody among the test pictures shuts them while looking ahead, so the
//! upper lids of those who do look ahead are drawn down.

use std::path::Path;

use image::{Rgb, RgbImage, imageops};
use szz_kiosk::photo::Check;
use szz_kiosk::photo::decode::open_picture;
use szz_kiosk::photo::develop::Developer;
use szz_kiosk::photo::face::{Face, FaceFinder, Point};
use szz_kiosk::photo::runtime::{ModelLoader, inference_threads};
use szz_kiosk::photo::standard::PhotoProfile;

use crate::checks::good_portraits;
use crate::{fixture, test_data};

/// Points of the mesh from corner to corner: the upper and the lower lid of each eye.
const LIDS: [([usize; 9], [usize; 9]); 2] = [
    ([33, 246, 161, 160, 159, 158, 157, 173, 133], [33, 7, 163, 144, 145, 153, 154, 155, 133]),
    ([263, 466, 388, 387, 386, 385, 384, 398, 362], [263, 249, 390, 373, 374, 380, 381, 382, 362]),
];

/// How far down a lid is at `x`; `None` beside the eye.
fn lid_at(face: &Face, lid: &[usize], x: f32) -> Option<f32> {
    lid.windows(2).find_map(|pair| {
        let mut ends: [Point; 2] = [face.points[pair[0]], face.points[pair[1]]];
        ends.sort_by(|a, b| a.x.total_cmp(&b.x));
        let [left, right] = ends;
        let between = left.x <= x && x <= right.x && right.x > left.x;
        between.then(|| left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x))
    })
}

/// The upper lids' skin stretched over the eyes, dark lashes where it ends.
fn shut(picture: &RgbImage, face: &Face) -> RgbImage {
    let mut shut = picture.clone();
    for (upper, lower) in LIDS {
        let gaps = upper.iter().zip(lower).map(|(upper, lower)| face.points[lower].y - face.points[*upper].y);
        let gap = gaps.fold(1.0, f32::max);
        let lash = (gap * 0.12).max(1.0);
        for column in 0..picture.width() {
            let x = column as f32 + 0.5;
            let lids = lid_at(face, &upper, x).zip(lid_at(face, &lower, x));
            let Some((top, bottom)) = lids else { continue };
            let from = top - gap;
            for row in from.max(0.0) as u32..((bottom + lash) as u32).min(picture.height()) {
                let y = row as f32 + 0.5;
                let skin = from + ((y - from) / (bottom - from)).min(1.0) * gap * 0.75;
                let Some(colour) = imageops::interpolate_bilinear(picture, column as f32, skin - 0.5) else { continue };
                let shade = if y > bottom - lash / 2.0 { 0.35 } else { 1.0 };
                shut.put_pixel(column, row, Rgb(colour.0.map(|value| (f32::from(value) * shade) as u8)));
            }
        }
    }
    shut
}

struct Booth {
    finder: FaceFinder,
    developer: Developer,
}

impl Booth {
    fn new() -> Self {
        let loader = ModelLoader::new(None, None, inference_threads()).unwrap();
        Self { finder: FaceFinder::load(&loader).unwrap(), developer: Developer::load(&loader).unwrap() }
    }

    /// What is measured before and after the eyes are shut, and whether it blocks afterwards.
    fn gaps(&mut self, file: &Path) -> (f32, f32, bool) {
        let picture = open_picture(file).unwrap();
        let detection = self.finder.detect(&picture).unwrap()[0];
        let face = self.finder.mesh(&picture, &detection).unwrap().expect("a face");
        let mut measure = |picture: &RgbImage| {
            let developed = self.developer.develop(picture, None, &PhotoProfile::default()).unwrap();
            let eyes = developed.findings.iter().find(|finding| finding.check == Check::EyesOpen).expect("measured");
            (eyes.measured, eyes.blocks())
        };
        let (open, _) = measure(&picture);
        let (shut, blocks) = measure(&shut(&picture, &face));
        (open, shut, blocks)
    }
}

#[test]
fn shut_eyes_are_a_retake() {
    let (open, shut, blocks) = Booth::new().gaps(&fixture("astronaut.jpg"));
    assert!(open > 6.0 && shut < 2.8 && blocks, "{open} open, {shut} shut");
}

#[test]
fn the_shut_eyes_of_good_portraits_are_caught() {
    let Some(data) = test_data() else { return };
    let mut booth = Booth::new();
    let mut caught = 0;
    let good = good_portraits(&data);
    for file in &good {
        let (open, shut, blocks) = booth.gaps(file);
        caught += usize::from(blocks);
        println!(
            "{} {open:.1} open, {shut:.1} shut{}",
            &file.file_name().unwrap().to_string_lossy()[..3],
            if blocks { "" } else { ": missed" }
        );
    }
    println!("{caught} of {} pairs of shut eyes are caught", good.len());
    assert!(caught * 100 >= good.len() * 85, "{caught} of {}", good.len());
}
