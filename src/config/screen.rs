//! The screen as a thing to touch: how large it is, and how large its text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};

/// The screen as a thing to touch.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// Width and height of the picture in millimetres.
    pub size_mm: Option<[f32; 2]>,
    /// Of every text; 1 is the design's size.
    #[schemars(range(min = 0.8, max = 1.25))]
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
    pub(super) fn checked(self, problems: &mut Problems<'_>) -> Self {
        if let Some(mm) = self.size_mm.map(|[width, height]| target_mm(width, height))
            && mm < LEAST_TARGET_MM
        {
            problems.add("screen.size_mm", Rule::SmallTarget { mm, least_mm: LEAST_TARGET_MM });
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
    use crate::config::tests::judged;

    #[test]
    fn a_screen_too_small_for_fingers_is_named() {
        let is_named = |size_mm| {
            let problems = judged("", |problems| {
                Screen { size_mm: Some(size_mm), ..Screen::default() }.checked(problems);
            });
            problems.iter().any(|problem| problem.key == "screen.size_mm")
        };
        assert!(!is_named([476.0, 268.0]), "21.5 inches");
        assert!(!is_named([268.0, 476.0]), "the same upright");
        for small in [[217.0, 136.0], [0.0, 0.0], [-476.0, 268.0]] {
            assert!(is_named(small), "{small:?}");
        }
    }
}
