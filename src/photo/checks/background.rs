//! Whether the new background is really of one colour.

use image::RgbImage;

use crate::photo::raster::Matte;

/// Blocks of this many pixels are told to be person or background as a whole.
const BLOCK: usize = 8;
/// Levels by which a pixel may differ from the background's colour.
const TOLERANCE: u8 = 8;

/// Share of the background, away from the person, that has another colour, %.
pub fn stain(result: &RgbImage, matte: &Matte, background: [u8; 3]) -> f32 {
    let (width, height) = (result.width() as usize, result.height() as usize);
    if matte.width as usize != width || matte.height as usize != height {
        return f32::NAN;
    }
    let (columns, rows) = (width / BLOCK, height / BLOCK);
    let mut is_person = vec![false; columns * rows];
    let mut stained = vec![0u32; columns * rows];
    for y in 0..rows * BLOCK {
        for x in 0..columns * BLOCK {
            let block = y / BLOCK * columns + x / BLOCK;
            is_person[block] |= matte.alpha[y * width + x] > 0.9;
            let pixel = result.get_pixel(x as u32, y as u32).0;
            let differs = pixel.iter().zip(background).any(|(value, wanted)| value.abs_diff(wanted) > TOLERANCE);
            stained[block] += u32::from(differs);
        }
    }
    let (mut stain, mut all) = (0, 0);
    for row in 0..rows {
        for column in 0..columns {
            // Two blocks around the person are hair and its soft edge.
            let near = (row.saturating_sub(2)..(row + 3).min(rows))
                .any(|y| (column.saturating_sub(2)..(column + 3).min(columns)).any(|x| is_person[y * columns + x]));
            if !near {
                stain += stained[row * columns + column];
                all += (BLOCK * BLOCK) as u32;
            }
        }
    }
    super::region::percent(stain, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stain_away_from_the_person_is_found_and_hair_beside_them_is_not() {
        let mut matte = Matte::new(480, 640, vec![0.0; 480 * 640]);
        (200..640).for_each(|y| (140..340).for_each(|x| matte.alpha[y * 480 + x] = 1.0));
        let painted = |left: u32| {
            let spot = move |x: u32, y: u32| (left..left + 60).contains(&x) && (300..360).contains(&y);
            RgbImage::from_fn(
                480,
                640,
                |x, y| if spot(x, y) { image::Rgb([200, 60, 60]) } else { image::Rgb([255; 3]) },
            )
        };
        assert!(stain(&painted(20), &matte, [255; 3]) > 1.0);
        assert_eq!(stain(&painted(200), &matte, [255; 3]), 0.0);
    }
}
