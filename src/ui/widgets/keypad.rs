//! The booth's own keypad: no input method, no other keys than what is asked for. A keyboard or a
//! hand scanner types into the same place.

use eframe::egui::{self, Rect, Ui};

use super::Button;
use crate::ui::layout::Cut;
use crate::ui::strings::Strings;
use crate::ui::theme::Theme;
use crate::visit::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Digits,
    /// Digits and capital letters.
    Letters,
    /// Whatever a code may have, small letters or capitals.
    Code {
        capitals: bool,
    },
}

impl Layout {
    fn rows(self) -> &'static [&'static str] {
        match self {
            Self::Digits => &["123", "456", "789"],
            Self::Letters => &["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"],
            Self::Code { capitals: false } => &["1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm_.:"],
            Self::Code { capitals: true } => &["1234567890", "QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM_.:"],
        }
    }

    /// Whether the keys need the whole width.
    pub fn is_wide(self) -> bool {
        self != Self::Digits
    }
}

/// Paints the keys and returns the one that was pressed. `may_enter` is whether "OK" leads on.
pub fn keypad_ui(
    ui: &mut Ui,
    theme: &Theme,
    area: Rect,
    strings: &Strings,
    layout: Layout,
    may_enter: bool,
) -> Option<Key> {
    let gap = theme.px(16.0);
    let rows = layout.rows();
    let row_height = (area.height() - gap * rows.len() as f32) / (rows.len() + 1) as f32;
    let mut rest = area;
    let mut pressed = None;
    for row in rows {
        let keys = row_areas(rest.cut_top(row_height), row.len(), rows[0].len(), gap);
        rest.cut_top(gap);
        for (key, label) in keys.into_iter().zip(row.split("").filter(|label| !label.is_empty())) {
            if Button::key(label).show(ui, theme, key) {
                pressed = label.chars().next().map(Key::Character);
            }
        }
    }
    let [erase, zero, enter] = rest.cut_top(row_height).columns([1.0; 3], gap);
    if Button::key(strings.erase).show(ui, theme, erase) {
        pressed = Some(Key::Erase);
    }
    if let Layout::Code { capitals } = layout {
        let label = if capitals { strings.small_letters } else { strings.capital_letters };
        if Button::key(label).show(ui, theme, zero) {
            pressed = Some(Key::Shift);
        }
    }
    if layout == Layout::Digits && Button::key("0").show(ui, theme, zero) {
        pressed = Some(Key::Character('0'));
    }
    if Button::primary(strings.enter).square().enabled(may_enter).show(ui, theme, enter) {
        pressed = Some(Key::Enter);
    }
    pressed
}

/// Keys of the first row's size, in the middle.
fn row_areas(area: Rect, keys: usize, most: usize, gap: f32) -> Vec<Rect> {
    let width = (area.width() - gap * (most - 1) as f32) / most as f32;
    let whole = width * keys as f32 + gap * (keys - 1) as f32;
    let mut rest = area;
    rest.cut_left((area.width() - whole) / 2.0);
    (0..keys)
        .map(|_| {
            let key = rest.cut_left(width);
            rest.cut_left(gap);
            key
        })
        .collect()
}

/// What was typed on a keyboard since the last frame. "Enter" on a button that has the focus is the
/// button's.
pub fn typed_keys(ui: &Ui, layout: Layout) -> Vec<Key> {
    let takes = |character: &char| match layout {
        Layout::Code { .. } => character.is_ascii_graphic(),
        _ => character.is_ascii_alphanumeric(),
    };
    let is_button_focused = ui.memory(|memory| memory.focused().is_some());
    ui.input(|input| {
        let mut keys = Vec::new();
        for event in &input.events {
            match event {
                egui::Event::Text(text) | egui::Event::Paste(text) => {
                    keys.extend(text.chars().filter(takes).map(Key::Character));
                }
                egui::Event::Key { key: egui::Key::Backspace, pressed: true, .. } => keys.push(Key::Erase),
                egui::Event::Key { key: egui::Key::Enter, pressed: true, .. } if !is_button_focused => {
                    keys.push(Key::Enter);
                }
                _ => {}
            }
        }
        keys
    })
}
