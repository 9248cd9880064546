//! Three, two, one over the live picture, in a ring that closes with the time.

use std::time::Instant;

use eframe::egui::{Rect, Ui, pos2, vec2};

use super::Stage;
use super::framing::{instruction_ui, live_ui, tips_ui};
use crate::photo::Lines;
use crate::ui::Intent;
use crate::ui::strings::sentences::{self, Instruction};
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::chrome::seconds_left;
use crate::ui::widgets::{Text, drawing};
use crate::visit::Framing;

pub fn countdown_ui(
    ui: &mut Ui,
    stage: &Stage<'_>,
    fires_at: Instant,
    framing: Framing,
    lines: Lines,
) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let (crop, mut panel) = live_ui(ui, stage, lines);

    // Below the face, so that it does not hide the eyes.
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

    let hold_still = Instruction { headline: strings.countdown_title, detail: strings.countdown_note };
    let is_good = framing == Framing::Good;
    let words = if is_good { hold_still } else { sentences::framing(strings.language, framing) };
    instruction_ui(ui, stage, &mut panel, words, framing);
    tips_ui(ui, stage, panel);
    None
}
