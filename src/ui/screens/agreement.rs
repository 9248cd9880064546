//! The agreement to read, and two boxes that nobody ticks but the student: the agreement, and
//! apart from it the consent to taking and sending the photo.

use eframe::egui::{
    Align2, Key, Rect, ScrollArea, Ui, UiBuilder,
    scroll_area::{ScrollBarVisibility, ScrollSource},
    vec2,
};

use super::{Stage, heading_ui, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::strings::sentences;
use crate::ui::theme::{Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui, tick_row_height, tick_row_ui};
use crate::visit::Event;

pub fn agreement_ui(
    ui: &mut Ui,
    stage: &Stage<'_>,
    agreement_ticked: bool,
    photo_consent_ticked: bool,
    is_unverified: bool,
) -> Option<Intent> {
    let Stage { theme, strings, view, .. } = stage;
    let words = view.agreement;
    let mut area = theme.column(stage.area, 1480.0).shrink2(vec2(0.0, theme.pick(32.0, 56.0)));

    let buttons = area.cut_bottom(theme.action_height());
    let both = agreement_ticked && photo_consent_ticked;
    let hint = area.cut_bottom(theme.px(56.0));
    if !both {
        Text::new(strings.agreement_tick_both, Type::Note).ink(Ink::Soft).centred().show(ui, theme, hint);
    }
    let consent_height = tick_row_height(ui, theme, &words.photo_consent, area.width());
    let consent_row = area.cut_bottom(consent_height);
    area.cut_bottom(theme.px(16.0));
    let tick = sentences::agreement_tick(strings.language, &words.title);
    let agreement_height = tick_row_height(ui, theme, &tick, area.width());
    let agreement_row = area.cut_bottom(agreement_height);
    area.cut_bottom(theme.gap());

    if is_unverified {
        let words = strings.contact_unverified;
        let height = notice_height(ui, theme, area.width(), words, &[]);
        notice_ui(ui, theme, area.cut_top(height), Tone::Info, words, &[]);
        area.cut_top(theme.gap());
    }
    heading_ui(ui, theme, &mut area, &words.title, strings.agreement_note);
    area.cut_top(theme.gap());
    body_ui(ui, stage, area, &words.body);

    // Painted after the text in the order they are read and reached by the keyboard.
    let agreement_touched = tick_row_ui(ui, theme, agreement_row, &tick, agreement_ticked);
    let consent_touched = tick_row_ui(ui, theme, consent_row, &words.photo_consent, photo_consent_ticked);
    let [no, yes] = buttons.columns([1.0, 1.6], theme.px(36.0));
    let disagree = Button::secondary(strings.disagree).show(ui, theme, no);
    let agree = Button::primary(strings.agree).enabled(both).show(ui, theme, yes);

    on(disagree, Event::Cancel)
        .or(on(agreement_touched, Event::TickAgreement(!agreement_ticked)))
        .or(on(consent_touched, Event::TickPhotoConsent(!photo_consent_ticked)))
        .or(on(agree, Event::Agree(strings.language)))
}

/// Page keys turn the text by a screenful, arrows by a line.
fn scroll_by_keyboard(ui: &Ui, page: f32) {
    let keys = [(Key::PageDown, -0.9), (Key::PageUp, 0.9), (Key::ArrowDown, -0.2), (Key::ArrowUp, 0.2)];
    let turned: f32 = ui.input(|input| keys.iter().filter(|(key, _)| input.key_pressed(*key)).map(|(_, by)| by).sum());
    if turned != 0.0 {
        ui.scroll_with_delta(vec2(0.0, turned * page));
    }
}

/// The text in a card, to be scrolled with a finger or by keyboard. Lines that begin with `#` are headings.
fn body_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, body: &str) {
    let theme = &stage.theme;
    card_ui(ui, theme, area);
    let inside = area.shrink2(vec2(theme.px(40.0), theme.px(20.0)));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(inside).id_salt("agreement text"));
    inner.shrink_clip_rect(inside);
    let scroll = &mut inner.spacing_mut().scroll;
    scroll.floating = false;
    scroll.bar_width = theme.px(18.0);
    scroll.handle_min_length = theme.px(80.0);
    scroll.bar_inner_margin = theme.px(24.0);
    scroll.foreground_color = false;
    // Many touch panels report a finger as a mouse, which by default would not drag the text.
    ScrollArea::vertical()
        .scroll_source(ScrollSource::ALL)
        .auto_shrink(false)
        .scroll_bar_visibility(ScrollBarVisibility::VisibleWhenNeeded)
        .show(&mut inner, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            scroll_by_keyboard(ui, inside.height());
            for paragraph in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
                let heading = paragraph.starts_with('#');
                let words = paragraph.trim_start_matches('#').trim_start();
                let text = Text::new(words, if heading { Type::Strong } else { Type::Body })
                    .align(Align2::LEFT_BOTTOM)
                    .flowing();
                let height = text.height(ui, theme, ui.available_width()) + theme.px(if heading { 26.0 } else { 14.0 });
                let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), eframe::egui::Sense::hover());
                text.show(ui, theme, row);
            }
            ui.add_space(theme.px(20.0));
        });
}
