//! The attract screen: what this is, the four steps, and one huge button.

use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Stage, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Ink, Type};
use crate::ui::widgets::{Button, Text, card_ui, drawing, qr_ui, steps::step_drawing};
use crate::visit::Event;

pub fn welcome_ui(ui: &mut Ui, stage: &Stage<'_>) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let mut area = stage.area;
    if view.needs_plate {
        let corner = area.cut_bottom(theme.px(44.0)).shrink2(vec2(theme.px(24.0), 0.0));
        staff_note_ui(ui, stage, corner, strings.welcome_plate);
    }

    // The hero band, which the cards overlap.
    let free = area.height() - theme.pick(890.0, 1730.0);
    let breath = (free / 5.0).clamp(theme.px(-10.0), theme.px(60.0));
    let band_height = theme.pick(364.0, 560.0) + 2.0 * breath;
    let band = Rect::from_min_size(area.min, vec2(area.width(), band_height));
    ui.painter().rect_filled(band, 0.0, theme::ACCENT);
    let mut hero = band.shrink2(vec2(theme.margin(), 0.0));
    hero.cut_bottom(theme.pick(84.0, 110.0));
    hero.cut_top(theme.pick(34.0, 70.0) + breath);
    let headline = hero.cut_top(theme.pick(120.0, 190.0));
    Text::new(strings.welcome_headline, Type::Display).ink(Ink::OnAccent).centred().show(ui, theme, headline);
    hero.cut_top(theme.px(8.0));
    let note = hero.cut_top(theme.pick(64.0, 120.0));
    // Today's notice is more to the point than what the booth does.
    let line = view.help_lines.notice.unwrap_or(strings.welcome_note);
    Text::new(line, Type::Body).ink(Ink::OnAccentSoft).align(Align2::CENTER_TOP).show(ui, theme, note);

    area.min.y = band.bottom() - theme.pick(120.0, 160.0);
    let cards = area.cut_top(theme.pick(376.0, 880.0) + breath).shrink2(vec2(theme.margin(), 0.0));
    for (step, card_area) in card_areas(cards, theme.upright, theme.px(36.0)).into_iter().enumerate() {
        step_card_ui(ui, stage, card_area, step);
    }

    let mut bottom = area.shrink2(vec2(theme.margin(), 0.0));
    if let Some(code) = stage.view.help_lines.mini_program {
        if theme.upright {
            let row = bottom.cut_bottom(theme.px(190.0));
            phone_row_ui(ui, stage, row, code);
        } else {
            phone_ui(ui, stage, bottom, code);
        }
    }
    let button_size = vec2(theme.pick(680.0, 968.0).min(bottom.width()), theme.pick(148.0, 176.0));
    let block = button_size.y + theme.px(24.0 + 44.0);
    let top = bottom.top() + ((bottom.height() - block) / 2.0).max(theme.px(12.0));
    let button = Rect::from_center_size(pos2(bottom.center().x, top + button_size.y / 2.0), button_size);
    let pressed = Button::primary(strings.start).large().show(ui, theme, button);
    let line = Rect::from_min_size(
        pos2(bottom.left(), button.bottom() + theme.px(24.0)),
        vec2(bottom.width(), theme.px(44.0)),
    );
    Text::new(strings.welcome_bring, Type::Note).ink(Ink::Soft).centred().show(ui, theme, line);
    on(pressed, Event::Start)
}

/// For those who prefer their phone: the mini-program's code, in the corner beside the button.
fn phone_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, code: &str) {
    let Stage { theme, strings, .. } = stage;
    let side = (area.height() - theme.px(68.0)).min(theme.px(190.0));
    let corner = Rect::from_min_size(
        pos2(area.right() - theme.px(300.0), area.top() + theme.px(4.0)),
        vec2(theme.px(300.0), side),
    );
    qr_ui(ui, theme, corner, code, strings.qr_name);
    let below =
        Rect::from_min_size(pos2(corner.left(), corner.bottom() + theme.px(8.0)), vec2(corner.width(), theme.px(40.0)));
    Text::new(strings.welcome_phone, Type::Note).ink(Ink::Soft).centred().show(ui, theme, below);
}

/// The same on an upright screen, below the button: the code and its words side by side.
fn phone_row_ui(ui: &mut Ui, stage: &Stage<'_>, row: Rect, code: &str) {
    let Stage { theme, strings, .. } = stage;
    let words = Text::new(strings.welcome_phone, Type::Body).ink(Ink::Soft);
    let (side, gap, width) = (theme.px(166.0), theme.px(32.0), words.width(ui, theme) + theme.px(8.0));
    let left = row.center().x - (side + gap + width) / 2.0;
    let square = Rect::from_min_size(pos2(left, row.top()), vec2(side, side));
    qr_ui(ui, theme, square, code, strings.qr_name);
    let beside = Rect::from_min_size(pos2(square.right() + gap, row.top()), vec2(width, side));
    words.show(ui, theme, beside);
}

/// Small and quiet: for those who look after the booth, not for students.
fn staff_note_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect, words: &str) {
    let theme = &stage.theme;
    let icon = area.cut_left(theme.px(28.0));
    drawing::info(ui.painter(), icon.fit(vec2(1.0, 1.0)), theme::LINE_STRONG);
    area.cut_left(theme.px(12.0));
    Text::new(words, Type::Note).ink(Ink::Soft).show(ui, theme, area);
}

fn card_areas(area: Rect, upright: bool, gap: f32) -> Vec<Rect> {
    if !upright {
        return area.columns([1.0; 4], gap).to_vec();
    }
    let mut rest = area;
    let upper = rest.cut_top((area.height() - gap) / 2.0);
    rest.cut_top(gap);
    [upper, rest].iter().flat_map(|row| row.columns([1.0; 2], gap)).collect()
}

fn step_card_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, step: usize) {
    let Stage { theme, strings, .. } = stage;
    let later = step == 1 && !stage.view.links_wechat;
    card_ui(ui, theme, area);
    let mut rest = area.shrink2(vec2(theme.px(28.0), theme.px(28.0)));
    let picture = rest.cut_top(theme.pick(150.0, 190.0));
    step_drawing(ui.painter(), picture.fit(vec2(1.0, 1.0)), step, later);
    rest.cut_top(theme.pick(14.0, 22.0));
    let title = format!("{}. {}", step + 1, strings.steps[step]);
    let ink = if later { Ink::Soft } else { Ink::Strong };
    Text::new(&title, Type::Heading).ink(ink).centred().show(ui, theme, rest.cut_top(theme.px(56.0)));
    rest.cut_top(theme.px(6.0));
    let line = if later { strings.welcome_link_later } else { strings.welcome_steps[step] };
    Text::new(line, Type::Body).ink(Ink::Soft).align(Align2::CENTER_TOP).show(ui, theme, rest);
    if !stage.theme.upright && step < 3 {
        let middle = pos2(area.right() + theme.px(18.0), area.center().y);
        let arrow = Rect::from_center_size(middle, vec2(1.0, 1.0) * theme.px(30.0));
        drawing::arrow(ui.painter(), arrow, vec2(1.0, 0.0), theme::LINE_STRONG);
    }
}
