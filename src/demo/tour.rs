//! Companions of the demo's window: the director, and a tour that goes through every screen by itself
//! and saves a picture of each.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use eframe::egui::{self, ViewportCommand};
use image::RgbaImage;

use super::{Demo, Director, PHONE, Reviewer, SMS_CODE, STUDENT_NUMBER, Stage, Stays};
use crate::app::Companion;
use crate::booth::Booth;
use crate::camera::simulated::Scene;
use crate::operator;
use crate::visit::{Event, HelpPage, Key, Language, Lookup, PaymentProgress, PictureSource, Review, Sms, State};

mod settings;
mod staff;

pub use settings::SettingsFirst;

impl Companion for Director {
    fn follow(&mut self, booth: &mut Booth, _language: &mut Language, _context: &egui::Context, now: Instant) {
        Director::follow(self, booth.state(), now);
    }
}

/// One stop: wait for the state, let it settle, take its picture, go on.
struct Stop {
    name: &'static str,
    reached: Reached,
    settle: Duration,
    then: &'static [Then],
}

/// What a stop waits for.
#[derive(Clone, Copy)]
enum Reached {
    Visit(fn(&State) -> bool),
    Operator(fn(&operator::Screen) -> bool),
    Booth(fn(&Booth) -> bool),
}

impl Reached {
    fn by(self, booth: &Booth) -> bool {
        match self {
            Self::Visit(reached) => booth.operator().screen().is_none() && reached(booth.state()),
            Self::Operator(reached) => !booth.operator().is_waiting() && booth.operator().screen().is_some_and(reached),
            Self::Booth(reached) => reached(booth),
        }
    }
}

#[derive(Clone, Copy)]
enum Then {
    Send(fn(Language) -> Event),
    /// Into the keypad.
    Type(&'static str),
    /// The next student is the one who was just here.
    SameStudent,
    /// The reviewers reject every photo that arrived.
    Reject,
    /// The stick was at the central server and is back, with its receipts.
    AnswerBundles,
    Unplug,
    Replug,
    /// Of operator mode, if there is what it is about.
    Staff(fn(&Booth) -> Option<operator::Event>),
    /// Staff type this, and "OK".
    StaffType(&'static str),
    /// Staff type this.
    StaffKeys(&'static str),
    StaffEnter,
    Close,
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// After the settings that are wrong ([`settings`]): every screen of a visit, in the order a student sees them, and at
/// the end what staff see: a plate that does not fit, and a camera that is gone.
const STOPS: [Stop; 35] = [
    stop("01-welcome", |s| matches!(s, State::Welcome), ms(800), &[Then::Send(|_| Event::Start)]),
    stop(
        "02-scan",
        |s| matches!(s, State::Scan { .. }),
        ms(1900),
        &[Then::Send(|_| Event::TypeCode), Then::Type("SZZ-DEMO-1")],
    ),
    stop(
        "02a-typed-code",
        |s| matches!(s, State::CodeEntry { .. }),
        ms(300),
        &[Then::Send(|_| Event::Back), Then::Send(|_| Event::OpenHelp(HelpPage::GetCode))],
    ),
    stop("03-get-code", |s| matches!(s, State::Scan { .. }), ms(300), &[Then::Send(|_| Event::CloseHelp)]),
    stop("04-confirm", |s| matches!(s, State::Confirm { .. }), ms(500), &[Then::Send(|_| Event::ConfirmStudent)]),
    stop("05-student-number", |s| matches!(s, State::StudentNumber { .. }), ms(200), &[Then::Type("19219639000")]),
    stop(
        "06-wrong-number",
        |s| matches!(s, State::StudentNumber { wrong: true, .. }),
        ms(200),
        &[Then::Type(STUDENT_NUMBER)],
    ),
    stop("07-phone", |s| matches!(s, State::Phone { .. }), ms(200), &[Then::Type(PHONE)]),
    stop("08-phone-typed", |s| matches!(s, State::Phone { .. }), ms(200), &[Then::Send(|_| Event::Key(Key::Enter))]),
    stop("09-sms", |s| matches!(s, State::SmsCode { sms: Sms::Sent, .. }), ms(200), &[Then::Type(SMS_CODE)]),
    stop(
        "10-agreement",
        |s| matches!(s, State::Agreement { .. }),
        ms(500),
        &[Then::Send(|_| Event::TickAgreement(true)), Then::Send(|_| Event::TickPhotoConsent(true))],
    ),
    stop(
        "11-agreement-ticked",
        |s| matches!(s, State::Agreement { agreement_ticked: true, photo_consent_ticked: true, .. }),
        ms(300),
        &[Then::Send(Event::Agree)],
    ),
    stop("12-wechat", |s| matches!(s, State::WeChat { claim: Some(_), .. }), ms(300), &[Then::Send(|_| Event::Skip)]),
    stop(
        "13-tips",
        |s| matches!(s, State::Tips { .. }),
        ms(300),
        &[Then::Send(|_| Event::Bring(PictureSource::Stick))],
    ),
    stop("13a-pictures", |s| shows_pictures(s, false), ms(300), &[Then::Send(|_| Event::ChoosePicture(4))]),
    stop("13b-no-picture", |s| shows_pictures(s, true), ms(300), &[Then::Send(|_| Event::ChoosePicture(0))]),
    stop(
        "13c-crop",
        |s| matches!(s, State::Crop { .. }),
        ms(300),
        &[Then::Send(|_| Event::Back), Then::Send(|_| Event::Back), Then::Send(|_| Event::Bring(PictureSource::Phone))],
    ),
    stop(
        "13d-phone",
        |s| matches!(s, State::Upload { url: Some(_), .. }),
        ms(300),
        &[Then::Send(|_| Event::Back), Then::Send(|_| Event::Ready)],
    ),
    stop("14-framing", |s| matches!(s, State::Framing { .. }), ms(900), &[]),
    stop("15-countdown", |s| matches!(s, State::Countdown { .. }), ms(600), &[]),
    stop("16-developing", |s| matches!(s, State::Developing { .. }), ms(0), &[]),
    stop("17-review", |s| matches!(s, State::Review { .. }), ms(500), &[Then::Send(|_| Event::Accept)]),
    stop("18-summary", |s| matches!(s, State::Summary { .. }), ms(500), &[Then::Send(|_| Event::Submit)]),
    stop("19-saving", |s| matches!(s, State::Saving { .. }), ms(0), &[]),
    stop(
        "20-payment",
        |s| matches!(s, State::Payment { progress: PaymentProgress::Code(_), .. }),
        ms(300),
        &[Then::Send(|_| Event::Skip)],
    ),
    stop(
        "21-done",
        |s| matches!(s, State::Done { .. }),
        ms(500),
        &[Then::SameStudent, Then::Send(|_| Event::Start), Then::Send(|_| Event::Start)],
    ),
    stop(
        "22-second-visit",
        |s| matches!(s, State::Confirm { lookup: Lookup::Done(_), .. }),
        ms(300),
        &[Then::Send(|_| Event::ConfirmStudent), Then::Type(STUDENT_NUMBER)],
    ),
    stop(
        "23-personal-centre",
        |s| matches!(s, State::Centre { .. }),
        ms(500),
        &[Then::Send(|_| Event::OpenHelp(HelpPage::Questions)), Then::Send(|_| Event::CallStaff)],
    ),
    stop(
        "24-help",
        |s| matches!(s, State::Centre { .. }),
        ms(300),
        &[Then::Send(|_| Event::Cancel), Then::Send(|_| Event::PlateJudged { fits: false }), Then::Reject],
    ),
    // The news of the rejection takes some seconds to arrive.
    stop(
        "25-welcome-plate",
        |s| matches!(s, State::Welcome),
        ms(5000),
        &[Then::SameStudent, Then::Send(|_| Event::Start)],
    ),
    stop(
        "25a-back-again",
        |s| matches!(s, State::Confirm { lookup: Lookup::Done(_), .. }),
        ms(300),
        &[Then::Send(|_| Event::ConfirmStudent), Then::Type(STUDENT_NUMBER)],
    ),
    stop(
        "25b-rejected",
        |s| matches!(s, State::Centre { record, .. } if matches!(record.review, Review::Rejected { .. })),
        ms(500),
        &[Then::Send(|_| Event::Withdraw)],
    ),
    stop("25c-withdraw", |s| matches!(s, State::Withdraw { .. }), ms(300), &[Then::Send(|_| Event::ConfirmWithdrawal)]),
    stop("25d-withdrawn", |s| matches!(s, State::Ended { .. }), ms(300), &[Then::Unplug, Then::Send(|_| Event::Start)]),
    stop(
        "26-out-of-service",
        |s| matches!(s, State::OutOfService { .. }),
        ms(500),
        &[Then::Staff(|_| Some(operator::Event::Open))],
    ),
];

/// Every thumbnail is there, and so is what is wrong with one, if that is wanted.
fn shows_pictures(state: &State, problem: bool) -> bool {
    matches!(state, State::Pictures { album, .. }
        if album.shown.iter().flatten().count() == album.count.unwrap_or(usize::MAX) && album.problem.is_some() == problem)
}

const fn stop(name: &'static str, reached: fn(&State) -> bool, settle: Duration, then: &'static [Then]) -> Stop {
    Stop { name, reached: Reached::Visit(reached), settle, then }
}

/// What students see, then what staff see.
fn stop_at(index: usize) -> Option<&'static Stop> {
    STOPS.get(index).or_else(|| staff::STOPS.get(index.checked_sub(STOPS.len())?))
}

/// A stop that is not reached by then is given up, so that a tour always ends.
const PATIENCE: Duration = Duration::from_secs(40);

/// A picture that was asked for.
type Waited = Arc<Mutex<Option<Arc<egui::ColorImage>>>>;

/// Goes through all stops and saves a PNG of each into a folder.
pub struct Tour {
    folder: PathBuf,
    stage: Stage,
    stays: Stays,
    reviewer: Reviewer,
    sticks: Vec<PathBuf>,
    language: Language,
    next: usize,
    reached_at: Option<Instant>,
    waiting_since: Option<Instant>,
    /// Where the picture that was asked for arrives.
    picture: Option<Waited>,
    /// What went wrong, for whoever started the tour.
    pub problems: Problems,
}

/// Shared with whoever started the tour, since the window consumes it.
#[derive(Clone, Default)]
pub struct Problems(Arc<Mutex<Vec<String>>>);

impl Problems {
    fn push(&self, problem: String) {
        lock(&self.0).push(problem);
    }

    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.0))
    }
}

impl Tour {
    pub fn new(folder: &Path, demo: &Demo, language: Language) -> Self {
        Self {
            folder: folder.to_owned(),
            stage: demo.stage.clone(),
            stays: demo.stays.clone(),
            reviewer: demo.server.reviewer(),
            sticks: crate::stick::mounted(&demo.config.usb_folders, true),
            language,
            next: 0,
            reached_at: None,
            waiting_since: None,
            picture: None,
            problems: Problems::default(),
        }
    }

    fn go_on(&mut self, booth: &mut Booth, context: &egui::Context, now: Instant) {
        let type_in = |booth: &mut Booth, text: &str| {
            for key in text.chars() {
                booth.tell_operator(operator::Event::Key(Key::Character(key)), now);
            }
        };
        let enter = operator::Event::Key(Key::Enter);
        for then in stop_at(self.next).map_or(&[][..], |stop| stop.then) {
            match then {
                Then::Send(event) => booth.send(event(self.language), now),
                Then::Type(text) => {
                    for key in text.chars() {
                        booth.send(Event::Key(Key::Character(key)), now);
                    }
                }
                Then::SameStudent => self.stays.set(true),
                Then::Reject => self.reviewer.reject_all(&["head_roll", "not_the_student"]),
                Then::AnswerBundles => {
                    for folder in &self.sticks {
                        if let Err(error) = self.reviewer.answer_bundles(folder) {
                            self.problems.push(format!("no receipts for {}: {error}", folder.display()));
                        }
                    }
                }
                Then::Unplug => self.stage.show(Scene::Unplugged),
                Then::Replug => self.stage.show(Scene::Empty),
                Then::Staff(event) => {
                    if let Some(event) = event(booth) {
                        booth.tell_operator(event, now);
                    }
                }
                Then::StaffType(text) => {
                    type_in(booth, text);
                    booth.tell_operator(enter.clone(), now);
                }
                Then::StaffKeys(text) => type_in(booth, text),
                Then::StaffEnter => booth.tell_operator(enter.clone(), now),
                Then::Close => context.send_viewport_cmd(ViewportCommand::Close),
            }
        }
        self.next += 1;
        self.reached_at = None;
        self.waiting_since = None;
        self.picture = None;
    }

    fn save(&self, image: &egui::ColorImage) {
        save(&self.folder, stop_at(self.next).map_or("", |stop| stop.name), image, &self.problems);
    }
}

/// Writes a picture of the window into the folder.
fn save(folder: &Path, name: &str, image: &egui::ColorImage, problems: &Problems) {
    let [width, height] = image.size.map(|side| side as u32);
    let bytes = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
    let path = folder.join(name).with_extension("png");
    let saved = RgbaImage::from_raw(width, height, bytes)
        .ok_or_else(|| "not a picture".to_owned())
        .and_then(|image| image::DynamicImage::from(image).to_rgb8().save(&path).map_err(|error| error.to_string()));
    if let Err(error) = saved {
        problems.push(format!("{} cannot be written: {error}", path.display()));
    }
}

impl Companion for Tour {
    /// A picture shows the frame after the one in which it was asked for.
    fn holds_still(&self) -> bool {
        self.picture.is_some()
    }

    fn follow(&mut self, booth: &mut Booth, language: &mut Language, context: &egui::Context, now: Instant) {
        let Some(stop) = stop_at(self.next) else { return };
        *language = self.language;
        context.request_repaint_after(ms(16));
        if let Some(image) = self.picture.as_ref().and_then(|picture| lock(picture).take()) {
            self.save(&image);
            self.go_on(booth, context, now);
            return;
        }
        let waiting_since = *self.waiting_since.get_or_insert(now);
        if now.saturating_duration_since(waiting_since) > PATIENCE {
            self.problems.push(format!("{} was not reached", stop.name));
            self.go_on(booth, context, now);
            return;
        }
        if self.picture.is_some() || !stop.reached.by(booth) {
            return;
        }
        let reached_at = *self.reached_at.get_or_insert(now);
        if now.saturating_duration_since(reached_at) >= stop.settle {
            self.picture = Some(ask_for_picture(context));
        }
    }
}

/// Where the picture of the next frame arrives.
fn ask_for_picture(context: &egui::Context) -> Waited {
    let picture = Waited::default();
    let arriving = picture.clone();
    context.request_screenshot(move |image| *lock(&arriving) = Some(image));
    picture
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
