//! What operators did, newest first, and whether the log of it is whole.

use eframe::egui::{Rect, Ui};

use super::{Desk, instead_ui, page, pager_ui};
use crate::operator::{AuditLog, Entry};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Text, card_ui};

/// As many as a page has.
const LINES: f32 = 10.0;

pub fn audit_ui(ui: &mut Ui, desk: &Desk<'_>, log: &AuditLog) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let has_more = log.page.as_ref().is_some_and(|page| page.has_more);
    let turned = pager_ui(ui, desk, &mut area, !log.before.is_empty(), has_more);
    let state = match &log.page {
        None => words.wait,
        Some(page) if page.is_sound => words.audit_sound,
        Some(_) => words.audit_unsound,
    };
    heading_ui(ui, theme, &mut area, words.audit_title, state);
    area.cut_top(theme.px(20.0));
    match &log.page {
        None => instead_ui(ui, desk, area, words.wait),
        Some(page) => entries_ui(ui, desk, area, &page.entries),
    }
    turned
}

fn entries_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, entries: &[Entry]) {
    let (theme, language) = (&desk.stage.theme, desk.words.language);
    let height = (area.height() / LINES).min(theme.px(104.0));
    let mut rest = area;
    let card = rest.cut_top(height * entries.len() as f32);
    card_ui(ui, theme, card);
    let mut rows = card.shrink2([theme.px(28.0), 0.0].into());
    for (index, entry) in entries.iter().enumerate() {
        let row = rows.cut_top(height);
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        let [time, actor, action, subject] = row.columns([0.7, 0.7, 1.2, 1.4], theme.px(20.0));
        Text::new(&sentences::date_and_clock(entry.at), Type::Note).ink(Ink::Soft).show(ui, theme, time);
        Text::new(&sentences::actor(language, &entry.actor), Type::Note).show(ui, theme, actor);
        Text::new(&sentences::action(language, &entry.action), Type::Note).show(ui, theme, action);
        if !entry.subject.is_empty() {
            let subject_words = sentences::audit_subject(language, &entry.subject);
            Text::new(&subject_words, Type::Note).ink(Ink::Soft).show(ui, theme, subject);
        }
    }
}
