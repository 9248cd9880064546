//! The camera: which one and in which mode, what is held fast, and how its pictures are. The guides are those that
//! students see: whoever sits down for a moment shows whether height and distance are right.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::queue::tab_ui;
use super::{Desk, foot, instead_ui, on, page};
use crate::operator::{
    CameraChange, CameraChoice, CameraControl, CameraPage, ChosenMode, Event, Lock, Look, Offer, OfferedControl,
};
use crate::photo::Lines;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::cameras;
use crate::ui::theme::{self, Ink, Theme, Type};
use crate::ui::widgets::preview::{guides_ui, preview_ui};
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui};

/// So many cameras have a key each; more are gone through one by one.
const MOST_SIDE_BY_SIDE: usize = 3;

pub fn camera_ui(ui: &mut Ui, desk: &Desk<'_>, camera: &CameraPage) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let [back, forget] = foot(theme, &mut area).columns([1.0; 2], theme.px(24.0));
    let is_chosen = camera.choice.as_ref().is_some_and(|choice| choice.is_chosen);
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let forgot = Button::secondary(words.camera_forget).enabled(is_chosen).show(ui, theme, forget);
    let note = if is_chosen { words.camera_chosen } else { words.camera_config };
    heading_ui(ui, theme, &mut area, words.camera_title, note);
    area.cut_top(theme.px(16.0));
    let (mut seen, choices) = if theme.upright {
        let seen = area.cut_top(area.height() * 0.55);
        area.cut_top(theme.px(24.0));
        (seen, area)
    } else {
        let [seen, choices] = area.columns([1.0, 1.0], theme.px(40.0));
        (seen, choices)
    };
    if camera.has_failed {
        // The picture can be smaller, keys cannot.
        let height = notice_height(ui, theme, seen.width(), words.camera_failed, &[]);
        notice_ui(ui, theme, seen.cut_top(height), Tone::Warn, words.camera_failed, &[]);
        seen.cut_top(theme.px(16.0));
    }
    seen_ui(ui, desk, seen, camera.look.as_deref());
    let changed = match &camera.choice {
        None => {
            instead_ui(ui, desk, choices, words.camera_asking);
            None
        }
        Some(choice) => choices_ui(ui, desk, choices, choice),
    };
    on(went_back, Event::Back).or(on(forgot, Event::ChangeCamera(CameraChange::Forget))).or(changed)
}

/// The live picture with the guides, and below it how bright it is and how quick.
fn seen_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, look: Option<&Look>) {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let hint = area.cut_bottom(theme.px(64.0));
    let mut figures = area.cut_bottom(theme.px(96.0));
    area.cut_bottom(theme.px(12.0));
    let live = desk.stage.view.preview;
    let shape = live.map_or(vec2(16.0, 9.0), |live| live.size_px);
    let fit = preview_ui(ui, theme, area.fit(shape), theme.radius(), live, desk.stage.strings);
    if let Some(fit) = fit {
        guides_ui(ui, theme, &fit, &desk.stage.view.guides, Lines::default(), desk.stage.strings);
    }
    let histogram = figures.cut_left(figures.width() * 0.45);
    figures.cut_left(theme.px(24.0));
    let shown = look.cloned().unwrap_or_default();
    histogram_ui(ui, desk, histogram, &shown);
    Text::new(&cameras::look(words.language, &shown), Type::Note).show(ui, theme, figures);
    Text::new(words.camera_hint, Type::Note).ink(Ink::Soft).show(ui, theme, hint);
}

fn histogram_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, look: &Look) {
    let theme = &desk.stage.theme;
    card_ui(ui, theme, area);
    let response = ui.interact(area, ui.make_persistent_id("histogram"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, desk.words.camera_histogram));
    let mut rest = area.shrink(theme.px(8.0));
    let width = rest.width() / Look::COLUMNS as f32;
    for share in look.histogram {
        let mut column = rest.cut_left(width);
        let bar = column.cut_bottom(column.height() * share);
        ui.painter().rect_filled(bar.shrink2(vec2(theme.px(0.5), 0.0)), 0.0, theme::LINE_STRONG);
    }
}

fn choices_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, choice: &CameraChoice) -> Option<Intent> {
    let theme = &desk.stage.theme;
    let (rows, gap) = (2 + CameraControl::ALL.len(), theme.px(12.0));
    let height = ((area.height() - gap * (rows - 1) as f32) / rows as f32).clamp(theme.touch_height(), theme.px(116.0));
    let mut rest = area;
    let mut row = || {
        let row = rest.cut_top(height);
        rest.cut_top(gap);
        row
    };
    let mut changed = devices_ui(ui, desk, row(), &choice.offer);
    changed = changed.or(mode_ui(ui, desk, row(), &choice.offer));
    for control in CameraControl::ALL {
        changed = changed.or(control_ui(ui, desk, row(), control, control.of(&choice.offer)));
    }
    changed.map(|change| Intent::Operator(Event::ChangeCamera(change)))
}

fn devices_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, offer: &Offer) -> Option<CameraChange> {
    let theme = &desk.stage.theme;
    let devices = &offer.devices;
    if devices.is_empty() {
        instead_ui(ui, desk, area, desk.words.camera_none);
        return None;
    }
    if devices.len() > MOST_SIDE_BY_SIDE {
        return one_of_many_ui(ui, desk, area, offer);
    }
    let gap = theme.px(12.0);
    let width = (area.width() - gap * (devices.len() - 1) as f32) / devices.len() as f32;
    let (mut rest, mut changed) = (area, None);
    for (index, device) in devices.iter().enumerate() {
        let place = rest.cut_left(width);
        rest.cut_left(gap);
        let is_used = offer.in_use == Some(index);
        if tab_ui(ui, theme, place, &device.name, is_used) && !is_used {
            changed = Some(CameraChange::Device(device.key.clone()));
        }
    }
    changed
}

/// The camera in use between two keys that go to the one before and after it.
fn one_of_many_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, offer: &Offer) -> Option<CameraChange> {
    let (name, devices) = (desk.words.camera_title, &offer.devices);
    let at = offer.in_use.unwrap_or(0);
    let says =
        devices.get(at).map_or_else(String::new, |used| format!("{} / {}  {}", at + 1, devices.len(), used.name));
    let mut row = area;
    let steps = row.cut_right(row.width() * 0.3);
    row.cut_right(desk.stage.theme.px(12.0));
    said_ui(ui, desk, row, name, &says);
    let change = |at: Option<usize>| Some(CameraChange::Device(devices.get(at?)?.key.clone()));
    steps_ui(ui, desk, steps, name, change(at.checked_sub(1)), change(Some(at + 1)))
}

/// The mode between two keys that go to the next larger and smaller one.
fn mode_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, offer: &Offer) -> Option<CameraChange> {
    let words = desk.words;
    let at = offer.mode.and_then(|mode| offer.modes.iter().position(|offered| *offered == mode));
    let says =
        offer.mode.map_or_else(|| words.camera_not_offered.to_owned(), |mode| cameras::mode(words.language, mode));
    let smaller = at.and_then(|at| offer.modes.get(at + 1));
    let larger = at.and_then(|at| offer.modes.get(at.checked_sub(1)?));
    let mut row = area;
    let steps = row.cut_right(row.width() * 0.3);
    row.cut_right(desk.stage.theme.px(12.0));
    said_ui(ui, desk, row, words.camera_mode, &says);
    let change = |mode: &ChosenMode| CameraChange::Mode(*mode);
    steps_ui(ui, desk, steps, words.camera_mode, smaller.map(change), larger.map(change))
}

fn control_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    area: Rect,
    control: CameraControl,
    offered: Option<OfferedControl>,
) -> Option<CameraChange> {
    let (theme, language) = (&desk.stage.theme, desk.words.language);
    let name = cameras::control(language, control);
    let Some(offered) = offered else {
        said_ui(ui, desk, area, name, desk.words.camera_not_offered);
        return None;
    };
    let mut row = area;
    let steps = row.cut_right(row.width() * 0.3);
    row.cut_right(theme.px(12.0));
    let lock = row.cut_right(row.width() * 0.45);
    row.cut_right(theme.px(12.0));
    said_ui(ui, desk, row, name, &cameras::value(language, control, offered));
    let is_locked = matches!(offered.lock, Lock::Locked(_));
    let other = if is_locked { Lock::Auto } else { Lock::Locked(offered.now) };
    let turned = tab_ui(ui, theme, lock, &cameras::lock(language, control, is_locked), is_locked);
    // A twentieth of the range, in whole steps.
    let stride = ((offered.most - offered.least) / 20 / offered.step).max(1) * offered.step;
    let to = |value: i64| {
        let value = value.clamp(offered.least, offered.most);
        (is_locked && value != offered.now).then_some(CameraChange::Hold(control, Lock::Locked(value)))
    };
    let stepped = steps_ui(ui, desk, steps, name, to(offered.now - stride), to(offered.now + stride));
    turned.then_some(CameraChange::Hold(control, other)).or(stepped)
}

/// What something is, over what it is now.
fn said_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, name: &str, value: &str) {
    let theme = &desk.stage.theme;
    Text::new(name, Type::Strong).show(ui, theme, area.cut_top(area.height() * 0.5));
    Text::new(value, Type::Note).ink(Ink::Soft).show(ui, theme, area);
}

/// A key with a sign on it; what it is about stands beside it, and is announced.
fn step_ui(ui: &mut Ui, theme: &Theme, area: Rect, (name, sign): (&str, &str), enabled: bool) -> bool {
    let label = format!("{name} {sign}");
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(area, ui.make_persistent_id(("step", &label)), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &label));
    let (fill, edge, ink) = match (enabled, response.is_pointer_button_down_on()) {
        (false, _) => (theme::DISABLED, theme::DISABLED, Ink::Disabled),
        (true, true) => (theme::SURFACE_PRESSED, theme::LINE_STRONG, Ink::Strong),
        (true, false) => (theme::SURFACE, theme::LINE_STRONG, Ink::Strong),
    };
    ui.painter().rect(area, theme.px(20.0), fill, theme.stroke(2.0, edge), StrokeKind::Inside);
    Text::new(sign, Type::Heading).ink(ink).centred().silent().show(ui, theme, area);
    enabled && response.clicked()
}

/// Less and more, as far as there is any.
fn steps_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    area: Rect,
    name: &str,
    less: Option<CameraChange>,
    more: Option<CameraChange>,
) -> Option<CameraChange> {
    let theme = &desk.stage.theme;
    let [left, right] = area.columns([1.0; 2], theme.px(12.0));
    let lessened = step_ui(ui, theme, left, (name, "–"), less.is_some());
    let increased = step_ui(ui, theme, right, (name, "+"), more.is_some());
    if lessened {
        less
    } else if increased {
        more
    } else {
        None
    }
}
