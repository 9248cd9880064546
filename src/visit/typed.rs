//! What a student types on the keypad, and what becomes of it.

use std::fmt;

use zeroize::Zeroizing;

/// Room for the longest thing that is typed: a growing string would leave copies behind.
const MOST: usize = 160;

/// Text under way. Wiped from memory when dropped, never printed.
pub struct Typed(Zeroizing<String>);

impl Default for Typed {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(MOST)))
    }
}

impl Clone for Typed {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.0.push_str(&self.0);
        copy
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Typed({} characters)", self.len())
    }
}

impl Typed {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Characters; only ASCII is taken.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a character, while there is room for `most`.
    pub fn push(&mut self, character: char, most: usize) {
        if character.is_ascii_alphanumeric() && self.len() < most.min(MOST) {
            self.0.push(character.to_ascii_uppercase());
        }
    }

    /// The last characters.
    pub fn tail(&self, most: usize) -> Self {
        let mut tail = Self::default();
        tail.0.push_str(&self.0[self.len().saturating_sub(most)..]);
        tail
    }

    /// Takes any visible character as it is: codes tell capitals from small letters.
    pub fn push_as_is(&mut self, character: char) {
        if character.is_ascii_graphic() && self.len() < MOST {
            self.0.push(character);
        }
    }

    pub fn erase_last(&mut self) {
        self.0.pop();
    }
}

/// A key of the keypad or of a keyboard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Character(char),
    Erase,
    Enter,
    /// Between small letters and capitals.
    Shift,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Character(_) => "Character(…)",
            Self::Erase => "Erase",
            Self::Enter => "Enter",
            Self::Shift => "Shift",
        })
    }
}

/// What a 学号 of this school looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberForm {
    /// Characters. When both are equal, the last one is as good as "Enter".
    pub shortest: usize,
    pub longest: usize,
    pub letters: bool,
}

impl NumberForm {
    pub fn takes(&self, character: char) -> bool {
        character.is_ascii_digit() || (self.letters && character.is_ascii_alphabetic())
    }

    pub fn is_whole(&self, typed: &Typed) -> bool {
        (self.shortest..=self.longest).contains(&typed.len())
    }

    /// Whether nothing more can follow.
    pub fn is_full(&self, typed: &Typed) -> bool {
        self.shortest == self.longest && typed.len() == self.longest
    }
}

/// A mobile number of mainland China: 11 digits. Wiped from memory when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(Zeroizing<String>);

impl Phone {
    pub const DIGITS: usize = 11;

    /// 13 to 19, then nine digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = text.bytes();
        let well_formed = text.len() == Self::DIGITS
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && digits.next() == Some(b'1')
            && digits.next().is_some_and(|second| second >= b'3');
        well_formed.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As the manual shows it: 138 \*\*\*\* 8000.
    pub fn masked(&self) -> String {
        format!("{} **** {}", &self.0[..3], &self.0[7..])
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

/// How to reach the student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub phone: Phone,
    /// By an SMS code; otherwise it is what the student typed and nobody checked.
    pub verified: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_has_eleven_digits_and_a_mobile_prefix() {
        for good in ["13800138000", "19912345678"] {
            assert!(Phone::parse(good).is_some(), "{good}");
        }
        for bad in ["", "1380013800", "138001380000", "12800138000", "23800138000", "1380013800A", "１３800138000"] {
            assert!(Phone::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(Phone::parse("13800138000").unwrap().masked(), "138 **** 8000");
    }

    #[test]
    fn what_is_typed_is_not_printed_and_does_not_grow() {
        let mut typed = Typed::default();
        let room = typed.0.capacity();
        for _ in 0..200 {
            typed.push('7', 200);
            typed.push_as_is('7');
        }
        assert_eq!((typed.len(), typed.0.capacity()), (MOST, room));
        let phone = Phone::parse("13800138000").unwrap();
        let printed = format!("{typed:?} {phone:?} {:?}", Key::Character('7'));
        assert!(!printed.contains('7') && !printed.contains("138"), "{printed}");
    }

    #[test]
    fn letters_only_where_the_school_has_them() {
        let digits = NumberForm { shortest: 8, longest: 8, letters: false };
        assert!(digits.takes('7') && !digits.takes('A') && !digits.takes('-'));
        assert!(NumberForm { letters: true, ..digits }.takes('b'));
    }
}
