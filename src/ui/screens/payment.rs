//! The fee: a code to pay by, staff to pay, or later. The photo is saved already, and it says so.

use eframe::egui::{Align2, Rect, Ui, vec2};

use super::{Stage, heading_ui, on};
use crate::operator;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, drawing, notice_height, notice_ui, qr_ui};
use crate::visit::{Event, Order, PaymentProgress};

pub fn payment_ui(ui: &mut Ui, stage: &Stage<'_>, order: &Order, progress: &PaymentProgress) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1480.0).shrink2(vec2(0.0, theme.pick(48.0, 72.0)));
    let later = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.px(36.0));
    heading_ui(ui, theme, &mut area, strings.payment_title, strings.payment_safe);
    area.cut_top(theme.px(36.0));

    let (left, right) = if theme.upright {
        let lower = area.cut_bottom(area.height() * 0.56);
        area.cut_bottom(theme.px(36.0));
        (area, lower)
    } else {
        let [left, right] = area.columns([1.0, 1.0], theme.px(72.0));
        (left, right)
    };
    amount_ui(ui, stage, left, order, progress);
    card_ui(ui, theme, right);
    let inside = right.shrink(theme.px(32.0));
    match progress {
        PaymentProgress::Code(url) => {
            let mut rest = inside;
            let words = rest.cut_bottom(theme.px(64.0));
            qr_ui(ui, theme, rest, url, strings.qr_name);
            Text::new(strings.payment_scan, Type::Strong).centred().show(ui, theme, words);
        }
        PaymentProgress::Asking => {
            Text::new(strings.payment_asking, Type::Body).ink(Ink::Soft).centred().show(ui, theme, inside);
        }
        PaymentProgress::Unreachable => problem_ui(ui, stage, inside),
        PaymentProgress::WithStaff => staff_ui(ui, stage, inside),
    }
    let width = theme.pick(560.0, 968.0).min(later.width());
    if *progress == PaymentProgress::WithStaff {
        let [left, right] = later.columns([1.0, 1.0], theme.px(36.0));
        let skipped = Button::secondary(strings.pay_later).show(ui, theme, left);
        let confirmed = Button::secondary(strings.payment_staff_confirm).show(ui, theme, right);
        let open = operator::Event::OpenForPayment { order_number: order.number.clone() };
        return on(skipped, Event::Skip).or(confirmed.then_some(Intent::Operator(open)));
    }
    let button = Rect::from_center_size(later.center(), vec2(width, later.height()));
    on(Button::secondary(strings.pay_later).show(ui, theme, button), Event::Skip)
}

fn amount_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect, order: &Order, progress: &PaymentProgress) {
    let Stage { theme, strings, .. } = stage;
    Text::new(strings.fee, Type::Body).ink(Ink::Soft).show(ui, theme, area.cut_top(theme.px(48.0)));
    let amount = sentences::yuan(order.payment.fee_fen);
    Text::new(&amount, Type::Hero).ink(Ink::Accent).align(Align2::LEFT_CENTER).show(
        ui,
        theme,
        area.cut_top(theme.px(150.0)),
    );
    area.cut_top(theme.px(12.0));
    Text::new(strings.order_number, Type::Body).ink(Ink::Soft).show(ui, theme, area.cut_top(theme.px(48.0)));
    let number = sentences::grouped_order_number(&order.number);
    Text::new(&number, Type::Heading).show(ui, theme, area.cut_top(theme.px(64.0)));
    area.cut_top(theme.px(28.0));
    let words = match progress {
        PaymentProgress::WithStaff => strings.payment_staff_note,
        _ => strings.payment_waiting,
    };
    let height = notice_height(ui, theme, area.width(), words, &[]).max(theme.px(96.0));
    notice_ui(ui, theme, area.cut_top(height), Tone::Info, words, &[]);
}

fn problem_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect) {
    let Stage { theme, strings, .. } = stage;
    let mut rest = Rect::from_center_size(area.center(), vec2(area.width(), theme.px(340.0)));
    drawing::attention(ui.painter(), rest.cut_top(theme.px(120.0)), theme::WARN);
    rest.cut_top(theme.px(28.0));
    Text::new(strings.payment_unreachable, Type::Heading).ink(Ink::Warn).centred().show(
        ui,
        theme,
        rest.cut_top(theme.px(64.0)),
    );
    Text::new(strings.payment_unreachable_note, Type::Body).ink(Ink::Soft).centred().show(ui, theme, rest);
}

fn staff_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect) {
    let Stage { theme, strings, .. } = stage;
    let mut rest = Rect::from_center_size(area.center(), vec2(area.width(), theme.px(400.0)));
    let pair = rest.cut_top(theme.px(240.0)).fit(vec2(1.0, 1.0));
    let pen = drawing::Pen::new(ui.painter(), pair);
    pen.disc(50.0, 50.0, 50.0, theme::ACCENT_SOFT);
    pen.bust(34.0, 26.0, 0.56, theme::ACCENT_LIGHT, 82.0);
    pen.bust(64.0, 26.0, 0.56, theme::ACCENT, 82.0);
    rest.cut_top(theme.px(24.0));
    Text::new(strings.payment_staff, Type::Title).centred().show(ui, theme, rest);
}
