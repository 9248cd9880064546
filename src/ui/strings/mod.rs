//! Every word on a student's screen, in Chinese and English.
//!
//! [`Strings`] has one field a text. Sentences with numbers or reasons are in [`sentences`]. Words never come from an
//! error's `Display`.

pub mod camera;
mod checks;
mod codes;
mod details;
pub mod imports;
pub mod operator;
pub mod sentences;
pub mod settings;

pub use crate::words::screens::{CHINESE, ENGLISH, Strings};
