//! Staff have closed the booth for a while: why, in both languages at once.

use eframe::egui::{Rect, Ui};

use super::Stage;
use crate::operator::Notice;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Text, card_ui, drawing};
use crate::visit::Language;

pub fn paused_ui(ui: &mut Ui, stage: &Stage<'_>, notice: Notice) -> Option<Intent> {
    let theme = &stage.theme;
    let mut area = theme.column(stage.area, 1640.0);
    let block = theme.pick(640.0, 1080.0);
    area.cut_top((area.height() - block) / 2.0);
    let mark = area.cut_top(theme.px(150.0));
    drawing::info(ui.painter(), mark, theme::ACCENT);
    area.cut_top(theme.px(56.0));
    let cards = area.cut_top(theme.pick(400.0, 820.0));
    let halves: [Rect; 2] = if theme.upright {
        let mut rest = cards;
        let upper = rest.cut_top((cards.height() - theme.px(40.0)) / 2.0);
        rest.cut_top(theme.px(40.0));
        [upper, rest]
    } else {
        cards.columns([1.0; 2], theme.px(48.0))
    };
    for (half, language) in halves.into_iter().zip([Language::Chinese, Language::English]) {
        card_ui(ui, theme, half);
        let mut rest = half.shrink(theme.px(48.0));
        let title = rest.cut_top(rest.height() * 0.42);
        Text::new(OperatorStrings::of(language).paused, Type::Display).centred().show(ui, theme, title);
        let line = sentences::notice(language, notice);
        Text::new(line, Type::Heading).ink(Ink::Soft).centred().show(ui, theme, rest);
    }
    None
}
