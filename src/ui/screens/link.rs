//! 绑定微信号: a code that WeChat scans. Online the booth goes on by itself; offline nothing is lost.

use eframe::egui::{Ui, vec2};

use super::{Stage, heading_ui, on};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::theme::{Ink, Type};
use crate::ui::widgets::{Button, Text, Tone, card_ui, notice_height, notice_ui, qr_ui};
use crate::visit::{Claim, Event};

pub fn link_ui(ui: &mut Ui, stage: &Stage<'_>, claim: Option<&Claim>) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let inside = theme.column(stage.area, 1560.0).shrink2(vec2(0.0, theme.pick(56.0, 64.0)));
    let mut text = inside;
    let code = if theme.upright {
        text.cut_bottom(inside.height() * 0.55)
    } else {
        let code = text.cut_right(inside.height().min(inside.width() * 0.45));
        text.cut_right(theme.px(96.0));
        code
    };
    let button = if theme.upright { None } else { Some(text.cut_bottom(theme.action_height())) };

    heading_ui(ui, theme, &mut text, strings.link_title, strings.link_note);
    text.cut_top(theme.px(40.0));
    for words in [strings.link_valid, strings.link_offline] {
        let lines = [];
        let height = notice_height(ui, theme, text.width(), words, &lines).max(theme.px(96.0));
        notice_ui(ui, theme, text.cut_top(height), Tone::Info, words, &lines);
        text.cut_top(theme.px(24.0));
    }

    let mut place = code;
    let button = button.unwrap_or_else(|| place.cut_bottom(theme.action_height()));
    if theme.upright {
        place.cut_bottom(theme.px(40.0));
    }
    let card = place.fit(vec2(1.0, 1.0));
    card_ui(ui, theme, card);
    match claim {
        Some(claim) => qr_ui(ui, theme, card.shrink(theme.px(24.0)), &claim.url, strings.qr_name),
        None => {
            Text::new(strings.link_making, Type::Body).ink(Ink::Soft).centred().show(ui, theme, card);
        }
    }
    on(Button::primary(strings.link_continue).show(ui, theme, button), Event::Skip)
}
