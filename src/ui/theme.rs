//! The look of the booth: the only place with colours, sizes and text styles.
//!
//! Sizes are written for a screen of 1920×1080 (or 1080×1920) and scale with the window, so a
//! finger finds the same target on every screen. The contrast of every [`Ink`] on every ground it
//! may stand on is tested.

use std::sync::Arc;

use eframe::egui::{self, Color32, FontData, FontDefinitions, FontFamily, FontId, Rect, Shadow, Stroke, Vec2, vec2};

/// Behind everything.
pub const CANVAS: Color32 = Color32::from_rgb(0xF4, 0xF7, 0xFB);
/// Cards and bars.
pub const SURFACE: Color32 = Color32::WHITE;
/// Buttons and bars a finger is on.
pub const SURFACE_PRESSED: Color32 = Color32::from_rgb(0xE6, 0xEC, 0xF5);
/// The one accent: what to touch next.
pub const ACCENT: Color32 = Color32::from_rgb(0x14, 0x59, 0xC8);
pub const ACCENT_PRESSED: Color32 = Color32::from_rgb(0x0E, 0x45, 0x9E);
pub const ACCENT_SOFT: Color32 = Color32::from_rgb(0xE4, 0xED, 0xFC);
/// A little lighter than the accent, for drawings on it.
pub const ACCENT_LIGHT: Color32 = Color32::from_rgb(0x8F, 0xB6, 0xF5);
pub const GOOD: Color32 = Color32::from_rgb(0x0F, 0x76, 0x42);
pub const GOOD_SOFT: Color32 = Color32::from_rgb(0xE3, 0xF4, 0xEA);
pub const WARN: Color32 = Color32::from_rgb(0xC7, 0x7A, 0x00);
pub const WARN_SOFT: Color32 = Color32::from_rgb(0xFF, 0xF2, 0xD8);
pub const FAULT: Color32 = Color32::from_rgb(0xB4, 0x23, 0x18);
pub const DISABLED: Color32 = Color32::from_rgb(0xDD, 0xE3, 0xEC);
/// Edges of cards and fields.
pub const LINE: Color32 = Color32::from_rgb(0xD8, 0xE0, 0xEA);
/// Edges of things to touch.
pub const LINE_STRONG: Color32 = Color32::from_rgb(0x7C, 0x8A, 0xA3);
/// Labels over the live picture.
pub const DARK: Color32 = Color32::from_rgb(0x14, 0x20, 0x38);
/// Guides over the live picture while something is to be changed, and when all is right.
pub const GUIDE_WAITING: Color32 = Color32::from_rgb(0xFF, 0xB8, 0x2E);
pub const GUIDE_GOOD: Color32 = Color32::from_rgb(0x3D, 0xDC, 0x84);
/// Dims what will not be in the photo.
pub const SCRIM: Color32 = Color32::from_rgba_premultiplied(0x08, 0x0D, 0x17, 0x80);
pub const SHADOW: Color32 = Color32::from_rgba_premultiplied(0x02, 0x05, 0x0C, 0x24);

/// A picture as it is.
pub const UNTINTED: Color32 = Color32::WHITE;
/// No fill.
pub const CLEAR: Color32 = Color32::TRANSPARENT;

/// The colour of a photo's background.
pub fn opaque([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// The colour of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Strong,
    Soft,
    Accent,
    Good,
    Warn,
    Fault,
    Disabled,
    OnAccent,
    OnAccentSoft,
    OnDark,
}

impl Ink {
    pub fn colour(self) -> Color32 {
        match self {
            Self::Strong => Color32::from_rgb(0x14, 0x20, 0x38),
            Self::Soft => Color32::from_rgb(0x4A, 0x58, 0x70),
            Self::Accent => ACCENT,
            Self::Good => Color32::from_rgb(0x0B, 0x66, 0x38),
            Self::Warn => Color32::from_rgb(0x7A, 0x49, 0x00),
            Self::Fault => FAULT,
            Self::Disabled => Color32::from_rgb(0x56, 0x62, 0x78),
            Self::OnAccent | Self::OnDark => Color32::WHITE,
            Self::OnAccentSoft => Color32::from_rgb(0xDC, 0xE8, 0xFD),
        }
    }
}

/// The sizes and weights of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// The brand on the welcome screen and the countdown's number.
    Hero,
    Display,
    Title,
    Heading,
    /// Main buttons.
    Action,
    /// A little larger than body, for short lines to read from a distance.
    Lead,
    Body,
    /// Body, set apart by its weight.
    Strong,
    Note,
}

impl Type {
    fn size(self) -> f32 {
        match self {
            Self::Hero => 108.0,
            Self::Display => 76.0,
            Self::Title => 52.0,
            Self::Heading => 38.0,
            Self::Action => 38.0,
            Self::Lead => 34.0,
            Self::Body | Self::Strong => 30.0,
            Self::Note => 25.0,
        }
    }

    /// The font has one weight; the bolder ones are drawn twice, this far apart (in em).
    pub fn embolden_em(self) -> f32 {
        match self {
            Self::Lead | Self::Body | Self::Note => 0.0,
            Self::Hero | Self::Display | Self::Title => 0.028,
            Self::Heading | Self::Action | Self::Strong => 0.024,
        }
    }
}

/// Design units to points for one window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    pub upright: bool,
    scale: f32,
    text_scale: f32,
}

impl Theme {
    /// `text_scale` is 1 for the sizes of [`Type`].
    pub fn for_window(size: Vec2, text_scale: f32) -> Self {
        let upright = size.y > size.x;
        let design = if upright { vec2(1080.0, 1920.0) } else { vec2(1920.0, 1080.0) };
        Self { upright, scale: (size.x / design.x).min(size.y / design.y).max(0.2), text_scale }
    }

    pub fn px(&self, units: f32) -> f32 {
        units * self.scale
    }

    /// The first on a wide screen, the second on an upright one.
    pub fn pick(&self, wide: f32, upright: f32) -> f32 {
        self.px(if self.upright { upright } else { wide })
    }

    pub fn font(&self, text: Type) -> FontId {
        FontId::new(self.px(text.size()) * self.text_scale, FontFamily::Proportional)
    }

    pub fn stroke(&self, units: f32, colour: Color32) -> Stroke {
        Stroke::new(self.px(units), colour)
    }

    /// Below cards and pictures.
    pub fn shadow(&self) -> Shadow {
        let px = |units: f32| self.px(units).round();
        Shadow { offset: [0, px(6.0) as i8], blur: px(28.0) as u8, spread: 0, color: SHADOW }
    }

    /// Corner of a card.
    pub fn radius(&self) -> f32 {
        self.px(28.0)
    }

    /// Between things that belong together.
    pub fn gap(&self) -> f32 {
        self.px(24.0)
    }

    /// From the edge of the window to what stands on it.
    pub fn margin(&self) -> f32 {
        self.pick(72.0, 56.0)
    }

    /// Height of the buttons that lead on.
    pub fn action_height(&self) -> f32 {
        self.pick(112.0, 124.0)
    }

    /// Height of the buttons in the top bar and the least of any target.
    pub fn touch_height(&self) -> f32 {
        self.px(88.0)
    }

    /// The part of the window where screens put their content: long lines are hard to read.
    pub fn column(&self, area: Rect, widest: f32) -> Rect {
        let width = (area.width() - 2.0 * self.margin()).min(self.px(widest));
        Rect::from_center_size(area.center(), vec2(width, area.height()))
    }
}

/// What every screen is painted on. The window is cleared with it: a canvas that is painted over the whole window would
/// cost a third of the painting where there is no GPU.
pub fn ground() -> [f32; 4] {
    CANVAS.to_normalized_gamma_f32()
}

/// Installs the font and the light look. Call once, before the first frame.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let data = FontData::from_static(include_bytes!("../../assets/fonts/NotoSansSC-GBK.otf"));
    fonts.font_data.insert("NotoSansSC".to_owned(), Arc::new(data));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["NotoSansSC".to_owned()]);
    }
    ctx.set_fonts(fonts);
    ctx.set_theme(egui::Theme::Light);
    ctx.all_styles_mut(|style| {
        style.visuals = egui::Visuals::light();
        style.visuals.panel_fill = CANVAS;
        style.visuals.window_fill = CANVAS;
        style.visuals.override_text_color = Some(Ink::Strong.colour());
        style.visuals.selection.stroke = Stroke::new(3.0, ACCENT);
        style.visuals.widgets.inactive.bg_fill = LINE_STRONG;
        style.visuals.widgets.hovered.bg_fill = ACCENT;
        style.visuals.widgets.active.bg_fill = ACCENT_PRESSED;
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = f32::INFINITY;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every ink with every ground it is painted on.
    const PAIRS: [(Ink, &[Color32]); 10] = [
        (Ink::Strong, &[CANVAS, SURFACE, SURFACE_PRESSED, ACCENT_SOFT, GOOD_SOFT, WARN_SOFT]),
        (Ink::Soft, &[CANVAS, SURFACE, SURFACE_PRESSED, ACCENT_SOFT]),
        (Ink::Accent, &[CANVAS, SURFACE, SURFACE_PRESSED, ACCENT_SOFT]),
        (Ink::Good, &[CANVAS, SURFACE, GOOD_SOFT]),
        (Ink::Warn, &[CANVAS, SURFACE, WARN_SOFT]),
        (Ink::Fault, &[CANVAS, SURFACE, SURFACE_PRESSED]),
        (Ink::Disabled, &[CANVAS, SURFACE, DISABLED]),
        (Ink::OnAccent, &[ACCENT, ACCENT_PRESSED, GOOD]),
        (Ink::OnAccentSoft, &[ACCENT, ACCENT_PRESSED]),
        (Ink::OnDark, &[DARK]),
    ];

    fn luminance(colour: Color32) -> f32 {
        let [r, g, b] = [colour.r(), colour.g(), colour.b()].map(|channel| {
            let c = f32::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_its_ground() {
        for (ink, grounds) in PAIRS {
            for ground in grounds {
                let ratio = contrast(ink.colour(), *ground);
                assert!(ratio >= 4.5, "{ink:?} on {ground:?}: {ratio:.2}, at least 4.5 wanted (WCAG AA)");
            }
        }
    }

    #[test]
    fn every_edge_of_a_control_stands_out() {
        for (edge, ground) in [(LINE_STRONG, SURFACE), (LINE_STRONG, CANVAS), (ACCENT, CANVAS), (GOOD, SURFACE)] {
            let ratio = contrast(edge, ground);
            assert!(ratio >= 3.0, "{edge:?} on {ground:?}: {ratio:.2}, at least 3 wanted (WCAG AA)");
        }
    }

    #[test]
    fn a_finger_finds_the_same_target_on_both_orientations() {
        for size in [vec2(1920.0, 1080.0), vec2(1080.0, 1920.0)] {
            assert!(Theme::for_window(size, 1.0).touch_height() >= 88.0);
        }
    }
}
