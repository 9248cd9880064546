//! Small marks: ticks, warnings, arrows, arcs, the brand. Everything is drawn, nothing is a picture.

use std::f32::consts::TAU;

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use crate::ui::theme;

/// Maps a drawing of 100×100 units into a square of the window.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    pub painter: &'a Painter,
    origin: Pos2,
    unit: f32,
}

impl<'a> Pen<'a> {
    pub fn new(painter: &'a Painter, area: Rect) -> Self {
        let side = area.width().min(area.height());
        Self { painter, origin: area.center() - vec2(side, side) / 2.0, unit: side / 100.0 }
    }

    pub fn at(&self, x: f32, y: f32) -> Pos2 {
        self.origin + vec2(x, y) * self.unit
    }

    pub fn size(&self, units: f32) -> f32 {
        units * self.unit
    }

    pub fn stroke(&self, units: f32, colour: Color32) -> Stroke {
        Stroke::new(self.size(units), colour)
    }

    pub fn line(&self, points: &[(f32, f32)], units: f32, colour: Color32) {
        let points: Vec<Pos2> = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        round_line(self.painter, points, self.stroke(units, colour));
    }

    pub fn disc(&self, x: f32, y: f32, radius: f32, fill: Color32) {
        self.painter.circle_filled(self.at(x, y), self.size(radius), fill);
    }

    pub fn ring(&self, x: f32, y: f32, radius: f32, units: f32, colour: Color32) {
        self.painter.circle_stroke(self.at(x, y), self.size(radius), self.stroke(units, colour));
    }

    /// A box with round corners, from corner to corner.
    pub fn block(&self, from: (f32, f32), to: (f32, f32), corner: f32, fill: Color32, edge: Option<(f32, Color32)>) {
        let rect = Rect::from_two_pos(self.at(from.0, from.1), self.at(to.0, to.1));
        let stroke = edge.map_or(Stroke::NONE, |(units, colour)| self.stroke(units, colour));
        self.painter.rect(rect, self.size(corner), fill, stroke, StrokeKind::Middle);
    }

    pub fn shape(&self, points: &[(f32, f32)], fill: Color32) {
        let points = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        self.painter.add(Shape::convex_polygon(points, fill, Stroke::NONE));
    }

    /// Head and shoulders, from above the crown to the lower edge of the square.
    pub fn bust(&self, centre_x: f32, top: f32, scale: f32, fill: Color32, floor: f32) {
        self.painter.add(Shape::ellipse_filled(
            self.at(centre_x, top + 19.0 * scale),
            vec2(15.0, 19.0) * scale * self.unit,
            fill,
        ));
        let shoulder = top + 46.0 * scale;
        let points = (0..=32).map(|step| {
            let angle = TAU / 2.0 * (1.0 - step as f32 / 32.0);
            self.at(centre_x + 32.0 * scale * angle.cos(), floor - (floor - shoulder) * angle.sin())
        });
        self.painter.add(Shape::convex_polygon(points.collect(), fill, Stroke::NONE));
    }
}

/// A line with round joints and ends.
fn round_line(painter: &Painter, points: Vec<Pos2>, stroke: Stroke) {
    for point in &points {
        painter.circle_filled(*point, stroke.width / 2.0, stroke.color);
    }
    painter.add(Shape::line(points, stroke));
}

pub fn check_mark(painter: &Painter, area: Rect, stroke: Stroke) {
    let at = |x: f32, y: f32| area.min + area.size() * vec2(x, y);
    round_line(painter, vec![at(0.04, 0.54), at(0.36, 0.86), at(0.96, 0.16)], stroke);
}

/// A filled disc with a tick.
pub fn check_disc(painter: &Painter, area: Rect, fill: Color32) {
    let pen = Pen::new(painter, area);
    pen.disc(50.0, 50.0, 50.0, fill);
    pen.line(&[(27.0, 52.0), (43.0, 68.0), (74.0, 34.0)], 9.0, theme::SURFACE);
}

/// A disc with an exclamation mark.
pub fn attention(painter: &Painter, area: Rect, fill: Color32) {
    let pen = Pen::new(painter, area);
    pen.disc(50.0, 50.0, 50.0, fill);
    pen.line(&[(50.0, 25.0), (50.0, 54.0)], 11.0, theme::SURFACE);
    pen.disc(50.0, 74.0, 6.5, theme::SURFACE);
}

/// A disc with an i.
pub fn info(painter: &Painter, area: Rect, fill: Color32) {
    let pen = Pen::new(painter, area);
    pen.disc(50.0, 50.0, 50.0, fill);
    pen.line(&[(50.0, 47.0), (50.0, 75.0)], 11.0, theme::SURFACE);
    pen.disc(50.0, 27.0, 6.5, theme::SURFACE);
}

/// A head that leans, beside the upright it should keep to.
pub fn tilted_head(painter: &Painter, area: Rect, upright: Color32, head: Color32) {
    let pen = Pen::new(painter, area);
    let (sin, cos) = 0.42_f32.sin_cos();
    let turn = |x: f32, y: f32| (50.0 + x * cos - y * sin, 50.0 + x * sin + y * cos);
    let face: Vec<(f32, f32)> = (0..=48)
        .map(|step| {
            let angle = step as f32 / 48.0 * TAU;
            turn(31.0 * angle.cos(), 40.0 * angle.sin())
        })
        .collect();
    for y in [2.0, 86.0] {
        pen.line(&[(50.0, y - 8.0), (50.0, y + 20.0)], 7.0, upright);
    }
    pen.line(&face, 9.0, head);
    for (x, y) in [turn(-11.0, -8.0), turn(11.0, -8.0)] {
        pen.disc(x, y, 5.5, head);
    }
    pen.line(&[turn(-9.0, 17.0), turn(9.0, 17.0)], 7.0, head);
}

/// A disc with a cross.
pub fn cross_disc(painter: &Painter, area: Rect, fill: Color32) {
    let pen = Pen::new(painter, area);
    pen.disc(50.0, 50.0, 50.0, fill);
    pen.line(&[(32.0, 32.0), (68.0, 68.0)], 9.0, theme::SURFACE);
    pen.line(&[(68.0, 32.0), (32.0, 68.0)], 9.0, theme::SURFACE);
}

/// The four corners of a frame.
pub fn corners(painter: &Painter, area: Rect, length: f32, stroke: Stroke) {
    let inwards = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)];
    let places = [area.left_top(), area.right_top(), area.left_bottom(), area.right_bottom()];
    for (place, (x, y)) in places.into_iter().zip(inwards) {
        round_line(painter, vec![place + vec2(x * length, 0.0), place, place + vec2(0.0, y * length)], stroke);
    }
}

/// Part of a ring; turns are clockwise from the top.
pub fn arc(painter: &Painter, centre: Pos2, radius: f32, from_turns: f32, turns: f32, stroke: Stroke) {
    let steps = (turns.abs() * 96.0).ceil().max(2.0);
    let points: Vec<Pos2> = (0..=steps as usize)
        .map(|step| {
            let angle = (from_turns + turns * step as f32 / steps) * TAU;
            centre + Vec2::new(angle.sin(), -angle.cos()) * radius
        })
        .collect();
    for end in points.iter().take(1).chain(points.last()) {
        painter.circle_filled(*end, stroke.width / 2.0, stroke.color);
    }
    painter.add(Shape::line(points, stroke));
}

/// Something is being done; `seconds` since it began turn the arc.
pub fn spinner(painter: &Painter, centre: Pos2, radius: f32, width: f32, seconds: f32) {
    painter.circle_stroke(centre, radius, Stroke::new(width, theme::ACCENT_SOFT));
    let breath = 0.18 + 0.10 * (1.0 - (seconds * TAU / 3.2).cos());
    arc(painter, centre, radius, seconds / 1.6, breath, Stroke::new(width, theme::ACCENT));
}

/// The brand: a portrait in a camera's frame.
pub fn brand_mark(painter: &Painter, area: Rect) {
    let pen = Pen::new(painter, area);
    pen.block((0.0, 0.0), (100.0, 100.0), 26.0, theme::ACCENT, None);
    pen.bust(50.0, 20.0, 0.92, theme::SURFACE, 84.0);
    for (x, y, dx, dy) in
        [(14.0, 14.0, 1.0, 1.0), (86.0, 14.0, -1.0, 1.0), (14.0, 86.0, 1.0, -1.0), (86.0, 86.0, -1.0, -1.0)]
    {
        pen.line(&[(x + dx * 13.0, y), (x, y), (x, y + dy * 13.0)], 5.0, theme::ACCENT_LIGHT);
    }
}

/// Which way to move; the direction is a unit vector in the window.
pub fn arrow(painter: &Painter, area: Rect, direction: Vec2, colour: Color32) {
    let pen = Pen::new(painter, area);
    let turn = |x: f32, y: f32| (50.0 + x * direction.x - y * direction.y, 50.0 + x * direction.y + y * direction.x);
    pen.line(&[turn(-30.0, 0.0), turn(28.0, 0.0)], 11.0, colour);
    pen.line(&[turn(6.0, -24.0), turn(30.0, 0.0), turn(6.0, 24.0)], 11.0, colour);
}

/// A face, and beside it the way to turn it.
pub fn turning_head(painter: &Painter, area: Rect, direction: Vec2, way: Color32, head: Color32) {
    let pen = Pen::new(painter, area);
    let (x, y) = (50.0 - 16.0 * direction.x, 50.0 - 16.0 * direction.y);
    let face: Vec<(f32, f32)> = (0..=48)
        .map(|step| {
            let angle = step as f32 / 48.0 * TAU;
            (x + 24.0 * angle.cos(), y + 31.0 * angle.sin())
        })
        .collect();
    pen.line(&face, 8.0, head);
    for side in [-9.0, 9.0] {
        pen.disc(x + side + 6.0 * direction.x, y - 5.0 + 6.0 * direction.y, 4.0, head);
    }
    let (reach, spread) = if direction.x == 0.0 { (38.0, 15.0) } else { (31.0, 15.0) };
    let turn = |along: f32, across: f32| {
        (x + along * direction.x - across * direction.y, y + along * direction.y + across * direction.x)
    };
    let tip = reach + 16.0;
    pen.line(&[turn(tip - spread, -spread), turn(tip, 0.0), turn(tip - spread, spread)], 8.0, way);
}

/// Somebody, and where their ears have to show.
pub fn head_with_ears(painter: &Painter, area: Rect, ears: Color32, head: Color32) {
    let pen = Pen::new(painter, area);
    for side in [-1.0, 1.0] {
        let x = |out: f32| 50.0 + side * out;
        pen.disc(x(21.0), 38.0, 11.0, ears);
        pen.line(&[(x(49.0), 38.0), (x(36.0), 38.0)], 6.0, head);
        pen.line(&[(x(42.0), 31.0), (x(35.0), 38.0), (x(42.0), 45.0)], 6.0, head);
    }
    pen.bust(50.0, 12.0, 1.25, head, 98.0);
}

/// A screen turned bright.
pub fn sun(painter: &Painter, area: Rect, colour: Color32) {
    let pen = Pen::new(painter, area);
    pen.disc(50.0, 50.0, 19.0, colour);
    for ray in 0..8_u8 {
        let angle = f32::from(ray) / 8.0 * TAU;
        let at = |radius: f32| (50.0 + radius * angle.cos(), 50.0 + radius * angle.sin());
        pen.line(&[at(30.0), at(42.0)], 7.0, colour);
    }
}

/// A distance to keep.
pub fn distance(painter: &Painter, area: Rect, colour: Color32) {
    let pen = Pen::new(painter, area);
    pen.line(&[(8.0, 22.0), (8.0, 78.0)], 7.0, colour);
    pen.line(&[(92.0, 22.0), (92.0, 78.0)], 7.0, colour);
    pen.line(&[(24.0, 50.0), (76.0, 50.0)], 7.0, colour);
    pen.line(&[(36.0, 36.0), (23.0, 50.0), (36.0, 64.0)], 7.0, colour);
    pen.line(&[(64.0, 36.0), (77.0, 50.0), (64.0, 64.0)], 7.0, colour);
}

/// A code inside a frame.
pub fn framed_code(painter: &Painter, area: Rect, colour: Color32) {
    let pen = Pen::new(painter, area);
    let frame = Rect::from_min_max(pen.at(10.0, 10.0), pen.at(90.0, 90.0));
    corners(painter, frame, pen.size(20.0), pen.stroke(7.0, colour));
    code(pen, pos2(30.0, 30.0), 40.0, colour, theme::SURFACE);
}

/// A picture of a QR code, which no reader takes for one.
pub fn code(pen: Pen<'_>, corner: Pos2, side: f32, dark: Color32, light: Color32) {
    const CELLS: [&str; 9] = [
        "###.#.###",
        "#.#..##.#",
        "###.#.###",
        "...##....",
        "#.#.#.##.",
        ".##..#..#",
        "###.##.##",
        "#.#..#.#.",
        "###.#.##.",
    ];
    let cell = side / 9.0;
    pen.block((corner.x - cell, corner.y - cell), (corner.x + side + cell, corner.y + side + cell), 2.0, light, None);
    for (row, cells) in CELLS.into_iter().enumerate() {
        for (column, _) in cells.bytes().enumerate().filter(|(_, byte)| *byte == b'#') {
            let (x, y) = (corner.x + column as f32 * cell, corner.y + row as f32 * cell);
            pen.block((x, y), (x + cell * 1.02, y + cell * 1.02), 0.0, dark, None);
        }
    }
}
