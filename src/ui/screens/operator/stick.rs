//! The queue on a stick and the receipts back, with how far it is.

use eframe::egui::{Rect, Ui};

use super::{Desk, bar_ui, foot, instead_ui, on, page};
use crate::operator::{Cargo, Event, FoundStick, Place, Stick, StickWork};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::sticks;
use crate::ui::strings::sentences::grouped_order_number;
use crate::ui::theme::Type;
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui};

/// Sticks on one page: a booth has two sockets.
const MOST: usize = 3;

pub fn stick_ui(ui: &mut Ui, desk: &Desk<'_>, stick: &Stick) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let is_working = matches!(stick.work, StickWork::Working { .. });
    let [back, find] = foot(theme, &mut area).columns([1.0, 1.0], theme.px(24.0));
    let went_back = Button::secondary(words.back).enabled(!is_working).show(ui, theme, back);
    let looked = Button::secondary(words.stick_again).enabled(!is_working).show(ui, theme, find);
    let (title, note) = match &stick.cargo {
        Cargo::Queue => (words.stick_title, words.stick_note.to_owned()),
        Cargo::Record { id, .. } => {
            (words.take_along, sticks::record_note(words.language, &grouped_order_number(&id.order_number())))
        }
        Cargo::Day(day) => (words.day_title, sticks::day_note(words.language, &day.to_string())),
    };
    heading_ui(ui, theme, &mut area, title, &note);
    area.cut_top(theme.px(24.0));
    work_ui(ui, desk, &mut area, stick.work);
    let mut wanted = on(went_back, Event::Back).or(on(looked, Event::Go(Place::Stick)));
    match stick.sticks.as_deref() {
        None => instead_ui(ui, desk, area, words.stick_looking),
        Some([]) => instead_ui(ui, desk, area, words.stick_none),
        Some(sticks) => {
            for found in sticks.iter().take(MOST) {
                let card = area.cut_top(theme.px(136.0));
                area.cut_top(theme.px(20.0));
                wanted = wanted.or(found_ui(ui, desk, card, (stick, found), !is_working));
            }
        }
    }
    wanted
}

fn found_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    area: Rect,
    (work, stick): (&Stick, &FoundStick),
    enabled: bool,
) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    card_ui(ui, theme, area);
    let takes_queue = matches!(work.cargo, Cargo::Queue);
    let mut inside = area.shrink(theme.px(20.0));
    inside.cut_left(theme.px(20.0));
    // One button stands where the last of two would.
    let [name, export, import] = if takes_queue {
        inside.columns([1.0, 0.9, 0.9], theme.px(24.0))
    } else {
        let [name, export] = inside.columns([1.9, 0.9], theme.px(24.0));
        [name, export, Rect::NOTHING]
    };
    Text::new(&stick.name, Type::Heading).show(ui, theme, name);
    let label = if takes_queue { words.export } else { words.export_here };
    let exported = Button::primary(label).enabled(enabled).show(ui, theme, export);
    let imported = takes_queue && Button::secondary(words.import).enabled(enabled).show(ui, theme, import);
    on(exported, Event::Export(stick.clone())).or(on(imported, Event::ImportReceipts(stick.clone())))
}

/// Takes the height of what was done, or is being done, off the page.
fn work_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, work: StickWork) {
    let (theme, language) = (&desk.stage.theme, desk.words.language);
    let Some((headline, line)) = sticks::stick_work(language, work) else { return };
    let tone = match work {
        StickWork::Failed(_) => Tone::Warn,
        StickWork::Exported { .. } | StickWork::ReportWritten | StickWork::Imported { .. } => Tone::Good,
        StickWork::Nothing | StickWork::Working { .. } => Tone::Info,
    };
    let lines = [line];
    let height = notice_height(ui, theme, area.width(), &headline, &lines);
    notice_ui(ui, theme, area.cut_top(height), tone, &headline, &lines);
    area.cut_top(theme.px(16.0));
    if let StickWork::Working { done, of } = work {
        bar_ui(ui, desk, area, done, of);
    }
}
