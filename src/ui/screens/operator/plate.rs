//! A new background plate: how to empty the booth, the live picture, and how fit the taken one is.

use eframe::egui::{Rect, Ui, vec2};

use super::{Desk, foot, on, page};
use crate::operator::{Event, Plate, TakenPlate};
use crate::photo::plate::GOOD;
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::screens::review::picture_ui;
use crate::ui::screens::summary::facts_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::theme::Type;
use crate::ui::widgets::preview::preview_ui;
use crate::ui::widgets::{Button, Text, Tone, notice_height, notice_ui};

pub fn plate_ui(ui: &mut Ui, desk: &Desk<'_>, plate: &Plate) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let buttons = foot(theme, &mut area);
    heading_ui(ui, theme, &mut area, words.plate_title, words.plate_note);
    area.cut_top(theme.px(24.0));
    let (picture, side) = if theme.upright {
        let picture = area.cut_top(area.height() * 0.4);
        area.cut_top(theme.px(32.0));
        (picture, area)
    } else {
        let [picture, side] = area.columns([1.2, 1.0], theme.px(48.0));
        (picture, side)
    };
    match (plate, desk.view.picture) {
        (Plate::Taken(_), Some(taken)) => {
            picture_ui(ui, &desk.stage, picture, Some(taken), words.plate_picture);
        }
        _ => {
            let live = desk.stage.view.preview;
            let shape = live.map_or(vec2(16.0, 9.0), |live| live.size_px);
            preview_ui(ui, theme, picture.fit(shape), theme.radius(), live, desk.stage.strings);
        }
    }
    match plate {
        Plate::Taken(taken) => taken_ui(ui, desk, side, taken),
        Plate::Kept => {
            tell_ui(ui, desk, side, Tone::Good, words.plate_kept, &[words.plate_kept_next.to_owned()]);
        }
        Plate::Taking => tell_ui(ui, desk, side, Tone::Info, words.plate_taking, &[]),
        Plate::Prepare(problem) => {
            let mut side = side;
            if let Some(problem) = problem {
                let (headline, line) = sentences::plate_problem(words.language, *problem);
                let lines = [line.to_owned()];
                let height = notice_height(ui, theme, side.width(), headline, &lines);
                tell_ui(ui, desk, side.cut_top(height), Tone::Warn, headline, &lines);
                side.cut_top(theme.px(20.0));
            }
            steps_ui(ui, desk, side);
        }
    }
    buttons_ui(ui, desk, buttons, plate)
}

fn buttons_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, plate: &Plate) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let [back, take, keep] = area.columns([1.0; 3], theme.px(24.0));
    let is_free = !matches!(plate, Plate::Taking) && !desk.view.is_waiting;
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let (took, kept) = match plate {
        Plate::Taken(_) => (
            Button::secondary(words.plate_again).enabled(is_free).show(ui, theme, take),
            Button::primary(words.plate_keep).enabled(is_free).show(ui, theme, keep),
        ),
        Plate::Kept => (Button::secondary(words.plate_again).enabled(is_free).show(ui, theme, take), false),
        _ => (Button::primary(words.plate_take).enabled(is_free).show(ui, theme, take), false),
    };
    on(went_back, Event::Back).or(on(took, Event::TakePlate)).or(on(kept, Event::KeepPlate))
}

fn tell_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, tone: Tone, headline: &str, lines: &[String]) {
    let theme = &desk.stage.theme;
    let height = notice_height(ui, theme, area.width(), headline, lines).max(theme.px(96.0));
    notice_ui(ui, theme, area.cut_top(height), tone, headline, lines);
}

fn steps_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect) {
    let theme = &desk.stage.theme;
    for (index, step) in desk.words.plate_steps.iter().enumerate() {
        let row = area.cut_top(theme.px(104.0));
        Text::new(&format!("{}. {step}", index + 1), Type::Lead).show(ui, theme, row);
    }
}

fn taken_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, taken: &TakenPlate) {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let fitness = taken.fitness;
    let (tone, line) =
        if fitness.score >= GOOD { (Tone::Good, words.plate_good) } else { (Tone::Warn, words.plate_poor) };
    let headline = sentences::fitness(words.language, fitness.score);
    let lines = [line.to_owned()];
    let height = notice_height(ui, theme, area.width(), &headline, &lines);
    notice_ui(ui, theme, area.cut_top(height), tone, &headline, &lines);
    area.cut_top(theme.px(24.0));
    let facts = [
        (words.plate_brightness, format!("{:.0}", fitness.brightness)),
        (words.plate_evenness, format!("{:.0}", fitness.unevenness)),
        (words.plate_clutter, sentences::percent(fitness.clutter)),
        (words.plate_burnt_out, sentences::percent(fitness.burnt_out)),
    ];
    facts_ui(ui, &desk.stage, area, &facts);
}
