//! A day's report as one page to print: a file that needs no other.

use super::lines::{sections, yuan};
use super::{DayReport, words};
use crate::visit::Language;

const STYLE: &str = "
    body { font: 11pt/1.4 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; margin: 18mm auto; max-width: 174mm; color: #142038 }
    h1 { font-size: 18pt; margin: 0 } p { color: #4a5870; margin: 1mm 0 6mm }
    h2 { font-size: 12pt; margin: 6mm 0 1mm; break-after: avoid }
    table { border-collapse: collapse; width: 100% }
    td { border-bottom: 0.3mm solid #d8e0ea; padding: 1mm 2mm } td.number { text-align: right; width: 26mm }
    footer { margin-top: 14mm; display: flex; gap: 20mm }
    footer span { border-top: 0.3mm solid #142038; flex: 1; padding-top: 1mm }
    @media print { body { margin: 0 } }";

pub fn write(report: &DayReport, kiosk_id: &str, language: Language) -> String {
    let (title, code) = (words::word(language, "title"), if language == Language::Chinese { "zh-CN" } else { "en" });
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head><meta charset=\"utf-8\"><title>{title} {}</title>\n\
         <style>{STYLE}\n</style></head>\n<body>\n<h1>{title}</h1>\n<p>{} · {}</p>\n",
        report.day,
        text(kiosk_id),
        report.day,
    );
    for section in sections(report, language) {
        page += &format!("<h2>{}</h2>\n<table>\n", text(&section.title));
        for line in section.lines {
            let amount = line.fen.map(|fen| format!("¥{}", yuan(fen))).unwrap_or_default();
            page += &format!(
                "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{amount}</td></tr>\n",
                text(&line.label),
                line.number
            );
        }
        page += "</table>\n";
    }
    let [staff, supervisor] = ["signed_staff", "signed_supervisor"].map(|word| words::word(language, word));
    page + &format!("<footer><span>{staff}</span><span>{supervisor}</span></footer>\n</body>\n</html>\n")
}

/// Words, never markup.
fn text(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::tests::busy;
    use super::*;

    #[test]
    fn what_a_server_says_stays_text_and_nothing_is_fetched() {
        for language in [Language::Chinese, Language::English] {
            let page = write(&busy(), "campus-a-01", language);
            assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
            for outside in ["src=", "href=", "url(", "@import"] {
                assert!(!page.contains(outside), "{outside}");
            }
            assert!(page.contains("2026-11-25") && page.contains("¥9000.00") && page.contains(">412<"));
        }
    }
}
