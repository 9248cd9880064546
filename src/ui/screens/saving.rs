//! The photo is being signed and stored: the student is asked to wait.

use eframe::egui::Ui;

use super::{Stage, developing::waiting_ui};
use crate::ui::Intent;

pub fn saving_ui(ui: &mut Ui, stage: &Stage<'_>) -> Option<Intent> {
    let strings = stage.strings;
    waiting_ui(ui, stage, stage.elapsed(stage.view.patience.saving), strings.saving_title, strings.saving_note);
    None
}
