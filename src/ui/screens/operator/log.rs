//! The log: what the program did and what went wrong, newest first.

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo};

use super::queue::tab_ui;
use super::{Desk, foot, instead_ui, on, page, pager_ui};
use crate::log::Entry;
use crate::operator::{Event, LOG_LINES, Level, LogPage};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::theme::{self, Ink, Theme, Type};
use crate::ui::widgets::{Button, Text, card_ui};

pub fn log_ui(ui: &mut Ui, desk: &Desk<'_>, log: &LogPage) -> Option<Intent> {
    let opened = log.opened.and_then(|line| log.page.as_ref()?.entries.get(line));
    if let Some(entry) = opened {
        return entry_ui(ui, desk, entry);
    }
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let has_more = log.page.as_ref().is_some_and(|page| page.has_more);
    let turned = pager_ui(ui, desk, &mut area, !log.before.is_empty(), has_more);
    heading_ui(ui, theme, &mut area, words.log_title, words.log_note);
    area.cut_top(theme.px(16.0));
    let tabs = area.cut_top(theme.px(92.0)).columns([1.0; Level::ALL.len()], theme.px(20.0));
    area.cut_top(theme.px(16.0));
    let mut chosen = None;
    for (level, place) in Level::ALL.into_iter().zip(tabs) {
        let label = sentences::level(words.language, level);
        chosen = chosen.or(on(tab_ui(ui, theme, place, label, level == log.level), Event::Level(level)));
    }
    match &log.page {
        None => instead_ui(ui, desk, area, words.wait),
        Some(page) if page.entries.is_empty() => instead_ui(ui, desk, area, words.log_empty),
        Some(page) => chosen = chosen.or(entries_ui(ui, desk, area, &page.entries)),
    }
    chosen.or(turned)
}

/// One line in full.
fn entry_ui(ui: &mut Ui, desk: &Desk<'_>, entry: &Entry) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let button = foot(theme, &mut area);
    let went_back = Button::secondary(words.back).show(ui, theme, button);
    let level = sentences::level_of_entry(words.language, entry.level);
    let when = format!("{} · {level}", sentences::date_and_seconds(entry.at));
    heading_ui(ui, theme, &mut area, words.log_title, &when);
    area.cut_top(theme.px(24.0));
    card_ui(ui, theme, area);
    text_ui(ui, theme, area.shrink(theme.px(32.0)), &entry.text, ink_of(entry.level));
    on(went_back, Event::Back)
}

fn ink_of(level: Level) -> Ink {
    match level {
        Level::Info => Ink::Soft,
        Level::Warning => Ink::Warn,
        Level::Error => Ink::Fault,
    }
}

fn entries_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, entries: &[Entry]) -> Option<Intent> {
    let theme = &desk.stage.theme;
    let height = (area.height() / LOG_LINES as f32).min(theme.px(110.0));
    let mut rest = area;
    let card = rest.cut_top(height * entries.len() as f32);
    card_ui(ui, theme, card);
    let mut rows = card;
    let mut opened = None;
    for (index, entry) in entries.iter().enumerate() {
        let row = rows.cut_top(height);
        let response = ui.interact(row, ui.make_persistent_id(("log line", index)), Sense::click());
        let name = format!("{} {}", sentences::date_and_seconds(entry.at), entry.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.is_pointer_button_down_on() {
            ui.painter().rect_filled(row.shrink(theme.px(2.0)), theme.px(16.0), theme::SURFACE_PRESSED);
        }
        opened = opened.or(on(response.clicked(), Event::OpenLine(index)));
        let row = row.shrink2([theme.px(24.0), 0.0].into());
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        let mut text = row;
        let mut time = text.cut_left(theme.pick(350.0, 200.0));
        text.cut_left(theme.px(16.0));
        let ink = ink_of(entry.level);
        let word = sentences::level_of_entry(desk.words.language, entry.level);
        if theme.upright {
            time = time.shrink2([0.0, row.height() * 0.14].into());
            Text::new(word, Type::Note).ink(ink).show(ui, theme, time.cut_bottom(time.height() * 0.5));
        } else {
            Text::new(word, Type::Note).ink(ink).show(ui, theme, time.cut_right(theme.px(110.0)));
        }
        Text::new(&sentences::date_and_seconds(entry.at), Type::Note).ink(ink).show(ui, theme, time);
        text_ui(ui, theme, text, &entry.text, ink);
    }
    opened
}

/// As much as has room at its size; the files have all of it.
fn text_ui(ui: &mut Ui, theme: &Theme, area: Rect, text: &str, ink: Ink) {
    const MOST: usize = 2000;
    let characters: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST + 1).collect();
    let first = |count: usize| {
        let words: String = characters[..count].iter().collect();
        if count == characters.len() && count <= MOST { words } else { words + "…" }
    };
    let fits = |ui: &Ui, words: &str| Text::new(words, Type::Note).height(ui, theme, area.width()) <= area.height();
    let mut shown = first(characters.len().min(MOST));
    if !fits(ui, &shown) {
        let (mut fitting, mut too_many) = (0, characters.len().min(MOST));
        while too_many - fitting > 1 {
            let middle = fitting.midpoint(too_many);
            if fits(ui, &first(middle)) { fitting = middle } else { too_many = middle }
        }
        shown = first(fitting);
    }
    Text::new(&shown, Type::Note).ink(ink).flowing().show(ui, theme, area);
}
