//! A box to tick, with its sentence: the whole row is the target.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::{Text, button::focus_ring, drawing};
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Ink, Theme, Type};

const BOX: f32 = 52.0;
const PAD: f32 = 24.0;

pub fn tick_row_height(ui: &Ui, theme: &Theme, sentence: &str, width: f32) -> f32 {
    let text_width = width - theme.px(BOX + 3.0 * PAD);
    let text = Text::new(sentence, Type::Body).height(ui, theme, text_width);
    (text + theme.px(PAD)).max(theme.touch_height())
}

/// Returns true when the row was touched: the tick is to be turned over.
pub fn tick_row_ui(ui: &mut Ui, theme: &Theme, area: Rect, sentence: &str, ticked: bool) -> bool {
    let response = ui.interact(area, ui.make_persistent_id(("tick", sentence)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, ticked, sentence));

    let pressed = response.is_pointer_button_down_on();
    let fill = match (pressed, ticked) {
        (true, _) => theme::SURFACE_PRESSED,
        (false, true) => theme::ACCENT_SOFT,
        (false, false) => theme::SURFACE,
    };
    let edge = if ticked { theme::ACCENT } else { theme::LINE_STRONG };
    let rounding = theme.px(20.0);
    ui.painter().rect(area, rounding, fill, theme.stroke(2.0, edge), StrokeKind::Inside);
    focus_ring(ui, theme, &response, rounding);

    let mut rest = area.shrink2(vec2(theme.px(PAD), 0.0));
    let square = Rect::from_center_size(rest.cut_left(theme.px(BOX)).center(), vec2(1.0, 1.0) * theme.px(BOX));
    let box_fill = if ticked { theme::ACCENT } else { theme::SURFACE };
    ui.painter().rect(square, theme.px(12.0), box_fill, theme.stroke(3.0, edge), StrokeKind::Inside);
    if ticked {
        drawing::check_mark(ui.painter(), square.shrink(theme.px(11.0)), theme.stroke(6.0, theme::SURFACE));
    }
    rest.cut_left(theme.px(PAD));
    Text::new(sentence, Type::Body).ink(Ink::Strong).silent().show(ui, theme, rest);
    response.clicked()
}
