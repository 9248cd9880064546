//! What staff type: a PIN, a new one, what to look for.

use super::pins::{LONGEST, SHORTEST, is_fit};
use super::{Effect, Filter, Operator, Order, PinProblem, PinState, Purpose, Queue, Role, SEARCH, Screen};
use crate::visit::{Key, Typed};

impl Operator {
    pub(super) fn pin_key(
        &mut self,
        mut typed: Typed,
        state: PinState,
        purpose: Purpose,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        if state == PinState::Checking {
            return self.show(Screen::Pin { typed, state, purpose });
        }
        match key {
            Key::Character(digit) if digit.is_ascii_digit() => typed.push(digit, LONGEST),
            Key::Character(_) | Key::Shift => {}
            Key::Erase => typed.erase_last(),
            Key::Enter if typed.len() >= SHORTEST => {
                let state = PinState::Checking;
                self.show(Screen::Pin { typed: Typed::default(), state, purpose });
                self.ask(Order::Unlock { pin: typed }, effects);
                return;
            }
            Key::Enter => {}
        }
        self.show(Screen::Pin { typed, state, purpose });
    }

    pub(super) fn new_pin_key(
        &mut self,
        whose: Role,
        (first, mut typed, problem): (Option<Typed>, Typed, Option<PinProblem>),
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        match key {
            Key::Character(digit) if digit.is_ascii_digit() => typed.push(digit, LONGEST),
            Key::Character(_) | Key::Shift => {}
            Key::Erase => typed.erase_last(),
            Key::Enter => return self.new_pin(whose, first, typed, effects),
        }
        self.show(Screen::ChangePin { whose, first, typed, problem });
    }

    fn new_pin(&mut self, whose: Role, first: Option<Typed>, typed: Typed, effects: &mut Vec<Effect>) {
        match first {
            None if !is_fit(typed.as_str()) => self.show(new_pin(whose, Some(PinProblem::Unfit))),
            None => {
                self.show(Screen::ChangePin { whose, first: Some(typed), typed: Typed::default(), problem: None });
            }
            Some(first) if first.as_str() != typed.as_str() => self.show(new_pin(whose, Some(PinProblem::Differs))),
            Some(_) => {
                self.show(new_pin(whose, None));
                self.ask(Order::SetPin { whose, pin: typed }, effects);
            }
        }
    }

    pub(super) fn search_key(&mut self, mut typed: Typed, key: Key, effects: &mut Vec<Effect>) {
        match key {
            Key::Character(character) if character.is_ascii_alphanumeric() => typed.push(character, *SEARCH.end()),
            Key::Character(_) | Key::Shift => {}
            Key::Erase => typed.erase_last(),
            Key::Enter if SEARCH.contains(&typed.len()) => {
                return self.list(Queue { filter: Filter::Found(typed), ..Queue::default() }, effects);
            }
            Key::Enter => {}
        }
        self.show(Screen::Search { typed });
    }
}

pub(super) fn new_pin(whose: Role, problem: Option<PinProblem>) -> Screen {
    Screen::ChangePin { whose, first: None, typed: Typed::default(), problem }
}
