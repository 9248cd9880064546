//! Help over a screen: questions, how to get a code, the tips, and people to ask.

use eframe::egui::{Align2, Rect, Ui, vec2};

use super::tips::six_tips_ui;
use super::{Stage, heading_ui, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui, qr_ui, way_drawing};
use crate::visit::{Event, HelpPage};

pub fn help_ui(ui: &mut Ui, stage: &Stage<'_>, page: HelpPage) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let mut area = theme.column(stage.area, 1640.0).shrink2(vec2(0.0, theme.pick(40.0, 64.0)));
    let buttons = area.cut_bottom(theme.action_height());
    area.cut_bottom(theme.pick(32.0, 48.0));
    let inner = match page {
        HelpPage::Questions => questions_ui(ui, stage, area),
        HelpPage::GetCode => {
            get_code_ui(ui, stage, area);
            None
        }
        HelpPage::Tips => {
            six_tips_ui(ui, stage, area);
            None
        }
    };
    let mut inner = inner;
    let [back, staff] = if page == HelpPage::Questions && !theme.upright {
        let [back, code, tips, staff] = buttons.columns([1.2, 1.0, 1.0, 1.0], theme.px(28.0));
        inner = links_ui(ui, stage, [code, tips]);
        [back, staff]
    } else {
        buttons.columns([1.6, 1.0], theme.px(36.0))
    };
    let staff_touched = Button::secondary(strings.call_staff).enabled(!view.staff_called).show(ui, theme, staff);
    let back_touched = Button::primary(strings.back).show(ui, theme, back);
    let after = if page == HelpPage::Questions { Event::CloseHelp } else { Event::OpenHelp(HelpPage::Questions) };
    // From the scan screen the way to the code is one touch away, and so is the way back.
    let after = if page == HelpPage::GetCode { Event::CloseHelp } else { after };
    inner.or(on(staff_touched, Event::CallStaff)).or(on(back_touched, after))
}

fn questions_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    heading_ui(ui, theme, &mut area, strings.help_title, strings.help_note);
    area.cut_top(theme.px(28.0));
    let mut links = None;
    if theme.upright {
        links = Some(area.cut_bottom(theme.px(96.0)).columns([1.0; 2], theme.px(36.0)));
        area.cut_bottom(theme.px(28.0));
    }
    let people = stage.view.help_lines;
    let (questions, side) = if !people.has_people() {
        (area, None)
    } else if theme.upright {
        let side = area.cut_bottom(theme.px(300.0));
        area.cut_bottom(theme.gap());
        (area, Some(side))
    } else {
        let side = area.cut_right(theme.px(460.0));
        area.cut_right(theme.gap());
        (area, Some(side))
    };
    card_ui(ui, theme, questions);
    let mut rest = questions.shrink2(vec2(theme.px(40.0), theme.px(20.0)));
    let height = rest.height() / strings.questions.len() as f32;
    for (index, (question, answer)) in strings.questions.into_iter().enumerate() {
        let mut row = rest.cut_top(height);
        if index > 0 {
            ui.painter().hline(row.x_range(), row.top(), theme.stroke(1.5, theme::LINE));
        }
        row = row.shrink2(vec2(0.0, theme.px(10.0)));
        Text::new(question, Type::Strong).align(Align2::LEFT_CENTER).show(ui, theme, row.cut_top(row.height() * 0.45));
        Text::new(answer, Type::Body).ink(Ink::Soft).align(Align2::LEFT_TOP).show(ui, theme, row);
    }
    if let Some(side) = side {
        people_ui(ui, stage, side);
    }
    links.and_then(|links| links_ui(ui, stage, links))
}

/// To the other two pages.
fn links_ui(ui: &mut Ui, stage: &Stage<'_>, [code, tips]: [Rect; 2]) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let code = Button::secondary(strings.help_get_code).show(ui, theme, code);
    let tips = Button::secondary(strings.help_tips).show(ui, theme, tips);
    on(code, Event::OpenHelp(HelpPage::GetCode)).or(on(tips, Event::OpenHelp(HelpPage::Tips)))
}

/// Phone, hours and WeChat of the people who answer, from the config.
fn people_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect) {
    let Stage { theme, strings, view, .. } = stage;
    card_ui(ui, theme, area);
    let mut rest = area.shrink2(vec2(theme.px(36.0), theme.px(28.0)));
    let lines = view.help_lines;
    if let Some(text) = lines.wechat {
        let code = if theme.upright {
            rest.cut_right(rest.height())
        } else {
            rest.cut_bottom(rest.width().min(rest.height() - theme.px(208.0)))
        };
        qr_ui(ui, theme, code, text, strings.qr_name);
    }
    for (label, words) in [(strings.help_phone, lines.phone), (strings.help_hours, lines.hours)] {
        let Some(words) = words else { continue };
        Text::new(label, Type::Note).ink(Ink::Soft).show(ui, theme, rest.cut_top(theme.px(40.0)));
        Text::new(words, Type::Strong).show(ui, theme, rest.cut_top(theme.px(52.0)));
        rest.cut_top(theme.px(8.0));
    }
}

/// The three ways to a collection code, each in three steps.
fn get_code_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect) {
    let Stage { theme, strings, .. } = stage;
    heading_ui(ui, theme, &mut area, strings.get_code_title, strings.get_code_note);
    area.cut_top(theme.pick(32.0, 44.0));
    let gap = theme.px(36.0);
    let cards: Vec<Rect> = if theme.upright {
        let height = (area.height() - 2.0 * gap) / 3.0;
        (0..3)
            .map(|_| {
                let card = area.cut_top(height);
                area.cut_top(gap);
                card
            })
            .collect()
    } else {
        area.columns([1.0; 3], gap).to_vec()
    };
    for (way, card) in cards.into_iter().enumerate() {
        way_ui(ui, stage, card, way);
    }
}

fn way_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, way: usize) {
    let Stage { theme, strings, .. } = stage;
    let (title, steps) = strings.ways_to_code[way];
    card_ui(ui, theme, area);
    let mut rest = area.shrink2(vec2(theme.px(36.0), theme.px(32.0)));
    if theme.upright {
        let picture = rest.cut_left(theme.px(230.0));
        way_drawing(ui.painter(), picture.fit(vec2(1.0, 1.0)), way);
        rest.cut_left(theme.px(36.0));
    } else {
        let picture = rest.cut_top((rest.height() * 0.28).min(theme.px(190.0)));
        way_drawing(ui.painter(), picture.fit(vec2(1.0, 1.0)), way);
        rest.cut_top(theme.px(12.0));
    }
    let align = if theme.upright { Align2::LEFT_CENTER } else { Align2::CENTER_CENTER };
    Text::new(title, Type::Heading).align(align).show(ui, theme, rest.cut_top(theme.px(68.0)));
    rest.cut_top(theme.px(8.0));
    let height = (rest.height() / 3.0).min(theme.px(116.0));
    for (index, step) in steps.into_iter().enumerate() {
        let mut row = rest.cut_top(height);
        let disc = row.cut_left(theme.px(48.0)).fit(vec2(1.0, 1.0));
        ui.painter().circle_filled(disc.center(), theme.px(22.0), theme::ACCENT_SOFT);
        let number = (index + 1).to_string();
        Text::new(&number, Type::Note).ink(Ink::Accent).centred().silent().show(ui, theme, disc);
        row.cut_left(theme.px(20.0));
        Text::new(step, Type::Note).show(ui, theme, row);
    }
}
