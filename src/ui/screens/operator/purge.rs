//! Erasing now what retention would erase anyway. Asked twice; what has no receipt cannot be erased here.

use eframe::egui::Ui;

use super::{Desk, foot, instead_ui, on, page};
use crate::operator::{Event, Purge};
use crate::ui::Intent;
use crate::ui::layout::Cut;
use crate::ui::screens::heading_ui;
use crate::ui::screens::summary::facts_ui;
use crate::ui::strings::operator::sentences;
use crate::ui::widgets::{Button, Tone, notice_height, notice_ui};

pub fn purge_ui(ui: &mut Ui, desk: &Desk<'_>, purge: &Purge) -> Option<Intent> {
    let (theme, words) = (&desk.stage.theme, desk.words);
    let mut area = page(desk);
    let [back, erase] = foot(theme, &mut area).columns([1.0; 2], theme.px(24.0));
    let is_free = !matches!(purge, Purge::Erasing);
    let went_back = Button::secondary(words.back).enabled(is_free).show(ui, theme, back);
    let label = if matches!(purge, Purge::Sure(_)) { words.purge_sure } else { words.purge_erase };
    let can_erase = matches!(purge, Purge::Asked(erasable) | Purge::Sure(erasable) if erasable.now > 0);
    let erased = Button::primary(label).enabled(can_erase).show(ui, theme, erase);
    heading_ui(ui, theme, &mut area, words.purge_title, words.purge_note);
    area.cut_top(theme.px(28.0));
    let said = match purge {
        Purge::Looking => None,
        Purge::Erasing => Some((Tone::Info, words.purge_erasing.to_owned())),
        Purge::Asked(erasable) if erasable.now == 0 => Some((Tone::Good, words.purge_nothing.to_owned())),
        Purge::Asked(_) => None,
        Purge::Sure(erasable) => Some((Tone::Warn, sentences::purge_sure(words.language, erasable.now))),
        Purge::Erased(number) => Some((Tone::Good, sentences::purged(words.language, *number))),
    };
    if let Some((tone, headline)) = said {
        let height = notice_height(ui, theme, area.width(), &headline, &[]);
        notice_ui(ui, theme, area.cut_top(height), tone, &headline, &[]);
        area.cut_top(theme.px(24.0));
    }
    match purge {
        Purge::Asked(erasable) | Purge::Sure(erasable) => {
            let facts = [
                (words.purge_days, sentences::retention(words.language, erasable.days)),
                (words.purge_now, erasable.now.to_string()),
                (words.purge_without_receipt, erasable.without_receipt.to_string()),
                (words.purge_all, erasable.all.to_string()),
            ];
            facts_ui(ui, &desk.stage, area, &facts);
        }
        Purge::Looking => instead_ui(ui, desk, area, words.wait),
        Purge::Erasing | Purge::Erased(_) => {}
    }
    on(went_back, Event::Back).or(on(erased, Event::Purge))
}
