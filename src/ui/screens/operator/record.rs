//! One submission: what became of it, and what staff can do. Whose it is stays hidden until a supervisor asks.

use eframe::egui::{Rect, Ui, vec2};

use super::{Desk, foot, on, page};
use crate::operator::{Action, Delivery, Event, Personal, Record};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::screens::review::picture_ui;
use crate::ui::screens::summary::facts_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::strings::sentences as student;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui, drawing::Pen};

pub fn record_ui(ui: &mut Ui, desk: &Desk<'_>, record: &Record, personal: Option<&Personal>) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let buttons = foot(theme, &mut area);
    let number = student::grouped_order_number(&record.order_number);
    heading_ui(ui, theme, &mut area, words.record_title, &number);
    area.cut_top(theme.px(20.0));
    let (picture, facts_area) = if theme.upright {
        let picture = area.cut_top(area.height() * 0.34);
        area.cut_top(theme.px(28.0));
        (picture, area)
    } else {
        let picture = area.cut_left(area.width() * 0.27);
        area.cut_left(theme.px(48.0));
        (picture, area)
    };
    picture_of_ui(ui, desk, picture, record, personal);
    let facts = facts(desk, record);
    match personal {
        None => facts_ui(ui, &desk.stage, facts_area, &facts),
        Some(personal) if theme.upright => {
            let all: Vec<_> = facts.into_iter().chain(personal_facts(desk, personal)).collect();
            facts_ui(ui, &desk.stage, facts_area, &all);
        }
        Some(personal) => {
            let [left, right] = facts_area.columns([1.2, 1.0], theme.px(32.0));
            facts_ui(ui, &desk.stage, left, &facts);
            facts_ui(ui, &desk.stage, right, &personal_facts(desk, personal));
        }
    }
    buttons_ui(ui, desk, buttons, record, personal.is_some())
}

fn buttons_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, record: &Record, is_open: bool) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let may = |action| desk.view.role.is_some_and(|role| role.may(action));
    let is_parked = matches!(record.line.delivery, Delivery::Refused | Delivery::Conflict);
    let can_open = record.erased_at.is_none() && !is_open && may(Action::OpenPersonalData);
    let mut choices = vec![(words.back, Event::Back)];
    if can_open {
        choices.push((words.reveal, Event::Reveal));
    }
    if is_parked && may(Action::Retry) {
        choices.push((words.retry, Event::Retry));
    }
    if record.line.paid == Some(false) && record.withdrawn_at.is_none() && may(Action::ConfirmPayment) {
        choices.push((words.confirm_payment, Event::ConfirmPayment));
    }
    let gap = theme.px(24.0);
    // Upright, the row is theirs alone; wide, each is as wide as if there were four.
    let places = if theme.upright { choices.len() } else { 4 };
    let width = (area.width() - gap * (places - 1) as f32) / places as f32;
    let mut rest = area;
    let mut intent = None;
    for (label, event) in choices {
        let place = rest.cut_left(width);
        rest.cut_left(gap);
        let enabled = !desk.view.is_waiting || matches!(event, Event::Back);
        intent = intent.or(on(Button::secondary(label).enabled(enabled).show(ui, theme, place), event));
    }
    intent
}

fn picture_of_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, record: &Record, personal: Option<&Personal>) {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let place = area.fit(vec2(3.0, 4.0));
    if let (Some(picture), true) = (desk.view.picture, personal.is_some()) {
        let name = desk.stage.strings.portrait_name;
        return picture_ui(ui, &desk.stage, place, Some(picture), name);
    }
    card_ui(ui, theme, place);
    let may = desk.view.role.is_some_and(|role| role.may(Action::OpenPersonalData));
    let line = match (record.erased_at.is_some(), may) {
        (true, _) => words.record_erased,
        (false, true) => words.record_hidden,
        (false, false) => words.record_hidden_staff,
    };
    let mut inside = place.shrink(theme.px(32.0));
    let pen_area = inside.cut_top(inside.height() * 0.5).fit(vec2(1.0, 1.0));
    let pen = Pen::new(ui.painter(), pen_area);
    pen.bust(50.0, 20.0, 0.9, theme::DISABLED, 90.0);
    Text::new(line, Type::Note).ink(Ink::Soft).centred().show(ui, theme, inside);
}

fn facts(desk: &Desk<'_>, record: &Record) -> Vec<(&'static str, String)> {
    let (strings, words) = (desk.stage.strings, desk.words);
    let language = words.language;
    let mut facts = vec![
        (strings.taken_at, student::local_time(record.line.taken_at)),
        (words.record_state, sentences::delivery(language, record.line.delivery).to_owned()),
    ];
    if record.problem.is_some() || record.attempts > 0 {
        let said = sentences::attempts(language, record.attempts, record.problem.as_deref());
        facts.push((words.record_refusal, said));
    }
    let times = [
        (words.record_received_at, record.acknowledged_at),
        (words.record_withdrawn_at, record.withdrawn_at),
        (words.record_erased_at, record.erased_at),
    ];
    facts.extend(times.into_iter().filter_map(|(label, at)| Some((label, student::local_time(at?)))));
    if let Some(status) = &record.status {
        facts.push((words.record_review, sentences::review(language, status.audit, &status.reasons)));
    }
    let payment = match record.line.paid {
        None => strings.free.to_owned(),
        Some(true) => student::with_amount(strings.paid, record.fee_fen),
        Some(false) => student::with_amount(strings.unpaid, record.fee_fen),
    };
    facts.push((strings.payment_state, payment));
    let picture = sentences::picture_facts(record.picture_px, record.picture_bytes, &record.profile);
    facts.push((words.record_picture, picture));
    let proof = if record.is_sound { words.record_sound } else { words.record_unsound };
    facts.push((words.record_proof, proof.to_owned()));
    facts
}

fn personal_facts(desk: &Desk<'_>, personal: &Personal) -> Vec<(&'static str, String)> {
    let (strings, enrolment) = (desk.stage.strings, &personal.enrolment);
    let mut facts = vec![
        (strings.name, enrolment.masked_name.clone()),
        (strings.document, student::document_last4(&enrolment.document_last4)),
        (strings.school, enrolment.school.clone()),
        (strings.major, enrolment.major.clone()),
    ];
    if let Some(phone) = &personal.phone {
        facts.push((strings.phone, student::grouped_phone(phone)));
    }
    facts
}
