//! A visit that ended without a photo: why, and what the student can do.

use eframe::egui::{Align2, Rect, Ui, vec2};

use super::{Stage, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, drawing};
use crate::visit::{Ending, Event};

pub fn ended_ui(ui: &mut Ui, stage: &Stage<'_>, ending: Ending) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let (title, note) = match ending {
        Ending::WrongStudentNumber => (strings.ended_number_title, strings.ended_number_note),
        Ending::Withdrawn { known_to_server: false } => (strings.withdrawn_title, strings.withdrawn_here),
        Ending::Withdrawn { known_to_server: true } => (strings.withdrawn_title, strings.withdrawn_everywhere),
    };
    let mut area = theme.column(stage.area, 1180.0);
    area.cut_top(((area.height() - theme.px(680.0)) / 2.0).max(0.0));
    let mark = area.cut_top(theme.px(168.0));
    match ending {
        Ending::WrongStudentNumber => drawing::attention(ui.painter(), mark, theme::WARN),
        Ending::Withdrawn { .. } => drawing::check_disc(ui.painter(), mark, theme::GOOD),
    }
    area.cut_top(theme.px(48.0));
    Text::new(title, Type::Title).centred().show(ui, theme, area.cut_top(theme.px(140.0)));
    area.cut_top(theme.px(8.0));
    Text::new(note, Type::Body).ink(Ink::Soft).align(Align2::CENTER_TOP).show(ui, theme, area.cut_top(theme.px(110.0)));
    area.cut_top(theme.px(40.0));
    let line = area.cut_top(theme.action_height());
    let button = Rect::from_center_size(line.center(), vec2(theme.px(560.0).min(line.width()), line.height()));
    on(Button::primary(strings.ended_home).show(ui, theme, button), Event::Start)
}
