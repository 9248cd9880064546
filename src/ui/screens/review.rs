//! The finished photo beside what was measured: keep it or take another one.

use eframe::egui::{Align2, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::{Stage, heading_ui, on};
use crate::photo::{Check, Finding, Portrait};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui, drawing};
use crate::visit::Event;

pub fn review_ui(ui: &mut Ui, stage: &Stage<'_>, portrait: &Portrait) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1640.0).shrink2(vec2(0.0, theme.px(40.0)));
    let (retake, accept);
    if theme.upright {
        let buttons = area.cut_bottom(theme.action_height());
        area.cut_bottom(theme.px(36.0));
        heading_ui(ui, theme, &mut area, strings.review_title, strings.review_note);
        area.cut_top(theme.px(28.0));
        let list_height = theme.px(84.0) + portrait.findings.len() as f32 * theme.px(58.0);
        let list = area.cut_bottom(list_height.min(area.height() * 0.52));
        area.cut_bottom(theme.px(32.0));
        portrait_ui(ui, stage, area);
        checklist_ui(ui, stage, list, &portrait.findings);
        let [no, yes] = buttons.columns([1.0, 1.6], theme.px(36.0));
        retake = Button::secondary(strings.retake).show(ui, theme, no);
        accept = Button::primary(strings.accept).show(ui, theme, yes);
    } else {
        let picture = area.cut_left((area.height() * 0.75).min(area.width() * 0.42));
        area.cut_left(theme.px(72.0));
        portrait_ui(ui, stage, picture);
        let buttons = area.cut_bottom(theme.action_height());
        area.cut_bottom(theme.px(28.0));
        heading_ui(ui, theme, &mut area, strings.review_title, strings.review_note);
        area.cut_top(theme.px(24.0));
        checklist_ui(ui, stage, area, &portrait.findings);
        let [no, yes] = buttons.columns([1.0, 1.9], theme.px(32.0));
        retake = Button::secondary(strings.retake).show(ui, theme, no);
        accept = Button::primary(strings.accept).show(ui, theme, yes);
    }
    on(retake, Event::Retake).or(on(accept, Event::Accept))
}

/// The photo as it is submitted: never mirrored, with a hairline so that a white background shows.
fn portrait_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect) {
    let Stage { theme, strings, view, .. } = stage;
    let shape = view.portrait.map_or(vec2(480.0, 640.0), |picture| picture.size_px);
    let frame = area.fit(shape);
    ui.painter().add(theme.shadow().as_shape(frame, 0.0));
    ui.painter().rect_filled(frame, 0.0, theme::SURFACE);
    if let Some(picture) = view.portrait {
        let whole = Rect::from_min_max([0.0, 0.0].into(), [1.0, 1.0].into());
        ui.painter().image(picture.texture, frame, whole, theme::UNTINTED);
    }
    ui.painter().rect_stroke(frame, 0.0, theme.stroke(2.0, theme::LINE), StrokeKind::Outside);
    let response = ui.interact(frame, ui.make_persistent_id("portrait"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, strings.portrait_name));
}

fn checklist_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, findings: &[Finding]) {
    let Stage { theme, strings, .. } = stage;
    let head = theme.px(56.0);
    let pad = theme.px(14.0);
    let row_height = ((area.height() - head - 2.0 * pad) / findings.len().max(1) as f32).min(theme.px(68.0));
    let mut rest = area;
    let card_area = rest.cut_top(head + 2.0 * pad + row_height * findings.len() as f32);
    card_ui(ui, theme, card_area);
    let mut rows = card_area.shrink2(vec2(theme.px(36.0), pad));
    let [_, measured, allowed] = columns(stage, rows.cut_top(head));
    let column_head = |words| Text::new(words, Type::Note).ink(Ink::Soft).align(Align2::RIGHT_CENTER);
    column_head(strings.review_measured).show(ui, theme, measured);
    column_head(strings.review_allowed).show(ui, theme, allowed);
    for finding in findings {
        let row = rows.cut_top(row_height);
        ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        finding_ui(ui, stage, row, finding);
    }
}

fn columns(stage: &Stage<'_>, row: Rect) -> [Rect; 3] {
    row.columns([1.5, 0.8, 1.0], stage.theme.px(20.0))
}

fn finding_ui(ui: &mut Ui, stage: &Stage<'_>, row: Rect, finding: &Finding) {
    let Stage { theme, strings, .. } = stage;
    let [mut name, measured, allowed] = columns(stage, row);
    let mark = name.cut_left(theme.px(40.0)).fit(vec2(1.0, 1.0)).shrink(theme.px(2.0));
    let ink = if finding.passed() {
        drawing::check_disc(ui.painter(), mark, theme::GOOD);
        Ink::Good
    } else {
        drawing::cross_disc(ui.painter(), mark, theme::WARN);
        Ink::Warn
    };
    name.cut_left(theme.px(18.0));
    Text::new(sentences::check_name(strings.language, finding.check), Type::Body).show(ui, theme, name);
    let (value, range) = if finding.check == Check::Cropping {
        let value = if finding.passed() { strings.review_complete } else { strings.review_incomplete };
        (value.to_owned(), strings.review_complete.to_owned())
    } else {
        (sentences::measured(strings.language, finding), sentences::allowed(strings.language, finding))
    };
    Text::new(&value, Type::Strong).ink(ink).align(Align2::RIGHT_CENTER).show(ui, theme, measured);
    Text::new(&range, Type::Body).ink(Ink::Soft).align(Align2::RIGHT_CENTER).show(ui, theme, allowed);
}
