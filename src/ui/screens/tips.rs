//! The six tips, before the camera and from the help page.

use eframe::egui::{Align2, Rect, Ui, vec2};

use super::{Stage, heading_ui, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui, tip_drawing};
use crate::visit::{Event, PictureSource};

/// The tips, and whether to be photographed or to bring a picture.
pub fn tips_ui(ui: &mut Ui, stage: &Stage<'_>) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let mut area = theme.column(stage.area, 1640.0).shrink2(vec2(0.0, theme.pick(40.0, 64.0)));
    let mut line = area.cut_bottom(theme.action_height());
    let mut intent = None;
    if view.imports.any() {
        let others = if theme.upright {
            area.cut_bottom(theme.gap());
            area.cut_bottom(theme.touch_height())
        } else {
            let share = if view.imports.stick && view.imports.phone { 0.42 } else { 0.58 };
            let main = line.cut_right(line.width() * share);
            line.cut_right(theme.px(36.0));
            std::mem::replace(&mut line, main)
        };
        intent = bring_ui(ui, stage, others);
    } else {
        let width = theme.pick(680.0, 968.0).min(line.width());
        line = Rect::from_center_size(line.center(), vec2(width, line.height()));
    }
    area.cut_bottom(theme.pick(32.0, 48.0));
    six_tips_ui(ui, stage, area);
    intent.or(on(Button::primary(strings.ready).show(ui, theme, line), Event::Ready))
}

fn bring_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let ways = [(strings.bring_stick, PictureSource::Stick), (strings.bring_phone, PictureSource::Phone)];
    let ways: Vec<_> = ways.into_iter().filter(|(_, source)| view.imports.allow(*source)).collect();
    let gap = theme.px(24.0);
    let width = (area.width() - gap * (ways.len() - 1) as f32) / ways.len() as f32;
    let mut intent = None;
    for (label, source) in ways {
        if Button::secondary(label).show(ui, theme, area.cut_left(width)) {
            intent = on(true, Event::Bring(source));
        }
        area.cut_left(gap);
    }
    intent
}

pub(super) fn six_tips_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect) {
    let Stage { theme, strings, .. } = stage;
    heading_ui(ui, theme, &mut area, strings.tips_title, strings.tips_note);
    area.cut_top(theme.pick(32.0, 44.0));
    let gap = theme.gap();
    let (rows, columns) = if theme.upright { (3, 2) } else { (2, 3) };
    let height = (area.height() - gap * (rows - 1) as f32) / rows as f32;
    for row in 0..rows {
        let mut line = area.cut_top(height);
        area.cut_top(gap);
        let width = (line.width() - gap * (columns - 1) as f32) / columns as f32;
        for column in 0..columns {
            tip_ui(ui, stage, line.cut_left(width), row * columns + column);
            line.cut_left(gap);
        }
    }
}

fn tip_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, tip: usize) {
    let Stage { theme, strings, .. } = stage;
    let (headline, line) = strings.tips[tip];
    card_ui(ui, theme, area);
    let mut rest = area.shrink2(vec2(theme.px(32.0), theme.px(24.0)));
    let side = theme.pick(148.0, 190.0).min(rest.height());
    let title = format!("{}. {headline}", tip + 1);
    if theme.upright {
        let picture = rest.cut_top(side.min(rest.height() * 0.5));
        tip_drawing(ui.painter(), picture.fit(vec2(1.0, 1.0)), tip);
        rest.cut_top(theme.px(16.0));
        Text::new(&title, Type::Heading).centred().show(ui, theme, rest.cut_top(theme.px(60.0)));
        Text::new(line, Type::Body).ink(Ink::Soft).align(Align2::CENTER_TOP).show(ui, theme, rest);
        return;
    }
    let picture = rest.cut_left(side);
    tip_drawing(ui.painter(), picture.fit(vec2(1.0, 1.0)), tip);
    rest.cut_left(theme.px(28.0));
    let text = Text::new(line, Type::Body).ink(Ink::Soft);
    let block = theme.px(64.0) + text.height(ui, theme, rest.width());
    rest.cut_top(((rest.height() - block) / 2.0).max(0.0));
    Text::new(&title, Type::Heading).show(ui, theme, rest.cut_top(theme.px(64.0)));
    text.align(Align2::LEFT_TOP).show(ui, theme, rest);
}
