//! Shoulders and clothes: whether they are level, and stand out from the background.

use super::Subject;
use super::colour;

/// Rows from the top at which the person begins, for each column; `None` where there is nobody.
fn outline(subject: &Subject<'_>) -> Vec<Option<usize>> {
    let (width, height) = (subject.matte.width as usize, subject.matte.height as usize);
    let from = subject.at(152).y.clamp(0.0, height as f32) as usize;
    let alpha = &subject.matte.alpha;
    (0..width)
        .map(|x| {
            let first = (from.saturating_sub(height / 6)..height).find(|y| alpha[y * width + x] > 0.9)?;
            // Hair hangs from above: the outline of clothes begins below the air.
            (first > from.saturating_sub(height / 6)).then_some(first)
        })
        .collect()
}

/// Tilt of the line over the shoulders, degrees; positive when the one at the right is lower.
pub fn shoulder_tilt(subject: &Subject<'_>) -> f32 {
    let outline = outline(subject);
    let middle = subject.at(152).x;
    let width = subject.face_width;
    let height_at = |side: f32| {
        let (near, far) = (middle + side * width * 0.75, middle + side * width * 0.95);
        let (low, high) = (near.min(far).max(0.0) as usize, near.max(far).max(0.0) as usize);
        let mut rows: Vec<_> =
            outline.get(low.min(outline.len())..high.min(outline.len()))?.iter().flatten().copied().collect();
        rows.sort_unstable();
        rows.get(rows.len() / 2).map(|row| *row as f32)
    };
    match (height_at(-1.0), height_at(1.0)) {
        (Some(left), Some(right)) => (right - left).atan2(width * 1.7).to_degrees(),
        _ => f32::NAN,
    }
}

/// Difference in colour between the upper edge of the clothes and the new background: what a fifth
/// of the edge stays below, so that one white collar does not decide.
pub fn contrast(subject: &Subject<'_>, background: [u8; 3]) -> f32 {
    const DEPTH: usize = 8;
    let background = background.map(f32::from);
    let height = subject.matte.height as usize;
    let mut differences: Vec<f32> = outline(subject)
        .iter()
        .enumerate()
        .step_by(4)
        .filter_map(|(x, first)| {
            let first = (*first)?;
            let rows = first + 2..(first + 2 + DEPTH).min(height);
            if rows.len() < DEPTH {
                return None;
            }
            let mut sum = [0.0; 3];
            for y in rows {
                let pixel = subject.picture.get_pixel(x as u32, y as u32).0;
                (0..3).for_each(|channel| sum[channel] += f32::from(pixel[channel]) / DEPTH as f32);
            }
            Some(colour::difference(sum, background))
        })
        .collect();
    differences.sort_by(f32::total_cmp);
    differences.get(differences.len() / 5).copied().unwrap_or(f32::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    /// Shoulders from row 500 at the left and from `right` at the right.
    fn dressed(colour: [u8; 3], right: usize) -> Scene {
        let mut scene = Scene::painted(|_, _| colour);
        scene.set(152, 240.0, 430.0);
        for (index, alpha) in scene.matte.alpha.iter_mut().enumerate() {
            let (x, y) = (index % 480, index / 480);
            let top = if x.abs_diff(240) < 110 {
                80
            } else if x < 240 {
                500
            } else {
                right
            };
            *alpha = if y < top { 0.0 } else { 1.0 };
        }
        scene
    }

    #[test]
    fn white_clothes_vanish_on_white_and_dark_ones_do_not() {
        assert!(contrast(&dressed([248, 248, 250], 500).subject(), [255; 3]) < 5.0);
        assert!(contrast(&dressed([30, 40, 80], 500).subject(), [255; 3]) > 50.0);
        assert!(contrast(&dressed([248, 248, 250], 500).subject(), [100, 197, 255]) > 16.0);
    }

    #[test]
    fn a_hanging_shoulder_tilts_the_line() {
        assert!(shoulder_tilt(&dressed([30, 40, 80], 500).subject()).abs() < 0.1);
        assert!(shoulder_tilt(&dressed([30, 40, 80], 580).subject()) > 10.0);
    }
}
