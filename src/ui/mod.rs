//! The screens. [`screen_ui`] paints the screen that belongs to a visit's state and returns what the
//! student wants; it holds no state, sends nothing and asks for no repaint.
//!
//! [`theme`] has the colours, sizes and the font; [`strings`] every word; [`widgets`] the parts;
//! [`screens`] one screen a file.

mod layout;
pub mod screens;
pub mod strings;
pub mod theme;
pub mod widgets;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use eframe::egui::{self, Ui};
use jiff::Timestamp;

use crate::operator::{self, Notice};
use crate::photo::Lines;
use crate::photo::guides::Guides;
use crate::visit::{
    CameraTrouble, Event, Framing, HelpPage, Imports, Key, Language, Lookup, NumberForm, Patience, State,
};
use crate::words::screens::Words;
use screens::Stage;
use theme::Theme;
use widgets::chrome::{self, TopBar, TopBarTouch};

pub use screens::settings::{SettingsTouch, settings_ui};
pub use widgets::preview::Picture;

/// Everything a screen shows that is not in the visit's state.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub now: Instant,
    /// What the clock says, for how old news is.
    pub wall_clock: Timestamp,
    /// When the state began that is shown.
    pub entered: Instant,
    /// The visit's deadline: the booth asks "still there?" shortly before it.
    pub deadline: Option<Instant>,
    /// How long each state waits: what has passed of it drives the animations.
    pub patience: Patience,
    pub language: Language,
    pub words: &'a Words,
    /// The newest live picture, not mirrored; the preview mirrors it.
    pub preview: Option<Picture>,
    /// The portrait under review, never mirrored.
    pub portrait: Option<Picture>,
    /// The same part of the still, as it was taken.
    pub before: Option<Picture>,
    /// The whole picture that the student brought.
    pub brought: Option<Picture>,
    /// Of the pictures on this page of the stick.
    pub thumbnails: &'a [Option<Picture>],
    pub guides: Guides,
    /// In the language of the screen.
    pub agreement: &'a AgreementText,
    /// What lies over the screen.
    pub help: Option<HelpPage>,
    pub staff_called: bool,
    pub help_lines: HelpLines<'a>,
    /// What the visit asks for.
    pub student_number: Option<NumberForm>,
    /// Of every text; 1 is the design's size.
    pub text_scale: f32,
    pub links_wechat: bool,
    pub reads_sticks: bool,
    /// Which pictures a student may bring.
    pub imports: Imports,
    /// RGB of the backgrounds to choose from.
    pub backgrounds: &'a [[u8; 3]],
    /// In 分; 0 when nothing is due.
    pub fee_fen: u32,
    /// Why there is no picture, if there is none.
    pub camera_trouble: Option<CameraTrouble>,
    /// The welcome screen asks staff for a new background plate.
    pub needs_plate: bool,
    /// Every screen says that it is a demonstration.
    pub demo: bool,
    /// What a booth that is closed to students tells them.
    pub paused: Option<Notice>,
    /// Operator mode, while somebody is in it.
    pub operator: Option<OperatorView<'a>>,
}

/// What operator mode shows.
#[derive(Clone, Copy, Debug)]
pub struct OperatorView<'a> {
    pub screen: &'a operator::Screen,
    /// Nobody before the PIN.
    pub role: Option<operator::Role>,
    /// Whether an answer is still to come.
    pub is_waiting: bool,
    /// Whether the database could not be read or written.
    pub has_failed: bool,
    pub paused: Option<Notice>,
    /// An opened record's, or a new plate.
    pub picture: Option<Picture>,
}

/// People to ask, from the config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HelpLines<'a> {
    pub phone: Option<&'a str>,
    pub hours: Option<&'a str>,
    /// What a code for WeChat says.
    pub wechat: Option<&'a str>,
    /// What the code of the phone's mini-program says.
    pub mini_program: Option<&'a str>,
    /// Today's notice, in the language of the screen.
    pub notice: Option<&'a str>,
}

impl HelpLines<'_> {
    fn has_people(&self) -> bool {
        self.phone.is_some() || self.hours.is_some() || self.wechat.is_some()
    }
}

/// The agreement as the configuration has it, in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementText {
    /// Without 《》.
    pub title: String,
    /// One paragraph a line; lines that begin with `#` are headings.
    pub body: String,
    /// What the second box says: taking the photo and sending it.
    pub photo_consent: String,
}

/// What the student wants.
#[derive(Clone, Debug)]
pub enum Intent {
    Visit(Event),
    /// Typed on the keypad or a keyboard, in this order.
    Keys(Vec<Key>),
    SetLanguage(Language),
    /// What staff want.
    Operator(operator::Event),
    /// Typed by staff.
    OperatorKeys(Vec<Key>),
}

/// Paints the whole window.
pub fn screen_ui(ui: &mut Ui, state: &State, view: &View<'_>) -> Option<Intent> {
    if matches!(state, State::Welcome) {
        // How far the last student had scrolled the agreement is not the next one's beginning.
        ui.data_mut(|remembered| remembered.clear());
    }
    let mut area = ui.max_rect();
    let theme = Theme::for_window(area.size(), view.text_scale);
    let strings = view.words.of(view.language);

    if view.demo {
        chrome::demo_ribbon_ui(ui, &theme, &mut area, strings);
    }
    let touch = chrome::top_bar_ui(ui, &theme, &mut area, strings, top_bar(state, view));
    if view.staff_called {
        chrome::staff_called_ui(ui, &theme, &mut area, strings);
    }
    let stage = Stage { theme, area, strings, view };
    if let Some(operator) = &view.operator {
        return staff_ui(ui, &stage, operator, touch);
    }
    let wanted = match view.help {
        Some(page) => screens::help::help_ui(ui, &stage, page),
        None => state_ui(ui, state, &stage),
    };
    veil_ui(ui, state, &stage);
    let is_asked = state.is_asked() || view.help.is_some();
    let answered = is_asked && still_there_ui(ui, state, &stage);

    let from_bar = touch.map(|touch| match touch {
        TopBarTouch::OtherLanguage => Intent::SetLanguage(other(view.language)),
        TopBarTouch::Leave => Intent::Visit(Event::Cancel),
        TopBarTouch::Help => Intent::Visit(Event::OpenHelp(HelpPage::Questions)),
        TopBarTouch::Staff => Intent::Operator(operator::Event::Open),
    });
    // A touch without another meaning says that somebody is there.
    let touched = answered || (is_asked && is_touched(ui));
    from_bar.or(wanted).or(touched.then_some(Intent::Visit(Event::Touch)))
}

/// Operator mode below the top bar.
fn staff_ui(ui: &mut Ui, stage: &Stage<'_>, view: &OperatorView<'_>, touch: Option<TopBarTouch>) -> Option<Intent> {
    let wanted = screens::operator::operator_ui(ui, stage, view);
    let from_bar = touch.map(|touch| match touch {
        TopBarTouch::OtherLanguage => Intent::SetLanguage(other(stage.view.language)),
        TopBarTouch::Leave => Intent::Operator(operator::Event::Leave),
        TopBarTouch::Help | TopBarTouch::Staff => Intent::Operator(operator::Event::Touch),
    });
    from_bar.or(wanted).or(is_touched(ui).then_some(Intent::Operator(operator::Event::Touch)))
}

/// How soon the screen looks different though nothing happens: what turns, and the seconds that are
/// counted. New live pictures are for the caller to know.
pub fn changes_in(state: &State, now: Instant, entered: Instant, deadline: Option<Instant>) -> Option<Duration> {
    const TURNING: Duration = Duration::from_millis(33);
    if !appears_at_once(state) && now.saturating_duration_since(entered) < APPEARS_IN {
        return Some(TURNING);
    }
    // Without a GPU painting takes the cores that develop the photo.
    const SLOWLY_TURNING: Duration = Duration::from_millis(150);
    let left = deadline?.saturating_duration_since(now);
    let next_second = Duration::from_nanos(u64::from(left.subsec_nanos()) + 1);
    match state {
        State::Countdown { .. } | State::Developing { .. } | State::Saving { .. } => Some(SLOWLY_TURNING),
        State::Done { .. } | State::Ended { .. } => Some(next_second),
        _ if state.is_asked() => Some(left.checked_sub(chrome::STILL_THERE_FROM).unwrap_or(next_second).max(TURNING)),
        _ => None,
    }
}

/// How long a screen takes to appear.
const APPEARS_IN: Duration = Duration::from_millis(180);

/// A new screen appears gently. Not over the live picture, which moves by itself, and not while the
/// cores are needed for the photo.
fn veil_ui(ui: &Ui, state: &State, stage: &Stage<'_>) {
    if appears_at_once(state) {
        return;
    }
    let age = stage.view.now.saturating_duration_since(stage.view.entered);
    let left = 1.0 - (age.as_secs_f32() / APPEARS_IN.as_secs_f32()).min(1.0);
    if left > 0.0 {
        ui.painter().rect_filled(stage.area, 0.0, theme::CANVAS.gamma_multiply(left * left));
    }
}

fn appears_at_once(state: &State) -> bool {
    matches!(
        state,
        State::Scan { .. }
            | State::Framing { .. }
            | State::Countdown { .. }
            | State::Developing { .. }
            | State::Saving { .. }
            | State::OutOfService { .. }
    )
}

/// Whether the booth asks just now.
pub fn asks_still_there(state: &State, deadline: Option<Instant>, now: Instant) -> bool {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(now));
    state.is_asked() && left.is_some_and(|left| left <= chrome::STILL_THERE_FROM)
}

fn state_ui(ui: &mut Ui, state: &State, stage: &Stage<'_>) -> Option<Intent> {
    match state {
        State::Welcome => match stage.view.paused {
            Some(notice) => screens::paused::paused_ui(ui, stage, notice),
            None => screens::welcome::welcome_ui(ui, stage),
        },
        State::Scan { problem, .. } => screens::scan::scan_ui(ui, stage, *problem),
        State::CodeEntry { typed, capitals, problem, .. } => {
            screens::entry::code_entry_ui(ui, stage, typed, *capitals, *problem)
        }
        State::Confirm { student, lookup } => {
            screens::confirm::confirm_ui(ui, stage, student, matches!(lookup, Lookup::Done(_)))
        }
        State::StudentNumber { typed, tries_left, wrong, .. } => {
            // Without a form the visit would not ask.
            let form = stage.view.student_number?;
            screens::entry::student_number_ui(ui, stage, form, typed, *tries_left, *wrong)
        }
        State::Phone { typed, malformed, .. } => screens::entry::phone_ui(ui, stage, typed, *malformed),
        State::SmsCode { phone, sms, typed, .. } => screens::entry::sms_code_ui(ui, stage, phone, *sms, typed),
        State::WeChat { claim, .. } => screens::link::link_ui(ui, stage, claim.as_ref()),
        State::Tips { .. } => screens::tips::tips_ui(ui, stage),
        State::Agreement { visitor, agreement_ticked, photo_consent_ticked } => {
            let is_unverified = visitor.contact.as_ref().is_some_and(|contact| !contact.verified);
            screens::agreement::agreement_ui(ui, stage, *agreement_ticked, *photo_consent_ticked, is_unverified)
        }
        State::Pictures { album, .. } => screens::pictures::pictures_ui(ui, stage, album),
        State::Upload { url, problem, .. } => screens::upload::upload_ui(ui, stage, url.as_deref(), *problem),
        State::Crop { brought, retake, .. } => screens::crop::crop_ui(ui, stage, brought, retake),
        State::Framing { framing, lines, retake, .. } => {
            screens::framing::framing_ui(ui, stage, *framing, met(*framing, *lines), retake)
        }
        State::Countdown { fires_at, framing, lines, .. } => {
            screens::countdown::countdown_ui(ui, stage, *fires_at, *framing, met(*framing, *lines))
        }
        State::Developing { .. } => screens::developing::developing_ui(ui, stage),
        State::Review { sitter, portrait, .. } => {
            screens::review::review_ui(ui, stage, portrait, sitter.brought.is_some())
        }
        State::Saving { .. } => screens::saving::saving_ui(ui, stage),
        State::Summary { sitter, portrait, .. } => screens::summary::summary_ui(ui, stage, sitter, portrait),
        State::Payment { order, progress } => screens::payment::payment_ui(ui, stage, order, progress),
        State::Done { order } => screens::done::done_ui(ui, stage, order),
        State::Centre { visitor, record } => screens::centre::centre_ui(ui, stage, visitor, record),
        State::Withdraw { record, ask, .. } => screens::withdraw::withdraw_ui(ui, stage, record, ask.is_some()),
        State::Ended { ending } => screens::ended::ended_ui(ui, stage, *ending),
        State::OutOfService { fault } => screens::out_of_service::out_of_service_ui(ui, stage, *fault),
    }
}

/// Whoever can be cut out as the profile asks, which moves the frame along, meets every line.
fn met(framing: Framing, lines: Lines) -> Lines {
    if framing == Framing::Good { Lines::ALL } else { lines }
}

fn top_bar(state: &State, view: &View<'_>) -> TopBar {
    let step = match state {
        State::Welcome
        | State::OutOfService { .. }
        | State::Centre { .. }
        | State::Withdraw { .. }
        | State::Ended { .. } => None,
        State::Scan { .. }
        | State::CodeEntry { .. }
        | State::Confirm { .. }
        | State::StudentNumber { .. }
        | State::Phone { .. }
        | State::SmsCode { .. }
        | State::Agreement { .. } => Some(0),
        State::WeChat { .. } => Some(1),
        State::Tips { .. }
        | State::Pictures { .. }
        | State::Upload { .. }
        | State::Crop { .. }
        | State::Framing { .. }
        | State::Countdown { .. }
        | State::Developing { .. }
        | State::Review { .. } => Some(2),
        State::Summary { .. } | State::Saving { .. } | State::Payment { .. } | State::Done { .. } => Some(3),
    };
    if view.operator.is_some() {
        return TopBar { may_leave: true, may_choose_language: true, ..TopBar::default() };
    }
    let is_out_of_service = matches!(state, State::OutOfService { .. });
    let is_paused = matches!(state, State::Welcome) && view.paused.is_some();
    let may_leave = state.is_asked() || matches!(state, State::Countdown { .. } | State::Developing { .. });
    TopBar {
        step,
        links_wechat: view.links_wechat,
        may_leave,
        may_ask: view.help.is_none() && !is_paused && (state.is_asked() || matches!(state, State::Welcome)),
        may_choose_language: !is_out_of_service && !is_paused,
        may_open_operator: view.help.is_none() && (is_out_of_service || matches!(state, State::Welcome)),
    }
}

fn still_there_ui(ui: &mut Ui, state: &State, stage: &Stage<'_>) -> bool {
    let Stage { theme, strings, view, .. } = stage;
    let below = match state {
        _ if view.help.is_some() => stage.area,
        State::StudentNumber { .. } => {
            screens::entry::free_of_keys(stage, view.student_number.is_some_and(|form| form.letters))
        }
        State::CodeEntry { .. } => screens::entry::free_of_keys(stage, true),
        State::Phone { .. } | State::SmsCode { .. } => screens::entry::free_of_keys(stage, false),
        _ => stage.area,
    };
    view.deadline.is_some_and(|deadline| chrome::still_there_ui(ui, theme, below, strings, view.now, deadline))
}

fn is_touched(ui: &Ui) -> bool {
    ui.input(|input| {
        input.pointer.any_pressed()
            || input.smooth_scroll_delta() != egui::Vec2::ZERO
            || input.events.iter().any(|event| matches!(event, egui::Event::Key { pressed: true, .. }))
    })
}

fn other(language: Language) -> Language {
    match language {
        Language::Chinese => Language::English,
        Language::English => Language::Chinese,
    }
}

impl Stage<'_> {
    /// Seconds since the state began that waits at most `limit`.
    fn elapsed(&self, limit: Duration) -> f32 {
        let left = self.view.deadline.map_or(limit, |deadline| deadline.saturating_duration_since(self.view.now));
        limit.saturating_sub(left).as_secs_f32()
    }
}
