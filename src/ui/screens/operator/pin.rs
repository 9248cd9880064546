//! Operator mode's keypads: the PIN, a new PIN, what to look for.

use eframe::egui::Ui;

use super::{Desk, back_ui, on, page};
use crate::operator::{Action, Event, PinProblem, PinState, Purpose, Role};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::entry::{Question, Touch, entry_ui};
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::widgets::keypad::Layout;
use crate::ui::widgets::{Button, Tone, notice_height, notice_ui};
use crate::visit::Typed;

pub fn pin_ui(ui: &mut Ui, desk: &Desk<'_>, typed: &Typed, state: PinState, purpose: &Purpose) -> Option<Intent> {
    let words = desk.words;
    let (title, note) = match purpose {
        Purpose::Enter => (words.pin_title, words.pin_note),
        Purpose::ConfirmPayment { .. } => (words.pin_payment_title, words.pin_payment_note),
    };
    let notice = match state {
        PinState::Asked => desk.stage.view.demo.then(|| (Tone::Info, words.pin_demo.to_owned())),
        PinState::Checking => Some((Tone::Info, words.pin_checking.to_owned())),
        PinState::Wrong { tries_left } => Some((Tone::Warn, sentences::pin_wrong(words.language, tries_left))),
        PinState::LockedOut { until } => Some((Tone::Warn, sentences::pin_locked(words.language, until))),
        PinState::NoPin => Some((Tone::Warn, words.pin_none.to_owned())),
        PinState::Broken => Some((Tone::Warn, words.pin_broken.to_owned())),
        PinState::Failed => Some((Tone::Warn, words.failed.to_owned())),
    };
    let may_enter = may_enter(typed) && state != PinState::Checking;
    hidden_ui(ui, desk, typed, (title, note), notice, may_enter)
}

pub fn change_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    whose: Role,
    typed: &Typed,
    again: bool,
    problem: Option<PinProblem>,
) -> Option<Intent> {
    let words = desk.words;
    let title = if again { words.new_pin_again } else { words.new_pin_title };
    let notice = problem.map(|problem| (Tone::Warn, sentences::pin_problem(words.language, problem).to_owned()));
    let note = sentences::new_pin_of(words.language, whose);
    hidden_ui(ui, desk, typed, (title, &note), notice, may_enter(typed))
}

fn may_enter(typed: &Typed) -> bool {
    typed.len() >= crate::operator::pins::SHORTEST
}

/// A keypad whose digits nobody sees.
fn hidden_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    typed: &Typed,
    (title, note): (&str, &str),
    notice: Option<(Tone, String)>,
    may_enter: bool,
) -> Option<Intent> {
    let question = Question {
        title,
        note,
        label: desk.words.pin,
        shown: "●".repeat(typed.len()),
        layout: Layout::Digits,
        may_enter,
        notice,
    };
    asked_ui(ui, desk, &question)
}

pub fn search_ui(ui: &mut Ui, desk: &Desk<'_>, typed: &Typed) -> Option<Intent> {
    let words = desk.words;
    let question = Question {
        title: words.search_title,
        note: words.search_note,
        label: words.search_label,
        shown: typed.as_str().to_owned(),
        layout: Layout::Letters,
        may_enter: crate::operator::SEARCH.contains(&typed.len()),
        notice: None,
    };
    asked_ui(ui, desk, &question)
}

fn asked_ui(ui: &mut Ui, desk: &Desk<'_>, question: &Question<'_>) -> Option<Intent> {
    match entry_ui(ui, &desk.stage, question, &[desk.words.back])? {
        Touch::Keys(keys) => Some(Intent::OperatorKeys(keys)),
        Touch::Way(_) => Some(Intent::Operator(Event::Back)),
    }
}

/// Whose PIN is changed.
pub fn choose_ui(ui: &mut Ui, desk: &Desk<'_>, changed: Option<Role>) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let back = back_ui(ui, desk, &mut area);
    heading_ui(ui, theme, &mut area, words.pins_title, words.pins_note);
    if let Some(role) = changed {
        area.cut_top(theme.px(28.0));
        let headline = sentences::pin_changed(words.language, role);
        let height = notice_height(ui, theme, area.width(), &headline, &[]);
        notice_ui(ui, theme, area.cut_top(height), Tone::Good, &headline, &[]);
    }
    let mut chosen = None;
    for role in Role::ALL {
        area.cut_top(theme.px(32.0));
        let mut row = area.cut_top(theme.px(112.0));
        let place = row.cut_left(theme.px(480.0));
        let may = desk.view.role.is_some_and(|own| own.may(Action::change_pin_of(role)));
        let label = sentences::role(words.language, role);
        let pressed = Button::secondary(label).enabled(may).show(ui, theme, place);
        chosen = chosen.or(on(pressed, Event::ChoosePin(role)));
    }
    back.or(chosen)
}
