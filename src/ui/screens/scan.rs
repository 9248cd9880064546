//! Shows the live picture with an aiming frame until the phone's code is read, and says what is
//! wrong with a code that was refused.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Stage, heading_ui, on};
use crate::code::CodeProblem;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, drawing, notice_height, notice_ui, preview::preview_ui};
use crate::visit::{Event, HelpPage};

pub fn scan_ui(ui: &mut Ui, stage: &Stage<'_>, problem: Option<CodeProblem>) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let inside = stage.area.shrink2(vec2(theme.margin(), theme.px(48.0)));
    let (preview, mut panel) = if theme.upright {
        let mut rest = inside;
        let preview = rest.cut_top((inside.width() * 0.72).min(inside.height() * 0.43));
        rest.cut_top(theme.px(40.0));
        (preview, rest)
    } else {
        let [preview, panel] = inside.columns([1.25, 1.0], theme.px(72.0));
        (preview, panel)
    };

    preview_ui(ui, theme, preview, theme.radius(), stage.view.preview, strings);
    if stage.view.preview.is_some() {
        aim_ui(ui, stage, preview);
    }

    if !theme.upright {
        panel.cut_top(theme.px(16.0));
    }
    heading_ui(ui, theme, &mut panel, strings.scan_title, strings.scan_note);
    panel.cut_top(theme.px(36.0));
    for (index, hint) in strings.scan_hints.into_iter().enumerate() {
        let mut row = panel.cut_top(theme.pick(94.0, 96.0));
        let icon = row.cut_left(theme.px(84.0)).fit(vec2(1.0, 1.0));
        ui.painter().circle_filled(icon.center(), icon.width() / 2.0, theme::ACCENT_SOFT);
        let drawn = icon.shrink(theme.px(18.0));
        match index {
            0 => drawing::sun(ui.painter(), drawn, theme::ACCENT),
            1 => drawing::distance(ui.painter(), drawn, theme::ACCENT),
            _ => drawing::framed_code(ui.painter(), drawn.expand(theme.px(2.0)), theme::ACCENT),
        }
        row.cut_left(theme.px(24.0));
        Text::new(hint, Type::Lead).show(ui, theme, row);
    }
    panel.cut_top(theme.px(20.0));
    let lowest = panel.cut_bottom(theme.px(92.0));
    panel.cut_bottom(theme.px(20.0));

    let (tone, headline, detail) = match problem.map(|problem| sentences::code_problem(strings.language, problem)) {
        Some(words) if problem.is_some_and(CodeProblem::is_a_wait) => (Tone::Info, words.headline, words.detail),
        Some(words) => (Tone::Warn, words.headline, words.detail),
        None => (Tone::Info, strings.scan_no_code, strings.scan_no_code_where),
    };
    let lines = [detail.to_owned()];
    let height = notice_height(ui, theme, panel.width(), headline, &lines);
    let notice = panel.cut_top(height);
    notice_ui(ui, theme, notice, tone, headline, &lines);
    // On a tall window the buttons follow the notice.
    let mut line = lowest.translate(vec2(0.0, (notice.bottom() + theme.px(20.0) - lowest.top()).min(0.0)));
    let gap = theme.px(20.0);
    let ways = 2 + usize::from(stage.view.reads_sticks);
    let width = (line.width() - gap * (ways - 1) as f32) / ways as f32;
    let mut intent = None;
    let mut way = |label, event| {
        if Button::quiet(label).show(ui, theme, line.cut_left(width)) {
            intent = on(true, event);
        }
        line.cut_left(gap);
    };
    way(strings.scan_get_code, Event::OpenHelp(HelpPage::GetCode));
    way(strings.scan_type, Event::TypeCode);
    if stage.view.reads_sticks {
        way(strings.scan_stick, Event::ReadStick);
    }
    intent
}

/// A square to put the code into.
fn aim_ui(ui: &mut Ui, stage: &Stage<'_>, preview: Rect) {
    let Stage { theme, strings, .. } = stage;
    let side = preview.width().min(preview.height()) * 0.62;
    let frame = Rect::from_center_size(preview.center() - vec2(0.0, theme.px(24.0)), vec2(side, side));
    let painter = ui.painter();
    drawing::corners(painter, frame, side * 0.16, theme.stroke(14.0, theme::SCRIM));
    drawing::corners(painter, frame, side * 0.16, theme.stroke(8.0, theme::SURFACE));

    let words = Text::new(strings.scan_aim, Type::Body).ink(Ink::OnDark).centred();
    let size = vec2(words.width(ui, theme) + theme.px(56.0), theme.px(64.0));
    let below = pos2(preview.center().x, (frame.bottom() + preview.bottom()) / 2.0);
    let label = Align2::CENTER_CENTER.anchor_size(below, size);
    ui.painter().rect_filled(label, theme.px(32.0), theme::DARK);
    words.show(ui, theme, label);
}
