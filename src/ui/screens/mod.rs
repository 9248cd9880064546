//! One screen a file. A screen reads the state, paints, and returns what the student wants; it
//! holds nothing, sends nothing and asks for no repaint.

pub mod agreement;
pub mod centre;
pub mod confirm;
pub mod countdown;
pub mod crop;
pub mod developing;
pub mod done;
pub mod ended;
pub mod entry;
pub mod framing;
pub mod help;
pub mod link;
pub mod operator;
pub mod out_of_service;
pub mod paused;
pub mod payment;
pub mod pictures;
pub mod review;
pub mod saving;
pub mod scan;
pub mod settings;
pub mod summary;
pub mod tips;
pub mod upload;
pub mod welcome;
pub mod withdraw;

use eframe::egui::{Rect, Ui};

use super::strings::Strings;
use super::theme::Theme;
use super::{Intent, View};
use crate::visit::Event;

/// What a screen paints with.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    pub theme: Theme,
    /// The window without the top bar.
    pub area: Rect,
    pub strings: &'a Strings,
    pub view: &'a View<'a>,
}

/// What a button means to the visit, if it was pressed.
fn on(pressed: bool, event: Event) -> Option<Intent> {
    pressed.then_some(Intent::Visit(event))
}

/// The headline and the line below it, at the top of a screen.
fn heading_ui(ui: &mut Ui, theme: &Theme, area: &mut Rect, title: &str, note: &str) {
    use super::layout::Cut;
    use super::theme::{Ink, Type};
    use super::widgets::Text;

    let title_text = Text::new(title, Type::Title);
    let height = title_text.height(ui, theme, area.width());
    title_text.show(ui, theme, area.cut_top(height));
    area.cut_top(theme.px(8.0));
    let note_text = Text::new(note, Type::Body).ink(Ink::Soft);
    let height = note_text.height(ui, theme, area.width());
    note_text.show(ui, theme, area.cut_top(height));
}
