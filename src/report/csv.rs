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

    /// Rows of cells, as a spreadsheet reads them.
    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv_core::Reader::new();
        let (mut input, mut rows) = (text.trim_start_matches('\u{feff}').as_bytes(), Vec::new());
        loop {
            let (mut bytes, mut ends) = ([0; 4096], [0; 16]);
            let (result, read, _, cells) = reader.read_record(input, &mut bytes, &mut ends);
            input = &input[read..];
            match result {
                csv_core::ReadRecordResult::End => return rows,
                csv_core::ReadRecordResult::Record => {
                    let starts = std::iter::once(0).chain(ends);
                    let cell = |(start, end)| String::from_utf8(bytes[start..end].to_vec()).unwrap();
                    rows.push(starts.zip(ends).take(cells).map(cell).collect());
                }
                csv_core::ReadRecordResult::InputEmpty => {}
                other => panic!("{other:?}"),
            }
        }
    }

    const DANGEROUS: [&str; 15] = [
        "=HYPERLINK(\"http://x\")",
        "=cmd|' /C calc'!A1",
        "+1+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\r\n=1",
        "=1;=1",
        "\"=1\"",
        "a\",=1,\"",
        "a\r\n=1,=1",
        "＝1",
        "＠SUM(A1)",
    ];

    /// Wherever a text comes from, and whatever stands before it.
    #[test]
    fn nothing_that_is_said_becomes_a_formula_or_a_cell_of_its_own() {
        for (dangerous, language) in DANGEROUS
            .into_iter()
            .flat_map(|text| [Language::Chinese, Language::English].map(|language| (text, language)))
        {
            let mut report = busy();
            let harmless = rows(&write(&report, "campus-a-01", language));
            report.refusals = report.refusals.iter().map(|(_, number)| (dangerous.to_owned(), *number)).collect();
            report.faults.iter_mut().for_each(|(fault, _)| *fault = dangerous.to_owned());
            let text = write(&report, dangerous, language);
            let found = rows(&text);
            assert_eq!(found.len(), harmless.len(), "{dangerous:?} makes rows");
            let said = format!("'{dangerous}");
            let is_formula =
                |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
            for row in &found {
                assert_eq!(row.len(), 6, "{dangerous:?} makes cells: {row:?}");
                assert!(!row.iter().any(|cell| is_formula(cell)), "{dangerous:?}: {row:?}");
            }
            let whole = if is_formula(dangerous) { &said } else { dangerous };
            assert!(found.iter().skip(1).all(|row| row[0] == *whole), "nothing of {dangerous:?} is lost");
            assert!(found.iter().any(|row| row[3] == *whole), "the fault is there");
            // A naive reader sees no line that begins with a formula, either.
            let is_formula_line =
                |line: &str| is_formula(line) && !dangerous.contains('\n') && !dangerous.contains('\r');
            assert!(!text.lines().any(is_formula_line), "{dangerous:?}");
        }
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("100"), "100");
    }

    #[test]
    fn each_row_has_six_cells_and_the_numbers_are_there() {
        let text = write(&busy(), "campus-a-01", Language::Chinese);
        assert!(text.starts_with("\u{feff}kiosk,day,section,item,number,amount_yuan\r\n"));
        assert!(text.contains("campus-a-01,2026-11-25,") && text.contains(",300,9000.00\r\n"), "{text}");
        assert!(text.contains(",41,1230.00\r\n"), "what is due: {text}");
        let plain = text.lines().filter(|line| !line.contains('"'));
        plain.for_each(|line| assert_eq!(line.split(',').count(), 6, "{line}"));
    }
}
