//! The list of submissions.

use super::{full_queue, line, press, queue, typed};
use crate::operator::{Delivery, Event, Filter, Queue, Screen};
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::strings::sentences::grouped_order_number;
use crate::ui::tests::booth::LANGUAGES;

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let own = |text: &str| text.to_owned();
    let not_found = Queue { filter: Filter::Found(typed("9005")), ..queue(Vec::new()) };
    vec![
        (Screen::Queue(Queue::default()), own(words.wait)),
        (Screen::Queue(queue(Vec::new())), own(words.queue_empty)),
        (Screen::Queue(full_queue()), own(sentences::delivery(words.language, Delivery::Conflict))),
        (Screen::Queue(full_queue()), own(words.queue_title)),
        (Screen::Queue(not_found), own(words.queue_not_found)),
    ]
}

#[test]
fn its_lists_are_chosen_its_pages_turned_and_its_lines_opened() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let list = || Screen::Queue(full_queue());
        for filter in Filter::TABS {
            let chosen = press(list(), language, sentences::filter(language, &filter));
            assert!(matches!(&chosen, Event::Filter(which) if which.is_like(&filter)), "{chosen:?}");
        }
        assert!(matches!(press(list(), language, words.older), Event::Older));
        assert!(matches!(press(list(), language, words.search), Event::Search));
        let id = line(3, Delivery::Pending, None).end.id;
        let opened = press(list(), language, &grouped_order_number(&id.order_number()));
        assert!(matches!(opened, Event::OpenRecord(which) if which == id), "{opened:?}");
    }
}
