//! Students who come back: for the personal centre, or with another try.

use super::*;

#[test]
fn ada_comes_back_for_a_photo_that_was_rejected() {
    booth()
        .show_code_again(ADA, rejected_record())
        .confirm()
        .student_number(NUMBER)
        .at("Centre")
        .send(Event::Resubmit)
        .at("Phone")
        .phone(PHONE)
        .sms("123456")
        .consent()
        .link_later()
        .read_tips()
        .take_photo()
        .accept()
        .submit()
        .at("Done")
        .saved(1);
}

#[test]
fn ada_withdraws_her_consent_and_is_told_what_happens() {
    let centre = || booth().show_code_again(ADA, rejected_record()).confirm().student_number(NUMBER).at("Centre");
    let thinks_again = centre().send(Event::Withdraw).at("Withdraw").send(Event::Back).at("Centre");
    assert!(thinks_again.walk.withdrawn.is_empty());

    let asked = centre().send(Event::Withdraw).send(Event::ConfirmWithdrawal).send(Event::ConfirmWithdrawal);
    assert_eq!(asked.walk.withdrawn, [submission(9)], "once, however often she presses");
    let State::Withdraw { ask: Some(ask), .. } = *asked.state() else { panic!("{:?}", asked.state()) };
    let gone = asked.send(Event::Withdrawn { ask, known_to_server: true }).at("Ended");
    let ending = Ending::Withdrawn { known_to_server: true };
    assert!(matches!(gone.state(), State::Ended { ending: told } if *told == ending));
    gone.wait(16).at("Welcome").show_code(ADA).confirm().at("StudentNumber");
}

#[test]
fn a_touch_alone_withdraws_nothing() {
    let left = booth().show_code_again(ADA, rejected_record()).confirm().student_number(NUMBER);
    let left = left.send(Event::Withdraw).wait(61).at("Welcome");
    assert!(left.walk.withdrawn.is_empty());
}

/// Nobody sees the photo of somebody else, though they hold the code.
#[test]
fn who_finds_adas_code_does_not_see_her_photo() {
    booth().show_code_again(ADA, rejected_record()).confirm().at("StudentNumber").wait(61).at("Welcome");
}

#[test]
fn showing_the_code_again_gives_no_new_tries() {
    let wrong = "19219639000";
    let left = booth().show_code(ADA).confirm().student_number(wrong).student_number(wrong).send(Event::Cancel);
    let back = left.show_code(ADA).confirm().at("StudentNumber");
    assert!(matches!(back.state(), State::StudentNumber { tries_left: 1, .. }));
    let ended = back.student_number(wrong).at("Ended").send(Event::Start);
    let again = ended.show_code(ADA).confirm().at("Ended").send(Event::Start);
    let bob = again.show_code(BOB).confirm().at("StudentNumber").send(Event::Cancel);
    bob.wait(12 * 3600 + 1).show_code(ADA).confirm().at("StudentNumber");
}

#[test]
fn the_right_number_forgives_the_wrong_ones() {
    let right = booth().show_code(ADA).confirm().student_number("19219639000").student_number(NUMBER);
    let again = right.at("Phone").send(Event::Cancel).show_code(ADA).confirm();
    assert!(matches!(again.state(), State::StudentNumber { tries_left: 3, .. }));
}
