//! The live picture and the guides over it.
//!
//! The preview is the only thing in the booth that is mirrored, so that the sitter moves the right
//! way. Here alone picture coordinates become window coordinates.

use eframe::egui::{
    Align2, Painter, Pos2, Rect, Shape, Stroke, TextureId, Ui, Vec2, emath::remap, epaint, epaint::CubicBezierShape,
    epaint::RectShape, pos2, vec2,
};

use super::{Text, drawing};
use crate::photo::Lines;
use crate::photo::guides::Guides;
use crate::ui::strings::Strings;
use crate::ui::theme::{self, Ink, Theme, Type};

/// A texture and its size in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    pub texture: TextureId,
    pub size_px: Vec2,
}

/// How the live picture lies in the window: it covers `area` and is mirrored.
#[derive(Clone, Copy, Debug)]
pub struct PreviewFit {
    area: Rect,
    /// The part of the picture that is seen, in fractions of it, not mirrored.
    seen: Rect,
}

impl PreviewFit {
    pub fn cover(area: Rect, picture_px: Vec2) -> Self {
        let scale = (area.width() / picture_px.x).max(area.height() / picture_px.y);
        let seen = area.size() / (picture_px * scale);
        Self { area, seen: Rect::from_center_size(pos2(0.5, 0.5), seen) }
    }

    /// From a point in the picture (fractions, not mirrored) to the window.
    pub fn in_ui(&self, in_picture: Pos2) -> Pos2 {
        let mirrored = self.seen.right()..=self.seen.left();
        pos2(
            remap(in_picture.x, mirrored, self.area.left()..=self.area.right()),
            remap(in_picture.y, self.seen.top()..=self.seen.bottom(), self.area.top()..=self.area.bottom()),
        )
    }

    pub fn rect_in_ui(&self, in_picture: Rect) -> Rect {
        Rect::from_two_pos(self.in_ui(in_picture.min), self.in_ui(in_picture.max))
    }

    /// Where the part that becomes the photo is seen.
    pub fn crop_in_ui(&self, guides: &Guides) -> Rect {
        let crop = guides.crop;
        self.rect_in_ui(Rect::from_min_size(pos2(crop.x, crop.y), vec2(crop.width, crop.height)))
    }

    fn mirrored_uv(&self) -> Rect {
        Rect { min: pos2(self.seen.right(), self.seen.top()), max: pos2(self.seen.left(), self.seen.bottom()) }
    }
}

/// Paints the live picture, or says that the camera is waking up.
pub fn preview_ui(
    ui: &mut Ui,
    theme: &Theme,
    area: Rect,
    rounding: f32,
    picture: Option<Picture>,
    strings: &Strings,
) -> Option<PreviewFit> {
    let Some(picture) = picture else {
        ui.painter().rect_filled(area, rounding, theme::DARK);
        Text::new(strings.camera_waking, Type::Body).ink(Ink::OnDark).centred().show(ui, theme, area);
        return None;
    };
    let fit = PreviewFit::cover(area, picture.size_px);
    let shape = RectShape::filled(area, rounding, theme::UNTINTED).with_texture(picture.texture, fit.mirrored_uv());
    ui.painter().add(shape);
    Some(fit)
}

/// Dims what is outside the photo and draws head, shoulders and the three lines.
pub fn guides_ui(ui: &mut Ui, theme: &Theme, fit: &PreviewFit, guides: &Guides, met: Lines, strings: &Strings) {
    let painter = ui.painter().with_clip_rect(fit.area);
    let crop = fit.crop_in_ui(guides).intersect(fit.area);
    dim_around(&painter, fit.area, crop);

    let colour_of = |good: bool| if good { theme::GUIDE_GOOD } else { theme::GUIDE_WAITING };
    let colour = colour_of(met == Lines::ALL);
    let bright = theme.stroke(5.0, colour);
    let halo = theme.stroke(9.0, theme::SCRIM);
    drawing::corners(&painter, crop.shrink(theme.px(2.0)), theme.px(56.0), theme.stroke(6.0, colour));

    let centre_x = fit.in_ui(pos2(guides.centre_x, 0.0)).x;
    let y = |in_picture: f32| fit.in_ui(pos2(0.5, in_picture)).y;
    let (crown, chin) = (y(guides.crown_y), y(guides.chin_y));
    let half_width = (fit.in_ui(pos2(guides.centre_x, 0.0)).x
        - fit.in_ui(pos2(guides.centre_x + guides.face_half_width, 0.0)).x)
        .abs();
    for stroke in [halo, bright] {
        paint_head(&painter, stroke, centre_x, (crown, chin), half_width, crop);
    }

    // Each turns green by itself.
    let lines = [
        (guides.crown_y, met.crown, strings.crown_line),
        (guides.eyes_y, met.eyes, strings.eyes_line),
        (guides.chin_y, met.chin, strings.chin_line),
    ];
    for (line_y, met, label) in lines {
        let at = y(line_y);
        let ends = [pos2(crop.left() + theme.px(12.0), at), pos2(crop.right() - theme.px(12.0), at)];
        for stroke in [theme.stroke(6.0, theme::SCRIM), theme.stroke(3.0, colour_of(met))] {
            painter.extend(Shape::dashed_line(&ends, stroke, theme.px(20.0), theme.px(14.0)));
        }
        line_label_ui(ui, theme, pos2(ends[1].x, at), label);
    }
}

fn line_label_ui(ui: &mut Ui, theme: &Theme, right_end: Pos2, label: &str) {
    let text = Text::new(label, Type::Note).ink(Ink::OnDark).centred();
    let size = vec2(text.width(ui, theme) + theme.px(28.0), theme.px(44.0));
    let area = Align2::RIGHT_CENTER.anchor_size(right_end, size);
    ui.painter().rect_filled(area, theme.px(22.0), theme::DARK);
    text.show(ui, theme, area);
}

pub fn dim_around(painter: &Painter, area: Rect, clear: Rect) {
    let rest = [
        Rect::from_min_max(area.min, pos2(area.right(), clear.top())),
        Rect::from_min_max(pos2(area.left(), clear.bottom()), area.max),
        Rect::from_min_max(pos2(area.left(), clear.top()), pos2(clear.left(), clear.bottom())),
        Rect::from_min_max(pos2(clear.right(), clear.top()), pos2(area.right(), clear.bottom())),
    ];
    for part in rest.into_iter().filter(|part| part.is_positive()) {
        painter.rect_filled(part, 0.0, theme::SCRIM);
    }
}

/// An outline of head, neck and shoulders.
fn paint_head(painter: &Painter, stroke: Stroke, centre_x: f32, (crown, chin): (f32, f32), half: f32, crop: Rect) {
    let head = chin - crown;
    let (centre_y, half_height) = (crown + head / 2.0, head / 2.0);
    let face = epaint::EllipseShape::stroke(pos2(centre_x, centre_y), vec2(half, half_height), stroke);
    painter.add(face);
    // The neck starts where it meets the face.
    let neck_x = half * 0.6;
    let neck_top = centre_y + half_height * (1.0 - 0.6_f32.powi(2)).sqrt();
    for side in [-1.0, 1.0] {
        let at = |x: f32, y: f32| pos2(centre_x + side * x, y);
        let neck_end = chin + head * 0.16;
        painter.line_segment([at(neck_x, neck_top), at(neck_x, neck_end)], stroke);
        let shoulder_edge = (half * 2.0).min(crop.width() / 2.0 - stroke.width);
        let ends = [
            at(neck_x, neck_end),
            at(neck_x, neck_end + head * 0.14),
            at(shoulder_edge, neck_end + head * 0.02),
            at(shoulder_edge, crop.bottom()),
        ];
        painter.add(CubicBezierShape::from_points_stroke(ends, false, theme::CLEAR, stroke));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Rect = Rect { min: pos2(100.0, 50.0), max: pos2(1340.0, 980.0) };

    #[test]
    fn the_preview_is_mirrored_and_upright() {
        let fit = PreviewFit::cover(WIDE, vec2(1920.0, 1080.0));
        let (left, right) = (fit.in_ui(pos2(0.4, 0.3)), fit.in_ui(pos2(0.6, 0.3)));
        assert!(left.x > right.x, "what is left in the picture is right in the mirror");
        assert!(fit.in_ui(pos2(0.5, 0.2)).y < fit.in_ui(pos2(0.5, 0.8)).y);
        assert!((fit.in_ui(pos2(0.5, 0.5)) - WIDE.center()).length() < 0.01);
    }

    #[test]
    fn a_face_is_not_stretched_whatever_the_camera() {
        for picture in [vec2(1920.0, 1080.0), vec2(640.0, 480.0), vec2(1080.0, 1920.0)] {
            let fit = PreviewFit::cover(WIDE, picture);
            let square = Rect::from_center_size(pos2(0.5, 0.5), vec2(100.0, 100.0) / picture);
            let seen = fit.rect_in_ui(square);
            assert!((seen.width() - seen.height()).abs() < 0.01, "{picture:?}: {seen:?}");
        }
    }
}
