//! A QR code on the screen, with the quiet zone that readers need.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use qrcode::{Color, EcLevel, QrCode};

use crate::ui::layout::Cut;
use crate::ui::theme::{self, Theme};

/// Modules of white around the code.
const QUIET_ZONE: usize = 4;

/// Paints the text as a code, as large as the area allows; nothing when it is too long for one.
pub fn qr_ui(ui: &mut Ui, theme: &Theme, area: Rect, text: &str, name: &str) {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return };
    let square = area.fit(vec2(1.0, 1.0));
    let side = code.width();
    // Whole pixels: a module that is a fraction wider than its neighbour is harder to read.
    let pixel = 1.0 / ui.ctx().pixels_per_point();
    let module = (square.width() / (side + 2 * QUIET_ZONE) as f32 / pixel).floor().max(1.0) * pixel;
    let whole = Rect::from_center_size(square.center(), vec2(1.0, 1.0) * module * (side + 2 * QUIET_ZONE) as f32);
    ui.painter().rect(whole, theme.px(16.0), theme::SURFACE, theme.stroke(1.5, theme::LINE), StrokeKind::Outside);
    let corner = ((whole.min + vec2(1.0, 1.0) * module * QUIET_ZONE as f32) / pixel).round() * pixel;
    let colours = code.to_colors();
    for (row, cells) in colours.chunks(side).enumerate() {
        let mut column = 0;
        // Dark modules side by side are one rectangle.
        for run in cells.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let from = corner + vec2(column as f32, row as f32) * module;
                let to = pos2(from.x + run.len() as f32 * module, from.y + module);
                ui.painter().rect_filled(Rect::from_min_max(from, to), 0.0, theme::DARK);
            }
            column += run.len();
        }
    }
    let response = ui.interact(whole, ui.make_persistent_id(("qr", name)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
}
