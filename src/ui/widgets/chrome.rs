//! What stands on every screen: brand, the four steps, language, exit, the demo ribbon, and the
//! question whether anybody is still there.

use std::time::{Duration, Instant};

use eframe::egui::{Align2, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{Button, Text, button::focus_ring, drawing};
use crate::ui::layout::Cut;
use crate::ui::strings::{Strings, sentences};
use crate::ui::theme::{self, Ink, Theme, Type};

/// How long before the deadline the booth asks.
pub const STILL_THERE_FROM: Duration = Duration::from_secs(15);

/// The step that comes after the visit where the booth has no link with WeChat.
const LINK_STEP: usize = 1;

pub enum TopBarTouch {
    /// The brand was held: staff want to come in.
    Staff,
    OtherLanguage,
    Leave,
    Help,
}

/// What the top bar shows besides brand and language.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct TopBar {
    /// Which of the four steps the student is at.
    pub step: Option<usize>,
    /// Whether the second step is part of the visit.
    pub links_wechat: bool,
    pub may_leave: bool,
    /// Whether there is help now.
    pub may_ask: bool,
    /// Not where both languages are shown at once.
    pub may_choose_language: bool,
    /// Whether holding the brand opens operator mode.
    pub may_open_operator: bool,
}

/// Takes the top bar's height off `window`.
pub fn top_bar_ui(
    ui: &mut Ui,
    theme: &Theme,
    window: &mut Rect,
    strings: &Strings,
    bar: TopBar,
) -> Option<TopBarTouch> {
    let mut area = window.cut_top(theme.px(136.0));
    let steps_area = match bar.step {
        Some(_) if theme.upright => Some(window.cut_top(theme.px(112.0))),
        _ => None,
    };
    let whole = steps_area.map_or(area, |steps| area.union(steps));
    ui.painter().rect_filled(whole, 0.0, theme::SURFACE);
    ui.painter().hline(whole.x_range(), whole.bottom(), theme.stroke(1.5, theme::LINE));

    let mut touch = None;
    area = area.shrink2(vec2(theme.margin(), theme.px(24.0)));
    let brand = area.cut_left(theme.px(390.0));
    brand_ui(ui, theme, brand, strings);
    if bar.may_open_operator && is_held(ui, theme, brand, strings.staff_corner) {
        touch = Some(TopBarTouch::Staff);
    }
    if bar.may_leave {
        if Button::quiet(strings.leave).show(ui, theme, area.cut_right(theme.px(140.0))) {
            touch = Some(TopBarTouch::Leave);
        }
        area.cut_right(theme.px(20.0));
    }
    if bar.may_choose_language && Button::quiet(strings.other_language).show(ui, theme, area.cut_right(theme.px(170.0)))
    {
        touch = Some(TopBarTouch::OtherLanguage);
    }
    if bar.may_ask {
        area.cut_right(theme.px(20.0));
        if Button::quiet(strings.help).show(ui, theme, area.cut_right(theme.px(140.0))) {
            touch = Some(TopBarTouch::Help);
        }
    }
    if let Some(step) = bar.step {
        let steps = match steps_area {
            Some(steps) => steps.shrink2(vec2(theme.margin() / 2.0, 0.0)),
            None => area.shrink2(vec2(theme.px(12.0), 0.0)),
        };
        progress_ui(ui, theme, steps, strings, step, bar.links_wechat);
    }
    touch
}

/// Nobody does that by accident, and everybody who was told can.
const HOLD_SECONDS: f64 = 1.5;

/// Whether a finger has rested here long enough, or a keyboard or screen reader has pressed it.
fn is_held(ui: &mut Ui, theme: &Theme, area: Rect, name: &str) -> bool {
    // A press that lasts is no click any more, but still a drag.
    let response = ui.interact(area, ui.make_persistent_id("brand"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    focus_ring(ui, theme, &response, theme.px(20.0));
    let (held, pointed) = ui.input(|input| {
        let since = input.pointer.press_start_time();
        (since.map_or(0.0, |start| input.time - start), input.pointer.any_released())
    });
    (response.is_pointer_button_down_on() && held >= HOLD_SECONDS) || (response.clicked() && !pointed)
}

fn brand_ui(ui: &mut Ui, theme: &Theme, mut area: Rect, strings: &Strings) {
    let mark = area.cut_left(area.height()).shrink(theme.px(4.0));
    drawing::brand_mark(ui.painter(), mark);
    area.cut_left(theme.px(20.0));
    let name = area.cut_top(area.height() * 0.58);
    Text::new(strings.brand, Type::Heading).ink(Ink::Strong).align(Align2::LEFT_CENTER).show(ui, theme, name);
    Text::new(strings.brand_note, Type::Note).ink(Ink::Soft).align(Align2::LEFT_CENTER).show(ui, theme, area);
}

/// The four steps, with the ones behind ticked and the later one muted.
fn progress_ui(ui: &mut Ui, theme: &Theme, area: Rect, strings: &Strings, current: usize, links_wechat: bool) {
    let columns = area.columns([1.0; 4], 0.0);
    let disc = theme.px(21.0);
    let centre = |column: &Rect| pos2(column.center().x, column.top() + disc + theme.px(2.0));
    for pair in columns.windows(2) {
        let (from, to) = (centre(&pair[0]), centre(&pair[1]));
        let gap = disc + theme.px(14.0);
        ui.painter().hline((from.x + gap)..=(to.x - gap), from.y, theme.stroke(3.0, theme::LINE));
    }
    for (index, mut column) in columns.into_iter().enumerate() {
        let at = centre(&column);
        let later = index == LINK_STEP && !links_wechat;
        let behind = index < current && !later;
        let number = (index + 1).to_string();
        let number_area = Rect::from_center_size(at, vec2(2.0, 2.0) * disc);
        let ink = if index == current {
            ui.painter().circle_filled(at, disc, theme::ACCENT);
            Text::new(&number, Type::Note).ink(Ink::OnAccent).centred().silent().show(ui, theme, number_area);
            Ink::Accent
        } else if behind {
            drawing::check_disc(ui.painter(), number_area, theme::GOOD);
            Ink::Strong
        } else {
            ui.painter().circle(at, disc, theme::SURFACE, theme.stroke(2.0, theme::LINE_STRONG));
            Text::new(&number, Type::Note).ink(Ink::Soft).centred().silent().show(ui, theme, number_area);
            Ink::Soft
        };
        column.cut_top(2.0 * disc + theme.px(6.0));
        let label = column.cut_top(theme.px(40.0)).shrink2(vec2(theme.px(4.0), 0.0));
        if later {
            Text::new(strings.step_later, Type::Note).ink(Ink::Soft).centred().show(ui, theme, label);
        } else {
            Text::new(strings.steps[index], Type::Note).ink(ink).centred().show(ui, theme, label);
        }
    }
}

/// Takes the ribbon's height off `window`.
pub fn demo_ribbon_ui(ui: &mut Ui, theme: &Theme, window: &mut Rect, strings: &Strings) {
    let area = window.cut_top(theme.px(56.0));
    ui.painter().rect_filled(area, 0.0, theme::WARN_SOFT);
    Text::new(strings.demo_ribbon, Type::Note).ink(Ink::Warn).centred().show(
        ui,
        theme,
        area.shrink2(vec2(theme.margin(), 0.0)),
    );
}

/// Takes the height of "the staff have been called" off `window`.
pub fn staff_called_ui(ui: &mut Ui, theme: &Theme, window: &mut Rect, strings: &Strings) {
    let area = window.cut_top(theme.px(56.0));
    ui.painter().rect_filled(area, 0.0, theme::GOOD_SOFT);
    let words = area.shrink2(vec2(theme.margin(), 0.0));
    Text::new(strings.staff_called, Type::Note).ink(Ink::Good).centred().show(ui, theme, words);
}

/// Whole seconds left, rounded up, so that "1" is shown until the end.
pub fn seconds_left(now: Instant, deadline: Instant) -> u64 {
    let left = deadline.saturating_duration_since(now);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// Asks over the screen shortly before the deadline. Returns true when somebody answers.
pub fn still_there_ui(
    ui: &mut Ui,
    theme: &Theme,
    below: Rect,
    strings: &Strings,
    now: Instant,
    deadline: Instant,
) -> bool {
    if deadline.saturating_duration_since(now) > STILL_THERE_FROM {
        return false;
    }
    let width = (below.width() - theme.margin()).min(theme.px(1280.0));
    let area = Rect::from_center_size(
        pos2(below.center().x, below.top() + theme.px(16.0 + 76.0)),
        vec2(width, theme.px(152.0)),
    );
    // What is below the banner is not touched through it.
    ui.interact(area, ui.make_persistent_id("still there"), Sense::click());
    ui.painter().add(theme.shadow().as_shape(area, theme.radius()));
    ui.painter().rect(area, theme.radius(), theme::WARN_SOFT, theme.stroke(3.0, theme::WARN), StrokeKind::Inside);

    let mut rest = area.shrink2(vec2(theme.px(32.0), theme.px(24.0)));
    let button = rest.cut_right(theme.px(250.0));
    let button = Rect::from_center_size(button.center(), vec2(button.width(), theme.px(96.0)));
    rest.cut_right(theme.px(24.0));
    let icon = rest.cut_left(theme.px(72.0));
    drawing::attention(ui.painter(), icon.fit(vec2(1.0, 1.0)), theme::WARN);
    rest.cut_left(theme.px(24.0));
    let headline = rest.cut_top(rest.height() * 0.5);
    Text::new(strings.still_there, Type::Heading).ink(Ink::Warn).show(ui, theme, headline);
    let sentence = sentences::ends_in(strings.language, seconds_left(now, deadline));
    Text::new(&sentence, Type::Note).ink(Ink::Strong).show(ui, theme, rest);
    Button::primary(strings.still_there_yes).show(ui, theme, button)
}
