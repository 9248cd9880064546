//! What the booth did on one day.

use eframe::egui::{Align2, Rect, Ui, vec2};

use super::{Desk, foot, instead_ui, on, page};
use crate::operator::{Action, DayPage, Event};
use crate::report::lines::{Line, Section, sections, yuan};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui};

/// Lines of one section; the files have all of them.
const MOST_LINES: usize = 10;

pub fn day_ui(ui: &mut Ui, desk: &Desk<'_>, day: &DayPage) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let [back, before, after, take] = foot(theme, &mut area).columns([1.0; 4], theme.px(20.0));
    let is_there = day.report.is_some();
    let may_export = desk.view.role.is_some_and(|role| role.may(Action::Export));
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let went_before = Button::secondary(words.day_before).enabled(is_there).show(ui, theme, before);
    let went_after = Button::secondary(words.day_after).enabled(is_there && !day.is_today).show(ui, theme, after);
    let took = Button::secondary(words.take_along).enabled(is_there && may_export).show(ui, theme, take);
    let date = day.report.as_ref().map_or_else(|| words.wait.to_owned(), |report| report.day.to_string());
    heading_ui(ui, theme, &mut area, words.day_title, &date);
    area.cut_top(theme.px(20.0));
    match &day.report {
        None => instead_ui(ui, desk, area, words.wait),
        Some(report) => sections_ui(ui, desk, area, &sections(report, words.language)),
    }
    on(went_back, Event::Back)
        .or(on(went_before, Event::DayBefore))
        .or(on(went_after, Event::DayAfter))
        .or(on(took, Event::TakeAlong))
}

/// Beside each other, or two by two on an upright screen.
fn sections_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, sections: &[Section]) {
    let theme = &desk.stage.theme;
    let columns = if theme.upright { 2 } else { sections.len() };
    let (rows, gap) = (sections.len().div_ceil(columns), theme.px(24.0));
    let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let height = (area.height() - gap * (rows - 1) as f32) / rows as f32;
    for (index, section) in sections.iter().enumerate() {
        let (column, row) = ((index % columns) as f32, (index / columns) as f32);
        let at = area.min + vec2(column * (width + gap), row * (height + gap));
        section_ui(ui, desk, Rect::from_min_size(at, vec2(width, height)), section);
    }
}

fn section_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, section: &Section) {
    let theme = &desk.stage.theme;
    card_ui(ui, theme, area);
    let mut inside = area.shrink2(vec2(theme.px(20.0), theme.px(10.0)));
    Text::new(&section.title, Type::Strong).ink(Ink::Accent).show(ui, theme, inside.cut_top(theme.px(56.0)));
    let height = (inside.height() / MOST_LINES as f32).min(theme.px(84.0));
    let is_more = section.lines.len() > MOST_LINES;
    let lines = if is_more { &section.lines[..MOST_LINES - 1] } else { &section.lines[..] };
    for line in lines {
        line_ui(ui, desk, inside.cut_top(height), line);
    }
    if is_more {
        let row = inside.cut_top(height);
        ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        Text::new(desk.words.day_more, Type::Note).ink(Ink::Soft).show(ui, theme, row);
    }
}

fn line_ui(ui: &mut Ui, desk: &Desk<'_>, row: Rect, line: &Line) {
    let theme = &desk.stage.theme;
    ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
    let [label, number] = row.columns([1.0, if line.fen.is_some() { 0.85 } else { 0.3 }], theme.px(12.0));
    let words = match line.fen {
        Some(fen) => format!("{} · ¥{}", line.number, yuan(fen)),
        None => line.number.to_string(),
    };
    Text::new(&line.label, Type::Note).show(ui, theme, label);
    Text::new(&words, Type::Note).align(Align2::RIGHT_CENTER).show(ui, theme, number);
}
