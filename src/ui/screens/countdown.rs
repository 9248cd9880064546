//! Three, two, one over the live picture, in a ring that closes with the time.

use std::time::Instant;

use eframe::egui::{Rect, Ui, pos2, vec2};

use super::{Stage, framing::live_ui, heading_ui};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::chrome::seconds_left;
use crate::ui::widgets::{Text, Tone, drawing, notice_height, notice_ui};

pub fn countdown_ui(ui: &mut Ui, stage: &Stage<'_>, fires_at: Instant, in_place: bool) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let (crop, mut panel) = live_ui(ui, stage, in_place);

    // Below the face, so that it hides neither the eyes nor the camera's view of them.
    let side = crop.width().min(crop.height()) * 0.30;
    let centre = pos2(crop.center().x, crop.bottom() - side * 0.62);
    let left = fires_at.saturating_duration_since(view.now).as_secs_f32();
    let whole = view.patience.countdown.as_secs_f32().max(0.001);
    ui.painter().circle_filled(centre, side / 2.0, theme::DARK);
    let ring = theme.stroke(12.0, theme::GUIDE_GOOD);
    drawing::arc(ui.painter(), centre, side / 2.0 - theme.px(12.0), 0.0, (left / whole).clamp(0.0, 1.0), ring);
    let number = seconds_left(view.now, fires_at).max(1).to_string();
    let number_area = Rect::from_center_size(centre, vec2(side, side));
    Text::new(&number, Type::Hero).ink(Ink::OnDark).centred().show(ui, theme, number_area);

    heading_ui(ui, theme, &mut panel, strings.countdown_title, strings.countdown_note);
    panel.cut_top(theme.px(36.0));
    if !in_place {
        let words = crate::ui::strings::sentences::framing(strings.language, crate::visit::Framing::NoFace);
        let lines = [words.detail.to_owned()];
        let height = notice_height(ui, theme, panel.width(), words.headline, &lines);
        notice_ui(ui, theme, panel.cut_top(height), Tone::Warn, words.headline, &lines);
    }
    None
}
