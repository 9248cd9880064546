//! Plates that fit, that fit after a shift or a change of light, and that do not fit.

use super::*;
use image::Rgb;

const SIZE: (u32, u32) = (240, 320);

/// An even but not flat wall with a few things on it, the same for every exposure.
fn wall(x: i32, y: i32) -> [f32; 3] {
    let tile = if (x / 20 + y / 25) % 2 == 0 { 150.0 } else { 190.0 };
    let shade = x as f32 * 0.1;
    [tile + shade, tile + shade * 0.5, tile - 10.0]
}

fn noise(x: i32, y: i32, seed: i32) -> f32 {
    let hash = (x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663) ^ seed.wrapping_mul(83_492_791)) as u32;
    (hash.wrapping_mul(2_654_435_761) >> 24) as f32 / 64.0 - 2.0
}

fn shot(seed: i32, colour: impl Fn(i32, i32) -> [f32; 3]) -> RgbImage {
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let (x, y) = (x as i32, y as i32);
        Rgb(colour(x, y).map(|value| (value + noise(x, y, seed)).round().clamp(0.0, 255.0) as u8))
    })
}

/// A disc for a sitter: 1 inside, a soft edge of four pixels.
fn truth(x: i32, y: i32) -> f32 {
    ((80.0 - ((x - 120) as f32).hypot((y - 180) as f32)) / 4.0 + 0.5).clamp(0.0, 1.0)
}

const SUIT: [f32; 3] = [35.0, 40.0, 60.0];

fn sitting(light: impl Fn(i32, i32) -> f32, moved: (i32, i32)) -> RgbImage {
    shot(1, |x, y| {
        let (alpha, behind) = (truth(x, y), wall(x + moved.0, y + moved.1));
        [0, 1, 2].map(|n| alpha * SUIT[n] + (1.0 - alpha) * behind[n] * light(x, y))
    })
}

/// What a model might say: right on the whole, eight pixels soft, with a hole in the sitter.
fn model() -> Matte {
    let alpha = (0..SIZE.0 * SIZE.1).map(|index| {
        let (x, y) = ((index % SIZE.0) as i32, (index / SIZE.0) as i32);
        let edge = (80.0 - ((x - 120) as f32).hypot((y - 180) as f32)) / 16.0 + 0.5;
        let hole = ((x - 150) as f32).hypot((y - 200) as f32) < 18.0;
        if hole { 0.0 } else { edge.clamp(0.0, 1.0) }
    });
    Matte::new(SIZE.0, SIZE.1, alpha.collect())
}

fn mean_error(matte: &Matte) -> f32 {
    let errors =
        matte.alpha.iter().enumerate().map(|(index, alpha)| {
            (alpha - truth((index as u32 % SIZE.0) as i32, (index as u32 / SIZE.0) as i32)).abs()
        });
    errors.sum::<f32>() / matte.alpha.len() as f32
}

fn solved(picture: &RgbImage, plate: &RgbImage) -> Result<Matte, Misfit> {
    let picture = Colours::of(picture);
    Ok(fit(&picture, plate, &model())?.solve(&picture, &model()).0)
}

fn empty_booth() -> RgbImage {
    shot(2, wall)
}

#[test]
fn a_hole_is_closed_and_the_edge_is_found() {
    let matte = solved(&sitting(|_, _| 1.0, (0, 0)), &empty_booth()).unwrap();
    assert!(mean_error(&model()) > 0.02);
    assert!(mean_error(&matte) < 0.004, "{}", mean_error(&matte));
    assert!(matte.at(150, 200) > 0.99, "{}", matte.at(150, 200));
}

#[test]
fn brighter_light_and_a_soft_shadow_are_not_the_sitter() {
    let shadow =
        |x: i32, y: i32| 1.08 - 0.14 * (-((x - 30) as f32 / 40.0).powi(2) - ((y - 150) as f32 / 60.0).powi(2)).exp();
    let matte = solved(&sitting(shadow, (0, 0)), &empty_booth()).unwrap();
    assert!(mean_error(&matte) < 0.006, "{}", mean_error(&matte));
}

#[test]
fn a_camera_that_moved_a_little_is_followed() {
    let matte = solved(&sitting(|_, _| 1.0, (2, -1)), &empty_booth()).unwrap();
    assert!(mean_error(&matte) < 0.006, "{}", mean_error(&matte));
}

#[test]
fn a_plate_that_no_longer_fits_is_refused_and_says_why() {
    let other_wall = shot(3, |x, y| wall(y * 2, x / 3).map(|value| value * if x % 60 < 30 { 0.6 } else { 1.2 }));
    let picture = sitting(|_, _| 1.0, (0, 0));
    assert_eq!(solved(&picture, &other_wall).unwrap_err(), Misfit::Scene);
    let night = shot(4, |x, y| wall(x, y).map(|value| value * 0.3));
    assert_eq!(solved(&picture, &night).unwrap_err(), Misfit::Light);
    assert_eq!(solved(&picture, &RgbImage::new(10, 10)).unwrap_err(), Misfit::Size);
    let full = Matte::new(SIZE.0, SIZE.1, vec![1.0; (SIZE.0 * SIZE.1) as usize]);
    assert_eq!(fit(&Colours::of(&picture), &empty_booth(), &full).err(), Some(Misfit::Covered));
}
