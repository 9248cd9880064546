//! One submission: what is known, its history, what was measured.

use std::sync::Arc;

use super::{full_queue, line, press, time};
use crate::operator::{Delivery, Event, Moment, Personal, Record, Screen, Side};
use crate::photo::{Check, Finding, Severity};
use crate::submission::{Audit, Payment, Status};
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::strings::sentences::check_name;
use crate::ui::tests::booth::LANGUAGES;
use crate::ui::tests::states;
use crate::words::reasons;

fn record(is_erased: bool) -> Arc<Record> {
    let line = line(7, Delivery::Refused, Some(false));
    Arc::new(Record {
        order_number: line.end.id.order_number(),
        line,
        attempts: 3,
        problem: Some("picture_background_not_uniform".to_owned()),
        withdrawn_at: is_erased.then(time),
        erased_at: is_erased.then(time),
        history: Moment::ALL.into_iter().map(|moment| (moment, time())).collect(),
        fee_fen: 3000,
        status: Some(Status {
            audit: Audit::Rejected,
            reasons: vec!["head_not_straight".to_owned(), "light_uneven".to_owned()],
            payment: Payment::Unpaid,
            wechat_bound: false,
            updated_at: time(),
        }),
        is_sound: true,
        picture_bytes: 35_210,
        picture_px: (480, 640),
        profile: "national".to_owned(),
    })
}

fn personal() -> Arc<Personal> {
    Arc::new(Personal {
        picture: Some(Arc::default()),
        enrolment: states::student().enrolment,
        phone: Some("13800138000".to_owned().into()),
        checks: Check::ALL.into_iter().map(checked).collect(),
    })
}

/// The widest that is said about a check; every third failed.
fn checked(check: Check) -> Finding {
    let measured = if (check as usize).is_multiple_of(3) { 9999.0 } else { f32::NAN };
    Finding { check, measured, allowed: (100.0, 240.0), severity: Severity::Warn }
}

fn shown(record: Arc<Record>, personal: Option<Arc<Personal>>, side: Side) -> Screen {
    Screen::Record { record, personal, queue: full_queue(), side, is_paying: false }
}

/// Before a supervisor opens it.
pub(super) fn hidden() -> Screen {
    shown(record(false), None, Side::Facts)
}

fn open_on(side: Side) -> Screen {
    shown(record(false), Some(personal()), side)
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let own = |text: &str| text.to_owned();
    let unmeasured = Personal { checks: Vec::new(), ..personal().as_ref().clone() };
    let said = ["forged_receipt", "not_our_server", "other_place", "untrusted"].map(|code| {
        let waiting = Record {
            line: line(7, Delivery::Pending, None),
            attempts: 99,
            problem: Some(code.to_owned()),
            ..record(false).as_ref().clone()
        };
        (shown(Arc::new(waiting), None, Side::Facts), reasons::known(words.language, code).unwrap().to_owned())
    });
    let mut screens = vec![
        (hidden(), own(words.record_hidden)),
        (shown(record(true), None, Side::Facts), own(words.record_erased)),
        (open_on(Side::Facts), own("郭*荣")),
        (open_on(Side::Facts), own(words.record_title)),
        (open_on(Side::History), own(sentences::moment(words.language, Moment::WithdrawalTold))),
        (open_on(Side::Checks), own(check_name(words.language, Check::Glasses))),
        (shown(record(false), None, Side::Checks), own(words.record_hidden)),
        (shown(record(false), Some(Arc::new(unmeasured)), Side::Checks), own(words.record_no_checks)),
        (hidden(), own(words.record_refusal)),
        (said[0].0.clone(), own(words.record_attempt)),
    ];
    screens.extend(said);
    screens
}

#[test]
fn its_sides_are_turned_and_its_buttons_work() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        for side in Side::ALL {
            let turned = press(hidden(), language, sentences::side(language, side));
            assert!(matches!(turned, Event::ShowSide(to) if to == side), "{side:?}: {turned:?}");
        }
        assert!(matches!(press(hidden(), language, words.take_along), Event::TakeAlong));
        assert!(matches!(press(hidden(), language, words.reveal), Event::Reveal));
        assert!(matches!(press(hidden(), language, words.retry), Event::Retry));
        assert!(matches!(press(hidden(), language, words.confirm_payment), Event::ConfirmPayment));
        assert!(matches!(press(hidden(), language, words.back), Event::Back));
        let Screen::Record { record, personal, queue, side, .. } = hidden() else { unreachable!() };
        let paying = Screen::Record { record, personal, queue, side, is_paying: true };
        assert!(matches!(press(paying.clone(), language, words.payment_sure), Event::ConfirmPayment));
        assert!(matches!(press(paying, language, words.back), Event::Back));
    }
}
