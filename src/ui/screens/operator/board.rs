//! The dashboard: a light for each part of the booth, what to do about it, and where staff go from here.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::{Desk, foot, instead_ui, light_ui, light_word, on, page};
use crate::operator::lights::light;
use crate::operator::{Event, Facts, Light, Place, Subject};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::{lights, sentences};
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui};

pub fn board_ui(ui: &mut Ui, desk: &Desk<'_>, facts: Option<&Facts>, open: Option<Subject>) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    if let Some((facts, subject)) = facts.zip(open) {
        return advice_ui(ui, desk, area, facts, subject);
    }
    let role = desk.view.role.map_or("", |role| sentences::role(words.language, role));
    heading_ui(ui, theme, &mut area, words.board_title, &format!("{role} · {}", words.board_hint));
    area.cut_top(theme.px(20.0));
    let went = places_ui(ui, desk, &mut area);
    let Some(facts) = facts else {
        instead_ui(ui, desk, area, words.board_waiting);
        return went;
    };
    let columns = if theme.upright { 2 } else { 4 };
    let rows = Subject::ALL.len().div_ceil(columns);
    let gap = theme.px(16.0);
    let height = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(theme.px(150.0));
    let mut touched = None;
    for subjects in Subject::ALL.chunks(columns) {
        let row = area.cut_top(height);
        area.cut_top(gap);
        let width = (row.width() - gap * (columns - 1) as f32) / columns as f32;
        let mut rest = row;
        for subject in subjects {
            let card = rest.cut_left(width);
            rest.cut_left(gap);
            touched = touched.or(on(light_card_ui(ui, desk, card, facts, *subject), Event::OpenLight(*subject)));
        }
    }
    went.or(touched)
}

/// Takes the buttons' rows off the foot of the page.
fn places_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect) -> Option<Intent> {
    let theme = &desk.stage.theme;
    let (columns, gap) = (if theme.upright { 3 } else { 6 }, theme.px(20.0));
    let rows = Place::ALL.len().div_ceil(columns);
    let height = theme.px(96.0);
    let mut rest = area.cut_bottom(height * rows as f32 + gap * (rows - 1) as f32);
    area.cut_bottom(theme.px(24.0));
    let width = (rest.width() - gap * (columns - 1) as f32) / columns as f32;
    let mut went = None;
    for places in Place::ALL.chunks(columns) {
        let mut row = rest.cut_top(height);
        rest.cut_top(gap);
        for place in places {
            let button = row.cut_left(width);
            row.cut_left(gap);
            let may = desk.view.role.is_some_and(|role| role.may(place.action()));
            let label = sentences::place(desk.words.language, *place);
            let pressed = Button::secondary(label).enabled(may).show(ui, theme, button);
            went = went.or(on(pressed, Event::Go(*place)));
        }
    }
    went
}

/// Paints one light as a card to touch.
fn light_card_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, facts: &Facts, subject: Subject) -> bool {
    let (theme, language) = (&desk.stage.theme, desk.words.language);
    let name = lights::subject(language, subject);
    let response = ui.interact(area, ui.make_persistent_id(("light", name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let fill = if response.is_pointer_button_down_on() { theme::SURFACE_PRESSED } else { theme::SURFACE };
    ui.painter().rect(area, theme.px(20.0), fill, theme.stroke(2.0, theme::LINE), StrokeKind::Inside);
    let mut rest = area.shrink2(vec2(theme.px(24.0), theme.px(12.0)));
    let light = light(facts, subject);
    let mark = rest.cut_left(theme.px(52.0));
    light_ui(ui, mark, light);
    rest.cut_left(theme.px(24.0));
    let mut head = rest.cut_top(rest.height() * 0.48);
    if let Some((word, ink)) = light_word(desk.words, light) {
        let place = head.cut_right(theme.px(120.0));
        let align = eframe::egui::Align2::RIGHT_CENTER;
        Text::new(word, Type::Note).ink(ink).align(align).show(ui, theme, place);
    }
    Text::new(name, Type::Strong).silent().show(ui, theme, head);
    Text::new(&lights::value(language, facts, subject), Type::Note).ink(Ink::Soft).show(ui, theme, rest);
    response.clicked()
}

/// One light, large, with what to do about it.
fn advice_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, facts: &Facts, subject: Subject) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let light = light(facts, subject);
    let mut buttons = foot(theme, &mut area);
    let back = Button::secondary(words.back).show(ui, theme, buttons.cut_left(theme.px(320.0)));
    buttons.cut_left(theme.px(24.0));
    let place = where_to(subject)
        .filter(|place| light != Light::Green && desk.view.role.is_some_and(|role| role.may(place.action())));
    let went = place.and_then(|place| {
        let label = sentences::place(words.language, place);
        on(Button::primary(label).show(ui, theme, buttons.cut_left(theme.px(420.0))), Event::Go(place))
    });
    let mut head = area.cut_top(theme.px(120.0));
    let mark = head.cut_left(theme.px(96.0));
    light_ui(ui, mark, light);
    head.cut_left(theme.px(32.0));
    let (name, value) = (lights::subject(words.language, subject), lights::value(words.language, facts, subject));
    heading_ui(ui, theme, &mut head, name, &value);
    area.cut_top(theme.px(40.0));
    let lines = lights::advice(words.language, facts, subject, light);
    let row = theme.px(96.0);
    let card = area.cut_top(row * (lines.len() as f32 + 1.0) + theme.px(40.0));
    card_ui(ui, theme, card);
    let mut rest = card.shrink2(vec2(theme.px(48.0), theme.px(20.0)));
    Text::new(words.what_to_do, Type::Heading).ink(Ink::Accent).show(ui, theme, rest.cut_top(row));
    for line in &lines {
        Text::new(line, Type::Lead).show(ui, theme, rest.cut_top(row));
    }
    on(back, Event::Back).or(went)
}

/// The page on which staff do something about it themselves.
fn where_to(subject: Subject) -> Option<Place> {
    match subject {
        Subject::Camera => Some(Place::Camera),
        Subject::Plate => Some(Place::Plate),
        Subject::Queue => Some(Place::Queue),
        Subject::Upload => Some(Place::Stick),
        Subject::Version => Some(Place::Update),
        _ => None,
    }
}
