//! The booth cannot work: which part, and what to do, in both languages at once, since nobody is
//! at the screen to choose one.

use eframe::egui::{Rect, Ui, vec2};

use super::Stage;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::{CHINESE, ENGLISH, Strings, camera, sentences};
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Text, card_ui, drawing};
use crate::visit::Fault;

pub fn out_of_service_ui(ui: &mut Ui, stage: &Stage<'_>, fault: Fault) -> Option<Intent> {
    let theme = &stage.theme;
    let mut area = theme.column(stage.area, 1640.0);
    let block = theme.pick(720.0, 1180.0);
    area.cut_top((area.height() - block) / 2.0);
    let mark = area.cut_top(theme.px(168.0));
    drawing::attention(ui.painter(), mark, theme::WARN);
    area.cut_top(theme.px(56.0));
    let cards = area.cut_top(theme.pick(440.0, 880.0));
    let halves: [Rect; 2] = if theme.upright {
        let mut rest = cards;
        let upper = rest.cut_top((cards.height() - theme.px(40.0)) / 2.0);
        rest.cut_top(theme.px(40.0));
        [upper, rest]
    } else {
        cards.columns([1.0; 2], theme.px(48.0))
    };
    for (half, strings) in halves.into_iter().zip([&CHINESE, &ENGLISH]) {
        fault_card_ui(ui, stage, half, strings, fault);
    }
    None
}

fn fault_card_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, strings: &Strings, fault: Fault) {
    let theme = &stage.theme;
    card_ui(ui, theme, area);
    let mut rest = area.shrink2(vec2(theme.px(56.0), theme.px(40.0)));
    let share = rest.height() / 10.0;
    Text::new(strings.out_of_service_title, Type::Display).show(ui, theme, rest.cut_top(share * 3.2));
    let (cause, remedy) = match (fault, stage.view.camera_trouble) {
        (Fault::Camera, Some(trouble)) => camera::trouble(strings.language, trouble),
        _ => (sentences::fault(strings.language, fault), strings.out_of_service_staff),
    };
    Text::new(cause, Type::Heading).ink(Ink::Warn).show(ui, theme, rest.cut_top(share * 1.8));
    Text::new(remedy, Type::Body).show(ui, theme, rest.cut_top(share * 2.4));
    Text::new(sentences::fault_consequence(strings.language, fault), Type::Note).ink(Ink::Soft).show(ui, theme, rest);
}
