//! Text in a rectangle: wraps, and shrinks a little rather than spill over its edge.

use std::sync::Arc;

use eframe::egui::{
    Align, Align2, FontId, Galley, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, text::LayoutJob, vec2,
};

use crate::ui::theme::{Ink, Theme, Type};

/// Some words and how they look.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    words: &'a str,
    kind: Type,
    ink: Ink,
    align: Align2,
    silent: bool,
    balanced: bool,
}

/// A text is set at most this much smaller to fit; what still does not fit is a mistake in a screen.
const SMALLEST: f32 = 0.6;

impl<'a> Text<'a> {
    pub fn new(words: &'a str, kind: Type) -> Self {
        Self { words, kind, ink: Ink::Strong, align: Align2::LEFT_CENTER, silent: false, balanced: true }
    }

    pub fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    pub fn align(self, align: Align2) -> Self {
        Self { align, ..self }
    }

    pub fn centred(self) -> Self {
        self.align(Align2::CENTER_CENTER)
    }

    /// Not announced: a control announces these words already.
    pub fn silent(self) -> Self {
        Self { silent: true, ..self }
    }

    /// Fills every line before the next, as a long text does; short texts balance theirs, so that no
    /// single character is left for the last.
    pub fn flowing(self) -> Self {
        Self { balanced: false, ..self }
    }

    /// How high the text is at this width.
    pub fn height(self, ui: &Ui, theme: &Theme, width: f32) -> f32 {
        self.galley(ui, theme, width, 1.0).size().y
    }

    /// How wide the text is on one line.
    pub fn width(self, ui: &Ui, theme: &Theme) -> f32 {
        self.galley(ui, theme, f32::INFINITY, 1.0).size().x
    }

    /// Paints the text and returns where it stands.
    pub fn show(self, ui: &mut Ui, theme: &Theme, area: Rect) -> Rect {
        let mut shrink = 1.0;
        let mut galley = self.galley(ui, theme, area.width(), shrink);
        while shrink > SMALLEST && (galley.size().y > area.height() + 1.0 || galley.size().x > area.width() + 1.0) {
            shrink -= 0.05;
            galley = self.galley(ui, theme, area.width(), shrink);
        }
        if self.balanced && (2..=4).contains(&galley.rows.len()) {
            galley = self.balance(ui, theme, galley, area.width(), shrink);
        }
        let stands = self.align.align_size_within_rect(galley.size(), area);
        let anchor = match self.align.x() {
            Align::Min => stands.left(),
            Align::Center => stands.center().x,
            Align::Max => stands.right(),
        };
        self.paint(ui, pos2(anchor, stands.top()), &galley);
        if !self.silent {
            let id = ui.next_auto_id();
            ui.skip_ahead_auto_ids(1);
            let response = ui.interact(stands, id, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.words));
        }
        stands
    }

    fn paint(self, ui: &Ui, at: Pos2, galley: &Arc<Galley>) {
        let colour = self.ink.colour();
        let font_size = galley.job.sections.first().map_or(0.0, |section| section.format.font_id.size);
        let apart = self.kind.embolden_em() * font_size;
        if apart > 0.0 {
            // Text stands on whole pixels: less than one between both is one weight here and another one there.
            let pixels = ui.ctx().pixels_per_point();
            let apart = (apart * pixels).round().max(1.0) / pixels;
            ui.painter().galley(at - vec2(apart / 2.0, 0.0), galley.clone(), colour);
            ui.painter().galley(at + vec2(apart / 2.0, 0.0), galley.clone(), colour);
        } else {
            ui.painter().galley(at, galley.clone(), colour);
        }
    }

    /// Broken at a mark that leaves two lines of similar length, else the narrowest setting with as
    /// many lines.
    fn balance(self, ui: &Ui, theme: &Theme, galley: Arc<Galley>, width: f32, shrink: f32) -> Arc<Galley> {
        if galley.rows.len() == 2
            && let Some(broken) = self.broken_at_mark(ui, theme, width, shrink)
        {
            return broken;
        }
        let (mut narrow, mut wide, mut best) = (width / galley.rows.len() as f32 * 0.8, width, galley);
        // No word is broken for the sake of balance.
        let words = self.words.split_whitespace().filter(|word| word.is_ascii());
        let widths = words.map(|words| Text { words, ..self }.galley(ui, theme, f32::INFINITY, shrink).size().x);
        narrow = widths.fold(narrow, f32::max).min(wide);
        for _ in 0..6 {
            let middle = (narrow + wide) / 2.0;
            let tried = self.galley(ui, theme, middle, shrink);
            // A space that has no room at a line's end would indent the next one.
            let is_indented = tried.rows.iter().any(|row| row.glyphs.first().is_some_and(|glyph| glyph.chr == ' '));
            if tried.rows.len() == best.rows.len() && tried.size().x <= middle + 1.0 && !is_indented {
                (wide, best) = (middle, tried);
            } else {
                narrow = middle;
            }
        }
        best
    }

    fn broken_at_mark(self, ui: &Ui, theme: &Theme, width: f32, shrink: f32) -> Option<Arc<Galley>> {
        let settings = break_points(self.words).filter_map(|(at, in_brackets)| {
            let (first, second) = self.words.split_at(at);
            let words = format!("{first}\n{}", second.trim_start());
            let galley = Text { words: &words, ..self }.galley(ui, theme, width, shrink);
            let (long, short) = match galley.rows.as_slice() {
                [a, b] => (a.size.x.max(b.size.x), a.size.x.min(b.size.x)),
                _ => return None,
            };
            let cost = if in_brackets { long + width } else { long };
            (short > 0.4 * long).then_some((cost, galley))
        });
        settings.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, galley)| galley)
    }

    fn galley(self, ui: &Ui, theme: &Theme, width: f32, shrink: f32) -> Arc<Galley> {
        let font = theme.font(self.kind);
        let font = FontId::new(font.size * shrink, font.family);
        let mut job = LayoutJob::simple(self.words.to_owned(), font, self.ink.colour(), width);
        job.halign = self.align.x();
        ui.painter().layout_job(job)
    }
}

/// After a mark and before a bracket, but not inside numbers; and whether that is inside brackets,
/// where a line breaks only for want of a better place.
fn break_points(words: &str) -> impl Iterator<Item = (usize, bool)> + '_ {
    words.char_indices().filter_map(|(at, c)| {
        let point = if "（(".contains(c) { at } else { at + c.len_utf8() };
        let (first, second) = words.split_at(point);
        let open = first.matches(['（', '(']).count() > first.matches(['）', ')']).count();
        let may_break = match c {
            '，' | '。' | '：' | '；' | '、' | '（' => true,
            ',' | ';' | ':' | '.' => second.starts_with(' '),
            '(' => first.ends_with(' '),
            _ => false,
        };
        (may_break && !first.is_empty() && !second.is_empty()).then_some((point, open))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_after_marks_and_before_brackets() {
        let lines = |words: &'static str| -> Vec<(&str, bool)> {
            break_points(words).map(|(at, in_brackets)| (&words[..at], in_brackets)).collect()
        };
        assert_eq!(
            lines("偏低（312 px，要求 200 px）：请坐高"),
            [("偏低", false), ("偏低（312 px，", true), ("偏低（312 px，要求 200 px）：", false)]
        );
        assert_eq!(lines("at 1.5, not 2"), [("at 1.5,", false)]);
    }
}
