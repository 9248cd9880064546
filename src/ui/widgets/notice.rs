//! Cards, and notices that tell what went wrong and what to do.

use eframe::egui::{Align2, Rect, Stroke, StrokeKind, Ui, Vec2, vec2};

use super::{Text, drawing};
use crate::ui::layout::Cut;
use crate::ui::theme::{self, Ink, Theme, Type};

/// A white card with a soft edge.
pub fn card_ui(ui: &Ui, theme: &Theme, area: Rect) {
    ui.painter().add(theme.shadow().as_shape(area, theme.radius()));
    ui.painter().rect(area, theme.radius(), theme::SURFACE, theme.stroke(1.5, theme::LINE), StrokeKind::Inside);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Warn,
    Info,
    Good,
}

const ICON: f32 = 56.0;
const PAD: f32 = 28.0;

pub fn notice_height(ui: &Ui, theme: &Theme, width: f32, headline: &str, lines: &[String]) -> f32 {
    let text_width = width - theme.px(ICON + 3.0 * PAD);
    let headline = Text::new(headline, Type::Strong).height(ui, theme, text_width);
    let lines: f32 =
        lines.iter().map(|line| Text::new(line, Type::Note).height(ui, theme, text_width) + theme.px(8.0)).sum();
    headline.max(theme.px(ICON)) + lines + theme.px(1.6 * PAD)
}

/// As many of the lines as this height holds, at least one.
pub fn lines_that_fit(ui: &Ui, theme: &Theme, size: Vec2, headline: &str, mut lines: Vec<String>) -> Vec<String> {
    while lines.len() > 1 && notice_height(ui, theme, size.x, headline, &lines) > size.y {
        lines.pop();
    }
    lines
}

/// A headline with an icon, and a line for every reason.
pub fn notice_ui(ui: &mut Ui, theme: &Theme, area: Rect, tone: Tone, headline: &str, lines: &[String]) {
    let (fill, edge, ink) = match tone {
        Tone::Warn => (theme::WARN_SOFT, theme::WARN, Ink::Warn),
        Tone::Info => (theme::ACCENT_SOFT, theme::ACCENT, Ink::Accent),
        Tone::Good => (theme::GOOD_SOFT, theme::GOOD, Ink::Good),
    };
    let stroke = if tone == Tone::Warn { theme.stroke(2.0, edge) } else { Stroke::NONE };
    ui.painter().rect(area, theme.radius(), fill, stroke, StrokeKind::Inside);
    let mut rest = area.shrink2(vec2(theme.px(PAD), theme.px(0.8 * PAD)));
    let icon = Rect::from_min_size(rest.min, vec2(1.0, 1.0) * theme.px(ICON));
    match tone {
        Tone::Warn => drawing::attention(ui.painter(), icon, edge),
        Tone::Info => drawing::info(ui.painter(), icon, edge),
        Tone::Good => drawing::check_disc(ui.painter(), icon, edge),
    }
    rest.cut_left(theme.px(ICON + PAD));
    let height = Text::new(headline, Type::Strong).height(ui, theme, rest.width());
    // One line stands beside the middle of the icon.
    let row = rest.cut_top(height.max(theme.px(ICON)));
    Text::new(headline, Type::Strong).ink(ink).show(ui, theme, row);
    for line in lines {
        rest.cut_top(theme.px(8.0));
        let height = Text::new(line, Type::Note).height(ui, theme, rest.width());
        Text::new(line, Type::Note).align(Align2::LEFT_TOP).show(ui, theme, rest.cut_top(height));
    }
}
