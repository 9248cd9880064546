//! The code of a page on which the student's phone sends one picture to this booth.

use eframe::egui::{Ui, vec2};

use super::{Stage, heading_ui, on};
use crate::photo::import::ImportProblem;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::imports;
use crate::ui::theme::{Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui, qr_ui};
use crate::visit::Event;

pub fn upload_ui(ui: &mut Ui, stage: &Stage<'_>, url: Option<&str>, problem: Option<ImportProblem>) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let inside = theme.column(stage.area, 1560.0).shrink2(vec2(0.0, theme.pick(56.0, 64.0)));
    let mut text = inside;
    let mut code = if theme.upright {
        text.cut_bottom(inside.height() * 0.55)
    } else {
        let code = text.cut_right(inside.height().min(inside.width() * 0.45));
        text.cut_right(theme.px(96.0));
        code
    };
    let button =
        if theme.upright { code.cut_bottom(theme.action_height()) } else { text.cut_bottom(theme.action_height()) };

    heading_ui(ui, theme, &mut text, strings.upload_title, strings.upload_note);
    text.cut_top(theme.px(40.0));
    let mut notices = vec![(Tone::Info, strings.upload_network.to_owned(), Vec::new())];
    if let Some(problem) = problem {
        let (headline, todo) = imports::problem(strings.language, problem);
        notices.insert(0, (Tone::Warn, headline, vec![todo]));
    }
    for (tone, headline, lines) in notices {
        let height = notice_height(ui, theme, text.width(), &headline, &lines).max(theme.px(96.0));
        notice_ui(ui, theme, text.cut_top(height), tone, &headline, &lines);
        text.cut_top(theme.px(24.0));
    }

    if theme.upright {
        code.cut_bottom(theme.px(40.0));
    }
    let card = code.fit(vec2(1.0, 1.0));
    card_ui(ui, theme, card);
    match url {
        Some(url) => qr_ui(ui, theme, card.shrink(theme.px(24.0)), url, strings.qr_name),
        None => {
            Text::new(strings.link_making, Type::Body).ink(Ink::Soft).centred().show(ui, theme, card);
        }
    }
    on(Button::secondary(strings.back).show(ui, theme, button), Event::Back)
}
