//! The drawings of the six tips for a good photo.

use std::f32::consts::{PI, TAU};

use eframe::egui::{Color32, Painter, Rect};

use super::drawing::{self, Pen};
use crate::ui::theme;

/// The drawing of one of the six tips, on a soft disc.
pub fn tip_drawing(painter: &Painter, area: Rect, tip: usize) {
    let pen = Pen::new(painter, area);
    pen.disc(50.0, 50.0, 50.0, theme::ACCENT_SOFT);
    match tip {
        0 => to_the_standard(pen),
        1 => bright_light(pen),
        2 => plain_background(pen),
        3 => even_light(pen),
        4 => face_uncovered(pen),
        _ => no_accessories(pen),
    }
}

/// A sheet with the lines that crown, eyes and chin keep to.
fn to_the_standard(pen: Pen<'_>) {
    pen.block((28.0, 14.0), (72.0, 86.0), 4.0, theme::SURFACE, Some((3.0, theme::ACCENT)));
    pen.bust(50.0, 27.0, 0.66, theme::ACCENT, 84.5);
    for y in [25.0, 38.0, 53.0] {
        for dash in 0..5_u8 {
            let x = 30.0 + 8.4 * f32::from(dash);
            pen.line(&[(x, y), (x + 4.2, y)], 2.0, theme::GOOD);
        }
    }
}

fn bright_light(pen: Pen<'_>) {
    pen.bust(56.0, 30.0, 0.72, theme::ACCENT, 86.0);
    lamp(pen, 24.0, 26.0, theme::WARN);
}

/// Nothing but a curtain behind the sitter.
fn plain_background(pen: Pen<'_>) {
    pen.block((20.0, 17.0), (80.0, 80.0), 3.0, theme::SURFACE, Some((3.0, theme::ACCENT)));
    pen.line(&[(16.0, 17.0), (84.0, 17.0)], 4.5, theme::ACCENT);
    pen.bust(50.0, 27.0, 0.7, theme::ACCENT, 80.0);
    drawing::check_disc(pen.painter, Rect::from_min_max(pen.at(64.0, 62.0), pen.at(88.0, 86.0)), theme::GOOD);
}

/// Light from in front, the same on both sides.
fn even_light(pen: Pen<'_>) {
    pen.bust(50.0, 36.0, 0.64, theme::ACCENT, 86.0);
    for (x, to) in [(22.0, 38.0), (78.0, 62.0)] {
        lamp(pen, x, 22.0, theme::WARN);
        pen.line(&[(x + (to - x) * 0.5, 31.0), (to, 40.0)], 2.6, theme::WARN);
    }
}

fn face_uncovered(pen: Pen<'_>) {
    let oval = |centre: (f32, f32), size: (f32, f32), colour: Color32| {
        let points: Vec<(f32, f32)> = (0..40)
            .map(|step| {
                let angle = step as f32 / 40.0 * TAU;
                (centre.0 + size.0 * angle.cos(), centre.1 + size.1 * angle.sin())
            })
            .collect();
        pen.shape(&points, colour);
    };
    pen.bust(50.0, 18.0, 0.98, theme::ACCENT, 87.0);
    for x in [29.5, 70.5] {
        oval((x, 45.0), (5.0, 7.0), theme::ACCENT);
    }
    oval((50.0, 43.0), (19.0, 25.0), theme::ACCENT);
    oval((50.0, 45.0), (15.5, 21.0), theme::SURFACE);
    for x in [43.0, 57.0] {
        pen.line(&[(x - 3.6, 37.0), (x + 3.6, 37.0)], 2.0, theme::DARK);
        pen.disc(x, 43.0, 2.2, theme::DARK);
    }
    pen.line(&[(46.0, 57.0), (54.0, 57.0)], 2.0, theme::DARK);
}

/// A hat, crossed out.
fn no_accessories(pen: Pen<'_>) {
    let dome: Vec<(f32, f32)> = (0..=24)
        .map(|step| {
            let angle = PI + step as f32 / 24.0 * PI;
            (50.0 + 19.0 * angle.cos(), 40.0 + 19.0 * angle.sin())
        })
        .collect();
    pen.bust(50.0, 31.0, 0.7, theme::ACCENT, 86.0);
    pen.shape(&dome, theme::WARN);
    pen.line(&[(26.0, 41.0), (74.0, 41.0)], 5.0, theme::WARN);
    drawing::cross_disc(pen.painter, Rect::from_min_max(pen.at(66.0, 60.0), pen.at(90.0, 84.0)), theme::WARN);
}

fn lamp(pen: Pen<'_>, x: f32, y: f32, colour: Color32) {
    pen.disc(x, y, 6.5, colour);
    for ray in 0..8_u8 {
        let angle = f32::from(ray) / 8.0 * TAU;
        let at = |radius: f32| (x + radius * angle.cos(), y + radius * angle.sin());
        pen.line(&[at(9.5), at(13.0)], 2.4, colour);
    }
}
