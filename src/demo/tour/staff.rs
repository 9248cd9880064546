//! The part of the tour that staff see: operator mode, from the PIN to the action log.

use super::{Reached, Stop, Then, ms, stop};
use crate::booth::Booth;
use crate::demo::SUPERVISOR_PIN;
use crate::operator::{
    Event, FoundStick, Level, Notice, PinState, Place, Plate, Purge, Role, RosterPage, RosterRead, RosterTouch,
    RosterView, Screen, Side, Stick, StickWork, Subject, UpdatePage, UpdateWork,
};
use crate::roster::Field;

const fn staff(name: &'static str, reached: fn(&Screen) -> bool, then: &'static [Then]) -> Stop {
    Stop { name, reached: Reached::Operator(reached), settle: ms(250), then }
}

const fn send(event: fn(&Booth) -> Option<Event>) -> Then {
    Then::Staff(event)
}

/// After the out-of-service screen, where operator mode opens too.
pub(super) const STOPS: &[Stop] = &[
    staff("30-staff-pin", |s| matches!(s, Screen::Pin { .. }), &[Then::StaffType("000001")]),
    staff(
        "31-staff-pin-wrong",
        |s| matches!(s, Screen::Pin { state: PinState::Wrong { .. }, .. }),
        &[Then::StaffType(SUPERVISOR_PIN)],
    ),
    staff(
        "32-board-camera-gone",
        |s| matches!(s, Screen::Board { facts: Some(_), .. }),
        &[send(|_| Some(Event::OpenLight(Subject::Camera)))],
    ),
    staff("33-board-advice", |s| matches!(s, Screen::Board { open: Some(_), .. }), &[Then::Replug, BACK]),
    staff(
        "34-board",
        |s| matches!(s, Screen::Board { facts: Some(facts), .. } if facts.camera_trouble.is_none() && facts.fps > 1.0),
        &[send(|_| Some(Event::OpenLight(Subject::Version))), send(|_| Some(Event::Go(Place::Update)))],
    ),
    staff("34a-update", |s| matches!(s, Screen::Update(UpdatePage { found: Some(_), .. })), &[send(first_update)]),
    staff(
        "34b-update-sure",
        |s| matches!(s, Screen::Update(UpdatePage { work: UpdateWork::Sure(_), .. })),
        &[BACK, BACK, send(|_| Some(Event::OpenLight(Subject::Queue)))],
    ),
    staff(
        "34c-board-queue-advice",
        |s| matches!(s, Screen::Board { open: Some(_), .. }),
        &[BACK, send(|_| Some(Event::Go(Place::Queue)))],
    ),
    staff("35-queue", is_listed, &[send(|_| Some(Event::Older))]),
    staff("36-queue-older", is_listed, &[send(|_| Some(Event::Newer))]),
    staff("37-queue-newer", is_listed, &[send(second_record)]),
    staff("38-record", |s| matches!(s, Screen::Record { .. }), &[send(|_| Some(Event::Reveal))]),
    staff(
        "39-record-open",
        |s| matches!(s, Screen::Record { personal: Some(_), .. }),
        &[send(|_| Some(Event::ShowSide(Side::History)))],
    ),
    staff("39a-record-history", |s| shows_side(s, Side::History), &[send(|_| Some(Event::ShowSide(Side::Checks)))]),
    staff("39b-record-checks", |s| shows_side(s, Side::Checks), &[send(|_| Some(Event::TakeAlong))]),
    staff("39c-record-stick", |s| matches!(s, Screen::Stick(Stick { sticks: Some(_), .. })), &[send(export)]),
    staff(
        "39d-record-exported",
        |s| matches!(s, Screen::Stick(Stick { work: StickWork::Exported { .. }, .. })),
        &[BACK],
    ),
    staff(
        "39e-record-again",
        |s| matches!(s, Screen::Record { .. }),
        &[BACK, send(|_| Some(Event::Search)), Then::StaffKeys("9005")],
    ),
    staff("40-search", |s| matches!(s, Screen::Search { .. }), &[Then::StaffEnter]),
    staff(
        "41-found",
        |s| matches!(s, Screen::Queue(queue) if queue.page.as_ref().is_some_and(|page| !page.lines.is_empty())),
        &[BACK, send(|_| Some(Event::Go(Place::Payments)))],
    ),
    staff("42-payments", is_listed, &[send(first_record)]),
    staff("42a-payment", |s| matches!(s, Screen::Record { .. }), &[send(|_| Some(Event::ConfirmPayment))]),
    staff(
        "42b-payment-sure",
        |s| matches!(s, Screen::Record { is_paying: true, .. }),
        &[BACK, BACK, BACK, send(|_| Some(Event::Go(Place::Stick)))],
    ),
    staff("43-stick", |s| matches!(s, Screen::Stick(Stick { sticks: Some(_), .. })), &[send(export)]),
    staff(
        "44-stick-exported",
        |s| matches!(s, Screen::Stick(Stick { work: StickWork::Exported { .. }, .. })),
        &[send(import)],
    ),
    staff(
        "44a-stick-no-receipts",
        |s| matches!(s, Screen::Stick(Stick { work: StickWork::Failed(_), .. })),
        &[Then::AnswerBundles, send(import)],
    ),
    staff(
        "44b-stick-receipts",
        |s| matches!(s, Screen::Stick(Stick { work: StickWork::Imported { .. }, .. })),
        &[BACK, send(|_| Some(Event::Go(Place::Roster)))],
    ),
    staff(
        "44c-roster",
        |s| matches!(s, Screen::Roster(RosterPage::Files { files: Some(_), .. })),
        &[send(first_roster)],
    ),
    staff(
        "44d-roster-column-missing",
        |s| is_read(s, |read| read.found.counts.is_err()),
        &[send(|_| Some(Event::Roster(RosterTouch::Field(Field::Category))))],
    ),
    staff(
        "44e-roster-columns",
        |s| is_read(s, |read| matches!(read.view, RosterView::Columns { .. })),
        &[send(|_| Some(Event::Roster(RosterTouch::SameForAll)))],
    ),
    staff(
        "44e1-roster-same-for-all",
        |s| is_read(s, |read| matches!(read.view, RosterView::Values(_))),
        &[send(|_| Some(Event::Roster(RosterTouch::Value("普通高等教育".to_owned()))))],
    ),
    staff(
        "44f-roster-read",
        |s| is_read(s, |read| read.found.counts.is_ok()),
        &[send(|_| Some(Event::Roster(RosterTouch::Problems)))],
    ),
    staff(
        "44g-roster-problems",
        |s| is_read(s, |read| matches!(read.view, RosterView::Problems { .. })),
        &[BACK, send(|_| Some(Event::Roster(RosterTouch::Import)))],
    ),
    staff(
        "44h-roster-sure",
        |s| is_read(s, |read| read.view == RosterView::Sure),
        &[send(|_| Some(Event::Roster(RosterTouch::Import)))],
    ),
    staff(
        "44i-roster-imported",
        |s| matches!(s, Screen::Roster(RosterPage::Imported(_))),
        &[BACK, BACK, send(|_| Some(Event::Go(Place::Plate)))],
    ),
    staff("45-plate", |s| matches!(s, Screen::Plate(Plate::Prepare(_))), &[send(|_| Some(Event::TakePlate))]),
    staff("46-plate-taken", |s| matches!(s, Screen::Plate(Plate::Taken(_))), &[send(|_| Some(Event::KeepPlate))]),
    staff(
        "47-plate-kept",
        |s| matches!(s, Screen::Plate(Plate::Kept)),
        &[BACK, send(|_| Some(Event::Go(Place::Camera)))],
    ),
    Stop {
        // So long that the picture is there, and how quick it comes.
        settle: ms(2500),
        ..staff(
            "47a-camera",
            |s| matches!(s, Screen::Camera(page) if page.choice.is_some() && page.look.is_some()),
            &[BACK, send(|_| Some(Event::Go(Place::Day)))],
        )
    },
    staff(
        "47b-day",
        |s| matches!(s, Screen::Day(day) if day.report.is_some()),
        &[BACK, send(|_| Some(Event::Go(Place::Log)))],
    ),
    staff("47c-log", is_log, &[send(|_| Some(Event::Level(Level::Warning)))]),
    staff("47d-log-warnings", is_log, &[BACK, send(|_| Some(Event::Go(Place::Purge)))]),
    staff(
        "47e-purge",
        |s| matches!(s, Screen::Purge(Purge::Asked(erasable)) if erasable.now > 0),
        &[send(|_| Some(Event::Purge))],
    ),
    staff("47e1-purge-sure", |s| matches!(s, Screen::Purge(Purge::Sure(_))), &[send(|_| Some(Event::Purge))]),
    staff(
        "47e2-purged",
        |s| matches!(s, Screen::Purge(Purge::Erased(_))),
        &[BACK, send(|_| Some(Event::Go(Place::Pins)))],
    ),
    staff("47f-pins", |s| matches!(s, Screen::ChoosePin { .. }), &[send(|_| Some(Event::ChoosePin(Role::Staff)))]),
    staff(
        "48-new-pin",
        |s| matches!(s, Screen::ChangePin { .. }),
        &[BACK, BACK, send(|_| Some(Event::Go(Place::Pause)))],
    ),
    staff("48a-pause", |s| matches!(s, Screen::Pause), &[send(|_| Some(Event::Pause(Notice::Break)))]),
    Stop {
        name: "49-pause",
        reached: Reached::Booth(|booth| booth.operator().paused().is_some()),
        settle: ms(250),
        then: &[BACK, send(|_| Some(Event::Go(Place::Audit)))],
    },
    staff("50-audit", |s| matches!(s, Screen::Audit(log) if log.page.is_some()), &[send(|_| Some(Event::Leave))]),
    Stop {
        settle: ms(600),
        ..stop("51-paused", |s| matches!(s, crate::visit::State::Welcome), ms(600), &[Then::Close])
    },
];

const BACK: Then = Then::Staff(|_| Some(Event::Back));

fn is_listed(screen: &Screen) -> bool {
    matches!(screen, Screen::Queue(queue) if queue.page.is_some())
}

fn first_update(booth: &Booth) -> Option<Event> {
    let Some(Screen::Update(UpdatePage { found: Some(found), .. })) = booth.operator().screen() else { return None };
    found.first().cloned().map(Event::Update)
}

/// The newest was withdrawn by its student.
fn second_record(booth: &Booth) -> Option<Event> {
    listed_record(booth, 1)
}

fn first_record(booth: &Booth) -> Option<Event> {
    listed_record(booth, 0)
}

fn listed_record(booth: &Booth, place: usize) -> Option<Event> {
    let Some(Screen::Queue(queue)) = booth.operator().screen() else { return None };
    Some(Event::OpenRecord(queue.page.as_ref()?.lines.get(place)?.end.id))
}

fn is_log(screen: &Screen) -> bool {
    matches!(screen, Screen::Log(log) if log.page.is_some())
}

fn shows_side(screen: &Screen, wanted: Side) -> bool {
    matches!(screen, Screen::Record { side, .. } if *side == wanted)
}

fn export(booth: &Booth) -> Option<Event> {
    first_stick(booth).map(Event::Export)
}

fn import(booth: &Booth) -> Option<Event> {
    first_stick(booth).map(Event::ImportReceipts)
}

fn first_stick(booth: &Booth) -> Option<FoundStick> {
    let Some(Screen::Stick(stick)) = booth.operator().screen() else { return None };
    stick.sticks.as_ref()?.first().cloned()
}

fn is_read(screen: &Screen, wanted: fn(&RosterRead) -> bool) -> bool {
    matches!(screen, Screen::Roster(RosterPage::Read(read)) if wanted(read))
}

fn first_roster(booth: &Booth) -> Option<Event> {
    let Some(Screen::Roster(RosterPage::Files { files: Some(files), .. })) = booth.operator().screen() else {
        return None;
    };
    Some(Event::Roster(RosterTouch::Read(files.first()?.clone())))
}
