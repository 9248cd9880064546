//! Cutting a rectangle into parts, from the outside in. Screens place everything this way, so that
//! nothing depends on what was painted before it.

use eframe::egui::{Rect, Vec2, vec2};

/// Takes a strip off a rectangle and leaves the rest.
pub trait Cut {
    fn cut_top(&mut self, height: f32) -> Rect;
    fn cut_bottom(&mut self, height: f32) -> Rect;
    fn cut_left(&mut self, width: f32) -> Rect;
    fn cut_right(&mut self, width: f32) -> Rect;
    /// Side by side, with shares of the width.
    fn columns<const N: usize>(&self, shares: [f32; N], gap: f32) -> [Rect; N];
    /// The largest rectangle of this shape inside, in the middle.
    fn fit(&self, shape: Vec2) -> Rect;
}

impl Cut for Rect {
    fn cut_top(&mut self, height: f32) -> Rect {
        let (top, rest) = self.split_top_bottom_at_y((self.top() + height).min(self.bottom()));
        *self = rest;
        top
    }

    fn cut_bottom(&mut self, height: f32) -> Rect {
        let (rest, bottom) = self.split_top_bottom_at_y((self.bottom() - height).max(self.top()));
        *self = rest;
        bottom
    }

    fn cut_left(&mut self, width: f32) -> Rect {
        let (left, rest) = self.split_left_right_at_x((self.left() + width).min(self.right()));
        *self = rest;
        left
    }

    fn cut_right(&mut self, width: f32) -> Rect {
        let (rest, right) = self.split_left_right_at_x((self.right() - width).max(self.left()));
        *self = rest;
        right
    }

    fn columns<const N: usize>(&self, shares: [f32; N], gap: f32) -> [Rect; N] {
        let mut rest = *self;
        let usable = self.width() - gap * (N as f32 - 1.0);
        let total: f32 = shares.iter().sum();
        shares.map(|share| {
            let column = rest.cut_left(usable * share / total);
            rest.cut_left(gap);
            column
        })
    }

    fn fit(&self, shape: Vec2) -> Rect {
        let scale = (self.width() / shape.x).min(self.height() / shape.y);
        Rect::from_center_size(self.center(), vec2(shape.x, shape.y) * scale)
    }
}
