//! Buttons. One primary button a screen says what to do next; the others are quieter.

use eframe::egui::{Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo};

use super::Text;
use crate::ui::theme::{self, Ink, Theme, Type};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Primary,
    Secondary,
    Quiet,
    /// Of the keypad.
    Key,
}

#[derive(Clone, Copy)]
pub struct Button<'a> {
    label: &'a str,
    weight: Weight,
    enabled: bool,
    large: bool,
    square: bool,
}

impl<'a> Button<'a> {
    /// Leads on.
    pub fn primary(label: &'a str) -> Self {
        Self::of(label, Weight::Primary)
    }

    /// The other way.
    pub fn secondary(label: &'a str) -> Self {
        Self::of(label, Weight::Secondary)
    }

    /// A key of the keypad.
    pub fn key(label: &'a str) -> Self {
        Self::of(label, Weight::Key)
    }

    fn of(label: &'a str, weight: Weight) -> Self {
        Self { label, weight, enabled: true, large: false, square: false }
    }

    /// Always there, for the few who need it.
    pub fn quiet(label: &'a str) -> Self {
        Self::of(label, Weight::Quiet)
    }

    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// The one button of the welcome screen.
    pub fn large(self) -> Self {
        Self { large: true, ..self }
    }

    /// Among the keys of the keypad.
    pub fn square(self) -> Self {
        Self { square: true, ..self }
    }

    /// Paints the button and says whether it was pressed.
    pub fn show(self, ui: &mut Ui, theme: &Theme, area: Rect) -> bool {
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let response = ui.interact(area, ui.make_persistent_id(("button", self.label)), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled, self.label));
        let pressed = self.enabled && response.is_pointer_button_down_on();

        let (fill, edge, ink) = match (self.weight, self.enabled) {
            (_, false) => (theme::DISABLED, theme::DISABLED, Ink::Disabled),
            (Weight::Primary, true) if pressed => (theme::ACCENT_PRESSED, theme::ACCENT_PRESSED, Ink::OnAccent),
            (Weight::Primary, true) => (theme::ACCENT, theme::ACCENT, Ink::OnAccent),
            (Weight::Secondary, true) if pressed => (theme::SURFACE_PRESSED, theme::ACCENT, Ink::Accent),
            (Weight::Secondary, true) => (theme::SURFACE, theme::ACCENT, Ink::Accent),
            (Weight::Quiet | Weight::Key, true) if pressed => (theme::SURFACE_PRESSED, theme::LINE_STRONG, Ink::Strong),
            (Weight::Quiet | Weight::Key, true) => (theme::SURFACE, theme::LINE_STRONG, Ink::Strong),
        };
        let is_plain = matches!(self.weight, Weight::Quiet | Weight::Key);
        let rounding = if is_plain || self.square { theme.px(20.0) } else { area.height() / 2.0 };
        let edge_units = if is_plain { 2.0 } else { 3.0 };
        ui.painter().rect(area, rounding, fill, theme.stroke(edge_units, edge), StrokeKind::Inside);
        focus_ring(ui, theme, &response, rounding);
        let kind = match self.weight {
            Weight::Quiet => Type::Body,
            Weight::Key => Type::Title,
            _ if self.large => Type::Title,
            _ => Type::Action,
        };
        Text::new(self.label, kind).ink(ink).centred().silent().show(
            ui,
            theme,
            area.shrink2([theme.px(20.0), 0.0].into()),
        );
        self.enabled && response.clicked()
    }
}

/// Shows those who use a keyboard where they are.
pub fn focus_ring(ui: &Ui, theme: &Theme, response: &Response, rounding: f32) {
    if response.has_focus() {
        let gap = theme.px(6.0);
        let stroke = theme.stroke(4.0, theme::DARK);
        ui.painter().rect_stroke(response.rect.expand(gap), rounding + gap, stroke, StrokeKind::Outside);
    }
}
