//! The finished photo beside what was measured: keep it or take another one.

use eframe::egui::{Align2, Key, Rect, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::{Stage, heading_ui, on};
use crate::photo::{Check, Finding, Portrait};
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, drawing, focus_ring, lines_that_fit, notice_height, notice_ui};
use crate::ui::{Intent, Picture};
use crate::visit::Event;

/// The numbers a student sees, the most telling first; a low window shows fewer of them.
const SHOWN: [Check; 9] = [
    Check::Crown,
    Check::Eyes,
    Check::FaceWidth,
    Check::HeadRoll,
    Check::EyesOpen,
    Check::Sharpness,
    Check::UnderExposure,
    Check::Centre,
    Check::FileSize,
];

pub fn review_ui(ui: &mut Ui, stage: &Stage<'_>, portrait: &Portrait, is_brought: bool) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let (note, again) = match is_brought {
        true => (strings.review_note_brought, strings.change_picture),
        false => (strings.review_note, strings.retake),
    };
    let mut area = theme.column(stage.area, 1640.0).shrink2(vec2(0.0, theme.px(40.0)));
    let (retake, accept, chosen);
    if theme.upright {
        let buttons = area.cut_bottom(theme.action_height());
        area.cut_bottom(theme.px(36.0));
        heading_ui(ui, theme, &mut area, strings.review_title, note);
        area.cut_top(theme.px(28.0));
        let space = vec2(area.width(), area.height() * 0.52);
        let advice = Advice::about(ui, stage, portrait, space);
        // The portrait needs the room more than the last numbers do.
        let shown = if advice.lines.is_empty() { SHOWN.len() } else { 6 };
        let rows = theme.px(84.0) + shown as f32 * theme.px(58.0);
        let mut list = area.cut_bottom((advice.height + rows).min(space.y));
        area.cut_bottom(theme.px(32.0));
        chosen = compare_ui(ui, stage, area, portrait);
        advice.show(ui, stage, &mut list);
        checklist_ui(ui, stage, list, portrait);
        let [no, yes] = buttons.columns([1.0, 1.6], theme.px(36.0));
        retake = Button::secondary(again).show(ui, theme, no);
        accept = Button::primary(strings.use_photo).show(ui, theme, yes);
    } else {
        let picture = area.cut_left((area.height() * 0.75).min(area.width() * 0.42));
        area.cut_left(theme.px(72.0));
        chosen = compare_ui(ui, stage, picture, portrait);
        let buttons = area.cut_bottom(theme.action_height());
        area.cut_bottom(theme.px(28.0));
        heading_ui(ui, theme, &mut area, strings.review_title, note);
        area.cut_top(theme.px(24.0));
        let advice = Advice::about(ui, stage, portrait, area.size());
        advice.show(ui, stage, &mut area);
        checklist_ui(ui, stage, area, portrait);
        let [no, yes] = buttons.columns([1.0, 1.9], theme.px(32.0));
        retake = Button::secondary(again).show(ui, theme, no);
        accept = Button::primary(strings.use_photo).show(ui, theme, yes);
    }
    on(retake, Event::Retake).or(on(accept, Event::Accept)).or(chosen)
}

/// The backgrounds to choose from, the present one ticked.
fn backgrounds_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, present: [u8; 3]) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let side = area.height().min(area.width() / view.backgrounds.len() as f32);
    let mut rest = Rect::from_center_size(area.center(), vec2(side * view.backgrounds.len() as f32, area.height()));
    let mut intent = None;
    for (index, background) in view.backgrounds.iter().enumerate() {
        let place = Rect::from_center_size(rest.cut_left(side).center(), vec2(side, area.height()));
        let name = sentences::background_name(strings.language, *background);
        let response = ui.interact(place, ui.make_persistent_id(("background", index)), Sense::click());
        let is_present = *background == present;
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_present, &name));
        let swatch = place.fit(vec2(1.0, 1.0)).shrink(theme.px(12.0));
        let edge = if is_present { theme.stroke(5.0, theme::ACCENT) } else { theme.stroke(2.0, theme::LINE_STRONG) };
        ui.painter().rect(swatch, theme.px(16.0), theme::opaque(*background), edge, StrokeKind::Inside);
        if is_present {
            drawing::check_disc(ui.painter(), swatch.shrink(swatch.width() * 0.26), theme::ACCENT);
        }
        focus_ring(ui, theme, &response, theme.px(16.0));
        if response.clicked() && !is_present {
            intent = on(true, Event::ChooseBackground(*background));
        }
    }
    intent
}

/// The portrait, and while a finger holds it what the camera saw.
fn compare_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect, portrait: &Portrait) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let mut intent = None;
    if !view.backgrounds.is_empty() {
        let place = area.cut_bottom(theme.touch_height());
        intent = backgrounds_ui(ui, stage, place, portrait.background);
    }
    let caption = area.cut_bottom(theme.px(60.0));
    let touch = ui.interact(area, ui.make_persistent_id("compare"), Sense::click_and_drag());
    touch.widget_info(|| WidgetInfo::labeled(Role::Button, true, strings.compare));
    focus_ring(ui, theme, &touch, 0.0);
    let by_key = touch.has_focus() && ui.input(|input| input.key_down(Key::Space));
    let held = touch.is_pointer_button_down_on() || by_key;
    if let (true, Some(before)) = (held, view.before) {
        picture_ui(ui, stage, area, Some(before), strings.before);
    } else {
        portrait_ui(ui, stage, area);
    }
    let words = if held { strings.before } else { strings.compare };
    Text::new(words, Type::Note).ink(Ink::Soft).centred().show(ui, theme, caption);
    intent
}

/// The photo as it is submitted: never mirrored, with a hairline so that a white background shows.
pub(super) fn portrait_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect) {
    picture_ui(ui, stage, area, stage.view.portrait, stage.strings.portrait_name);
}

pub(super) fn picture_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, picture: Option<Picture>, name: &str) {
    let theme = &stage.theme;
    let shape = picture.map_or(vec2(480.0, 640.0), |picture| picture.size_px);
    let frame = area.fit(shape);
    ui.painter().add(theme.shadow().as_shape(frame, 0.0));
    ui.painter().rect_filled(frame, 0.0, theme::SURFACE);
    if let Some(picture) = picture {
        let whole = Rect::from_min_max([0.0, 0.0].into(), [1.0, 1.0].into());
        ui.painter().image(picture.texture, frame, whole, theme::UNTINTED);
    }
    ui.painter().rect_stroke(frame, 0.0, theme.stroke(2.0, theme::LINE), StrokeKind::Outside);
    let response = ui.interact(frame, ui.make_persistent_id("portrait"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
}

/// What could be better about a photo that may be submitted, in at most half of the space.
struct Advice {
    lines: Vec<String>,
    /// With the gap below it; nothing when there is nothing to say.
    height: f32,
}

impl Advice {
    fn about(ui: &Ui, stage: &Stage<'_>, portrait: &Portrait, space: Vec2) -> Self {
        let Stage { theme, strings, .. } = stage;
        let warnings = portrait.findings.iter().filter(|finding| finding.warns());
        let lines: Vec<_> = warnings.map(|finding| sentences::advice(strings.language, finding)).collect();
        if lines.is_empty() {
            return Self { lines, height: 0.0 };
        }
        let half = vec2(space.x, space.y * 0.5);
        let lines = lines_that_fit(ui, theme, half, strings.review_advice, lines);
        let height = notice_height(ui, theme, space.x, strings.review_advice, &lines) + theme.px(24.0);
        Self { lines, height }
    }

    fn show(&self, ui: &mut Ui, stage: &Stage<'_>, area: &mut Rect) {
        let Stage { theme, strings, .. } = stage;
        if !self.lines.is_empty() {
            let mut place = area.cut_top(self.height);
            place.cut_bottom(theme.px(24.0));
            notice_ui(ui, theme, place, Tone::Warn, strings.review_advice, &self.lines);
        }
    }
}

pub(super) fn checklist_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, portrait: &Portrait) {
    let Stage { theme, strings, .. } = stage;
    let head = theme.px(56.0);
    let pad = theme.px(14.0);
    let room = area.height() - head - 2.0 * pad;
    let fitting = (room / theme.px(46.0)).max(0.0) as usize;
    let shown = SHOWN.iter().filter_map(|check| portrait.findings.iter().find(|finding| finding.check == *check));
    let findings: Vec<_> = shown.take(fitting).collect();
    if findings.is_empty() {
        return;
    }
    let row_height = (room / findings.len() as f32).min(theme.px(68.0));
    let mut rest = area;
    let card_area = rest.cut_top(head + 2.0 * pad + row_height * findings.len() as f32);
    card_ui(ui, theme, card_area);
    let mut rows = card_area.shrink2(vec2(theme.px(36.0), pad));
    let [_, measured, allowed] = columns(stage, rows.cut_top(head));
    let column_head = |words| Text::new(words, Type::Note).ink(Ink::Soft).align(Align2::RIGHT_CENTER);
    column_head(strings.review_measured).show(ui, theme, measured);
    column_head(strings.review_allowed).show(ui, theme, allowed);
    for finding in findings {
        let row = rows.cut_top(row_height);
        ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        finding_ui(ui, stage, row, finding);
    }
}

fn columns(stage: &Stage<'_>, row: Rect) -> [Rect; 3] {
    row.columns([1.5, 0.8, 1.0], stage.theme.px(20.0))
}

fn finding_ui(ui: &mut Ui, stage: &Stage<'_>, row: Rect, finding: &Finding) {
    let Stage { theme, strings, .. } = stage;
    let [mut name, measured, allowed] = columns(stage, row);
    let mark = name.cut_left(theme.px(40.0)).fit(vec2(1.0, 1.0)).shrink(theme.px(2.0));
    let ink = if finding.passed() {
        drawing::check_disc(ui.painter(), mark, theme::GOOD);
        Ink::Good
    } else {
        drawing::cross_disc(ui.painter(), mark, theme::WARN);
        Ink::Warn
    };
    name.cut_left(theme.px(18.0));
    Text::new(sentences::check_name(strings.language, finding.check), Type::Body).show(ui, theme, name);
    let (value, range) =
        (sentences::measured(strings.language, finding), sentences::allowed(strings.language, finding));
    Text::new(&value, Type::Strong).ink(ink).align(Align2::RIGHT_CENTER).show(ui, theme, measured);
    Text::new(&range, Type::Body).ink(Ink::Soft).align(Align2::RIGHT_CENTER).show(ui, theme, allowed);
}
