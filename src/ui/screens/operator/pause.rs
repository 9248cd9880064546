//! Closing the booth to students for a while, and opening it again.

use eframe::egui::{Rect, Ui};

use super::{Desk, back_ui, on, page};
use crate::operator::{Event, Notice};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::widgets::{Button, Tone, notice_height, notice_ui};

pub fn pause_ui(ui: &mut Ui, desk: &Desk<'_>) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let back = back_ui(ui, desk, &mut area);
    heading_ui(ui, theme, &mut area, words.pause_title, words.pause_note);
    area.cut_top(theme.px(28.0));
    let resumed = desk.view.paused.and_then(|notice| paused_ui(ui, desk, &mut area, notice));
    let mut paused = None;
    let columns = if theme.upright { 1 } else { 2 };
    let gap = theme.px(24.0);
    for notices in Notice::ALL.chunks(columns) {
        let mut row = area.cut_top(theme.px(104.0));
        area.cut_top(gap);
        let width = (row.width() - gap * (columns - 1) as f32) / columns as f32;
        for notice in notices {
            let place = row.cut_left(width);
            row.cut_left(gap);
            let label = sentences::notice(words.language, *notice);
            let enabled = desk.view.paused != Some(*notice);
            paused = paused.or(on(Button::quiet(label).enabled(enabled).show(ui, theme, place), Event::Pause(*notice)));
        }
    }
    back.or(resumed).or(paused)
}

/// What students read now, with the button that ends it.
fn paused_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, notice: Notice) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let lines = [sentences::notice(words.language, notice).to_owned()];
    let mut width = area.width();
    let button_width = theme.px(340.0);
    if !theme.upright {
        width -= button_width + theme.px(24.0);
    }
    let height = notice_height(ui, theme, width, words.paused_now, &lines);
    let mut place = area.cut_top(height);
    area.cut_top(theme.px(20.0));
    let button = if theme.upright {
        let button = area.cut_top(theme.px(100.0));
        area.cut_top(theme.px(24.0));
        button
    } else {
        let side = place.cut_right(button_width);
        place.cut_right(theme.px(24.0));
        Rect::from_center_size(side.center(), eframe::egui::vec2(side.width(), theme.px(100.0)))
    };
    notice_ui(ui, theme, place, Tone::Warn, words.paused_now, &lines);
    on(Button::primary(words.resume).show(ui, theme, button), Event::Resume)
}
