//! Withdrawing the consent: what it means, and whether the student is sure.

use eframe::egui::{Rect, Ui, vec2};

use super::review::portrait_ui;
use super::{Stage, heading_ui, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, drawing, notice_height, notice_ui};
use crate::visit::{Event, Record};

/// `is_asked` is whether the booth is erasing already.
pub fn withdraw_ui(ui: &mut Ui, stage: &Stage<'_>, record: &Record, is_asked: bool) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1480.0).shrink2(vec2(0.0, theme.pick(48.0, 72.0)));
    let buttons = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.px(32.0));
    heading_ui(ui, theme, &mut area, strings.withdraw_title, strings.withdraw_note);
    area.cut_top(theme.px(28.0));
    if record.portrait.is_some() {
        let picture = if theme.upright {
            let picture = area.cut_top(area.height() * 0.4);
            area.cut_top(theme.px(36.0));
            picture
        } else {
            let picture = area.cut_left(area.width() * 0.3);
            area.cut_left(theme.px(56.0));
            picture
        };
        portrait_ui(ui, stage, picture);
    }
    let words = if record.order.paid && record.order.payment.fee_fen > 0 {
        strings.withdraw_paid
    } else {
        strings.withdraw_final
    };
    let height = notice_height(ui, theme, area.width(), words, &[]);
    let notice = area.cut_bottom(height);
    area.cut_bottom(theme.px(24.0));
    consequences_ui(ui, stage, area);
    notice_ui(ui, theme, notice, Tone::Warn, words, &[]);

    let [keep, erase] = buttons.columns([1.0, 1.3], theme.px(36.0));
    let back = Button::primary(strings.withdraw_keep).enabled(!is_asked).show(ui, theme, keep);
    let sure = Button::secondary(strings.withdraw_confirm).enabled(!is_asked).show(ui, theme, erase);
    on(back, Event::Back).or(on(sure, Event::ConfirmWithdrawal))
}

fn consequences_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect) {
    let Stage { theme, strings, .. } = stage;
    let row_height = ((area.height() - theme.px(24.0)) / strings.withdraw_what.len() as f32).min(theme.px(132.0));
    let mut rest = area;
    let card = rest.cut_top(row_height * strings.withdraw_what.len() as f32 + theme.px(24.0));
    card_ui(ui, theme, card);
    let mut rows = card.shrink2(vec2(theme.px(36.0), theme.px(12.0)));
    for words in strings.withdraw_what {
        let mut row = rows.cut_top(row_height);
        let mark = row.cut_left(theme.px(40.0)).fit(vec2(1.0, 1.0));
        drawing::check_mark(ui.painter(), mark.shrink(theme.px(5.0)), theme.stroke(5.0, theme::ACCENT));
        row.cut_left(theme.px(24.0));
        Text::new(words, Type::Body).show(ui, theme, row);
    }
}
