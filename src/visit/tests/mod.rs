//! The visit in tests: a walk with its clock, and whoever is in the booth.

mod people;
mod rules;
mod table;
mod visits;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use image::RgbImage;

use super::*;
use crate::code::{CodeDigest, CodeProblem, Enrolment, NumberHash, Student};
use crate::photo::crop::{CutOff, Head};
use crate::photo::face::Point;
use crate::photo::import::{Import, Placement};
use crate::photo::standard::PhotoProfile;
use crate::photo::{Geometry, Portrait, Wiped};
use crate::submission::SubmissionId;

const NUMBER: &str = "19219639005";
const PHONE: &str = "13800138000";
/// Hashed once: it is slow on purpose.
static NUMBER_HASH: LazyLock<NumberHash> = LazyLock::new(|| NumberHash::of(NUMBER, [1; 16]));

/// Every step that a visit can have.
fn all_steps() -> Steps {
    Steps {
        usb_stick: true,
        student_number: Some(NumberForm { shortest: 11, longest: 11, letters: false }),
        phone: PhoneStep::Sms,
        wechat: true,
        tips: true,
        backgrounds: vec![[255; 3], [100, 197, 255]],
        imports: Imports { stick: true, phone: true },
        payment: Payment { mode: PaymentMode::Online, fee_fen: 3000 },
    }
}

fn next_key(typed: &Typed, whole: &str) -> Key {
    whole[typed.len().min(whole.len())..].chars().next().map_or(Key::Enter, Key::Character)
}

fn submission(who: u8) -> SubmissionId {
    format!("019e8244-7800-7000-8000-0000000000{who:02x}").parse().unwrap()
}

fn claim(who: u8) -> Claim {
    Claim { submission: submission(who), url: "https://example.org/".to_owned() }
}

/// An earlier photo that was not approved.
fn rejected_record() -> Arc<Record> {
    Arc::new(Record {
        submission: submission(9),
        taken_at: jiff::Timestamp::UNIX_EPOCH,
        review: Review::Rejected { reasons: vec!["head_roll".to_owned()] },
        as_of: None,
        wechat_linked: false,
        order: Order { number: "9".to_owned(), payment: all_steps().payment, paid: true },
        portrait: None,
    })
}

fn student(number: u8) -> Student {
    let text = |name: &str| format!("{name} {number}");
    Student {
        code: CodeDigest([number; 32]),
        enrolment: Enrolment {
            school: text("school"),
            category: text("category"),
            level: text("level"),
            major: text("major"),
            masked_name: text("name"),
            document_last4: "0000".to_owned(),
            student_number: Some(NUMBER_HASH.clone()),
        },
    }
}

fn portrait() -> Arc<Portrait> {
    Arc::new(new_portrait())
}

fn new_portrait() -> Portrait {
    Portrait {
        jpeg: vec![1].into(),
        pixels: Wiped(RgbImage::new(1, 1)),
        before: Wiped(RgbImage::new(1, 1)),
        quality: 90,
        background: [255; 3],
        geometry: Geometry { crown_px: 80.0, eyes_px: 250.0, face_width_px: 240.0, centre_offset_px: 0.0 },
        findings: Vec::new(),
        layers: None,
    }
}

/// A picture from a stick, with its person found.
fn import() -> Arc<Import> {
    let head = Head { crown_y: 200.0, eyes: Point { x: 600.0, y: 360.0 }, centre_x: 600.0, face_width: 220.0 };
    let placement = Placement::new(head, CutOff::default(), (1200, 800), &PhotoProfile::default());
    Arc::new(Import { picture: Wiped::default(), preview: Wiped::default(), placement })
}

fn thumbnail(ask: AskId, index: usize) -> Event {
    Event::ThumbnailMade { ask, index, thumbnail: Ok(Arc::new(Wiped::default())) }
}

/// A visit with its clock, and everything it asked of the workers.
struct Walk {
    visit: Visit,
    now: Instant,
    saves: Vec<(CaptureId, Student)>,
    /// Where each saved photo came from.
    sources: Vec<PictureSource>,
    browse: Browse,
    withdrawn: Vec<SubmissionId>,
    /// Codes that were typed.
    read: Vec<String>,
    sticks_read: u32,
    recoloured: Vec<[u8; 3]>,
    /// Who sat in the booth at each shutter.
    sitters: HashMap<CaptureId, Student>,
    reused: bool,
    /// Whose number was wrong three times.
    refused: Vec<CodeDigest>,
    paid: Vec<String>,
    calls: u32,
    enquiries: Vec<Enquiry>,
    /// Of the student's, besides what is typed.
    touches: u32,
}

impl Walk {
    fn new() -> Self {
        Self {
            visit: Visit::new(Patience::default(), all_steps()),
            now: Instant::now(),
            saves: Vec::new(),
            sources: Vec::new(),
            browse: Browse::Nothing,
            withdrawn: Vec::new(),
            read: Vec::new(),
            sticks_read: 0,
            recoloured: Vec::new(),
            sitters: HashMap::new(),
            reused: false,
            refused: Vec::new(),
            paid: Vec::new(),
            calls: 0,
            enquiries: Vec::new(),
            touches: 0,
        }
    }

    fn send(&mut self, event: Event) {
        let is_typed = matches!(event, Event::Key(Key::Character(_)));
        self.touches += u32::from(event.is_from_student() && !is_typed);
        let effects = self.visit.handle(event, self.now);
        for effect in effects {
            match effect {
                Effect::Shoot(capture) | Effect::Develop { capture, .. } => {
                    let State::Developing { sitter, .. } = self.visit.state() else {
                        panic!("a shot outside Developing")
                    };
                    self.reused |= self.sitters.insert(capture, sitter.student.clone()).is_some();
                }
                Effect::Save { capture, sitter, .. } => {
                    self.sources.push(sitter.source());
                    self.saves.push((capture, sitter.student));
                }
                Effect::Recolour { background, .. } => self.recoloured.push(background),
                Effect::ReadStick { .. } => self.sticks_read += 1,
                Effect::ReadCode { payload, .. } => self.read.push(payload.expose().to_owned()),
                Effect::Withdraw { submission, .. } => self.withdrawn.push(submission),
                Effect::Browse(browse) => self.browse = browse,
                Effect::LogWrongNumber { code } => self.refused.push(code),
                Effect::MarkPaid { order_number } => self.paid.push(order_number),
                Effect::CallStaff => self.calls += 1,
                Effect::Enquire(enquiry) => self.enquiries.push(enquiry),
                _ => {}
            }
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.send(Event::Tick);
    }

    /// A student with an earlier photo says "this is me".
    fn come_back(&mut self, record: Arc<Record>) {
        self.send(Event::Start);
        self.advance(1);
        let State::Confirm { lookup: Lookup::Pending(ask), .. } = *self.visit.state() else { panic!("no lookup") };
        self.send(Event::LookedUp { ask, record: Some(record) });
        self.send(Event::ConfirmStudent);
    }

    /// Types on the keypad.
    fn type_in(&mut self, text: &str) {
        for character in text.chars() {
            self.send(Event::Key(Key::Character(character)));
        }
    }

    /// As a willing student, up to a state.
    fn go_to(&mut self, state: &str) {
        for _ in 0..80 {
            if name(self.visit.state()) == state {
                return;
            }
            self.advance(1);
        }
        panic!("{state} is not reached");
    }

    /// What a willing student or a healthy worker would do next.
    fn advance(&mut self, who: u8) {
        let event = match self.visit.state() {
            State::Welcome => Event::Start,
            State::Scan { scan, .. } => Event::CodeRead { scan: *scan, student: student(who) },
            State::CodeEntry { scan, .. } => Event::CodeRead { scan: *scan, student: student(who) },
            State::Confirm { lookup: Lookup::Pending(ask), .. } => Event::LookedUp { ask: *ask, record: None },
            State::Confirm { .. } => Event::ConfirmStudent,
            State::StudentNumber { typed, .. } => Event::Key(next_key(typed, NUMBER)),
            State::Phone { typed, .. } => Event::Key(next_key(typed, PHONE)),
            State::SmsCode { ask, sms: Sms::Sending, .. } => Event::SmsSeen { ask: *ask, seen: SmsSeen::Sent },
            State::SmsCode { ask, sms: Sms::Checking, .. } => Event::SmsSeen { ask: *ask, seen: SmsSeen::Right },
            State::SmsCode { typed, .. } => Event::Key(next_key(typed, "123456")),
            State::Agreement { agreement_ticked: false, .. } => Event::TickAgreement(true),
            State::Agreement { photo_consent_ticked: false, .. } => Event::TickPhotoConsent(true),
            State::Agreement { .. } => Event::Agree(Language::Chinese),
            State::WeChat { ask, claim: None, .. } => Event::ClaimMade { ask: *ask, claim: claim(who) },
            State::WeChat { .. } => Event::Skip,
            State::Tips { .. } => Event::Ready,
            State::Pictures { ask, album, .. } => match (album.count, &album.shown[0], album.opening) {
                (None, ..) => Event::PicturesFound { ask: *ask, count: Some(3) },
                (_, None, _) => thumbnail(*ask, 0),
                (_, _, false) => Event::ChoosePicture(0),
                (_, _, true) => Event::PictureOpened { ask: *ask, outcome: Ok(import()) },
            },
            State::Upload { ask, url: None, .. } => Event::UploadOpened { ask: *ask, url: "url".to_owned() },
            State::Upload { ask, .. } => Event::PictureOpened { ask: *ask, outcome: Ok(import()) },
            State::Crop { .. } => Event::Accept,
            State::Framing { .. } => Event::ShootNow,
            State::Countdown { fires_at, .. } => {
                self.now = self.now.max(*fires_at);
                Event::Tick
            }
            State::Developing { capture, .. } => {
                Event::Developed { capture: *capture, outcome: Outcome::Portrait(portrait()) }
            }
            State::Review { .. } => Event::Accept,
            State::Summary { .. } => Event::Submit,
            State::Payment { order, .. } => {
                Event::PaymentSeen { order_number: order.number.clone(), seen: PaymentSeen::Paid }
            }
            State::Saving { capture, .. } => Event::Saved { capture: *capture, order_number: "1".to_owned() },
            State::Withdraw { ask: None, .. } => Event::ConfirmWithdrawal,
            State::Withdraw { ask: Some(ask), .. } => Event::Withdrawn { ask: *ask, known_to_server: true },
            State::Done { .. } | State::Ended { .. } | State::Centre { .. } => Event::Start,
            State::OutOfService { fault } => Event::FaultCleared(*fault),
        };
        self.send(event);
    }
}

fn name(state: &State) -> &'static str {
    match state {
        State::Welcome => "Welcome",
        State::Scan { .. } => "Scan",
        State::CodeEntry { .. } => "CodeEntry",
        State::Confirm { .. } => "Confirm",
        State::StudentNumber { .. } => "StudentNumber",
        State::Phone { .. } => "Phone",
        State::SmsCode { .. } => "SmsCode",
        State::Agreement { .. } => "Agreement",
        State::WeChat { .. } => "WeChat",
        State::Tips { .. } => "Tips",
        State::Pictures { .. } => "Pictures",
        State::Upload { .. } => "Upload",
        State::Crop { .. } => "Crop",
        State::Framing { .. } => "Framing",
        State::Countdown { .. } => "Countdown",
        State::Developing { .. } => "Developing",
        State::Review { .. } => "Review",
        State::Summary { .. } => "Summary",
        State::Saving { .. } => "Saving",
        State::Payment { .. } => "Payment",
        State::Done { .. } => "Done",
        State::Centre { .. } => "Centre",
        State::Withdraw { .. } => "Withdraw",
        State::Ended { .. } => "Ended",
        State::OutOfService { .. } => "OutOfService",
    }
}
