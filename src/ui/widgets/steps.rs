//! The drawings of the four steps on the welcome screen, and of the ways to a collection code.

use eframe::egui::{Color32, Painter, Rect, pos2};

use super::drawing::{self, Pen};
use crate::ui::theme;

/// The drawing of one of the four steps; a later one is drawn without the accent.
pub fn step_drawing(painter: &Painter, area: Rect, step: usize, later: bool) {
    let pen = Pen::new(painter, area);
    let (main, soft) = if later { (theme::LINE_STRONG, theme::DISABLED) } else { (theme::ACCENT, theme::ACCENT_SOFT) };
    pen.disc(50.0, 50.0, 50.0, soft);
    match step {
        0 => phone_with_code(pen, main),
        1 => two_bubbles(pen, main),
        2 => sitter_in_frame(pen, main),
        _ => sheet_with_tick(pen, main),
    }
}

fn phone_with_code(pen: Pen<'_>, main: Color32) {
    pen.block((30.0, 14.0), (70.0, 86.0), 7.0, theme::SURFACE, Some((3.5, main)));
    drawing::code(pen, pos2(37.0, 33.0), 26.0, main, theme::SURFACE);
    pen.line(&[(45.0, 21.5), (55.0, 21.5)], 2.5, main);
    pen.line(&[(38.0, 70.0), (62.0, 70.0)], 2.5, main);
    pen.line(&[(43.0, 76.5), (57.0, 76.5)], 2.5, main);
}

fn two_bubbles(pen: Pen<'_>, main: Color32) {
    pen.shape(&[(28.0, 54.0), (40.0, 58.0), (25.0, 71.0)], main);
    pen.block((18.0, 24.0), (62.0, 60.0), 17.0, main, None);
    pen.disc(33.0, 41.0, 3.4, theme::SURFACE);
    pen.disc(47.0, 41.0, 3.4, theme::SURFACE);
    pen.shape(&[(66.0, 70.0), (77.0, 66.0), (80.0, 82.0)], theme::SURFACE);
    pen.block((44.0, 46.0), (84.0, 76.0), 14.0, theme::SURFACE, Some((3.5, main)));
    pen.disc(57.0, 60.0, 3.0, main);
    pen.disc(71.0, 60.0, 3.0, main);
}

fn sitter_in_frame(pen: Pen<'_>, main: Color32) {
    pen.block((25.0, 16.0), (75.0, 84.0), 5.0, theme::SURFACE, None);
    pen.bust(50.0, 26.0, 0.72, main, 84.0);
    let frame = Rect::from_min_max(pen.at(20.0, 11.0), pen.at(80.0, 89.0));
    drawing::corners(pen.painter, frame, pen.size(13.0), pen.stroke(3.5, main));
}

fn sheet_with_tick(pen: Pen<'_>, main: Color32) {
    pen.block((24.0, 16.0), (72.0, 84.0), 5.0, theme::SURFACE, Some((3.5, main)));
    pen.block((32.0, 25.0), (48.0, 46.0), 2.0, theme::ACCENT_SOFT, None);
    pen.bust(40.0, 28.0, 0.24, main, 46.0);
    for (y, to) in [(28.0, 64.0), (36.0, 64.0), (44.0, 60.0), (56.0, 64.0), (65.0, 54.0), (74.0, 48.0)] {
        let from = if y < 50.0 { 54.0 } else { 33.0 };
        pen.line(&[(from, y), (to, y)], 2.5, main);
    }
    let disc = Rect::from_min_max(pen.at(56.0, 58.0), pen.at(86.0, 88.0));
    pen.disc(71.0, 73.0, 17.5, theme::SURFACE);
    drawing::check_disc(pen.painter, disc, theme::GOOD);
}

/// The drawing of one of the three ways to a collection code: WeChat, the app, the web site.
pub fn way_drawing(painter: &Painter, area: Rect, way: usize) {
    let pen = Pen::new(painter, area);
    let main = theme::ACCENT;
    pen.disc(50.0, 50.0, 50.0, theme::ACCENT_SOFT);
    match way {
        0 => two_bubbles(pen, main),
        1 => phone_with_code(pen, main),
        _ => {
            pen.block((16.0, 24.0), (84.0, 68.0), 4.0, theme::SURFACE, Some((3.5, main)));
            pen.line(&[(18.0, 33.0), (82.0, 33.0)], 2.5, main);
            for x in [22.0, 27.5, 33.0] {
                pen.disc(x, 28.6, 1.5, main);
            }
            drawing::code(pen, pos2(40.0, 40.0), 21.0, main, theme::SURFACE);
            pen.line(&[(50.0, 70.0), (50.0, 77.0)], 4.0, main);
            pen.line(&[(36.0, 78.0), (64.0, 78.0)], 4.0, main);
        }
    }
}
