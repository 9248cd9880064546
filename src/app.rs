//! The window: the only place that joins booth and screens. It uploads textures, passes on what the
//! student wants, and decides when to paint again; it knows nothing of threads or databases.

use std::mem::{Discriminant, discriminant};
use std::time::{Duration, Instant};

use eframe::egui;
use jiff::Timestamp;

use crate::booth::Booth;
use crate::config::{self, Config};
use crate::hand_scanner::HandScanner;
use crate::operator::{self, Notice, Screen};
use crate::photo::guides::Guides;
use crate::photo::standard::PhotoProfile;
use crate::process;
use crate::sound::{self, Heard, Player};
use crate::ui::{self, AgreementText, HelpLines, Intent, OperatorView, View};
use crate::update::Exchange;
use crate::visit::{Event, Language, State};
use crate::watchdog::Watchdog;
use crate::words::screens::Words;

use stills::Stills;
use texture::LiveTexture;

mod stills;
mod texture;

/// Somebody who watches the booth from outside and may act: the demo's director, a screenshot tour.
pub trait Companion {
    /// Whether the booth must stay as it is until the next call.
    fn holds_still(&self) -> bool {
        false
    }

    /// Called once per painted frame, after the screen.
    fn follow(&mut self, booth: &mut Booth, language: &mut Language, context: &egui::Context, now: Instant);
}

pub struct App {
    booth: Booth,
    language: Language,
    words: Words,
    home_language: Language,
    was_welcome: bool,
    chinese_agreement: AgreementText,
    english_agreement: AgreementText,
    /// Over the camera's picture as large as it is now.
    guides: Guides,
    profile: PhotoProfile,
    help: config::Help,
    text_scale: f32,
    demo: bool,
    companions: Vec<Box<dyn Companion>>,
    preview: LiveTexture,
    preview_taken_at: Option<Instant>,
    stills: Stills,
    hand_scanner: HandScanner,
    /// Which state the student has seen last.
    painted: Option<Discriminant<State>>,
    entered: Instant,
    /// Fonts are there one pass late.
    has_fonts: bool,
    /// Nothing is on the screen yet.
    is_starting: bool,
    watchdog: Watchdog,
    /// While a new version is being tried, which begins before it is started.
    trial: Option<Exchange>,
    player: Player,
    heard: Heard,
}

/// A camera that died and a studio that is well again are noticed within this time.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

impl App {
    pub fn new(
        context: &egui::Context,
        booth: Booth,
        config: &Config,
        language: Language,
        companions: Vec<Box<dyn Companion>>,
        demo: bool,
    ) -> Self {
        ui::theme::install(context);
        Self {
            booth,
            language,
            words: config.texts.words(),
            home_language: language,
            was_welcome: true,
            chinese_agreement: agreement_text(config.agreement.text(Language::Chinese)),
            english_agreement: agreement_text(config.agreement.text(Language::English)),
            guides: Guides::of((config.camera.width_px, config.camera.height_px), &config.profile),
            profile: config.profile.clone(),
            help: config.help.clone(),
            text_scale: config.screen.text_scale,
            demo,
            companions,
            preview: LiveTexture::default(),
            preview_taken_at: None,
            stills: Stills::default(),
            hand_scanner: HandScanner::default(),
            painted: None,
            entered: Instant::now(),
            has_fonts: false,
            is_starting: true,
            watchdog: Watchdog::default(),
            trial: config.update.clone(),
            player: Player::new(config.sound.volume, config.sound.speech, config.sound.folder.as_deref()),
            heard: Heard::default(),
        }
    }

    /// The next student finds the booth in its own language.
    fn greet(&mut self) {
        let is_welcome = matches!(self.booth.state(), State::Welcome) && self.booth.operator().screen().is_none();
        if is_welcome && !self.was_welcome {
            self.language = self.home_language;
        }
        self.was_welcome = is_welcome;
    }

    /// What has just been painted is heard.
    fn sound(&mut self, now: Instant) {
        let still_there = ui::asks_still_there(self.booth.state(), self.booth.deadline(), now);
        let heard = sound::heard(self.booth.state(), still_there, self.booth.staff_called(), now);
        if let Some(cue) = sound::cue(std::mem::replace(&mut self.heard, heard), heard) {
            self.player.play(cue, self.language);
        }
    }

    /// Where a code is asked for, what is typed is a code.
    fn read_hand_scanner(&mut self, context: &egui::Context, now: Instant) {
        if !matches!(self.booth.state(), State::Scan { .. }) {
            return self.hand_scanner.forget();
        }
        if let Some(payload) = context.input(|input| self.hand_scanner.take(&input.events)) {
            self.booth.send(Event::CodeTyped(payload), now);
        }
    }

    /// A texture upload costs milliseconds, so only when a new frame came and is shown.
    fn refresh_preview(&mut self, context: &egui::Context) {
        let is_staffs = matches!(self.booth.operator().screen(), Some(Screen::Plate(_) | Screen::Camera(_)));
        if !shows_preview(self.booth.state()) && !is_staffs {
            self.preview_taken_at = None;
            self.preview.clear();
            self.booth.gauge().hide();
            return;
        }
        let Some(frame) = self.booth.frames().newest() else { return };
        if self.preview_taken_at == Some(frame.taken_at) {
            return;
        }
        self.preview_taken_at = Some(frame.taken_at);
        self.preview.show(context, &frame.picture);
        self.guides = Guides::of(frame.picture.dimensions(), &self.profile);
        self.booth.gauge().show(frame.taken_at, Instant::now());
    }

    fn operator_view(&self) -> Option<OperatorView<'_>> {
        let operator = self.booth.operator();
        Some(OperatorView {
            screen: operator.screen()?,
            role: operator.role(),
            is_waiting: operator.is_waiting(),
            has_failed: operator.has_failed(),
            paused: operator.paused(),
            picture: self.stills.opened(),
        })
    }

    /// Live frames wake the window themselves; screens say when they change; the visit has its deadline.
    fn schedule(&self, context: &egui::Context, now: Instant) {
        let deadline = self.booth.deadline();
        if self.painted != Some(discriminant(self.booth.state())) {
            return context.request_repaint();
        }
        let changes = ui::changes_in(self.booth.state(), now, self.entered, deadline);
        let ends = deadline.map(|deadline| deadline.saturating_duration_since(now));
        let operator = self.booth.operator().deadline().map(|deadline| deadline.saturating_duration_since(now));
        let next = changes.into_iter().chain(ends).chain(operator).chain([LONGEST_PAUSE]).min();
        context.request_repaint_after(next.unwrap_or(LONGEST_PAUSE));
    }
}

impl eframe::App for App {
    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        ui::theme::ground()
    }

    fn logic(&mut self, context: &egui::Context, _frame: &mut eframe::Frame) {
        let now = Instant::now();
        // Even a state that lasts for milliseconds is painted once.
        let is_painted = self.painted == Some(discriminant(self.booth.state()));
        if is_painted && !self.companions.iter().any(|companion| companion.holds_still()) {
            self.booth.catch_up(now);
        }
        if self.booth.is_sound() {
            self.watchdog.feed(now);
        }
        self.greet();
        self.refresh_preview(context);
        self.stills.follow(context, self.booth.state(), self.booth.operator().screen());
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let context = ui.ctx().clone();
        if !std::mem::replace(&mut self.has_fonts, true) {
            context.request_repaint();
            return;
        }
        let now = Instant::now();
        if self.painted.is_some()
            && let Some(age) = std::mem::replace(&mut self.is_starting, false).then(process::age).flatten()
        {
            tracing::info!(ms = age.as_millis(), "the first screen is painted; this long after the program began");
        }
        let agreement = match self.language {
            Language::Chinese => &self.chinese_agreement,
            Language::English => &self.english_agreement,
        };
        if self.painted != Some(discriminant(self.booth.state())) {
            self.entered = now;
        }
        let thumbnails = self.stills.thumbnails();
        self.trial = self.trial.take().filter(Exchange::is_on_trial);
        let is_on_trial = self.trial.is_some();
        let view = View {
            now,
            entered: self.entered,
            wall_clock: Timestamp::now(),
            deadline: self.booth.deadline(),
            patience: self.booth.patience(),
            language: self.language,
            words: &self.words,
            preview: self.preview.handle().map(stills::picture),
            portrait: self.stills.portrait(),
            before: self.stills.before(),
            brought: self.stills.brought(),
            thumbnails: &thumbnails,
            guides: self.guides,
            agreement,
            help: self.booth.help(),
            staff_called: self.booth.staff_called(),
            help_lines: HelpLines {
                phone: self.help.phone.as_deref(),
                hours: self.help.hours.as_deref(),
                wechat: self.help.wechat.as_deref(),
                mini_program: self.help.mini_program.as_deref(),
                notice: match self.language {
                    Language::Chinese => self.help.notice.as_deref(),
                    Language::English => self.help.notice_en.as_deref(),
                },
            },
            student_number: self.booth.steps().student_number,
            text_scale: self.text_scale,
            links_wechat: self.booth.steps().wechat,
            reads_sticks: self.booth.steps().usb_stick,
            imports: self.booth.steps().imports,
            backgrounds: &self.booth.steps().backgrounds,
            fee_fen: self.booth.steps().payment.asked().fee_fen,
            camera_trouble: self.booth.camera_health().trouble,
            needs_plate: self.booth.needs_plate(),
            demo: self.demo,
            paused: if is_on_trial { Some(Notice::NewVersion) } else { self.booth.operator().paused() },
            operator: self.operator_view(),
        };
        // A version that is taken back takes along what was stored meanwhile.
        let intent = ui::screen_ui(ui, self.booth.state(), &view).filter(|_| !is_on_trial);
        self.sound(now);
        self.painted = Some(discriminant(self.booth.state()));
        for companion in &mut self.companions {
            companion.follow(&mut self.booth, &mut self.language, &context, now);
        }
        match intent {
            Some(Intent::Visit(event)) => self.booth.send(event, now),
            Some(Intent::Keys(keys)) => keys.into_iter().for_each(|key| self.booth.send(Event::Key(key), now)),
            Some(Intent::SetLanguage(language)) => {
                self.language = language;
                self.booth.send(Event::Touch, now);
            }
            Some(Intent::Operator(event)) => self.booth.tell_operator(event, now),
            Some(Intent::OperatorKeys(keys)) => {
                keys.into_iter().for_each(|key| self.booth.tell_operator(operator::Event::Key(key), now));
            }
            None => {}
        }
        self.read_hand_scanner(&context, now);
        self.schedule(&context, now);
    }
}

/// The first line of the file is the title.
fn agreement_text(text: &config::AgreementText) -> AgreementText {
    let (title, body) = text.agreement.split_once('\n').unwrap_or((&text.agreement, ""));
    AgreementText {
        title: title.trim().to_owned(),
        body: body.trim().to_owned(),
        photo_consent: text.photo_consent.clone(),
    }
}

fn shows_preview(state: &State) -> bool {
    matches!(state, State::Scan { .. } | State::Framing { .. } | State::Countdown { .. })
}
