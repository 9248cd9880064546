//! Where a code is asked for: before the camera, from a stick, from a hand scanner or typed. Pure, as the
//! whole machine.

use super::{Effect, Event, Key, ScanId, State, Typed, Visit};
use crate::code::{CodeProblem, Payload};

impl Visit {
    pub(super) fn scan(&mut self) -> State {
        State::Scan { scan: self.new_scan(), problem: None }
    }

    fn new_scan(&mut self) -> ScanId {
        let scan = ScanId(self.next_scan);
        self.next_scan += 1;
        scan
    }

    pub(super) fn code(&mut self, state: State, event: Event, effects: &mut Vec<Effect>) -> State {
        match (state, event) {
            // Rule 1: a code from another scan is the code of somebody who has left.
            (State::Scan { scan, .. } | State::CodeEntry { scan, .. }, Event::CodeRead { scan: read, student })
                if read == scan =>
            {
                self.confirm(student, effects)
            }
            (state, Event::CodeUnknown { scan, payload }) if scan_of(&state) == Some(scan) => {
                effects.push(Effect::ResolveCode { scan, payload });
                with_problem(state, CodeProblem::Asking)
            }
            (state, Event::CodeRefused { scan, problem }) if scan_of(&state) == Some(scan) => {
                with_problem(state, problem)
            }

            (State::Scan { scan, problem }, Event::CodeTyped(payload)) => {
                effects.push(Effect::ReadCode { scan, payload });
                State::Scan { scan, problem }
            }
            (State::Scan { scan, problem }, Event::ReadStick)
                if self.steps.usb_stick && problem != Some(CodeProblem::LookingAtStick) =>
            {
                effects.push(Effect::ReadStick { scan });
                State::Scan { scan, problem: Some(CodeProblem::LookingAtStick) }
            }
            // What the camera still sees belongs to the screen before.
            (State::Scan { .. }, Event::TypeCode) => {
                State::CodeEntry { scan: self.new_scan(), typed: Typed::default(), capitals: false, problem: None }
            }

            (State::CodeEntry { scan, typed, capitals, problem }, Event::Key(key)) => {
                type_code(scan, typed, capitals, problem, key, effects)
            }
            (State::CodeEntry { .. }, Event::Back) => self.scan(),

            (state, _) => state,
        }
    }
}

fn type_code(
    scan: ScanId,
    mut typed: Typed,
    mut capitals: bool,
    mut problem: Option<CodeProblem>,
    key: Key,
    effects: &mut Vec<Effect>,
) -> State {
    match key {
        Key::Shift => capitals = !capitals,
        Key::Character(character) => {
            typed.push_as_is(character);
            problem = None;
        }
        Key::Erase => {
            typed.erase_last();
            problem = None;
        }
        Key::Enter if !typed.is_empty() => {
            effects.push(Effect::ReadCode { scan, payload: Payload::new(typed.as_str().to_owned()) });
        }
        Key::Enter => {}
    }
    State::CodeEntry { scan, typed, capitals, problem }
}

fn scan_of(state: &State) -> Option<ScanId> {
    match state {
        State::Scan { scan, .. } | State::CodeEntry { scan, .. } => Some(*scan),
        _ => None,
    }
}

fn with_problem(state: State, problem: CodeProblem) -> State {
    match state {
        State::CodeEntry { scan, typed, capitals, .. } => {
            State::CodeEntry { scan, typed, capitals, problem: Some(problem) }
        }
        State::Scan { scan, .. } => State::Scan { scan, problem: Some(problem) },
        other => other,
    }
}
