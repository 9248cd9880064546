//! One page before the photo is submitted: the photo, the data, the checks with their numbers.

use eframe::egui::{Rect, Ui, vec2};

use super::review::{checklist_ui, portrait_ui};
use super::{Stage, heading_ui, on};
use crate::photo::Portrait;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui};
use crate::visit::{Event, PictureSource, Sitter};

pub fn summary_ui(ui: &mut Ui, stage: &Stage<'_>, sitter: &Sitter, portrait: &Portrait) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1720.0).shrink2(vec2(0.0, theme.pick(36.0, 56.0)));
    let buttons = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.px(28.0));
    heading_ui(ui, theme, &mut area, strings.summary_title, strings.summary_note);
    area.cut_top(theme.px(24.0));

    let facts = facts(stage, sitter);
    if theme.upright {
        let mut upper = area.cut_top(area.height() * 0.5);
        area.cut_top(theme.gap());
        let picture = upper.cut_left(upper.width() * 0.42);
        upper.cut_left(theme.gap());
        photo_ui(ui, stage, picture);
        facts_ui(ui, stage, upper, &facts);
        checklist_ui(ui, stage, area, portrait);
    } else {
        let [picture, data, checks] = area.columns([0.86, 1.1, 1.2], theme.px(36.0));
        photo_ui(ui, stage, picture);
        facts_ui(ui, stage, data, &facts);
        checklist_ui(ui, stage, checks, portrait);
    }
    let [no, yes] = buttons.columns([1.0, 1.9], theme.px(36.0));
    let again = if sitter.brought.is_some() { strings.change_picture } else { strings.retake };
    let retake = Button::secondary(again).show(ui, theme, no);
    let submit = Button::primary(strings.submit).show(ui, theme, yes);
    on(retake, Event::Retake).or(on(submit, Event::Submit))
}

/// The photo at its true size, or as large as the window allows.
fn photo_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect) {
    let Stage { theme, strings, .. } = stage;
    let caption = area.cut_bottom(theme.px(52.0));
    let shape = stage.view.portrait.map_or(vec2(480.0, 640.0), |picture| picture.size_px);
    let true_size = shape / ui.ctx().pixels_per_point();
    let scale = (area.width() / true_size.x).min(area.height() / true_size.y).min(1.0);
    let place = Rect::from_center_size(area.center(), true_size * scale);
    portrait_ui(ui, stage, place);
    Text::new(strings.summary_photo, Type::Note).ink(Ink::Soft).centred().show(ui, theme, caption);
}

fn facts(stage: &Stage<'_>, sitter: &Sitter) -> Vec<(&'static str, String)> {
    let Stage { strings, view, .. } = stage;
    let enrolment = &sitter.student.enrolment;
    let mut facts = vec![
        (strings.school, enrolment.school.clone()),
        (strings.category, enrolment.category.clone()),
        (strings.level, enrolment.level.clone()),
        (strings.major, enrolment.major.clone()),
        (strings.name, enrolment.masked_name.clone()),
        (strings.document, sentences::last4(&enrolment.document_last4)),
    ];
    if let Some(tail) = &sitter.number_tail {
        facts.push((strings.student_number, sentences::last4(tail.as_str())));
    }
    if let Some(contact) = &sitter.contact {
        facts.push((strings.phone, sentences::contact(strings, contact)));
    }
    match sitter.source() {
        PictureSource::Camera => {}
        PictureSource::Stick => facts.push((strings.fact_source, strings.source_stick.to_owned())),
        PictureSource::Phone => facts.push((strings.fact_source, strings.source_phone.to_owned())),
    }
    if view.fee_fen > 0 {
        let fee = if sitter.paid { strings.free.to_owned() } else { sentences::yuan(view.fee_fen) };
        facts.push((strings.fee, fee));
    }
    facts
}

/// Labels and values in a card, one under the other.
pub(super) fn facts_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, facts: &[(&str, String)]) {
    narrow_facts_ui(ui, stage, area, facts, 0.36);
}

/// With so large a share of the width for the labels.
pub(super) fn narrow_facts_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, facts: &[(&str, String)], share: f32) {
    let theme = &stage.theme;
    let row_height = ((area.height() - theme.px(24.0)) / facts.len() as f32).min(theme.px(112.0));
    let mut rest = area;
    let card = rest.cut_top(row_height * facts.len() as f32 + theme.px(24.0));
    card_ui(ui, theme, card);
    let mut rows = card.shrink2(vec2(theme.px(32.0), theme.px(12.0)));
    for (index, (label, value)) in facts.iter().enumerate() {
        let mut row = rows.cut_top(row_height);
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        let label_area = row.cut_left(row.width() * share);
        Text::new(label, Type::Note).ink(Ink::Soft).show(ui, theme, label_area);
        row.cut_left(theme.px(12.0));
        Text::new(value, Type::Strong).show(ui, theme, row.shrink2(vec2(0.0, theme.px(1.0))));
    }
}
