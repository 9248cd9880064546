//! The screen as a thing to touch: how large it is, and how large its text.

use serde::Deserialize;

/// `[screen]`
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// Width and height of the picture in millimetres.
    pub size_mm: Option<[f32; 2]>,
    /// Of every text; 1 is the design's size.
    pub text_scale: f32,
}

impl Default for Screen {
    fn default() -> Self {
        Self { size_mm: None, text_scale: 1.0 }
    }
}

/// What a finger needs.
const LEAST_TARGET_MM: f32 = 12.0;
/// Lowest target of the design and the design's long and short side, in the theme's units.
const TARGET: f32 = 88.0;
const DESIGN: [f32; 2] = [1920.0, 1080.0];

impl Screen {
    pub(super) fn checked(self, problems: &mut Vec<String>) -> Self {
        if !(0.8..=1.25).contains(&self.text_scale) {
            problems.push(format!("[screen] text_scale = {}: must be within 0.8–1.25", self.text_scale));
        }
        if let Some([width, height]) = self.size_mm {
            let target = target_mm(width, height);
            if target < LEAST_TARGET_MM {
                problems.push(format!(
                    "[screen] size_mm = [{width}, {height}]: buttons would be {target:.1} mm high, a finger needs \
                     {LEAST_TARGET_MM} mm: use a larger screen"
                ));
            }
        }
        self
    }
}

/// Height of the lowest button on a screen of this size.
fn target_mm(width: f32, height: f32) -> f32 {
    let (long, short) = (width.max(height), width.min(height));
    TARGET * (long / DESIGN[0]).min(short / DESIGN[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_too_small_for_fingers_is_named() {
        let problems = |size_mm| {
            let mut problems = Vec::new();
            Screen { size_mm: Some(size_mm), ..Screen::default() }.checked(&mut problems);
            problems
        };
        assert!(problems([476.0, 268.0]).is_empty(), "21.5 inches");
        assert!(problems([268.0, 476.0]).is_empty(), "the same upright");
        for small in [[217.0, 136.0], [0.0, 0.0], [-476.0, 268.0]] {
            assert!(problems(small).first().is_some_and(|problem| problem.contains("size_mm")), "{small:?}");
        }
    }
}
