//! A new version from a USB stick: what is there, the question, what came of it.

use eframe::egui::{Rect, Ui};

use super::{Desk, foot, instead_ui, on, page};
use crate::operator::{Event, FoundUpdate, Place, UpdatePage, UpdateWork};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::updates;
use crate::ui::theme::Type;
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui};

/// Packages on one page.
const MOST: usize = 2;

pub fn update_ui(ui: &mut Ui, desk: &Desk<'_>, update: &UpdatePage) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let is_free = update.work != UpdateWork::HandingOver;
    let [back, act] = foot(theme, &mut area).columns([1.0; 2], theme.px(24.0));
    let went_back = on(Button::secondary(words.back).enabled(is_free).show(ui, theme, back), Event::Back);
    let acted = match update.work {
        UpdateWork::Sure(_) => on(Button::primary(words.update_sure).show(ui, theme, act), Event::InstallUpdate),
        _ => {
            let looked = Button::secondary(words.stick_again).enabled(is_free).show(ui, theme, act);
            on(looked, Event::Go(Place::Update))
        }
    };
    heading_ui(ui, theme, &mut area, words.update_title, &updates::now(words.language));
    area.cut_top(theme.px(24.0));
    said_ui(ui, desk, &mut area, update);
    let mut wanted = went_back.or(acted);
    match (&update.work, update.found.as_deref()) {
        (UpdateWork::Sure(_) | UpdateWork::HandingOver | UpdateWork::Failed(_), _) => {}
        (UpdateWork::Nothing, None) => instead_ui(ui, desk, area, words.stick_looking),
        (UpdateWork::Nothing, Some([])) => instead_ui(ui, desk, area, words.update_none),
        (UpdateWork::Nothing, Some(found)) => {
            for package in found.iter().take(MOST) {
                let card = area.cut_top(theme.px(136.0));
                area.cut_top(theme.px(20.0));
                wanted = wanted.or(found_ui(ui, desk, card, package));
            }
        }
    }
    wanted
}

fn found_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, found: &FoundUpdate) -> Option<Intent> {
    let theme = &desk.stage.theme;
    card_ui(ui, theme, area);
    let mut inside = area.shrink(theme.px(20.0));
    inside.cut_left(theme.px(20.0));
    let [name, install] = inside.columns([1.9, 0.9], theme.px(24.0));
    Text::new(&found.version, Type::Heading).show(ui, theme, name);
    let pressed = Button::primary(desk.words.update_install).show(ui, theme, install);
    on(pressed, Event::Update(found.clone()))
}

/// Takes the height of the question, or of what came of it, off the page.
fn said_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, update: &UpdatePage) {
    let (theme, language) = (&desk.stage.theme, desk.words.language);
    let (tone, (headline, line)) = match &update.work {
        UpdateWork::Sure(found) => (Tone::Warn, updates::sure(language, &found.version)),
        UpdateWork::HandingOver => (Tone::Info, updates::handing_over(language)),
        UpdateWork::Failed(problem) => (Tone::Warn, updates::problem(language, *problem)),
        UpdateWork::Nothing => {
            let Some(last) = &update.last else { return };
            (if last.has_failed() { Tone::Warn } else { Tone::Info }, updates::outcome(language, last))
        }
    };
    let height = notice_height(ui, theme, area.width(), &headline, std::slice::from_ref(&line));
    notice_ui(ui, theme, area.cut_top(height), tone, &headline, &[line]);
    area.cut_top(theme.px(24.0));
}
