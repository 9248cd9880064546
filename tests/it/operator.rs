//! Operator mode with the whole booth behind it, and its commands.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use szz_kiosk::booth::Booth;
use szz_kiosk::config;
use szz_kiosk::demo::{Demo, STAFF_PIN, SUPERVISOR_PIN};
use szz_kiosk::office::Office;
use szz_kiosk::operator::{
    DayPage, Delivery, Event, Filter, FoundStick, Notice, PAGE_LINES, PinState, Place, Plate, Queue, Role, Screen,
    Stick, StickWork,
};
use szz_kiosk::store::{DeliveryState, Noted};
use szz_kiosk::submission::SubmissionId;
use szz_kiosk::visit::{self, Key, State};

use crate::{errors, json_lines, kiosk, settings};

/// Somebody in front of a demo's booth.
pub struct Hands {
    pub booth: Booth,
}

impl Hands {
    pub fn at(demo: &Demo) -> Self {
        let booth =
            Booth::open(demo.config.clone(), demo.open_camera(), true, Arc::new(|| ()), Instant::now()).unwrap();
        let mut hands = Self { booth };
        hands.wait("a picture", |booth| booth.frames().newest().is_some());
        hands
    }

    pub fn touch(&mut self, event: Event) {
        self.booth.tell_operator(event, Instant::now());
    }

    fn type_in(&mut self, digits: &str) {
        digits.chars().for_each(|digit| self.touch(Event::Key(Key::Character(digit))));
        self.touch(Event::Key(Key::Enter));
    }

    pub fn wait(&mut self, what: &str, reached: impl Fn(&Booth) -> bool) {
        let started = Instant::now();
        while !reached(&self.booth) {
            assert!(started.elapsed() < Duration::from_secs(60), "{what}: {:?}", self.booth.operator().screen());
            self.booth.wait(Instant::now(), Duration::from_millis(20));
        }
    }

    pub fn wait_for(&mut self, what: &str, reached: impl Fn(&Screen) -> bool) {
        self.wait(what, |booth| !booth.operator().is_waiting() && booth.operator().screen().is_some_and(&reached));
    }

    pub fn enter(&mut self, pin: &str) {
        self.touch(Event::Open);
        self.type_in(pin);
        self.wait_for("the dashboard", |screen| matches!(screen, Screen::Board { facts: Some(_), .. }));
    }

    pub fn go(&mut self, place: Place, reached: impl Fn(&Screen) -> bool) {
        self.touch(Event::Go(place));
        self.wait_for("a place", reached);
    }

    /// The first stick that is offered.
    fn stick(&mut self) -> FoundStick {
        self.wait_for("a stick", |screen| matches!(screen, Screen::Stick(Stick { sticks: Some(_), .. })));
        let Some(Screen::Stick(Stick { sticks: Some(sticks), .. })) = self.booth.operator().screen() else { panic!() };
        sticks[0].clone()
    }
}

fn is_listed(screen: &Screen) -> bool {
    matches!(screen, Screen::Queue(queue) if queue.page.is_some())
}

pub fn logged(demo: &Demo) -> Vec<(String, String, String)> {
    let office = Office::open(&demo.config).unwrap();
    assert!(office.store.verify_audit_log(office.key.public()).unwrap().is_ok());
    let mut entries = office.store.audit_entries(None, 100).unwrap();
    entries.reverse();
    entries.into_iter().map(|entry| (entry.actor, entry.action, entry.subject)).collect()
}

#[test]
fn a_supervisors_round_is_done_and_logged() {
    let mut demo = Demo::set_up(2).unwrap();
    demo.take_plate().unwrap();
    demo.fill_queue(11).unwrap();
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);
    hands.wait("the models", |booth| match booth.operator().screen() {
        Some(Screen::Board { facts: Some(facts), .. }) => facts.models_loaded && facts.fps > 1.0 && facts.can_save,
        _ => false,
    });

    hands.go(Place::Queue, is_listed);
    let Some(Screen::Queue(queue)) = hands.booth.operator().screen() else { panic!() };
    let page = queue.page.clone().unwrap();
    assert!(page.lines.len() == PAGE_LINES && page.has_more);
    let id = page.lines[0].end.id;
    hands.touch(Event::OpenRecord(id));
    hands.wait_for(
        "a record",
        |screen| matches!(screen, Screen::Record { personal: None, record, .. } if record.is_sound),
    );
    hands.touch(Event::Reveal);
    hands.wait_for("whose it is", |screen| matches!(screen, Screen::Record { personal: Some(_), .. }));
    hands.touch(Event::Back);
    hands.wait_for("the list", is_listed);
    hands.touch(Event::Back);

    hands.go(Place::Payments, is_listed);
    let Some(Screen::Queue(due)) = hands.booth.operator().screen() else { panic!() };
    let due = due.page.as_ref().unwrap().lines[0].end.id;
    hands.touch(Event::OpenRecord(due));
    hands.wait_for("a record", |screen| matches!(screen, Screen::Record { .. }));
    hands.touch(Event::ConfirmPayment);
    hands.touch(Event::ConfirmPayment);
    hands.wait_for("paid", |screen| matches!(screen, Screen::Record { record, .. } if record.line.paid == Some(true)));
    hands.touch(Event::Back);
    hands.wait_for("the list", is_listed);
    hands.touch(Event::Back);

    hands.touch(Event::Go(Place::Stick));
    let stick = hands.stick();
    hands.touch(Event::Export(stick.clone()));
    hands.wait_for("the bundle", |screen| {
        matches!(screen, Screen::Stick(Stick { work: StickWork::Exported { .. }, .. }))
    });
    assert!(stick.folder.join("szz-demo.bundle").is_file());
    hands.touch(Event::ImportReceipts(stick));
    let failed = |screen: &Screen| matches!(screen, Screen::Stick(Stick { work: StickWork::Failed(_), .. }));
    hands.wait_for("no receipts there", failed);
    hands.touch(Event::Back);

    let plate = demo.config.plate.clone().unwrap();
    fs::remove_file(&plate).unwrap();
    hands.go(Place::Plate, |screen| matches!(screen, Screen::Plate(Plate::Prepare(None))));
    hands.touch(Event::TakePlate);
    hands
        .wait_for("a plate", |screen| matches!(screen, Screen::Plate(Plate::Taken(taken)) if taken.fitness.score > 60));
    hands.touch(Event::KeepPlate);
    hands.wait_for("in use", |screen| matches!(screen, Screen::Plate(Plate::Kept)));
    assert!(plate.is_file());
    hands.touch(Event::Leave);
    drop(hands);

    let entries = logged(&demo);
    let expected = [
        ("unlock", String::new()),
        ("open_personal_data", id.to_string()),
        ("confirm_payment", due.to_string()),
        ("export", String::new()),
        ("import_receipts", String::new()),
        ("import_receipts_failed", String::new()),
        ("take_plate", String::new()),
        ("lock", String::new()),
    ];
    let expected: Vec<_> =
        expected.map(|(action, subject)| ("supervisor".to_owned(), action.to_owned(), subject)).into();
    assert_eq!(entries, expected);
}

#[test]
fn a_refused_photo_is_sent_again_a_day_goes_onto_a_stick_and_a_new_pin_opens() {
    const NEW_PIN: &str = "864209";
    let demo = Demo::set_up(1).unwrap();
    demo.fill_queue(3).unwrap();
    let mut hands = Hands::at(&demo);
    hands.enter(SUPERVISOR_PIN);

    hands.go(Place::Queue, is_listed);
    hands.touch(Event::Filter(Filter::Of(Delivery::Refused)));
    hands.wait_for("the refused", |screen| refused(screen).is_some());
    let id = refused(hands.booth.operator().screen().unwrap()).unwrap();
    hands.touch(Event::OpenRecord(id));
    hands.wait_for("a record", |screen| matches!(screen, Screen::Record { .. }));
    hands.touch(Event::Retry);
    let office = Office::open(&demo.config).unwrap();
    hands.wait("its receipt", |_| office.store.queue_row(id).unwrap().unwrap().state == DeliveryState::Acknowledged);
    hands.touch(Event::Back);
    hands.wait_for("the list", is_listed);
    hands.touch(Event::Back);

    hands.go(Place::Day, |screen| matches!(screen, Screen::Day(DayPage { report: Some(_), .. })));
    hands.touch(Event::TakeAlong);
    let stick = hands.stick();
    let reports = || {
        let files = fs::read_dir(&stick.folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        files.filter(|name| name.contains("demo") && (name.ends_with(".csv") || name.ends_with(".html"))).count()
    };
    assert_eq!(reports(), 0);
    hands.touch(Event::Export(stick.clone()));
    hands
        .wait_for("the report", |screen| matches!(screen, Screen::Stick(Stick { work: StickWork::ReportWritten, .. })));
    assert_eq!(reports(), 2, "the table and the page to print");
    hands.touch(Event::Back);
    hands.wait_for("the day", |screen| matches!(screen, Screen::Day(_)));
    hands.touch(Event::Back);

    hands.go(Place::Pins, |screen| matches!(screen, Screen::ChoosePin { changed: None }));
    hands.touch(Event::ChoosePin(Role::Staff));
    hands.type_in(NEW_PIN);
    hands.type_in(NEW_PIN);
    hands.wait_for("changed", |screen| matches!(screen, Screen::ChoosePin { changed: Some(Role::Staff) }));
    hands.touch(Event::Leave);
    hands.touch(Event::Open);
    hands.type_in(STAFF_PIN);
    hands.wait_for("refused", |screen| matches!(screen, Screen::Pin { state: PinState::Wrong { .. }, .. }));
    hands.type_in(NEW_PIN);
    hands.wait_for("open", |screen| matches!(screen, Screen::Board { .. }));
    assert_eq!(hands.booth.operator().role(), Some(Role::Staff));
    drop(hands);

    let actions: Vec<_> = logged(&demo).into_iter().map(|(actor, action, _)| format!("{actor} {action}")).collect();
    let expected = [
        "supervisor unlock",
        "supervisor retry",
        "supervisor export",
        "supervisor change_staff_pin",
        "supervisor lock",
        "nobody unlock_refused",
        "staff unlock",
    ];
    assert_eq!(actions, expected);
}

/// The only line of the list, if it is one that the server refused.
fn refused(screen: &Screen) -> Option<SubmissionId> {
    let Screen::Queue(Queue { page: Some(page), .. }) = screen else { return None };
    match &page.lines[..] {
        [line] if line.delivery == Delivery::Refused => Some(line.end.id),
        _ => None,
    }
}

#[test]
fn five_wrong_pins_lock_the_booth_through_a_restart() {
    let demo = Demo::set_up(1).unwrap();
    let mut hands = Hands::at(&demo);
    hands.touch(Event::Open);
    for _ in 0..5 {
        hands.type_in("000001");
        hands.wait_for("refused", |screen| !matches!(screen, Screen::Pin { state: PinState::Checking, .. }));
    }
    drop(hands);
    let mut hands = Hands::at(&demo);
    hands.touch(Event::Open);
    hands.type_in(STAFF_PIN);
    hands.wait_for("locked", |screen| matches!(screen, Screen::Pin { state: PinState::LockedOut { .. }, .. }));
    assert_eq!(hands.booth.operator().role(), None);
    drop(hands);
    let refused =
        logged(&demo).into_iter().filter(|(actor, action, _)| (&**actor, &**action) == ("nobody", "unlock_refused"));
    assert_eq!(refused.count(), 6);
}

#[test]
fn a_paused_booth_takes_no_student_and_stays_paused() {
    let demo = Demo::set_up(1).unwrap();
    let mut hands = Hands::at(&demo);
    hands.enter(STAFF_PIN);
    hands.touch(Event::Go(Place::Pause));
    hands.touch(Event::Pause(Notice::Break));
    hands.wait("paused", |booth| booth.operator().paused() == Some(Notice::Break));
    hands.touch(Event::Leave);
    drop(hands);

    let mut hands = Hands::at(&demo);
    hands.wait("still paused", |booth| booth.operator().paused() == Some(Notice::Break));
    hands.booth.send(visit::Event::Start, Instant::now());
    assert!(matches!(hands.booth.state(), State::Welcome));
    hands.enter(STAFF_PIN);
    hands.touch(Event::Go(Place::Pause));
    hands.touch(Event::Resume);
    hands.wait("open again", |booth| booth.operator().paused().is_none());
    hands.booth.send(visit::Event::Start, Instant::now());
    assert!(matches!(hands.booth.state(), State::Welcome), "not while staff are at the screen");
    hands.touch(Event::Leave);
    hands.booth.send(visit::Event::Start, Instant::now());
    assert!(matches!(hands.booth.state(), State::Scan { .. }));
    hands.touch(Event::Open);
    assert!(hands.booth.operator().screen().is_none(), "operator mode opens over no visit");
}

/// A booth's settings in a folder of their own.
fn site() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), &[]);
    (folder, settings)
}

fn set_pin(settings: &PathBuf, role: &str, pin: &str) -> Output {
    let mut command = kiosk();
    command.args(["operator", "set-pin", "--json", "--role", role, "--config"]).arg(settings);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{pin}").unwrap();
    child.wait_with_output().unwrap()
}

fn audit(settings: &PathBuf, command: &str) -> Output {
    kiosk().args(["audit", command, "--json", "--config"]).arg(settings).output().unwrap()
}

#[test]
fn pins_are_set_by_command_and_what_was_done_is_shown_and_verified() {
    let (_folder, settings) = site();
    for (role, pin) in [("staff", "135790"), ("supervisor", "246801")] {
        let output = set_pin(&settings, role, pin);
        assert!(output.status.success(), "{}", errors(&output));
        assert_eq!(json_lines(&output)[0], serde_json::json!({ "role": role, "pin_set": true }));
        assert!(!String::from_utf8_lossy(&output.stdout).contains(pin), "the PIN is printed");
    }
    for (role, pin, said) in [("staff", "12345", "6 to 12 digits"), ("staff", "246801", "same PIN")] {
        let output = set_pin(&settings, role, pin);
        assert_eq!(output.status.code(), Some(2));
        assert!(errors(&output).contains(said), "{}", errors(&output));
    }
    let config = config::load(&settings).unwrap();
    let pins = szz_kiosk::operator::Pins::in_folder(&config.secrets);
    assert_eq!(pins.unlock("135790", jiff::Timestamp::now()).unwrap(), Ok(Role::Staff));

    let shown = json_lines(&audit(&settings, "show"));
    let said = |key: &str| shown.iter().map(|entry| entry[key].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(said("actor"), ["command_line"; 2]);
    assert_eq!(said("action"), ["change_supervisor_pin", "change_staff_pin"], "a PIN that was refused is not noted");
    let output = audit(&settings, "verify");
    assert!(output.status.success());
    assert_eq!(json_lines(&output)[0]["entries"], shown.len());

    // Somebody with the keys takes the newest entry away, and what guards it.
    let key = szz_kiosk::secret_file::load_text(&config.secrets.join("store.key")).unwrap();
    let database = Connection::open(config.data.join("kiosk.db")).unwrap();
    database.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.as_str())).unwrap();
    database.execute_batch("DROP TRIGGER an_audit_entry_is_never_deleted; DELETE FROM audit_log WHERE sequence = (SELECT max(sequence) FROM audit_log)").unwrap();
    drop(database);
    let output = audit(&settings, "verify");
    assert_eq!(output.status.code(), Some(1));
    assert!(json_lines(&output)[0]["problem"].as_str().unwrap().contains("missing"));
}

#[test]
fn the_log_is_readable_by_people_too() {
    let (_folder, settings) = site();
    let office = Office::open(&config::load(&settings).unwrap()).unwrap();
    let noted = Noted { actor: "staff", action: "pause", subject: "break" };
    office.store.note_action(&office.key, jiff::Timestamp::now(), noted).unwrap();
    drop(office);
    let output = kiosk().args(["audit", "show", "--config"]).arg(&settings).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("staff") && text.contains("pause") && text.contains("break"), "{text}");
    let output = kiosk().args(["audit", "verify", "--config"]).arg(&settings).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "all sound; entries: 1");
}
