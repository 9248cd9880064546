//! The list of submissions, a page at a time. Nobody's name is on it.

use eframe::egui::{Align2, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::{Desk, instead_ui, on, page, pager_ui};
use crate::operator::{Delivery, Event, Filter, Line, PAGE_LINES, Queue};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::operator::sentences;
use crate::ui::strings::sentences::grouped_order_number;
use crate::ui::theme::{self, Ink, Theme, Type};
use crate::ui::widgets::Text;

pub fn queue_ui(ui: &mut Ui, desk: &Desk<'_>, queue: &Queue) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let tabs = if theme.upright {
        let title = area.cut_top(theme.px(72.0));
        Text::new(words.queue_title, Type::Title).show(ui, theme, title);
        area.cut_top(theme.px(20.0));
        let tabs = area.cut_top(theme.px(88.0 * 2.0 + 12.0));
        area.cut_top(theme.px(28.0));
        tabs
    } else {
        let mut side = area.cut_left(theme.px(300.0));
        area.cut_left(theme.px(40.0));
        let title = side.cut_top(theme.px(72.0));
        Text::new(words.queue_title, Type::Heading).show(ui, theme, title);
        side.cut_top(theme.px(12.0));
        side
    };
    let filtered = tabs_ui(ui, desk, tabs, &queue.filter);
    let has_more = queue.page.as_ref().is_some_and(|page| page.has_more);
    let turned = pager_ui(ui, desk, &mut area, !queue.before.is_empty(), has_more);
    let Some(page) = &queue.page else {
        instead_ui(ui, desk, area, words.wait);
        return filtered.or(turned);
    };
    if page.lines.is_empty() {
        let is_search = matches!(queue.filter, Filter::Found(_));
        instead_ui(ui, desk, area, if is_search { words.queue_not_found } else { words.queue_empty });
    }
    let gap = theme.px(6.0);
    let height = ((area.height() - gap * (PAGE_LINES - 1) as f32) / PAGE_LINES as f32).min(theme.px(124.0));
    let mut opened = None;
    for line in &page.lines {
        let place = area.cut_top(height);
        area.cut_top(gap);
        opened = opened.or(on(line_ui(ui, desk, place, line), Event::OpenRecord(line.end.id)));
    }
    filtered.or(turned).or(opened)
}

/// The lists there are, and "find": in a column, or in two rows on an upright screen.
fn tabs_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, chosen: &Filter) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let gap = theme.pick(6.0, 12.0);
    let (columns, count) = (if theme.upright { 4 } else { 1 }, Filter::TABS.len() + 1);
    let rows = count.div_ceil(columns);
    let height = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(theme.px(96.0));
    let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let place = |index: usize| {
        let (row, column) = ((index / columns) as f32, (index % columns) as f32);
        Rect::from_min_size(area.min + vec2(column * (width + gap), row * (height + gap)), vec2(width, height))
    };
    let mut touched = None;
    for (index, filter) in Filter::TABS.iter().enumerate() {
        let label = sentences::filter(words.language, filter);
        let pressed = tab_ui(ui, theme, place(index), label, filter.is_like(chosen));
        touched = touched.or(on(pressed, Event::Filter(filter.clone())));
    }
    let found = matches!(chosen, Filter::Found(_));
    touched.or(on(tab_ui(ui, theme, place(count - 1), words.search, found), Event::Search))
}

pub(super) fn tab_ui(ui: &mut Ui, theme: &Theme, area: Rect, label: &str, chosen: bool) -> bool {
    let response = ui.interact(area, ui.make_persistent_id(("tab", label)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, label));
    let (fill, edge, ink) = match (response.is_pointer_button_down_on(), chosen) {
        (true, _) => (theme::SURFACE_PRESSED, theme::LINE_STRONG, Ink::Strong),
        (false, true) => (theme::ACCENT_SOFT, theme::ACCENT, Ink::Accent),
        (false, false) => (theme::SURFACE, theme::LINE_STRONG, Ink::Strong),
    };
    ui.painter().rect(area, theme.px(20.0), fill, theme.stroke(2.0, edge), StrokeKind::Inside);
    Text::new(label, Type::Body).ink(ink).centred().silent().show(ui, theme, area.shrink(theme.px(8.0)));
    response.clicked()
}

/// State, order number as the student has it, time, fee.
fn line_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, line: &Line) -> bool {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let number = grouped_order_number(&line.end.id.order_number());
    let response = ui.interact(area, ui.make_persistent_id(("line", line.end.sequence)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &number));
    let fill = if response.is_pointer_button_down_on() { theme::SURFACE_PRESSED } else { theme::SURFACE };
    ui.painter().rect(area, theme.px(16.0), fill, theme.stroke(1.5, theme::LINE), StrokeKind::Inside);
    let [state, order, time, fee] =
        area.shrink2(vec2(theme.px(28.0), 0.0)).columns([0.9, 1.8, 1.2, 0.9], theme.px(16.0));
    let ink = delivery_ink(line.delivery);
    Text::new(sentences::delivery(words.language, line.delivery), Type::Strong).ink(ink).show(ui, theme, state);
    Text::new(&number, Type::Body).silent().show(ui, theme, order);
    Text::new(&sentences::date_and_clock(line.taken_at), Type::Body).ink(Ink::Soft).show(ui, theme, time);
    let paid = match line.paid {
        Some(true) => Some((desk.stage.strings.paid, Ink::Soft)),
        Some(false) => Some((desk.stage.strings.unpaid, Ink::Warn)),
        None => None,
    };
    if let Some((word, ink)) = paid {
        Text::new(word, Type::Body).ink(ink).align(Align2::RIGHT_CENTER).show(ui, theme, fee);
    }
    response.clicked()
}

pub(super) fn delivery_ink(delivery: Delivery) -> Ink {
    match delivery {
        Delivery::Pending => Ink::Accent,
        Delivery::Received => Ink::Good,
        Delivery::Refused | Delivery::Conflict => Ink::Warn,
        Delivery::Withdrawn => Ink::Soft,
    }
}
