//! The pictures on a student's stick, a page at a time.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::{Stage, heading_ui, on};
use crate::ui::layout::Cut;
use crate::ui::strings::imports;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, drawing, focus_ring, notice_height, notice_ui};
use crate::ui::{Intent, Picture};
use crate::visit::{Album, Event, Thumbnail};

pub fn pictures_ui(ui: &mut Ui, stage: &Stage<'_>, album: &Album) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1640.0).shrink2(vec2(0.0, theme.pick(40.0, 56.0)));
    let rows = if theme.upright { 2.0 } else { 1.0 };
    let buttons = area.cut_bottom(rows * theme.touch_height() + (rows - 1.0) * theme.px(20.0));
    area.cut_bottom(theme.px(28.0));
    heading_ui(ui, theme, &mut area, strings.pictures_title, strings.pictures_note);
    area.cut_top(theme.px(24.0));
    notice_about(ui, stage, &mut area, album);

    let mut intent = None;
    let on_page = album.count.unwrap_or(0).saturating_sub(album.first()).min(Album::PAGE);
    for (place, cell) in cells(stage, area).into_iter().enumerate().take(on_page) {
        let number = album.first() + place + 1;
        let picture = stage.view.thumbnails.get(place).copied().flatten();
        if picture_ui(ui, stage, cell, number, album.shown[place].as_ref(), picture) {
            intent = on(true, Event::ChoosePicture(place));
        }
    }
    intent.or(ways_ui(ui, stage, buttons, album))
}

fn notice_about(ui: &mut Ui, stage: &Stage<'_>, area: &mut Rect, album: &Album) {
    let Stage { theme, strings, .. } = stage;
    let (tone, headline, lines) = match album.problem {
        Some(problem) => {
            let (headline, todo) = imports::problem(strings.language, problem);
            (Tone::Warn, headline, vec![todo])
        }
        None if album.opening => (Tone::Info, strings.picture_opening.to_owned(), Vec::new()),
        None if album.count.is_none() => (Tone::Info, strings.pictures_looking.to_owned(), Vec::new()),
        None => return,
    };
    let height = notice_height(ui, theme, area.width(), &headline, &lines);
    notice_ui(ui, theme, area.cut_top(height), tone, &headline, &lines);
    area.cut_top(theme.px(20.0));
}

/// Four across on a wide screen, two on an upright one.
fn cells(stage: &Stage<'_>, area: Rect) -> Vec<Rect> {
    let theme = &stage.theme;
    let gap = theme.px(24.0);
    let columns = if theme.upright { 2 } else { 4 };
    let rows = Album::PAGE / columns;
    let height = (area.height() - gap * (rows - 1) as f32) / rows as f32;
    let mut rest = area;
    let mut cells = Vec::new();
    for _ in 0..rows {
        let mut line = rest.cut_top(height);
        rest.cut_top(gap);
        let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
        for _ in 0..columns {
            cells.push(line.cut_left(width));
            line.cut_left(gap);
        }
    }
    cells
}

fn picture_ui(
    ui: &mut Ui,
    stage: &Stage<'_>,
    area: Rect,
    number: usize,
    thumbnail: Option<&Thumbnail>,
    picture: Option<Picture>,
) -> bool {
    let Stage { theme, strings, .. } = stage;
    let name = imports::picture_name(strings.language, number);
    let response = ui.interact(area, ui.make_persistent_id(("picture", number)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    card_ui(ui, theme, area);
    let inside = area.shrink(theme.px(16.0));
    match (thumbnail, picture) {
        (Some(Err(_)), _) => {
            let mut middle = Rect::from_center_size(inside.center(), vec2(inside.width(), theme.px(130.0)));
            drawing::attention(ui.painter(), middle.cut_top(theme.px(72.0)), theme::WARN);
            Text::new(strings.pictures_unreadable, Type::Note).ink(Ink::Warn).centred().show(ui, theme, middle);
        }
        (_, Some(picture)) => {
            let whole = Rect::from_min_max([0.0, 0.0].into(), [1.0, 1.0].into());
            ui.painter().image(picture.texture, inside.fit(picture.size_px), whole, theme::UNTINTED);
        }
        _ => {
            Text::new(&number.to_string(), Type::Title).ink(Ink::Soft).centred().silent().show(ui, theme, inside);
        }
    }
    if response.is_pointer_button_down_on() {
        ui.painter().rect_stroke(area, theme.radius(), theme.stroke(6.0, theme::ACCENT), StrokeKind::Inside);
    }
    focus_ring(ui, theme, &response, theme.radius());
    response.clicked()
}

/// Back and look again, and where there are more pictures, leaf.
fn ways_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, album: &Album) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let gap = theme.px(20.0);
    let [ways, mut leaves] = match theme.upright {
        true => {
            let mut lower = area;
            let upper = lower.cut_top(theme.touch_height());
            lower.cut_top(gap);
            [lower, upper]
        }
        false => area.columns([1.0, 1.4], theme.px(60.0)),
    };
    let [back, again] = ways.columns([1.0; 2], gap);
    let mut intent = on(Button::quiet(strings.back).show(ui, theme, back), Event::Back);
    intent = intent.or(on(Button::quiet(strings.pictures_again).show(ui, theme, again), Event::ReadStick));
    if album.pages() > 1 {
        let width = (leaves.width() - theme.px(240.0)) / 2.0;
        let (before, after) = (leaves.cut_left(width), leaves.cut_right(width));
        let words = imports::page(strings.language, album.page, album.pages());
        Text::new(&words, Type::Note).ink(Ink::Soft).centred().show(ui, theme, leaves);
        let turn = |page| Event::TurnPage(page);
        let button = Button::quiet(strings.page_before).enabled(album.page > 0);
        intent = intent.or(on(button.show(ui, theme, before), turn(album.page.saturating_sub(1))));
        let button = Button::quiet(strings.page_after).enabled(album.page + 1 < album.pages());
        intent = intent.or(on(button.show(ui, theme, after), turn(album.page + 1)));
    }
    intent
}
