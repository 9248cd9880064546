//! The live picture with head, shoulders and lines over it, and in words the one thing to change.

use eframe::egui::{Align2, Rect, Ui, vec2};

use super::{Stage, on};
use crate::photo::{Lines, RetakeReason};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences::{self, Instruction};
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::preview::{guides_ui, preview_ui};
use crate::ui::widgets::{Button, Text, Tone, drawing, lines_that_fit, notice_height, notice_ui};
use crate::visit::{Event, Framing};

pub fn framing_ui(
    ui: &mut Ui,
    stage: &Stage<'_>,
    framing: Framing,
    lines: Lines,
    retake: &[RetakeReason],
) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let (_, mut panel) = live_ui(ui, stage, lines);

    let button = panel.cut_bottom(theme.action_height());
    let pressed = Button::primary(strings.shoot_now).show(ui, theme, button);
    let note = panel.cut_bottom(theme.px(76.0));
    Text::new(strings.shoots_itself, Type::Note).ink(Ink::Soft).centred().show(ui, theme, note);

    instruction_ui(ui, stage, &mut panel, sentences::framing(strings.language, framing), framing);
    if retake.is_empty() {
        tips_ui(ui, stage, panel);
    } else {
        let lines: Vec<String> = retake.iter().map(|reason| sentences::retake(strings.language, reason)).collect();
        panel.cut_top(theme.pick(32.0, 20.0));
        let lines = lines_that_fit(ui, theme, panel.size(), strings.retake_title, lines);
        let height = notice_height(ui, theme, panel.width(), strings.retake_title, &lines);
        notice_ui(ui, theme, panel.cut_top(height), Tone::Warn, strings.retake_title, &lines);
    }
    on(pressed, Event::ShootNow)
}

/// The live picture with its guides, and what is left of the window beside it: on a wide screen the
/// right third, on an upright one the lower third. Returns where the photo's crop is seen.
pub(super) fn live_ui(ui: &mut Ui, stage: &Stage<'_>, lines: Lines) -> (Rect, Rect) {
    let Stage { theme, strings, view, .. } = stage;
    let mut panel = stage.area;
    let live = if theme.upright {
        panel.cut_top(panel.height() * 0.585)
    } else {
        panel.cut_left((panel.height() * 4.0 / 3.0).min(panel.width() * 0.655))
    };
    let mut crop = live;
    if let Some(fit) = preview_ui(ui, theme, live, 0.0, view.preview, strings) {
        crop = fit.crop_in_ui(&view.guides).intersect(live);
        guides_ui(ui, theme, &fit, &view.guides, lines, strings);
    }
    (crop, panel.shrink2(vec2(theme.px(48.0), theme.px(36.0))))
}

/// One large instruction, with a drawing of the way to go.
pub(super) fn instruction_ui(ui: &mut Ui, stage: &Stage<'_>, panel: &mut Rect, words: Instruction, framing: Framing) {
    let theme = &stage.theme;
    let ink = if framing == Framing::Good { Ink::Good } else { Ink::Strong };
    let icon_side = theme.pick(120.0, 132.0);
    if theme.upright {
        let mut row = panel.cut_top(icon_side);
        framing_drawing_ui(ui, stage, row.cut_left(icon_side), framing);
        row.cut_left(theme.px(36.0));
        let headline = row.cut_top(row.height() * 0.58);
        Text::new(words.headline, Type::Title).ink(ink).align(Align2::LEFT_CENTER).show(ui, theme, headline);
        Text::new(words.detail, Type::Body).ink(Ink::Soft).align(Align2::LEFT_TOP).show(ui, theme, row);
        return;
    }
    let icon = panel.cut_top(icon_side).cut_left(icon_side);
    framing_drawing_ui(ui, stage, icon, framing);
    panel.cut_top(theme.px(24.0));
    let headline = Text::new(words.headline, Type::Title).ink(ink).align(Align2::LEFT_TOP);
    let height = headline.height(ui, theme, panel.width());
    headline.show(ui, theme, panel.cut_top(height));
    panel.cut_top(theme.px(10.0));
    let detail = Text::new(words.detail, Type::Body).ink(Ink::Soft).align(Align2::LEFT_TOP);
    let height = detail.height(ui, theme, panel.width());
    detail.show(ui, theme, panel.cut_top(height));
}

fn framing_drawing_ui(ui: &Ui, stage: &Stage<'_>, area: Rect, framing: Framing) {
    let theme = &stage.theme;
    let painter = ui.painter();
    if framing == Framing::Good {
        drawing::check_disc(painter, area, theme::GOOD);
        return;
    }
    painter.circle_filled(area.center(), area.width() / 2.0, theme::WARN_SOFT);
    let inside = area.shrink(theme.px(26.0));
    let ink = Ink::Warn.colour();
    let pen = drawing::Pen::new(painter, inside);
    match framing {
        // The sitter's own left is left in the mirror.
        Framing::MoveLeft => drawing::arrow(painter, inside, vec2(-1.0, 0.0), ink),
        Framing::MoveRight => drawing::arrow(painter, inside, vec2(1.0, 0.0), ink),
        Framing::TooHigh => drawing::arrow(painter, inside, vec2(0.0, 1.0), ink),
        Framing::TooLow => drawing::arrow(painter, inside, vec2(0.0, -1.0), ink),
        Framing::TooFar => {
            drawing::corners(painter, inside, inside.width() * 0.26, pen.stroke(10.0, ink));
            pen.bust(50.0, 32.0, 0.5, ink, 76.0);
        }
        Framing::TooNear => {
            drawing::corners(painter, inside, inside.width() * 0.26, pen.stroke(10.0, ink));
            pen.bust(50.0, 12.0, 0.95, ink, 88.0);
        }
        Framing::HeadTilted => {
            drawing::tilted_head(painter, inside, theme::WARN, ink);
        }
        Framing::TurnLeft => drawing::turning_head(painter, inside, vec2(-1.0, 0.0), theme::WARN, ink),
        Framing::TurnRight => drawing::turning_head(painter, inside, vec2(1.0, 0.0), theme::WARN, ink),
        Framing::ChinUp => drawing::turning_head(painter, inside, vec2(0.0, -1.0), theme::WARN, ink),
        Framing::ChinDown => drawing::turning_head(painter, inside, vec2(0.0, 1.0), theme::WARN, ink),
        Framing::HairOverEars => drawing::head_with_ears(painter, inside, theme::WARN, ink),
        Framing::SeveralFaces => {
            pen.bust(28.0, 20.0, 0.66, ink, 82.0);
            pen.bust(74.0, 20.0, 0.66, theme::WARN, 82.0);
        }
        Framing::NoFace | Framing::Good => pen.bust(50.0, 4.0, 1.0, ink, 96.0),
    }
}

/// What a good photo needs that the booth does not measure.
pub(super) fn tips_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect) {
    let Stage { theme, strings, .. } = stage;
    let needed = theme.pick(44.0, 28.0) + strings.framing_tips.len() as f32 * theme.px(60.0);
    if area.height() < needed {
        return;
    }
    area.cut_top(theme.pick(44.0, 28.0));
    for tip in strings.framing_tips {
        let mut row = area.cut_top(theme.px(60.0));
        let mark = row.cut_left(theme.px(36.0)).fit(vec2(1.0, 1.0)).shrink(theme.px(4.0));
        drawing::check_mark(ui.painter(), mark, theme.stroke(5.0, theme::ACCENT));
        row.cut_left(theme.px(16.0));
        Text::new(tip, Type::Body).ink(Ink::Strong).show(ui, theme, row);
    }
}
