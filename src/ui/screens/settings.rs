//! The booth's settings are wrong: which, where, and what to do, for whoever can correct them. The page is there
//! instead of a booth, so it knows no visit.

use eframe::egui::{Align2, Rect, Ui, vec2};

use crate::config::{BadConfig, Problem};
use crate::ui::layout::Cut;
use crate::ui::strings::Strings;
use crate::ui::strings::settings::{SettingsStrings, number_of_problems, page_of, place};
use crate::ui::theme::{self, Ink, Theme, Type};
use crate::ui::widgets::chrome::{TopBar, TopBarTouch, top_bar_ui};
use crate::ui::widgets::{Button, Text, card_ui, drawing};
use crate::visit::Language;

/// What was touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsTouch {
    OtherLanguage,
    Again,
    /// Another part of the list.
    Page(usize),
}

/// Paints the whole window. `page` counts from 0; one that is not there is the last.
pub fn settings_ui(ui: &mut Ui, bad: &BadConfig, language: Language, page: usize) -> Option<SettingsTouch> {
    let mut window = ui.max_rect();
    let theme = &Theme::for_window(window.size(), 1.0);
    let bar = TopBar { may_choose_language: true, ..TopBar::default() };
    let touch = top_bar_ui(ui, theme, &mut window, Strings::of(language), bar);
    let mut touched = matches!(touch, Some(TopBarTouch::OtherLanguage)).then_some(SettingsTouch::OtherLanguage);

    let strings = SettingsStrings::of(language);
    let mut area = theme.column(window, 1776.0);
    area.cut_top(theme.px(28.0));
    heading_ui(ui, theme, &mut area, strings);
    area.cut_bottom(theme.px(32.0));
    let buttons = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.px(28.0));

    card_ui(ui, theme, area);
    let mut list = area.shrink2(vec2(theme.px(48.0), theme.px(24.0)));
    let file = bad.file.display().to_string();
    let number = number_of_problems(language, bad.problems.len());
    let number_text = Text::new(&number, Type::Heading).ink(Ink::Warn).align(Align2::RIGHT_CENTER);
    let mut head = list.cut_top(theme.px(60.0));
    number_text.show(ui, theme, head.cut_right(number_text.width(ui, theme) + theme.px(8.0)));
    head.cut_right(theme.px(24.0));
    Text::new(&file, Type::Heading).show(ui, theme, head);
    list.cut_top(theme.px(8.0));

    let items: Vec<Item> = bad.problems.iter().map(|problem| Item::of(problem, bad, language)).collect();
    let pages = pages(ui, theme, &items, list);
    let page = page.min(pages.len() - 1);
    for item in &items[pages[page].clone()] {
        item.show(ui, theme, &mut list);
    }
    touched = buttons_ui(ui, theme, buttons, language, (page, pages.len())).or(touched);
    touched
}

/// Both languages, since nobody may have chosen one; IT reads what follows in their own.
fn heading_ui(ui: &mut Ui, theme: &Theme, area: &mut Rect, strings: &SettingsStrings) {
    let mut block = area.cut_top(theme.pick(132.0, 264.0));
    let mark = block.cut_left(theme.px(112.0));
    drawing::attention(ui.painter(), mark.fit(vec2(1.0, 1.0)), theme::WARN);
    block.cut_left(theme.px(36.0));
    let both = [Language::Chinese, Language::English].map(SettingsStrings::of);
    if theme.upright {
        for half in both {
            Text::new(half.title, Type::Title).show(ui, theme, block.cut_top(theme.px(68.0)));
            Text::new(half.ask_staff, Type::Body).ink(Ink::Soft).show(ui, theme, block.cut_top(theme.px(64.0)));
        }
    } else {
        for (half, mut column) in both.into_iter().zip(block.columns([1.0; 2], theme.px(48.0))) {
            Text::new(half.title, Type::Title).show(ui, theme, column.cut_top(theme.px(72.0)));
            Text::new(half.ask_staff, Type::Body).ink(Ink::Soft).show(ui, theme, column.cut_top(theme.px(60.0)));
        }
    }
    area.cut_top(theme.px(16.0));
    let advice = Text::new(strings.what_to_do, Type::Lead);
    let height = advice.height(ui, theme, area.width());
    advice.show(ui, theme, area.cut_top(height));
    area.cut_top(theme.px(24.0));
}

/// One problem, in words.
struct Item {
    place: String,
    key: String,
    rule: String,
    hint: String,
}

impl Item {
    fn of(problem: &Problem, bad: &BadConfig, language: Language) -> Self {
        let other = (problem.file != bad.file).then(|| problem.file.display().to_string());
        let place = place(language, &other.unwrap_or_default(), &problem.place);
        let (rule, hint) = (capital(&problem.rule(language)), capital(&problem.hint(language)));
        Self { place: place.trim().to_owned(), key: problem.key.clone(), rule, hint }
    }

    /// Which key, and where; which rule, and what to do.
    fn halves(&self) -> [Vec<Text<'_>>; 2] {
        let text = |words, kind, ink| Text::new(words, kind).ink(ink).align(Align2::LEFT_TOP).flowing();
        let mut which = Vec::new();
        if !self.key.is_empty() {
            which.push(text(self.key.as_str(), Type::Strong, Ink::Strong));
        }
        if !self.place.is_empty() {
            which.push(text(self.place.as_str(), Type::Note, Ink::Soft));
        }
        [which, vec![text(&self.rule, Type::Body, Ink::Warn), text(&self.hint, Type::Body, Ink::Strong)]]
    }

    /// Side by side on a wide screen, where there is room for it.
    fn columns(theme: &Theme, area: Rect) -> [Rect; 2] {
        if theme.upright { [area; 2] } else { area.columns([0.36, 0.64], theme.px(40.0)) }
    }

    fn height(&self, ui: &Ui, theme: &Theme, area: Rect) -> f32 {
        let columns = Self::columns(theme, area);
        let heights = self.halves().into_iter().zip(columns).map(|(lines, column)| height(ui, theme, &lines, column));
        let height = if theme.upright { heights.sum() } else { heights.fold(0.0, f32::max) };
        height + theme.px(BETWEEN)
    }

    fn show(&self, ui: &mut Ui, theme: &Theme, list: &mut Rect) {
        ui.painter().hline(list.x_range(), list.top() + theme.px(2.0), theme.stroke(1.5, theme::LINE));
        let mut area = list.cut_top(self.height(ui, theme, *list).min(list.height()));
        area = area.shrink2(vec2(0.0, theme.px(BETWEEN / 2.0)));
        let mut columns = Self::columns(theme, area);
        for (index, lines) in self.halves().into_iter().enumerate() {
            if theme.upright && index == 1 {
                columns[1] = columns[0];
            }
            for line in lines {
                let column = &mut columns[index];
                let height = line.height(ui, theme, column.width()).min(column.height());
                line.show(ui, theme, column.cut_top(height));
            }
        }
    }
}

fn height(ui: &Ui, theme: &Theme, lines: &[Text<'_>], area: Rect) -> f32 {
    lines.iter().map(|line| line.height(ui, theme, area.width())).sum()
}

/// On the console these are parts of a sentence, here each stands alone.
fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Room between two problems.
const BETWEEN: f32 = 28.0;

/// As many on each page as it holds, at least one.
fn pages(ui: &Ui, theme: &Theme, items: &[Item], area: Rect) -> Vec<std::ops::Range<usize>> {
    let mut pages = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    for (index, item) in items.iter().enumerate() {
        let height = item.height(ui, theme, area);
        if index > start && used + height > area.height() {
            pages.push(start..index);
            (start, used) = (index, 0.0);
        }
        used += height;
    }
    pages.push(start..items.len());
    pages
}

fn buttons_ui(
    ui: &mut Ui,
    theme: &Theme,
    mut area: Rect,
    language: Language,
    (page, pages): (usize, usize),
) -> Option<SettingsTouch> {
    let strings = SettingsStrings::of(language);
    let mut touched = None;
    if Button::primary(strings.again).show(ui, theme, area.cut_right(theme.pick(460.0, 320.0))) {
        touched = Some(SettingsTouch::Again);
    }
    if pages == 1 {
        return touched;
    }
    let width = theme.pick(220.0, 204.0);
    if Button::secondary(strings.earlier).enabled(page > 0).show(ui, theme, area.cut_left(width)) {
        touched = Some(SettingsTouch::Page(page - 1));
    }
    area.cut_left(theme.px(20.0));
    if Button::secondary(strings.later).enabled(page + 1 < pages).show(ui, theme, area.cut_left(width)) {
        touched = Some(SettingsTouch::Page(page + 1));
    }
    area.cut_left(theme.px(28.0));
    area.cut_right(theme.px(28.0));
    Text::new(&page_of(language, page + 1, pages), Type::Body).ink(Ink::Soft).show(ui, theme, area);
    touched
}
