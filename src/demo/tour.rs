//! Companions of the demo's window: the director, and a tour that goes through every screen by itself
//! and saves a picture of each.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use eframe::egui::{self, ViewportCommand};
use image::RgbaImage;

use super::{Director, Stage};
use crate::app::Companion;
use crate::booth::Booth;
use crate::camera::simulated::Scene;
use crate::visit::{Event, Language, State};

impl Companion for Director {
    fn follow(&mut self, booth: &mut Booth, _language: &mut Language, _context: &egui::Context, now: Instant) {
        Director::follow(self, booth.state(), now);
    }
}

/// One stop: wait for the state, let it settle, take its picture, go on.
struct Stop {
    name: &'static str,
    reached: fn(&State) -> bool,
    settle: Duration,
    then: &'static [Then],
}

#[derive(Clone, Copy)]
enum Then {
    Send(fn(Language) -> Event),
    Unplug,
    Close,
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Every screen of a visit, in the order a student sees them, and at the end what staff see: a plate that
/// does not fit, and a camera that is gone.
const STOPS: [Stop; 13] = [
    Stop {
        name: "01-welcome",
        reached: |s| matches!(s, State::Welcome),
        settle: ms(800),
        then: &[Then::Send(|_| Event::Start)],
    },
    Stop { name: "02-scan", reached: |s| matches!(s, State::Scan { .. }), settle: ms(2700), then: &[] },
    Stop {
        name: "03-confirm",
        reached: |s| matches!(s, State::Confirm { .. }),
        settle: ms(500),
        then: &[Then::Send(|_| Event::ConfirmStudent)],
    },
    Stop {
        name: "04-agreement",
        reached: |s| matches!(s, State::Agreement { .. }),
        settle: ms(500),
        then: &[Then::Send(|_| Event::TickAgreement(true)), Then::Send(|_| Event::TickPhotoConsent(true))],
    },
    Stop {
        name: "05-agreement-ticked",
        reached: |s| matches!(s, State::Agreement { agreement_ticked: true, photo_consent_ticked: true, .. }),
        settle: ms(300),
        then: &[Then::Send(Event::Agree)],
    },
    Stop { name: "06-framing", reached: |s| matches!(s, State::Framing { .. }), settle: ms(900), then: &[] },
    Stop { name: "07-countdown", reached: |s| matches!(s, State::Countdown { .. }), settle: ms(600), then: &[] },
    Stop { name: "08-developing", reached: |s| matches!(s, State::Developing { .. }), settle: ms(0), then: &[] },
    Stop {
        name: "09-review",
        reached: |s| matches!(s, State::Review { .. }),
        settle: ms(500),
        then: &[Then::Send(|_| Event::Accept)],
    },
    Stop { name: "10-saving", reached: |s| matches!(s, State::Saving { .. }), settle: ms(0), then: &[] },
    Stop {
        name: "11-done",
        reached: |s| matches!(s, State::Done { .. }),
        settle: ms(500),
        then: &[Then::Send(|_| Event::Start), Then::Send(|_| Event::PlateJudged { fits: false })],
    },
    Stop { name: "12-welcome-plate", reached: |s| matches!(s, State::Welcome), settle: ms(300), then: &[Then::Unplug] },
    Stop {
        name: "13-out-of-service",
        reached: |s| matches!(s, State::OutOfService { .. }),
        settle: ms(500),
        then: &[Then::Close],
    },
];

/// A stop that is not reached by then is given up, so that a tour always ends.
const PATIENCE: Duration = Duration::from_secs(40);

/// Goes through [`STOPS`] and saves a PNG of each into a folder.
pub struct Tour {
    folder: PathBuf,
    stage: Stage,
    language: Language,
    next: usize,
    reached_at: Option<Instant>,
    waiting_since: Option<Instant>,
    /// Where the picture that was asked for arrives.
    picture: Option<Arc<Mutex<Option<Arc<egui::ColorImage>>>>>,
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
    pub fn new(folder: &Path, stage: Stage, language: Language) -> Self {
        Self {
            folder: folder.to_owned(),
            stage,
            language,
            next: 0,
            reached_at: None,
            waiting_since: None,
            picture: None,
            problems: Problems::default(),
        }
    }

    fn go_on(&mut self, booth: &mut Booth, context: &egui::Context, now: Instant) {
        for then in STOPS[self.next].then {
            match then {
                Then::Send(event) => booth.send(event(self.language), now),
                Then::Unplug => self.stage.show(Scene::Unplugged),
                Then::Close => context.send_viewport_cmd(ViewportCommand::Close),
            }
        }
        self.next += 1;
        self.reached_at = None;
        self.waiting_since = None;
        self.picture = None;
    }

    fn save(&self, image: &egui::ColorImage) {
        let [width, height] = image.size.map(|side| side as u32);
        let bytes = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
        let path = self.folder.join(STOPS[self.next].name).with_extension("png");
        let saved =
            RgbaImage::from_raw(width, height, bytes).ok_or_else(|| "not a picture".to_owned()).and_then(|image| {
                image::DynamicImage::from(image).to_rgb8().save(&path).map_err(|error| error.to_string())
            });
        if let Err(error) = saved {
            self.problems.push(format!("{} cannot be written: {error}", path.display()));
        }
    }
}

impl Companion for Tour {
    /// A picture shows the frame after the one in which it was asked for.
    fn holds_still(&self) -> bool {
        self.picture.is_some()
    }

    fn follow(&mut self, booth: &mut Booth, language: &mut Language, context: &egui::Context, now: Instant) {
        let Some(stop) = STOPS.get(self.next) else { return };
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
        if self.picture.is_some() || !(stop.reached)(booth.state()) {
            return;
        }
        let reached_at = *self.reached_at.get_or_insert(now);
        if now.saturating_duration_since(reached_at) >= stop.settle {
            let picture = Arc::new(Mutex::new(None));
            self.picture = Some(picture.clone());
            let arrived = move |image| *lock(&picture) = Some(image);
            context.request_screenshot(arrived);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
