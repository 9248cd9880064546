//! The photo is being made: calm, and nothing to do.

use eframe::egui::{Align2, Ui, pos2, vec2};

use super::Stage;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{Ink, Type};
use crate::ui::widgets::{Text, drawing};

pub fn developing_ui(ui: &mut Ui, stage: &Stage<'_>) -> Option<Intent> {
    let strings = stage.strings;
    waiting_ui(
        ui,
        stage,
        stage.elapsed(stage.view.patience.developing),
        strings.developing_title,
        strings.developing_note,
    );
    None
}

/// An arc that turns, a headline and a sentence, in the middle of the screen.
pub(super) fn waiting_ui(ui: &mut Ui, stage: &Stage<'_>, seconds: f32, title: &str, note: &str) {
    let theme = &stage.theme;
    let mut column = theme.column(stage.area, 1100.0);
    column.cut_top((column.height() - theme.px(520.0)) / 2.0);
    let arc = column.cut_top(theme.px(260.0));
    drawing::spinner(ui.painter(), arc.center(), theme.px(110.0), theme.px(16.0), seconds);
    let bust = arc.fit(vec2(1.0, 1.0)).shrink(theme.px(72.0));
    let pen = drawing::Pen::new(ui.painter(), bust);
    pen.bust(50.0, 0.0, 1.08, crate::ui::theme::ACCENT, 100.0);
    column.cut_top(theme.px(48.0));
    let title_area = column.cut_top(theme.px(84.0));
    Text::new(title, Type::Title).centred().show(ui, theme, title_area);
    let note_area = column.cut_top(theme.px(100.0)).translate(pos2(0.0, theme.px(8.0)).to_vec2());
    Text::new(note, Type::Body).ink(Ink::Soft).align(Align2::CENTER_TOP).show(ui, theme, note_area);
}
