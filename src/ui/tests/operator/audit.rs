//! The log of what operators did.

use std::sync::Arc;

use super::{press, time};
use crate::operator::{AuditLog, AuditPage, Entry, Event, Screen};
use crate::ui::strings::operator::OperatorStrings;
use crate::ui::tests::booth::LANGUAGES;

fn audit(entries: usize, is_sound: bool) -> Screen {
    let entry = |number: usize| Entry {
        sequence: number as u64,
        at: time(),
        actor: ["staff", "supervisor", "nobody", "command_line"][number % 4].to_owned(),
        action: ["unlock", "open_personal_data", "unlock_refused", "change_supervisor_pin", "export_failed"]
            [number % 5]
            .to_owned(),
        subject: ["", "019e8244-7800-7000-8000-000000000007", "supervisor", "by itself"][number % 4].to_owned(),
    };
    let entries = (0..entries).map(entry).collect();
    Screen::Audit(AuditLog { before: vec![9], page: Some(Arc::new(AuditPage { entries, has_more: true, is_sound })) })
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let own = |text: &str| text.to_owned();
    vec![
        (Screen::Audit(AuditLog::default()), own(words.wait)),
        (audit(10, true), own(words.audit_sound)),
        (audit(10, true), own(words.audit_title)),
        (audit(3, false), own(words.audit_unsound)),
    ]
}

#[test]
fn its_pages_are_turned() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        assert!(matches!(press(audit(10, true), language, words.older), Event::Older));
        assert!(matches!(press(audit(10, true), language, words.newer), Event::Newer));
        assert!(matches!(press(audit(10, true), language, words.back), Event::Back));
    }
}
