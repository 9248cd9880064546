//! Operator mode's screens: one a file, painted like a student's, with nothing personal on them but what a
//! supervisor opened.

mod audit;
mod board;
mod camera;
mod day;
mod log;
mod pause;
mod pin;
mod plate;
mod purge;
mod queue;
mod record;
mod roster;
mod stick;
mod update;

use eframe::egui::{Rect, StrokeKind, Ui, vec2};

use super::Stage;
use crate::operator::{Event, Light, Screen};
use crate::ui::layout::Cut;
use crate::ui::strings::operator::OperatorStrings;
use crate::ui::theme::{self, Ink, Theme, Type};
use crate::ui::widgets::{Button, Text, Tone, drawing, notice_height, notice_ui};
use crate::ui::{Intent, OperatorView};

/// What an operator's screen paints with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub stage: Stage<'a>,
    pub words: &'static OperatorStrings,
    pub view: &'a OperatorView<'a>,
}

pub fn operator_ui(ui: &mut Ui, stage: &Stage<'_>, view: &OperatorView<'_>) -> Option<Intent> {
    let words = OperatorStrings::of(stage.strings.language);
    let mut desk = Desk { stage: *stage, words, view };
    if view.has_failed && !matches!(view.screen, Screen::Pin { .. }) {
        failed_ui(ui, &mut desk);
    }
    match view.screen {
        Screen::Pin { typed, state, purpose } => pin::pin_ui(ui, &desk, typed, *state, purpose),
        Screen::Board { facts, open } => board::board_ui(ui, &desk, facts.as_deref(), *open),
        Screen::Queue(queue) => queue::queue_ui(ui, &desk, queue),
        Screen::Search { typed } => pin::search_ui(ui, &desk, typed),
        Screen::Record { record, personal, side, is_paying, .. } => {
            record::record_ui(ui, &desk, record, personal.as_deref(), *side, *is_paying)
        }
        Screen::Pause => pause::pause_ui(ui, &desk),
        Screen::Stick(stick) => stick::stick_ui(ui, &desk, stick),
        Screen::Roster(roster) => roster::roster_ui(ui, &desk, roster),
        Screen::Plate(plate) => plate::plate_ui(ui, &desk, plate),
        Screen::Camera(camera) => camera::camera_ui(ui, &desk, camera),
        Screen::Day(day) => day::day_ui(ui, &desk, day),
        Screen::Log(log) => log::log_ui(ui, &desk, log),
        Screen::Purge(purge) => purge::purge_ui(ui, &desk, purge),
        Screen::Update(page) => update::update_ui(ui, &desk, page),
        Screen::Audit(log) => audit::audit_ui(ui, &desk, log),
        Screen::ChoosePin { changed } => pin::choose_ui(ui, &desk, *changed),
        Screen::ChangePin { whose, first, typed, problem } => {
            pin::change_ui(ui, &desk, *whose, typed, first.is_some(), *problem)
        }
    }
}

/// Takes the height of "the database cannot be read" off the screen.
fn failed_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let theme = desk.stage.theme;
    let words = desk.words.failed;
    let mut area = theme.column(desk.stage.area, 1720.0);
    area.cut_top(theme.px(20.0));
    let height = notice_height(ui, &theme, area.width(), words, &[]);
    let place = area.cut_top(height);
    notice_ui(ui, &theme, place, Tone::Warn, words, &[]);
    desk.stage.area.min.y = place.bottom();
}

/// The part of the window that screens fill.
fn page(desk: &Desk<'_>) -> Rect {
    let theme = &desk.stage.theme;
    theme.column(desk.stage.area, 1720.0).shrink2(vec2(0.0, theme.pick(32.0, 48.0)))
}

/// What a button means, if it was pressed.
fn on(pressed: bool, event: Event) -> Option<Intent> {
    pressed.then_some(Intent::Operator(event))
}

/// "Back" in a row of its own at the foot of the page.
fn back_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect) -> Option<Intent> {
    let mut row = foot(&desk.stage.theme, area);
    let place = row.cut_left(desk.stage.theme.px(320.0));
    on(Button::secondary(desk.words.back).show(ui, &desk.stage.theme, place), Event::Back)
}

/// "Back", "newer" and "older" at the foot of a page of a list.
fn pager_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, has_newer: bool, has_older: bool) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let [back, newer, older] = foot(theme, area).columns([1.0; 3], theme.px(24.0));
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let went_newer = Button::secondary(words.newer).enabled(has_newer).show(ui, theme, newer);
    let went_older = Button::secondary(words.older).enabled(has_older).show(ui, theme, older);
    on(went_back, Event::Back).or(on(went_newer, Event::Newer)).or(on(went_older, Event::Older))
}

/// Takes a bar that fills off the page.
fn bar_ui(ui: &Ui, desk: &Desk<'_>, area: &mut Rect, done: u64, of: u64) {
    let theme = &desk.stage.theme;
    let bar = area.cut_top(theme.px(20.0));
    let mut filled = bar;
    filled.set_width(bar.width() * done as f32 / of.max(done).max(1) as f32);
    ui.painter().rect(bar, theme.px(10.0), theme::ACCENT_SOFT, theme.stroke(1.5, theme::LINE), StrokeKind::Inside);
    ui.painter().rect_filled(filled, theme.px(10.0), theme::ACCENT);
    area.cut_top(theme.px(16.0));
}

/// Takes the row of buttons off the foot of the page.
fn foot(theme: &Theme, area: &mut Rect) -> Rect {
    let row = area.cut_bottom(theme.px(100.0));
    area.cut_bottom(theme.px(24.0));
    row
}

fn light_colour(light: Light) -> eframe::egui::Color32 {
    match light {
        Light::Green => theme::GOOD,
        Light::Amber => theme::WARN,
        Light::Red => theme::FAULT,
        Light::Off => theme::LINE_STRONG,
    }
}

fn light_word(words: &OperatorStrings, light: Light) -> Option<(&'static str, Ink)> {
    match light {
        Light::Green => Some((words.light_green, Ink::Good)),
        Light::Amber => Some((words.light_amber, Ink::Warn)),
        Light::Red => Some((words.light_red, Ink::Fault)),
        Light::Off => None,
    }
}

/// A disc that says what it means by its mark too.
fn light_ui(ui: &Ui, area: Rect, light: Light) {
    let place = area.fit(vec2(1.0, 1.0));
    match light {
        Light::Green => drawing::check_disc(ui.painter(), place, light_colour(light)),
        Light::Amber => drawing::attention(ui.painter(), place, light_colour(light)),
        Light::Red => drawing::cross_disc(ui.painter(), place, light_colour(light)),
        Light::Off => drawing::info(ui.painter(), place, light_colour(light)),
    }
}

/// One line in the middle of an area that has nothing else to show.
fn instead_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, words: &str) {
    Text::new(words, Type::Body).ink(Ink::Soft).centred().show(ui, &desk.stage.theme, area);
}
