//! The keypads: the PIN, a new PIN, what to look for.

use super::{open, press, time, typed};
use crate::operator::{Event, PinProblem, PinState, Purpose, Role, Screen};
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::tests::booth::{Booth, LANGUAGES, WINDOWS};
use crate::ui::*;
use crate::visit::Key;

fn pin(state: PinState) -> Screen {
    Screen::Pin { typed: typed("135"), state, purpose: Purpose::Enter }
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let own = |text: &str| text.to_owned();
    let payment = Purpose::ConfirmPayment { order_number: "1".repeat(32) };
    let mut screens = vec![
        (pin(PinState::Asked), own(words.pin_demo)),
        (pin(PinState::Asked), own(words.pin_title)),
        (pin(PinState::Checking), own(words.pin_checking)),
        (pin(PinState::Wrong { tries_left: 4 }), sentences::pin_wrong(language, 4)),
        (pin(PinState::LockedOut { until: time() }), sentences::pin_locked(language, time())),
        (pin(PinState::NoPin), own(words.pin_none)),
        (pin(PinState::Broken), own(words.pin_broken)),
        (pin(PinState::Failed), own(words.failed)),
        (Screen::Pin { typed: typed(""), state: PinState::Asked, purpose: payment }, own(words.pin_payment_title)),
        (Screen::Search { typed: typed("9005AF") }, own(words.search_note)),
        (Screen::ChoosePin { changed: None }, own(words.pins_title)),
        (Screen::ChoosePin { changed: None }, own(words.pins_note)),
        (Screen::ChoosePin { changed: Some(Role::Staff) }, sentences::pin_changed(language, Role::Staff)),
        (
            Screen::ChangePin { whose: Role::Supervisor, first: None, typed: typed(""), problem: None },
            sentences::new_pin_of(language, Role::Supervisor),
        ),
    ];
    for problem in [None, Some(PinProblem::Unfit), Some(PinProblem::Differs), Some(PinProblem::Taken)] {
        let said = problem.map_or(words.new_pin_again, |problem| sentences::pin_problem(language, problem)).to_owned();
        let first = problem.is_none().then(|| typed("975310"));
        screens.push((Screen::ChangePin { whose: Role::Staff, first, typed: typed("97"), problem }, said));
    }
    screens
}

#[test]
fn digits_are_keys_and_back_is_back() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        for screen in [pin(PinState::Wrong { tries_left: 1 }), Screen::Search { typed: typed("9005") }] {
            let pressed = open(screen.clone(), language, WINDOWS[0], Role::Supervisor).press("7");
            assert!(
                matches!(&pressed, Some(Intent::OperatorKeys(keys)) if *keys == [Key::Character('7')]),
                "{pressed:?}"
            );
            assert!(matches!(press(screen, language, words.back), Event::Back));
        }
    }
}

#[test]
fn whose_pin_is_changed_is_chosen() {
    for language in LANGUAGES {
        for role in Role::ALL {
            let chosen = press(Screen::ChoosePin { changed: None }, language, sentences::role(language, role));
            assert!(matches!(chosen, Event::ChoosePin(whose) if whose == role), "{chosen:?}");
        }
    }
}

#[test]
fn a_fee_is_confirmed_from_the_payment_screen() {
    let order = crate::ui::tests::states::order(false);
    let mut booth =
        Booth::open(crate::ui::tests::states::payment(crate::visit::PaymentProgress::WithStaff), Language::Chinese);
    let pressed = booth.press(crate::ui::tests::CHINESE.payment_staff_confirm);
    let Some(Intent::Operator(Event::OpenForPayment { order_number })) = pressed else { panic!("{pressed:?}") };
    assert_eq!(order_number, order.number);
}

#[cfg(feature = "demo")]
#[test]
fn the_keypad_names_the_demos_pins() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language).pin_demo;
        assert!(words.contains(crate::demo::STAFF_PIN) && words.contains(crate::demo::SUPERVISOR_PIN), "{words}");
    }
}
