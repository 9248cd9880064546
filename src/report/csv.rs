//! A day's report for a spreadsheet.

use super::DayReport;
use super::lines::{sections, yuan};
use crate::visit::Language;

/// With a byte-order mark, without which Excel takes Chinese for something else.
pub fn write(report: &DayReport, kiosk_id: &str, language: Language) -> String {
    let mut text = String::from("\u{feff}");
    row(&mut text, &["kiosk", "day", "section", "item", "number", "amount_yuan"]);
    let day = report.day.to_string();
    for section in sections(report, language) {
        for line in section.lines {
            let (number, amount) = (line.number.to_string(), line.fen.map(yuan).unwrap_or_default());
            row(&mut text, &[kiosk_id, &day, &section.title, &line.label, &number, &amount]);
        }
    }
    text
}

fn row(text: &mut String, cells: &[&str]) {
    let cells: Vec<_> = cells.iter().map(|cell| self::cell(cell)).collect();
    *text += &cells.join(",");
    *text += "\r\n";
}

/// Quoted where commas, quotes or line ends need it. A spreadsheet takes what begins like a formula for one and runs
/// it, so that an apostrophe goes before it.
pub fn cell(words: &str) -> String {
    let is_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let words = if is_formula { format!("'{words}") } else { words.to_owned() };
    if words.contains([',', '"', '\r', '\n', ';']) { format!("\"{}\"", words.replace('"', "\"\"")) } else { words }
}

#[cfg(test)]
mod tests {
    use super::super::tests::busy;
    use super::*;

    #[test]
    fn nothing_that_a_server_says_becomes_a_formula() {
        for dangerous in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(cell(dangerous).trim_start_matches('"').starts_with('\''), "{dangerous:?}: {}", cell(dangerous));
        }
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        let text = write(&busy(), "campus-a-01", Language::English);
        for line in text.trim_start_matches('\u{feff}').lines() {
            for cell in line.split(',') {
                assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{line}");
            }
        }
        assert!(text.contains("HYPERLINK"), "said, but not run");
    }

    #[test]
    fn each_row_has_six_cells_and_the_numbers_are_there() {
        let text = write(&busy(), "campus-a-01", Language::Chinese);
        assert!(text.starts_with("\u{feff}kiosk,day,section,item,number,amount_yuan\r\n"));
        assert!(text.contains("campus-a-01,2026-11-25,") && text.contains(",300,9000.00\r\n"), "{text}");
        let plain = text.lines().filter(|line| !line.contains('"'));
        plain.for_each(|line| assert_eq!(line.split(',').count(), 6, "{line}"));
    }
}
