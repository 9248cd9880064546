//! Screens with the keypad: 学号, phone number, SMS code. What to type on one side, keys on the other.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{Stage, heading_ui};
use crate::code::CodeProblem;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Theme, Type};
use crate::ui::widgets::keypad::{Layout, keypad_ui, typed_keys};
use crate::ui::widgets::{Button, Text, Tone, notice_height, notice_ui};
use crate::visit::{Event, NumberForm, Phone, Sms, Typed};

/// What is asked for.
pub(super) struct Question<'a> {
    pub title: &'a str,
    pub note: &'a str,
    pub label: &'a str,
    /// As it is shown, in groups.
    pub shown: String,
    pub layout: Layout,
    pub may_enter: bool,
    /// What is wrong, or good to know.
    pub notice: Option<(Tone, String)>,
}

pub fn student_number_ui(
    ui: &mut Ui,
    stage: &Stage<'_>,
    form: NumberForm,
    typed: &Typed,
    tries_left: u8,
    wrong: bool,
) -> Option<Intent> {
    let strings = stage.strings;
    let question = Question {
        title: strings.student_number_title,
        note: strings.student_number_note,
        label: strings.student_number,
        shown: typed.as_str().to_owned(),
        layout: if form.letters { Layout::Letters } else { Layout::Digits },
        may_enter: form.is_whole(typed),
        notice: wrong.then(|| (Tone::Warn, sentences::wrong_student_number(strings.language, tries_left))),
    };
    entry_ui(ui, stage, &question, &[]).map(|touch| touch.intent(&[]))
}

/// A code is typed as it is printed below its picture.
pub fn code_entry_ui(
    ui: &mut Ui,
    stage: &Stage<'_>,
    typed: &Typed,
    capitals: bool,
    problem: Option<CodeProblem>,
) -> Option<Intent> {
    let strings = stage.strings;
    let question = Question {
        title: strings.code_entry_title,
        note: strings.code_entry_note,
        label: strings.code_entry_label,
        shown: typed.as_str().to_owned(),
        layout: Layout::Code { capitals },
        may_enter: !typed.is_empty(),
        notice: problem.map(|problem| {
            let tone = if problem.is_a_wait() { Tone::Info } else { Tone::Warn };
            (tone, sentences::code_problem(strings.language, problem).headline.to_owned())
        }),
    };
    entry_ui(ui, stage, &question, &[strings.code_entry_back]).map(|touch| touch.intent(&[Event::Back]))
}

pub fn phone_ui(ui: &mut Ui, stage: &Stage<'_>, typed: &Typed, malformed: bool) -> Option<Intent> {
    let strings = stage.strings;
    let question = Question {
        title: strings.phone_title,
        note: strings.phone_note,
        label: strings.phone,
        shown: sentences::grouped_phone(typed.as_str()),
        layout: Layout::Digits,
        may_enter: typed.len() == Phone::DIGITS && !malformed,
        notice: Some(if malformed {
            (Tone::Warn, strings.phone_malformed.to_owned())
        } else {
            (Tone::Info, strings.phone_unverified.to_owned())
        }),
    };
    entry_ui(ui, stage, &question, &[]).map(|touch| touch.intent(&[]))
}

pub fn sms_code_ui(ui: &mut Ui, stage: &Stage<'_>, phone: &Phone, sms: Sms, typed: &Typed) -> Option<Intent> {
    let strings = stage.strings;
    let question = Question {
        title: strings.sms_title,
        note: &sentences::sms_sent_to(strings.language, phone),
        label: strings.sms_code,
        shown: typed.as_str().to_owned(),
        layout: Layout::Digits,
        may_enter: false,
        notice: match sms {
            Sms::Sending => Some((Tone::Info, strings.sms_sending.to_owned())),
            Sms::Checking => Some((Tone::Info, strings.sms_checking.to_owned())),
            Sms::Wrong => Some((Tone::Warn, strings.sms_wrong.to_owned())),
            Sms::Sent => None,
        },
    };
    let ways = [strings.sms_other_number, strings.sms_resend, strings.sms_skip];
    entry_ui(ui, stage, &question, &ways).map(|touch| touch.intent(&[Event::Back, Event::ResendSms, Event::Skip]))
}

pub(super) enum Touch {
    Keys(Vec<crate::visit::Key>),
    Way(usize),
}

impl Touch {
    fn intent(self, ways: &[Event]) -> Intent {
        match self {
            Self::Keys(keys) => Intent::Keys(keys),
            Self::Way(index) => Intent::Visit(ways[index].clone()),
        }
    }
}

/// `ways` are other ways to go on, below the field.
pub(super) fn entry_ui(ui: &mut Ui, stage: &Stage<'_>, question: &Question<'_>, ways: &[&str]) -> Option<Touch> {
    let theme = &stage.theme;
    let wide = question.layout.is_wide();
    let (mut text, keys) = areas(theme, inside(stage, wide), wide);

    let beside = (wide && !theme.upright).then(|| beside(theme, &mut text));
    heading_ui(ui, theme, &mut text, question.title, question.note);
    text.cut_top(theme.px(24.0));
    field_ui(ui, theme, text.cut_top(theme.px(120.0)), question.label, &question.shown);
    text.cut_top(theme.px(20.0));
    let mut text = beside.unwrap_or(text);
    if let Some((tone, words)) = &question.notice {
        let height = notice_height(ui, theme, text.width(), words, &[]).max(theme.px(88.0));
        notice_ui(ui, theme, text.cut_top(height), *tone, words, &[]);
        text.cut_top(theme.px(20.0));
    }
    let mut touch = None;
    for (index, way) in ways.iter().enumerate() {
        let area = text.cut_top(theme.px(88.0));
        text.cut_top(theme.px(12.0));
        if Button::quiet(way).show(ui, theme, area) {
            touch = Some(Touch::Way(index));
        }
    }

    let mut typed = typed_keys(ui, question.layout);
    typed.extend(keypad_ui(ui, theme, keys, stage.strings, question.layout, question.may_enter));
    touch.or((!typed.is_empty()).then_some(Touch::Keys(typed)))
}

/// The part of the window that has no keys: what is asked over a screen must not cover them.
pub fn free_of_keys(stage: &Stage<'_>, wide: bool) -> Rect {
    if stage.theme.upright {
        return stage.area;
    }
    let (mut text, _) = areas(&stage.theme, inside(stage, wide), wide);
    if wide {
        beside(&stage.theme, &mut text);
    }
    let margin = stage.theme.margin() / 2.0;
    Rect::from_min_max(pos2(text.left() - margin, stage.area.top()), pos2(text.right() + margin, stage.area.bottom()))
}

/// Above keys that take the whole width there is no room below the field, so this is cut off beside it.
fn beside(theme: &Theme, text: &mut Rect) -> Rect {
    let side = text.cut_right(text.width() * 0.36);
    text.cut_right(theme.px(48.0));
    side
}

fn inside(stage: &Stage<'_>, wide: bool) -> Rect {
    let theme = &stage.theme;
    theme.column(stage.area, 1640.0).shrink2(vec2(0.0, theme.pick(if wide { 24.0 } else { 56.0 }, 64.0)))
}

/// Where the text stands and where the keys.
fn areas(theme: &Theme, inside: Rect, wide: bool) -> (Rect, Rect) {
    if theme.upright || wide {
        let mut text = inside;
        let keys = text.cut_bottom(inside.height() * if theme.upright { 0.46 } else { 0.625 });
        text.cut_bottom(theme.px(24.0));
        let widest = theme.px(if wide { 1640.0 } else { 860.0 });
        let keys = Rect::from_center_size(keys.center(), vec2(keys.width().min(widest), keys.height()));
        return (text, keys);
    }
    let [text, keys] = inside.columns([1.15, 1.0], theme.px(96.0));
    (text, Rect::from_min_size(keys.min, vec2(keys.width(), keys.height().min(theme.px(720.0)))))
}

/// The field with what was typed, and a line where the next character goes.
fn field_ui(ui: &mut Ui, theme: &Theme, area: Rect, label: &str, shown: &str) {
    let rounding = theme.px(20.0);
    ui.painter().rect(area, rounding, theme::SURFACE, theme.stroke(3.0, theme::ACCENT), StrokeKind::Inside);
    let response = ui.interact(area, ui.make_persistent_id(("field", label)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, label));
    let mut inside = area.shrink2(vec2(theme.px(32.0), 0.0));
    if shown.is_empty() {
        Text::new(label, Type::Lead).ink(Ink::Soft).silent().show(
            ui,
            theme,
            inside.translate(vec2(theme.px(20.0), 0.0)),
        );
    }
    let typed = Text::new(shown, Type::Title).silent();
    let stands = if shown.is_empty() {
        Rect::from_min_size(inside.left_center(), vec2(0.0, 0.0))
    } else {
        typed.show(ui, theme, inside)
    };
    inside.min.x = stands.right() + theme.px(8.0);
    let half = theme.px(32.0);
    let caret = pos2(inside.left(), area.center().y);
    ui.painter().vline(caret.x, (caret.y - half)..=(caret.y + half), theme.stroke(4.0, theme::ACCENT));
}
