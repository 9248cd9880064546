//! The roster page: files of a stick, what one of them says, and its import.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::queue::tab_ui;
use super::{Desk, bar_ui, foot, instead_ui, on, page};
use crate::operator::{
    Event, Place, ROSTER_COLUMNS, ROSTER_FILES, ROSTER_PROBLEMS, ROSTER_VALUES, RosterCounts, RosterFile, RosterPage,
    RosterPlaces, RosterRead, RosterTouch, RosterView, may_be_left_out,
};
use crate::roster::{Field, Headings, MOST_TOLD};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::strings::operator::rosters;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui};

pub fn roster_ui(ui: &mut Ui, desk: &Desk<'_>, roster: &RosterPage) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let read = match roster {
        RosterPage::Files { files, first } => return files_ui(ui, desk, area, files.as_deref(), *first),
        RosterPage::Read(read) => read,
        other => {
            let is_over = matches!(other, RosterPage::Imported(_) | RosterPage::Failed(_));
            let [back, again] = foot(theme, &mut area).columns([1.0; 2], theme.px(24.0));
            let (label, is_free, leave) = match other {
                RosterPage::Importing { is_stopping, .. } => {
                    (words.roster_stop, !is_stopping, Event::Roster(RosterTouch::Stop))
                }
                _ => (words.back, true, Event::Back),
            };
            let left = Button::secondary(label).enabled(is_free).show(ui, theme, back);
            let went_on = Button::primary(words.roster_another).enabled(is_over).show(ui, theme, again);
            heading_ui(ui, theme, &mut area, words.roster_title, words.roster_note);
            area.cut_top(theme.px(28.0));
            work_ui(ui, desk, &mut area, other);
            return on(left, leave).or(on(went_on, Event::Go(Place::Roster)));
        }
    };
    match (read.view, &read.found.headings, &read.found.counts) {
        (RosterView::Columns { field, first }, Some(headings), _) => {
            columns_ui(ui, desk, area, headings, (field, first))
        }
        (RosterView::Values(field), ..) => values_ui(ui, desk, area, read, field),
        (RosterView::Problems { first }, _, Ok(counts)) => problems_ui(ui, desk, area, (read, counts), first),
        (RosterView::Sure, _, Ok(counts)) => sure_ui(ui, desk, area, counts),
        _ => read_ui(ui, desk, area, read),
    }
}

/// What is being done, or was.
fn work_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, roster: &RosterPage) {
    let language = desk.words.language;
    match roster {
        RosterPage::Reading { rows, .. } => say_ui(ui, desk, area, Tone::Info, &rosters::reading(language, *rows), &[]),
        RosterPage::Importing { done, of, is_stopping, .. } => {
            let (headline, line) = rosters::importing(language, *done, *of, *is_stopping);
            say_ui(ui, desk, area, Tone::Info, &headline, &[line]);
            bar_ui(ui, desk, area, *done, *of);
        }
        RosterPage::Imported(done) => {
            let (headline, lines) = rosters::imported(language, *done);
            say_ui(ui, desk, area, Tone::Good, &headline, &lines);
        }
        RosterPage::Failed(problem) => {
            let (headline, line) = rosters::page_problem(language, *problem);
            say_ui(ui, desk, area, Tone::Warn, headline, &[line.to_owned()]);
        }
        RosterPage::Files { .. } | RosterPage::Read(_) => {}
    }
}

/// Takes the height of a notice off the page.
fn say_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, tone: Tone, headline: &str, lines: &[String]) {
    let theme = &desk.stage.theme;
    let height = notice_height(ui, theme, area.width(), headline, lines);
    notice_ui(ui, theme, area.cut_top(height), tone, headline, lines);
    area.cut_top(theme.px(16.0));
}

/// "Back", the pages, and one button of the page's own at its foot.
fn pages_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    area: &mut Rect,
    (first, lines, all): (usize, usize, usize),
    own: Option<(&str, bool, Event)>,
) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let [back, before, after, last] = foot(theme, area).columns([1.0; 4], theme.px(20.0));
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let went_before = Button::secondary(words.page_before).enabled(first > 0).show(ui, theme, before);
    let went_after = Button::secondary(words.page_after).enabled(first + lines < all).show(ui, theme, after);
    let pressed = own
        .and_then(|(label, enabled, event)| on(Button::secondary(label).enabled(enabled).show(ui, theme, last), event));
    on(went_back, Event::Back).or(on(went_before, Event::Newer)).or(on(went_after, Event::Older)).or(pressed)
}

fn files_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    mut area: Rect,
    files: Option<&[RosterFile]>,
    first: usize,
) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let all = files.map_or(0, <[_]>::len);
    let look = Some((words.search, true, Event::Go(Place::Roster)));
    let turned = pages_ui(ui, desk, &mut area, (first, ROSTER_FILES, all), look);
    heading_ui(ui, theme, &mut area, words.roster_title, words.roster_note);
    area.cut_top(theme.px(24.0));
    let mut chosen = None;
    match files {
        None => instead_ui(ui, desk, area, words.roster_looking),
        Some([]) => instead_ui(ui, desk, area, words.roster_none),
        Some(files) => {
            let gap = theme.px(12.0);
            let height = ((area.height() + gap) / ROSTER_FILES as f32 - gap).min(theme.px(124.0));
            for (index, file) in files.iter().enumerate().skip(first).take(ROSTER_FILES) {
                let place = area.cut_top(height);
                area.cut_top(gap);
                let touched = on(file_ui(ui, desk, place, index, file), Event::Roster(RosterTouch::Read(file.clone())));
                chosen = chosen.or(touched);
            }
        }
    }
    turned.or(chosen)
}

fn file_ui(ui: &mut Ui, desk: &Desk<'_>, area: Rect, index: usize, file: &RosterFile) -> bool {
    let theme = &desk.stage.theme;
    let (inside, pressed) = touch_ui(ui, desk, area, ("roster file", index), &file.name, theme::LINE);
    let [name, stick, size] = inside.columns([2.6, 1.2, 0.6], theme.px(20.0));
    Text::new(&file.name, Type::Strong).silent().show(ui, theme, name);
    Text::new(&file.stick.name, Type::Note).ink(Ink::Soft).show(ui, theme, stick);
    let bytes = rosters::file_size(file.bytes);
    Text::new(&bytes, Type::Note).ink(Ink::Soft).align(eframe::egui::Align2::RIGHT_CENTER).show(ui, theme, size);
    pressed
}

/// A card to touch; returns its inside and whether it was.
fn touch_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    area: Rect,
    id: (&str, usize),
    label: &str,
    edge: eframe::egui::Color32,
) -> (Rect, bool) {
    let theme = &desk.stage.theme;
    let response = ui.interact(area, ui.make_persistent_id(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    let fill = if response.is_pointer_button_down_on() { theme::SURFACE_PRESSED } else { theme::SURFACE };
    ui.painter().rect(area, theme.px(16.0), fill, theme.stroke(2.0, edge), StrokeKind::Inside);
    (area.shrink2(vec2(theme.px(24.0), theme.px(8.0))), response.clicked())
}

/// The dry run: numbers, and which column is what.
fn read_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, read: &RosterRead) -> Option<Intent> {
    let (theme, words, language) = (&desk.stage.theme, desk.words, desk.words.language);
    let found = &read.found;
    let counts = found.counts.as_ref().ok();
    let [back, problems, import] = foot(theme, &mut area).columns([1.0; 3], theme.px(24.0));
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let has_problems = counts.is_some() && !found.problems.is_empty();
    let looked = Button::secondary(words.roster_problems).enabled(has_problems).show(ui, theme, problems);
    let label =
        if counts.is_some_and(|counts| counts.bad > 0) { words.roster_import_rest } else { words.roster_import };
    let can_import = counts.is_some_and(|counts| counts.good() > 0);
    let imported = Button::primary(label).enabled(can_import).show(ui, theme, import);
    heading_ui(ui, theme, &mut area, words.roster_title, &format!("{} · {}", read.file.name, read.file.stick.name));
    area.cut_top(theme.px(16.0));
    let (tone, (headline, lines)) = match &found.counts {
        Ok(counts) if counts.bad > 0 || counts.good() == 0 => (Tone::Warn, rosters::ready(language, counts)),
        Ok(counts) => (Tone::Good, rosters::ready(language, counts)),
        Err(error) => {
            let (headline, line) = rosters::file_error(language, error);
            (Tone::Warn, (headline, vec![line]))
        }
    };
    say_ui(ui, desk, &mut area, tone, &headline, &lines);
    if let Some(counts) = counts {
        counts_ui(ui, desk, &mut area, counts);
    }
    let touched = match &found.headings {
        Some(headings) => fields_ui(ui, desk, area, headings, &read.places),
        None => {
            if counts.is_some() {
                instead_ui(ui, desk, area, words.roster_json);
            }
            None
        }
    };
    on(went_back, Event::Back)
        .or(on(looked, Event::Roster(RosterTouch::Problems)))
        .or(on(imported, Event::Roster(RosterTouch::Import)))
        .or(touched)
}

/// Takes five numbers off the page.
fn counts_ui(ui: &mut Ui, desk: &Desk<'_>, area: &mut Rect, counts: &RosterCounts) {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let card = area.cut_top(theme.px(104.0));
    area.cut_top(theme.px(16.0));
    card_ui(ui, theme, card);
    let numbers = [
        (words.roster_rows, counts.rows, Ink::Strong),
        (words.roster_added, counts.added, Ink::Good),
        (words.roster_known, counts.known, Ink::Strong),
        (words.roster_repeated, counts.repeated, Ink::Strong),
        (words.roster_bad, counts.bad, if counts.bad > 0 { Ink::Warn } else { Ink::Strong }),
    ];
    let places = card.shrink2(vec2(theme.px(24.0), theme.px(8.0))).columns([1.0; 5], theme.px(16.0));
    for ((label, number, ink), mut place) in numbers.into_iter().zip(places) {
        let label_area = place.cut_top(place.height() * 0.42);
        Text::new(label, Type::Note).ink(Ink::Soft).show(ui, theme, label_area);
        Text::new(&number.to_string(), Type::Heading).ink(ink).show(ui, theme, place);
    }
}

/// Each field with its column, five or two beside each other.
fn fields_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    mut area: Rect,
    headings: &Headings,
    places: &RosterPlaces,
) -> Option<Intent> {
    let (theme, words, language) = (&desk.stage.theme, desk.words, desk.words.language);
    let note = Text::new(words.roster_fields, Type::Note).ink(Ink::Soft);
    let height = note.height(ui, theme, area.width());
    note.show(ui, theme, area.cut_top(height));
    area.cut_top(theme.px(10.0));
    let columns = if theme.upright { 2 } else { 5 };
    let mut touched = None;
    for (index, (field, place)) in Field::ALL.into_iter().zip(grid(desk, area, columns, Field::ALL.len())).enumerate() {
        let (column, is_well) = rosters::taken_from(language, headings, places, field);
        let name = rosters::field(language, field);
        let edge = if is_well { theme::LINE } else { theme::WARN };
        let (mut inside, pressed) = touch_ui(ui, desk, place, ("roster field", index), name, edge);
        let name_area = inside.cut_top(inside.height() * 0.42);
        Text::new(name, Type::Note).ink(Ink::Soft).silent().show(ui, theme, name_area);
        let ink = if is_well { Ink::Strong } else { Ink::Warn };
        Text::new(&column, Type::Strong).ink(ink).show(ui, theme, inside);
        touched = touched.or(on(pressed, Event::Roster(RosterTouch::Field(field))));
    }
    touched
}

/// Places for so many cards.
fn grid(desk: &Desk<'_>, area: Rect, columns: usize, count: usize) -> impl Iterator<Item = Rect> + use<> {
    let theme = &desk.stage.theme;
    let (gap, rows) = (theme.px(12.0), count.div_ceil(columns));
    let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let height = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(theme.px(124.0));
    (0..count).map(move |index| {
        let (row, column) = ((index / columns) as f32, (index % columns) as f32);
        Rect::from_min_size(area.min + vec2(column * (width + gap), row * (height + gap)), vec2(width, height))
    })
}

/// Which column a field is.
fn columns_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    mut area: Rect,
    headings: &Headings,
    (field, first): (Field, usize),
) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let all = headings.names.len();
    let without = if field.may_be_the_same() {
        (words.roster_same, true, Event::Roster(RosterTouch::SameForAll))
    } else {
        (words.roster_no_column, may_be_left_out(field), Event::Roster(RosterTouch::Column(None)))
    };
    let turned = pages_ui(ui, desk, &mut area, (first, ROSTER_COLUMNS, all), Some(without));
    let title = rosters::which_column(words.language, field);
    heading_ui(ui, theme, &mut area, &title, words.roster_columns_note);
    area.cut_top(theme.px(24.0));
    let columns = if theme.upright { 2 } else { 3 };
    let mut chosen = None;
    for (place, card) in (first..all).zip(grid(desk, area, columns, ROSTER_COLUMNS)) {
        let label = rosters::column(headings, place);
        let pressed = tab_ui(ui, theme, card, &label, headings.columns.place(field) == Some(place));
        chosen = chosen.or(on(pressed, Event::Roster(RosterTouch::Column(Some(place)))));
    }
    turned.or(chosen)
}

/// What a field is for all students.
fn values_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, read: &RosterRead, field: Field) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let [back, ..] = foot(theme, &mut area).columns([1.0; 4], theme.px(20.0));
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    heading_ui(ui, theme, &mut area, &rosters::same_for_all(words.language, field), words.roster_same_note);
    area.cut_top(theme.px(24.0));
    let values: Vec<_> = read.found.offered(field).collect();
    if values.is_empty() {
        instead_ui(ui, desk, area, words.roster_same_none);
    }
    let columns = if theme.upright { 2 } else { 3 };
    let mut chosen = on(went_back, Event::Back);
    for (value, card) in values.iter().zip(grid(desk, area, columns, ROSTER_VALUES)) {
        let pressed = tab_ui(ui, theme, card, value, read.places.value(field) == Some(value));
        chosen = chosen.or(on(pressed, Event::Roster(RosterTouch::Value((*value).to_owned()))));
    }
    chosen
}

fn problems_ui(
    ui: &mut Ui,
    desk: &Desk<'_>,
    mut area: Rect,
    (read, counts): (&RosterRead, &RosterCounts),
    first: usize,
) -> Option<Intent> {
    let (theme, words, language) = (&desk.stage.theme, desk.words, desk.words.language);
    let problems = &read.found.problems;
    let turned = pages_ui(ui, desk, &mut area, (first, ROSTER_PROBLEMS, problems.len()), None);
    let note = if problems.len() < MOST_TOLD { words.roster_problems_note } else { words.roster_problems_first };
    heading_ui(ui, theme, &mut area, &rosters::problems_title(language, counts), note);
    area.cut_top(theme.px(20.0));
    let shown = &problems[first.min(problems.len())..(first + ROSTER_PROBLEMS).min(problems.len())];
    let height = (area.height() / ROSTER_PROBLEMS as f32).min(theme.px(120.0));
    let card = area.cut_top(height * shown.len() as f32);
    card_ui(ui, theme, card);
    let mut rows = card.shrink2(vec2(theme.px(28.0), 0.0));
    for (index, problem) in shown.iter().enumerate() {
        let row = rows.cut_top(height);
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        let (place, what) = rosters::problem(language, problem);
        let [left, right] = row.columns([1.0, if theme.upright { 1.7 } else { 3.0 }], theme.px(20.0));
        Text::new(&place, Type::Strong).ink(Ink::Warn).show(ui, theme, left);
        Text::new(&what, Type::Note).show(ui, theme, right);
    }
    turned
}

fn sure_ui(ui: &mut Ui, desk: &Desk<'_>, mut area: Rect, counts: &RosterCounts) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let [back, import] = foot(theme, &mut area).columns([1.0; 2], theme.px(24.0));
    let went_back = Button::secondary(words.back).show(ui, theme, back);
    let imported = Button::primary(words.roster_sure).show(ui, theme, import);
    heading_ui(ui, theme, &mut area, words.roster_title, words.roster_sure_note);
    area.cut_top(theme.px(28.0));
    let (headline, lines) = rosters::sure(words.language, counts);
    say_ui(ui, desk, &mut area, Tone::Warn, &headline, &lines);
    counts_ui(ui, desk, &mut area, counts);
    on(went_back, Event::Back).or(on(imported, Event::Roster(RosterTouch::Import)))
}
