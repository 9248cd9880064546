//! A USB hand scanner types what it reads, as a keyboard would, and presses "Enter". Here the keys
//! become a payload; so does what somebody types on a real keyboard. Nothing of it is shown.

use eframe::egui;
use zeroize::Zeroizing;

use crate::code::Payload;
use crate::code::payload::MOST_BYTES;

/// What was typed so far. Room for the longest code: a growing string would leave copies behind.
pub struct HandScanner(Zeroizing<String>);

impl Default for HandScanner {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(MOST_BYTES)))
    }
}

impl HandScanner {
    /// Takes in what was typed since the last call; a payload when "Enter" came.
    pub fn take(&mut self, events: &[egui::Event]) -> Option<Payload> {
        let mut read = None;
        for event in events {
            match event {
                egui::Event::Text(text) | egui::Event::Paste(text) if self.0.len() + text.len() <= MOST_BYTES => {
                    self.0.push_str(text);
                }
                egui::Event::Key { key: egui::Key::Enter, pressed: true, .. } if !self.0.trim().is_empty() => {
                    read = Some(Payload::new(self.0.trim().to_owned()));
                    self.forget();
                }
                _ => {}
            }
        }
        read
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> egui::Event {
        egui::Event::Text(text.to_owned())
    }

    fn enter() -> egui::Event {
        let key = egui::Key::Enter;
        egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: egui::Modifiers::NONE }
    }

    #[test]
    fn a_code_ends_with_enter_and_not_before() {
        let mut scanner = HandScanner::default();
        assert_eq!(scanner.take(&[text("SZZ-DEMO-1."), text("abc")]), None);
        assert_eq!(scanner.take(&[text("_-Z")]), None);
        assert_eq!(scanner.take(&[enter()]), Some(Payload::new("SZZ-DEMO-1.abc_-Z".to_owned())));
        assert_eq!(scanner.take(&[enter()]), None, "nothing is left");
    }

    #[test]
    fn what_was_typed_by_somebody_who_left_is_forgotten() {
        let mut scanner = HandScanner::default();
        scanner.take(&[text("half of a code")]);
        scanner.forget();
        assert_eq!(scanner.take(&[text("rest"), enter()]), Some(Payload::new("rest".to_owned())));
    }

    #[test]
    fn no_more_is_kept_than_a_code_can_have() {
        let mut scanner = HandScanner::default();
        let flood = text(&"x".repeat(MOST_BYTES));
        let read = scanner.take(&[flood.clone(), flood, enter()]).unwrap();
        assert_eq!(read.expose().len(), MOST_BYTES);
    }
}
