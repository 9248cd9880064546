//! What every event means in every state, written down in `table.txt`, so that a change of the
//! machine is read as a change of that text. `SZZ_UPDATE=1 cargo test --lib visit::` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::*;
use crate::photo::import::ImportProblem;

const STATES: [&str; 25] = [
    "Welcome",
    "Scan",
    "CodeEntry",
    "Confirm",
    "StudentNumber",
    "Phone",
    "SmsCode",
    "Agreement",
    "WeChat",
    "Tips",
    "Pictures",
    "Upload",
    "Crop",
    "Framing",
    "Countdown",
    "Developing",
    "Review",
    "Summary",
    "Saving",
    "Payment",
    "Done",
    "Centre",
    "Withdraw",
    "Ended",
    "OutOfService",
];

/// A visit that has come as far as this state.
fn walk_to(state: &str) -> Walk {
    let mut walk = Walk::new();
    match state {
        "CodeEntry" => {
            walk.go_to("Scan");
            walk.send(Event::TypeCode);
            walk.type_in("x");
        }
        "Pictures" => {
            walk.go_to("Tips");
            walk.send(Event::Bring(PictureSource::Stick));
            walk.advance(1);
            walk.advance(1);
        }
        "Crop" => {
            walk = walk_to("Pictures");
            walk.go_to("Crop");
        }
        "Upload" => {
            walk.go_to("Tips");
            walk.send(Event::Bring(PictureSource::Phone));
        }
        "Centre" => {
            walk.come_back(rejected_record());
            walk.type_in(NUMBER);
        }
        "Withdraw" => {
            walk = walk_to("Centre");
            walk.send(Event::Withdraw);
        }
        "Ended" => {
            walk.go_to("StudentNumber");
            walk.type_in(&"19219639000".repeat(3));
        }
        "OutOfService" => {
            walk.send(Event::FaultRaised(Fault::Camera));
        }
        _ => walk.go_to(state),
    }
    walk
}

/// Every event, with the ids that this visit waits for.
fn events(walk: &Walk) -> Vec<(&'static str, Event)> {
    let state = walk.visit.state();
    let scan = match state {
        State::Scan { scan, .. } | State::CodeEntry { scan, .. } => *scan,
        _ => ScanId(1),
    };
    let ask = match state {
        State::Confirm { lookup: Lookup::Pending(ask), .. } => *ask,
        State::SmsCode { ask, .. }
        | State::WeChat { ask, .. }
        | State::Pictures { ask, .. }
        | State::Upload { ask, .. } => *ask,
        _ => AskId(1),
    };
    let capture = match state {
        State::Developing { capture, .. } | State::Saving { capture, .. } => *capture,
        _ => CaptureId(1),
    };
    let order_number = match state {
        State::Payment { order, .. } => order.number.clone(),
        _ => "1".to_owned(),
    };
    let paid = |seen| Event::PaymentSeen { order_number: order_number.clone(), seen };
    let sms = |seen| Event::SmsSeen { ask, seen };
    vec![
        ("Start", Event::Start),
        ("Cancel", Event::Cancel),
        ("ConfirmStudent", Event::ConfirmStudent),
        ("TickAgreement", Event::TickAgreement(true)),
        ("TickPhotoConsent", Event::TickPhotoConsent(true)),
        ("Agree", Event::Agree(Language::Chinese)),
        ("Key(7)", Event::Key(Key::Character('7'))),
        ("Key(Erase)", Event::Key(Key::Erase)),
        ("Key(Enter)", Event::Key(Key::Enter)),
        ("CodeTyped", Event::CodeTyped(crate::code::Payload::new("typed".to_owned()))),
        ("TypeCode", Event::TypeCode),
        ("ReadStick", Event::ReadStick),
        ("Back", Event::Back),
        ("ResendSms", Event::ResendSms),
        ("Skip", Event::Skip),
        ("Ready", Event::Ready),
        ("Bring(Stick)", Event::Bring(PictureSource::Stick)),
        ("Bring(Phone)", Event::Bring(PictureSource::Phone)),
        ("TurnPage", Event::TurnPage(1)),
        ("ChoosePicture", Event::ChoosePicture(0)),
        ("MoveFrame", Event::MoveFrame(FrameMove::Zoom(1.05))),
        ("ShootNow", Event::ShootNow),
        ("ChooseBackground", Event::ChooseBackground([100, 197, 255])),
        ("Retake", Event::Retake),
        ("Accept", Event::Accept),
        ("Submit", Event::Submit),
        ("PayNow", Event::PayNow),
        ("Resubmit", Event::Resubmit),
        ("Withdraw", Event::Withdraw),
        ("ConfirmWithdrawal", Event::ConfirmWithdrawal),
        ("OpenHelp", Event::OpenHelp(HelpPage::Questions)),
        ("CloseHelp", Event::CloseHelp),
        ("CallStaff", Event::CallStaff),
        ("Touch", Event::Touch),
        ("CodeRead", Event::CodeRead { scan, student: student(1) }),
        ("CodeUnknown", Event::CodeUnknown { scan, payload: crate::code::Payload::new("?".to_owned()) }),
        ("CodeRefused", Event::CodeRefused { scan, problem: CodeProblem::SeveralCodes }),
        ("LookedUp(nothing)", Event::LookedUp { ask, record: None }),
        ("LookedUp(a record)", Event::LookedUp { ask, record: Some(rejected_record()) }),
        ("SmsSeen(Sent)", sms(SmsSeen::Sent)),
        ("SmsSeen(Right)", sms(SmsSeen::Right)),
        ("SmsSeen(Wrong)", sms(SmsSeen::Wrong)),
        ("SmsSeen(Unreachable)", sms(SmsSeen::Unreachable)),
        ("ClaimMade", Event::ClaimMade { ask, claim: claim(1) }),
        ("Linked", Event::Linked { submission: submission(1) }),
        ("PicturesFound(none)", Event::PicturesFound { ask, count: Some(0) }),
        ("ThumbnailMade", thumbnail(ask, 1)),
        ("UploadOpened", Event::UploadOpened { ask, url: "url".to_owned() }),
        ("PictureOpened(no face)", Event::PictureOpened { ask, outcome: Err(ImportProblem::NoFace) }),
        ("PictureOpened", Event::PictureOpened { ask, outcome: Ok(import()) }),
        ("FramingSeen(Good)", Event::FramingSeen(Framing::Good)),
        ("LinesSeen", Event::LinesSeen(Lines { eyes: true, ..Lines::default() })),
        ("FramingSeen(NoFace)", Event::FramingSeen(Framing::NoFace)),
        ("Developed(portrait)", Event::Developed { capture, outcome: Outcome::Portrait(portrait()) }),
        ("Developed(retake)", Event::Developed { capture, outcome: Outcome::Retake(Vec::new()) }),
        ("Developed(another)", Event::Developed { capture: CaptureId(99), outcome: Outcome::Portrait(portrait()) }),
        ("Saved", Event::Saved { capture, order_number: "1".to_owned() }),
        ("SaveFailed", Event::SaveFailed { capture }),
        ("PaymentSeen(Open)", paid(PaymentSeen::Open("url".to_owned()))),
        ("PaymentSeen(Paid)", paid(PaymentSeen::Paid)),
        ("PaymentSeen(Confirmed)", paid(PaymentSeen::Confirmed)),
        ("PaymentSeen(Unreachable)", paid(PaymentSeen::Unreachable)),
        ("Withdrawn", Event::Withdrawn { ask, known_to_server: true }),
        ("PlateJudged", Event::PlateJudged { fits: false }),
        ("FaultRaised(camera)", Event::FaultRaised(Fault::Camera)),
        ("FaultRaised(storage)", Event::FaultRaised(Fault::Storage)),
        ("FaultCleared", Event::FaultCleared(Fault::Camera)),
    ]
}

fn effect_name(effect: &Effect) -> String {
    let printed = format!("{effect:?}");
    printed.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

/// What an event does: the state after it, whether help is open, and what the workers are asked for.
fn outcome(state: &str, event: &(&'static str, Event)) -> Option<String> {
    let mut walk = walk_to(state);
    let before = format!("{:?}", walk.visit.state());
    // The ids of this walk are those of the one the events were made for.
    let effects = walk.visit.handle(event.1.clone(), walk.now);
    let after = name(walk.visit.state());
    let changed = format!("{:?}", walk.visit.state()) != before;
    let mut line = match (after == state, changed) {
        (true, false) if effects.is_empty() && walk.visit.help().is_none() => return None,
        (true, false) => "stays".to_owned(),
        (true, true) => "changes".to_owned(),
        (false, _) => format!("→ {after}"),
    };
    if walk.visit.help().is_some() {
        line += ", help opens";
    }
    let asked: Vec<_> = effects.iter().map(effect_name).collect();
    if !asked.is_empty() {
        let _ = write!(line, " [{}]", asked.join(", "));
    }
    Some(line)
}

#[test]
fn every_event_in_every_state_means_what_the_table_says() {
    let mut table = "What each event does in each state. Events that are not named do nothing.\n".to_owned();
    for state in STATES {
        let _ = writeln!(table, "\n{state}");
        for event in events(&walk_to(state)) {
            if let Some(outcome) = outcome(state, &event) {
                let _ = writeln!(table, "  {:<26} {outcome}", event.0);
            }
        }
        let mut walk = walk_to(state);
        if let Some(deadline) = walk.visit.deadline() {
            walk.now = deadline;
            walk.send(Event::Tick);
            let _ = writeln!(table, "  {:<26} → {}", "(its time is over)", name(walk.visit.state()));
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/visit/tests/table.txt");
    if std::env::var_os("SZZ_UPDATE").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, was)) in table.lines().zip(written.lines()).enumerate() {
        assert_eq!(is, was, "line {} of table.txt", line + 1);
    }
    assert_eq!(table.lines().count(), written.lines().count(), "table.txt is shorter or longer");
}

/// No two screens share a limit, and each that waits for a person has one.
#[test]
fn every_screen_has_a_limit_of_its_own() {
    let own = |seconds: u64| Some(Duration::from_secs(1000 + seconds));
    let screens = ScreenLimits {
        scan: own(0),
        code_entry: own(1),
        confirm: own(2),
        student_number: own(3),
        phone: own(4),
        sms_code: own(5),
        agreement: own(6),
        wechat: own(7),
        tips: own(8),
        pictures: own(9),
        upload: own(10),
        crop: own(11),
        framing: own(12),
        review: own(13),
        summary: own(14),
        payment: own(15),
        centre: own(16),
        withdraw: own(17),
        help: own(18),
    };
    let patience = Patience { screens, ..Patience::default() };
    let mut limits = BTreeMap::<_, BTreeSet<_>>::new();
    for state in STATES {
        let walk = walk_to(state);
        let limit = patience.limit(walk.visit.state()).filter(|limit| *limit >= Duration::from_secs(1000));
        limits.entry(limit).or_default().insert(name(walk.visit.state()));
    }
    limits.remove(&None);
    assert!(limits.values().all(|states| states.len() == 1), "{limits:?}");
    assert_eq!(limits.len(), 18, "help lies over the others: {limits:?}");
}
