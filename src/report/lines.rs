//! The lines of a day's report in words, in the order in which they are read.

use super::{DayReport, words};
use crate::visit::Language;

/// Some lines under one title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub label: String,
    pub number: u64,
    /// In 分.
    pub fen: Option<u64>,
}

pub fn sections(report: &DayReport, language: Language) -> Vec<Section> {
    let counted = |label, number| Line { label, number, fen: None };
    let line = |word, number| counted(words::word(language, word).to_owned(), number);
    let section = |word, lines| Section { title: words::word(language, word).to_owned(), lines };
    let states = report.states;
    let mut photos = vec![
        line("photographed", report.photographed),
        line("brought", report.brought),
        line("shots", report.shots),
        line("retakes", report.retakes),
        line("withdrawn", report.withdrawn),
    ];
    let reasons = report.retake_reasons.iter();
    photos.extend(reasons.map(|(check, number)| counted(words::retake_reason(language, *check), *number)));
    let mut delivery = vec![
        line("pending", states.pending),
        line("received", states.received),
        line("refused", states.refused),
        line("conflict", states.conflict),
        line("taken_back", states.withdrawn),
        line("sent", report.sent),
        line("acknowledged", report.acknowledged),
    ];
    let refusals = report.refusals.iter();
    delivery.extend(refusals.map(|(reason, number)| counted(words::refusal(language, reason), *number)));
    let mut payments: Vec<_> = report
        .paid
        .iter()
        .map(|(mode, amount)| Line {
            label: words::payment(language, *mode).to_owned(),
            number: amount.orders,
            fen: Some(amount.fen),
        })
        .collect();
    payments.push(Line { fen: Some(report.due.fen), ..line("due", report.due.orders) });
    let mut events = vec![line("staff_called", report.staff_called), line("wrong_numbers", report.wrong_numbers)];
    events.extend(report.faults.iter().map(|(fault, number)| line(fault, *number)));
    vec![
        section("photos", photos),
        section("delivery", delivery),
        section("payments", payments),
        section("events", events),
    ]
}

/// 1234.50
pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::super::{csv, html};
    use super::*;

    /// Screen, CSV and page say these lines, so that none of them shows a server's bare code.
    #[test]
    fn why_photos_were_refused_is_said_in_words_and_a_code_of_another_server_as_it_is() {
        let refusals = vec![("picture_mismatch".to_owned(), 3), ("of_another_server".to_owned(), 1)];
        let report = DayReport { refusals, ..DayReport::of("2026-11-25".parse().unwrap()) };
        for (language, words, code) in [
            (Language::Chinese, "拒收：收到的照片与记录不符，请重新上传", "拒收：代码 of_another_server"),
            (Language::English, "Refused: Picture damaged on the way: upload again", "Refused: code of_another_server"),
        ] {
            let lines: Vec<_> = sections(&report, language).into_iter().flat_map(|section| section.lines).collect();
            let number = |label: &str| lines.iter().find(|line| line.label == label).map(|line| line.number);
            assert_eq!((number(words), number(code)), (Some(3), Some(1)), "{lines:?}");
            for file in [csv::write(&report, "a", language), html::write(&report, "a", language)] {
                assert!(file.contains(words) && !file.contains("picture_mismatch"), "{file}");
            }
        }
    }
}
