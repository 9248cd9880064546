//! 个人中心: what became of an earlier photo, as far as this booth knows, and what can be done.

use eframe::egui::{Rect, Ui, vec2};

use super::review::portrait_ui;
use super::summary::facts_ui;
use super::{Stage, heading_ui, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui};
use crate::visit::{Event, Record, Review, Visitor};

pub fn centre_ui(ui: &mut Ui, stage: &Stage<'_>, visitor: &Visitor, record: &Record) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1560.0).shrink2(vec2(0.0, theme.pick(40.0, 64.0)));
    let mut buttons = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.px(32.0));
    let withdraw = if theme.upright {
        let line = area.cut_bottom(theme.touch_height());
        area.cut_bottom(theme.px(24.0));
        line
    } else {
        let place = buttons.cut_left(theme.px(380.0));
        buttons.cut_left(theme.px(36.0));
        place
    };
    heading_ui(
        ui,
        theme,
        &mut area,
        strings.centre_title,
        &sentences::known_since(strings.language, record.as_of, stage.view.wall_clock),
    );
    area.cut_top(theme.px(28.0));

    let (picture, mut side) = if theme.upright {
        let picture = area.cut_top(area.height() * 0.4);
        area.cut_top(theme.px(32.0));
        (picture, area)
    } else {
        let picture = area.cut_left(area.width() * 0.32);
        area.cut_left(theme.px(56.0));
        (picture, area)
    };
    if record.portrait.is_some() {
        portrait_ui(ui, stage, picture);
    } else {
        let place = picture.fit(vec2(3.0, 4.0));
        card_ui(ui, theme, place);
        Text::new(strings.centre_photo_gone, Type::Body).ink(Ink::Soft).centred().show(
            ui,
            theme,
            place.shrink(theme.px(32.0)),
        );
    }
    review_ui(ui, stage, &mut side, record);
    facts_ui(ui, stage, side, &facts(stage, visitor, record));

    let mut choices = Vec::new();
    if record.review.asks_for_another() {
        let label = if record.order.is_due() { strings.resubmit_due } else { strings.resubmit };
        choices.push((label, Event::Resubmit));
    }
    if record.order.is_due() {
        choices.push((strings.pay_now, Event::PayNow));
    }
    let withdrawn = on(Button::quiet(strings.withdraw).show(ui, theme, withdraw), Event::Withdraw);
    choices_ui(ui, stage, buttons, &choices).or(withdrawn)
}

/// "Done" on the left, and what can be done, the first of it as the main button.
fn choices_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect, choices: &[(&str, Event)]) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let gap = theme.px(36.0);
    let width = (area.width() - gap * choices.len() as f32) / (choices.len() + 1) as f32;
    let leave = area.cut_left(width);
    let mut intent = on(Button::secondary(strings.centre_leave).show(ui, theme, leave), Event::Start);
    for (index, (label, event)) in choices.iter().enumerate() {
        area.cut_left(gap);
        let place = area.cut_left(width);
        let button = if index == 0 { Button::primary(label) } else { Button::secondary(label) };
        intent = intent.or(on(button.show(ui, theme, place), event.clone()));
    }
    intent
}

fn review_ui(ui: &mut Ui, stage: &Stage<'_>, area: &mut Rect, record: &Record) {
    let Stage { theme, strings, .. } = stage;
    let (tone, headline, lines) = match &record.review {
        Review::Waiting => {
            let how = if record.as_of.is_some() { strings.waiting_note } else { strings.waiting_upload };
            (Tone::Info, strings.waiting, vec![how.to_owned()])
        }
        Review::Approved => (Tone::Good, strings.approved, Vec::new()),
        Review::Rejected { reasons } => {
            let words = reasons.iter().map(|reason| sentences::review_reason(strings.language, reason));
            (Tone::Warn, strings.rejected, words.collect())
        }
        Review::NotTaken { reason } => {
            let why = sentences::not_taken(strings.language, reason.as_deref());
            (Tone::Warn, strings.not_taken, vec![why])
        }
    };
    let height = notice_height(ui, theme, area.width(), headline, &lines).max(theme.px(96.0));
    notice_ui(ui, theme, area.cut_top(height), tone, headline, &lines);
    area.cut_top(theme.px(24.0));
}

fn facts(stage: &Stage<'_>, visitor: &Visitor, record: &Record) -> Vec<(&'static str, String)> {
    let strings = stage.strings;
    let enrolment = &visitor.student.enrolment;
    let payment = match (record.order.payment.fee_fen, record.order.paid) {
        (0, _) => strings.free.to_owned(),
        (fee, true) => sentences::with_amount(strings.paid, fee),
        (fee, false) => sentences::with_amount(strings.unpaid, fee),
    };
    let number = visitor.number_tail.as_ref().map(|tail| (strings.student_number, sentences::last4(tail.as_str())));
    let mut facts = vec![
        (strings.taken_at, sentences::local_time(record.taken_at)),
        (strings.name, enrolment.masked_name.clone()),
        (strings.document, sentences::last4(&enrolment.document_last4)),
    ];
    facts.extend(number);
    facts.extend([
        (strings.school, enrolment.school.clone()),
        (strings.level, format!("{} · {}", enrolment.level, enrolment.category)),
        (strings.major, enrolment.major.clone()),
        (strings.order_number, sentences::grouped_order_number(&record.order.number)),
        (strings.payment_state, payment),
    ]);
    if record.wechat_linked {
        facts.push((strings.wechat, strings.wechat_linked.to_owned()));
    }
    facts
}
