//! The photo is safe: the order number, and what happens next.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Stage, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::chrome::seconds_left;
use crate::ui::widgets::{Button, Text, card_ui, drawing};
use crate::visit::{Event, Order};

pub fn done_ui(ui: &mut Ui, stage: &Stage<'_>, order: &Order) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let mut area = theme.column(stage.area, 1180.0);
    // One line more has room on an upright screen alone.
    let card_height = theme.pick(464.0, if order.is_due() { 720.0 } else { 560.0 });
    let block = theme.pick(860.0, 1180.0) + card_height - theme.pick(464.0, 560.0);
    area.cut_top(((area.height() - block) / 2.0).max(theme.px(24.0)));

    let mut head = area.cut_top(theme.pick(150.0, 330.0));
    let title = Text::new(strings.done_title, Type::Display).ink(Ink::Strong);
    if theme.upright {
        drawing::check_disc(ui.painter(), head.cut_top(theme.px(150.0)), theme::GOOD);
        head.cut_top(theme.px(20.0));
        let title_area = head.cut_top(theme.px(100.0));
        title.centred().show(ui, theme, title_area);
        Text::new(strings.done_note, Type::Body).ink(Ink::Soft).centred().show(ui, theme, head);
    } else {
        let mark = head.cut_left(theme.px(136.0)).fit(vec2(1.0, 1.0));
        drawing::check_disc(ui.painter(), mark, theme::GOOD);
        head.cut_left(theme.px(40.0));
        let title_area = head.cut_top(theme.px(96.0));
        title.show(ui, theme, title_area);
        Text::new(strings.done_note, Type::Body).ink(Ink::Soft).show(ui, theme, head);
    }
    area.cut_top(theme.pick(32.0, 40.0));

    let card_area = area.cut_top(card_height);
    card_ui(ui, theme, card_area);
    let mut inside = card_area.shrink2(vec2(theme.px(48.0), theme.px(20.0)));
    let mut row = inside.cut_top(theme.pick(96.0, 110.0));
    let label = Text::new(strings.order_number, Type::Body).ink(Ink::Soft);
    let label_width = label.width(ui, theme) + theme.px(40.0);
    label.show(ui, theme, row.cut_left(label_width));
    if order.payment.fee_fen > 0 {
        paid_ui(ui, stage, row.cut_right(theme.px(300.0)), order);
    }
    let number = sentences::grouped_order_number(&order.number);
    Text::new(&number, Type::Title).align(Align2::RIGHT_CENTER).show(ui, theme, row);
    ui.painter().hline(inside.x_range(), inside.top(), theme.stroke(1.5, theme::LINE));
    inside.cut_top(theme.px(16.0));
    Text::new(strings.done_next_title, Type::Strong).show(ui, theme, inside.cut_top(theme.px(64.0)));
    let unpaid = order.is_due().then_some(strings.done_unpaid);
    let rows: Vec<&str> = unpaid.into_iter().chain(strings.done_next).collect();
    let row_height = inside.height() / rows.len() as f32;
    for (index, words) in rows.into_iter().enumerate() {
        next_row_ui(ui, stage, inside.cut_top(row_height), index + 1, words);
    }

    area.cut_top(theme.pick(36.0, 56.0));
    let line = area.cut_top(theme.action_height());
    let button = Rect::from_center_size(line.center(), vec2(theme.pick(560.0, 968.0).min(line.width()), line.height()));
    let pressed = Button::primary(strings.done).show(ui, theme, button);
    if let Some(deadline) = view.deadline {
        let words = sentences::returns_in(strings.language, seconds_left(view.now, deadline));
        let below =
            Rect::from_min_size(pos2(line.left(), line.bottom() + theme.px(12.0)), vec2(line.width(), theme.px(44.0)));
        Text::new(&words, Type::Note).ink(Ink::Soft).centred().show(ui, theme, below);
    }
    on(pressed, Event::Start)
}

/// Whether the fee is paid, beside the order number.
fn paid_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, order: &Order) {
    let Stage { theme, strings, .. } = stage;
    let (words, fill, ink) = match order.paid {
        true => (strings.paid, theme::GOOD_SOFT, Ink::Good),
        false => (strings.unpaid, theme::WARN_SOFT, Ink::Warn),
    };
    let words = sentences::with_amount(words, order.payment.fee_fen);
    let badge = area.shrink2(vec2(theme.px(12.0), theme.px(16.0)));
    ui.painter().rect_filled(badge, badge.height() / 2.0, fill);
    Text::new(&words, Type::Note).ink(ink).centred().show(ui, theme, badge.shrink2(vec2(theme.px(16.0), 0.0)));
}

fn next_row_ui(ui: &mut Ui, stage: &Stage<'_>, mut row: Rect, number: usize, words: &str) {
    let theme = &stage.theme;
    let disc = row.cut_left(theme.px(48.0)).fit(vec2(1.0, 1.0));
    ui.painter().circle_filled(disc.center(), theme.px(22.0), theme::ACCENT_SOFT);
    Text::new(&number.to_string(), Type::Note).ink(Ink::Accent).centred().silent().show(ui, theme, disc);
    row.cut_left(theme.px(24.0));
    Text::new(words, Type::Body).show(ui, theme, row);
}
