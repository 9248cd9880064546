//! The log: what the program did and what went wrong, newest first.

use eframe::egui::{Rect, Ui};

use super::queue::tab_ui;
use super::{Desk, instead_ui, on, page, pager_ui};
use crate::log::Entry;
use crate::operator::{Event, LOG_LINES, Level, LogPage};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Text, card_ui};

pub fn log_ui(ui: &mut Ui, desk: &Desk<'_>, log: &LogPage) -> Option<Intent> {
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
        Some(page) => entries_ui(ui, desk, area, &page.entries),
    }
    chosen.or(turned)
}

fn entries_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, entries: &[Entry]) {
    let theme = &desk.stage.theme;
    let height = (area.height() / LOG_LINES as f32).min(theme.px(110.0));
    let mut rest = area;
    let card = rest.cut_top(height * entries.len() as f32);
    card_ui(ui, theme, card);
    let mut rows = card.shrink2([theme.px(24.0), 0.0].into());
    for (index, entry) in entries.iter().enumerate() {
        let row = rows.cut_top(height);
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        let share = theme.pick(0.14, 0.3) / theme.px(1.0);
        let [time, text] = row.columns([share, 1.0], theme.px(16.0));
        let ink = match entry.level {
            Level::Info => Ink::Soft,
            Level::Warning => Ink::Warn,
            Level::Error => Ink::Fault,
        };
        Text::new(&sentences::date_and_seconds(entry.at), Type::Note).ink(ink).show(ui, theme, time);
        Text::new(&shortened(&entry.text), Type::Note).ink(ink).flowing().show(ui, theme, text);
    }
}

/// What has room in two lines; the files have all of it.
fn shortened(text: &str) -> String {
    const MOST: usize = 150;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
