//! What screens are made of: text, buttons, cards, the live picture, drawings, the top bar.
//!
//! A widget is given its rectangle, paints, and says whether it was touched. It keeps nothing.

mod button;
pub mod chrome;
pub mod drawing;
pub mod keypad;
mod notice;
pub mod preview;
mod qr;
pub mod steps;
mod text;
mod tick;
mod tip_drawings;

pub use button::{Button, focus_ring};
pub use notice::{Tone, card_ui, lines_that_fit, notice_height, notice_ui};
pub use qr::qr_ui;
pub use steps::way_drawing;
pub use text::Text;
pub use tick::{tick_row_height, tick_row_ui};
pub use tip_drawings::tip_drawing;
