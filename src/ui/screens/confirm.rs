//! Whose record the code stands for, masked: the student says whether it is theirs.

use eframe::egui::{Rect, Ui, pos2, vec2};

use super::{Stage, heading_ui, on};
use crate::code::Student;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui};
use crate::visit::Event;

pub fn confirm_ui(ui: &mut Ui, stage: &Stage<'_>, student: &Student, is_ready: bool) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let column = theme.column(stage.area, 1280.0).shrink2(vec2(0.0, theme.pick(40.0, 72.0)));
    let mut area = column;
    let mut buttons = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.px(40.0));
    heading_ui(ui, theme, &mut area, strings.confirm_title, strings.confirm_note);
    area.cut_top(theme.px(36.0));

    let enrolment = &student.enrolment;
    let document = sentences::last4(&enrolment.document_last4);
    let rows = [
        (strings.school, &enrolment.school),
        (strings.category, &enrolment.category),
        (strings.level, &enrolment.level),
        (strings.major, &enrolment.major),
        (strings.name, &enrolment.masked_name),
        (strings.document, &document),
    ];
    let row_height = ((area.height() - theme.px(24.0)) / rows.len() as f32).min(theme.pick(96.0, 150.0));
    let card_area = area.cut_top(row_height * rows.len() as f32 + theme.px(24.0));
    card_ui(ui, theme, card_area);
    let mut rest = card_area.shrink2(vec2(theme.px(48.0), theme.px(12.0)));
    for (index, (label, value)) in rows.into_iter().enumerate() {
        let mut row = rest.cut_top(row_height);
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        let label_area = row.cut_left(theme.pick(380.0, 320.0));
        Text::new(label, Type::Body).ink(Ink::Soft).show(ui, theme, label_area);
        Text::new(value, Type::Heading).show(ui, theme, row.shrink2(vec2(0.0, theme.px(8.0))));
    }

    // On a tall window the buttons follow the card, where the eye is.
    let near = card_area.bottom() + theme.pick(40.0, 72.0);
    buttons = Rect::from_min_size(pos2(buttons.left(), near.min(buttons.top())), buttons.size());
    let [no, yes] = buttons.columns([1.0, 1.6], theme.px(36.0));
    let not_me = Button::secondary(strings.not_me).show(ui, theme, no);
    let is_me = Button::primary(strings.is_me).enabled(is_ready).show(ui, theme, yes);
    on(not_me, Event::Cancel).or(on(is_me, Event::ConfirmStudent))
}
