//! One submission: what became of it, and what staff can do. Whose it is stays hidden until a supervisor asks.

use eframe::egui::{Align2, Rect, Ui, vec2};
use jiff::Timestamp;

use super::queue::tab_ui;
use super::{Desk, foot, instead_ui, on, page};
use crate::operator::{Action, Delivery, Event, Moment, Personal, Record, Side};
use crate::photo::{Finding, Severity};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::screens::review::picture_ui;
use crate::ui::screens::summary::{facts_ui, narrow_facts_ui};
use crate::ui::strings::operator::sentences;
use crate::ui::strings::sentences as student;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::drawing::{self, Pen};
use crate::ui::widgets::{Button, Text, card_ui};

pub fn record_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    record: &Record,
    personal: Option<&Personal>,
    side: Side,
    is_paying: bool,
) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let buttons = foot(theme, &mut area);
    let number = student::grouped_order_number(&record.order_number);
    heading_ui(ui, theme, &mut area, words.record_title, &number);
    area.cut_top(theme.px(16.0));
    let turned = sides_ui(ui, desk, area.cut_top(theme.px(92.0)), side);
    area.cut_top(theme.px(20.0));
    match side {
        Side::Facts => side_by_side_ui(ui, desk, area, record, personal),
        Side::History => {
            let moment = |(moment, at): &(Moment, Timestamp)| {
                (sentences::moment(words.language, *moment), student::local_time(*at))
            };
            let history: Vec<_> = record.history.iter().map(moment).collect();
            facts_ui(ui, &desk.stage, area, &history);
        }
        Side::Checks => match personal {
            None => instead_ui(ui, desk, area, hidden(desk, record)),
            Some(personal) if personal.checks.is_empty() => instead_ui(ui, desk, area, words.record_no_checks),
            Some(personal) => checks_ui(ui, desk, area, &personal.checks),
        },
    }
    let asked =
        if is_paying { sure_ui(ui, desk, buttons) } else { buttons_ui(ui, desk, buttons, record, personal.is_some()) };
    turned.or(asked)
}

fn sides_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, shown: Side) -> Option<Intent> {
    let theme = &desk.stage.theme;
    let places = area.columns([1.0; Side::ALL.len()], theme.px(20.0));
    let mut turned = None;
    for (side, place) in Side::ALL.into_iter().zip(places) {
        let label = sentences::side(desk.words.language, side);
        turned = turned.or(on(tab_ui(ui, theme, place, label, side == shown), Event::ShowSide(side)));
    }
    turned
}

/// The picture and what is known, beside or under each other.
fn side_by_side_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, record: &Record, personal: Option<&Personal>) {
    let theme = &desk.stage.theme;
    let (picture, facts_area) = if theme.upright {
        let picture = area.cut_top(area.height() * 0.34);
        area.cut_top(theme.px(28.0));
        (picture, area)
    } else {
        let picture = area.cut_left(area.width() * 0.24);
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
            let [left, right] = facts_area.columns([1.5, 1.0], theme.px(32.0));
            narrow_facts_ui(ui, &desk.stage, left, &facts, 0.25);
            facts_ui(ui, &desk.stage, right, &personal_facts(desk, personal));
        }
    }
}

/// Every check, those that failed first: what was measured and what was allowed.
fn checks_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, checks: &[Finding]) {
    let theme = &desk.stage.theme;
    let mut sorted: Vec<_> = checks.iter().collect();
    sorted.sort_by_key(|finding| finding.passed());
    let columns = if theme.upright { 2 } else { 3 };
    let rows = sorted.len().div_ceil(columns);
    let height = (area.height() / rows as f32).min(theme.px(76.0));
    let gap = theme.px(24.0);
    let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let mut rest = area;
    for findings in sorted.chunks(rows) {
        let mut column = rest.cut_left(width);
        rest.cut_left(gap);
        let card = column.cut_top(height * findings.len() as f32);
        card_ui(ui, theme, card);
        let mut inside = card.shrink2(vec2(theme.px(20.0), 0.0));
        for finding in findings {
            check_ui(ui, desk, inside.cut_top(height), finding);
        }
    }
}

fn check_ui(ui: &mut Ui, desk: &Desk<'_>, row: Rect, finding: &Finding) {
    let (theme, language) = (&desk.stage.theme, desk.words.language);
    let [mut name, measured, allowed] = row.columns([1.7, 0.7, 1.0], theme.px(8.0));
    let mark = name.cut_left(theme.px(30.0)).fit(vec2(1.0, 1.0));
    name.cut_left(theme.px(10.0));
    let ink = match (finding.passed(), finding.severity) {
        (true, _) => {
            drawing::check_disc(ui.painter(), mark, theme::GOOD);
            Ink::Strong
        }
        // Measured only.
        (false, Severity::Off) => {
            drawing::info(ui.painter(), mark, theme::LINE_STRONG);
            Ink::Soft
        }
        (false, _) => {
            drawing::cross_disc(ui.painter(), mark, theme::WARN);
            Ink::Warn
        }
    };
    let (value, range) = (student::measured(language, finding), student::allowed(language, finding));
    let right = |words, ink| Text::new(words, Type::Note).ink(ink).align(Align2::RIGHT_CENTER);
    Text::new(student::check_name(language, finding.check), Type::Note).ink(ink).show(ui, theme, name);
    right(&value, ink).show(ui, theme, measured);
    right(&range, Ink::Soft).show(ui, theme, allowed);
}

/// A fee that is noted as taken cannot be taken back.
fn sure_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let [back, sure] = area.columns([1.0, 2.0], theme.px(24.0));
    let back = Button::secondary(words.back).show(ui, theme, back);
    let sure = Button::primary(words.payment_sure).enabled(!desk.view.is_waiting).show(ui, theme, sure);
    on(back, Event::Back).or(on(sure, Event::ConfirmPayment))
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
    if record.erased_at.is_none() && may(Action::Export) {
        choices.push((words.take_along, Event::TakeAlong));
    }
    let gap = theme.px(24.0);
    // Upright, the row is theirs alone; wide, each is as wide as if there were four.
    let places = if theme.upright { choices.len() } else { choices.len().max(4) };
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
    let theme = &desk.stage.theme;
    let place = area.fit(vec2(3.0, 4.0));
    if let (Some(picture), true) = (desk.view.picture, personal.is_some()) {
        let name = desk.stage.strings.portrait_name;
        return picture_ui(ui, &desk.stage, place, Some(picture), name);
    }
    card_ui(ui, theme, place);
    let mut inside = place.shrink(theme.px(32.0));
    let pen_area = inside.cut_top(inside.height() * 0.5).fit(vec2(1.0, 1.0));
    let pen = Pen::new(ui.painter(), pen_area);
    pen.bust(50.0, 20.0, 0.9, theme::DISABLED, 90.0);
    Text::new(hidden(desk, record), Type::Note).ink(Ink::Soft).centred().show(ui, theme, inside);
}

/// Why there is nothing personal to see.
fn hidden(desk: &Desk<'_>, record: &Record) -> &'static str {
    let may = desk.view.role.is_some_and(|role| role.may(Action::OpenPersonalData));
    match (record.erased_at.is_some(), may) {
        (true, _) => desk.words.record_erased,
        (false, true) => desk.words.record_hidden,
        (false, false) => desk.words.record_hidden_staff,
    }
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
        let is_waiting = record.line.delivery == Delivery::Pending;
        facts.push((if is_waiting { words.record_attempt } else { words.record_refusal }, said));
    }
    if let Some(status) = &record.status {
        facts.push((words.record_review, sentences::review(language, status.audit, &status.reasons)));
    }
    let payment = match record.line.paid {
        None if record.fee_fen > 0 => words.record_replaced.to_owned(),
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
        (strings.document, student::last4(&enrolment.document_last4)),
        (strings.school, enrolment.school.clone()),
        (strings.major, enrolment.major.clone()),
    ];
    if let Some(phone) = &personal.phone {
        facts.push((strings.phone, student::grouped_phone(phone)));
    }
    facts
}
