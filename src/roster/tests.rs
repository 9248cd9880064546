//! Tables as schools send them, and as nobody should.

use std::io::{Cursor, Write};

use encoding_rs::GB18030;

use super::hash::NoSalt;
use super::*;
use crate::code::Payload;

const FORM: Option<NumberForm> = Some(NumberForm { shortest: 4, longest: 11, letters: false });
const HEADINGS: &str = "序号,姓名,证件号码,学校名称,学历类别,层次,专业,学号,采集码";
const ROW: &str = "1,郭建荣,11010519491231002X,演示大学,普通高等教育,本科,会计学,20220001,token-1";

fn read(bytes: &[u8]) -> Result<Reading, FileError> {
    read_with(bytes, &Mapping::default())
}

fn read_with(bytes: &[u8], mapping: &Mapping) -> Result<Reading, FileError> {
    let mut reading = Reading::default();
    reading.read(Cursor::new(bytes), mapping, FORM, &mut |_| true).map(|()| reading)
}

fn csv(rows: &[&str]) -> String {
    [&[HEADINGS], rows].concat().join("\r\n") + "\r\n"
}

fn told(reading: &Reading) -> Vec<String> {
    reading.problems.iter().map(Problem::to_string).collect()
}

/// A workbook whose sheet has this XML between `sheetData`'s tags.
fn workbook(rows: &str) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned()),
        ("_rels/.rels", r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()),
        ("xl/workbook.xml", r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="学生" sheetId="1" r:id="r1"/></sheets></workbook>"#.to_owned()),
        ("xl/_rels/workbook.xml.rels", r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned()),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#)),
    ];
    zipped(parts.iter().map(|(name, text)| (*name, text.as_bytes())))
}

fn zipped<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A row of inline strings from a row of CSV; what begins with `<` is a cell's own XML.
fn sheet_row(number: usize, csv: &str) -> String {
    let cell = |(place, text): (usize, &str)| {
        let at = format!("{}{number}", letters(place));
        match text.strip_prefix('<') {
            Some(xml) => format!("<c r=\"{at}\"{xml}"),
            None => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        }
    };
    format!("<row r=\"{number}\">{}</row>", csv.split(',').enumerate().map(cell).collect::<String>())
}

#[test]
fn a_row_becomes_a_masked_line() {
    let reading = read(csv(&[ROW]).as_bytes()).unwrap();
    assert_eq!((reading.rows, reading.bad_rows, told(&reading)), (1, 0, vec![]));
    let line = &reading.lines[0];
    assert_eq!(line.code, Payload::new("token-1".to_owned()).digest());
    let shown = &line.enrolment;
    assert_eq!((shown.masked_name.as_str(), shown.document_last4.as_str()), ("郭*荣", "002X"));
    assert_eq!((shown.school.as_str(), shown.major.as_str()), ("演示大学", "会计学"));
    assert!(line.number == Number::Plain("20220001".to_owned().into()));
}

#[test]
fn every_encoding_and_separator_says_the_same() {
    let text = csv(&[ROW]);
    let expected = read(text.as_bytes()).unwrap().lines;
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    for (name, bytes) in [
        ("UTF-8 with a mark", format!("\u{FEFF}{text}").into_bytes()),
        ("GB18030", GB18030.encode(&text).0.into_owned()),
        ("UTF-16 with a mark", utf16(&format!("\u{FEFF}{}", text.replace(',', "\t")), false)),
        ("UTF-16 big with a mark", utf16(&format!("\u{FEFF}{text}"), true)),
        ("UTF-16 without one", utf16(&text, false)),
        ("UTF-16 big without one", utf16(&text, true)),
        ("semicolons", text.replace(',', ";").into_bytes()),
        ("a title and empty lines above", format!("2026届学生名单,,\r\n\r\n{text}").into_bytes()),
        ("quotes", format!("{HEADINGS}\n\"{}\"\n", ROW.replace(',', "\",\"")).into_bytes()),
        ("no line end", text.trim_end().as_bytes().to_vec()),
        ("XLSX", workbook(&(sheet_row(1, HEADINGS) + &sheet_row(2, ROW)))),
    ] {
        assert_eq!(read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}")).lines, expected, "{name}");
    }
}

#[test]
fn what_is_wrong_is_named_by_row_and_column_and_not_quoted() {
    let reading = read(
        csv(&[
            ROW,
            "2,=cmd|' /C calc'!A0,110105194912310021,演示大学,普通高等教育,本科,会计学,2022000I,token-2",
            "",
            "3,李Ж明,1.10105E+17,,普通高等教育,本科,会计学,20220003,token-3",
            "4,王,12,演示大学,普通高等教育,本科,会计学,,",
            "5,郭小明,11010519491231002X,演示大学,普通高等教育,本科,会计学,20220001,token-1",
            ROW,
        ])
        .as_bytes(),
    )
    .unwrap();
    let expected = [
        "row 3, column B (name 姓名) holds a formula, or begins like one",
        "row 3, column C (document 证件号) is not a 身份证号: its last character does not follow",
        "row 3, column H (student_number 学号) is not what this booth asks for: 4 to 11 digits",
        "row 5, column D (school 学校名称) is empty",
        "row 5, column B (name 姓名) has characters that no record has",
        "row 5, column C (document 证件号) is a long number that the spreadsheet has rounded",
        "row 6, column B (name 姓名) is too short to be masked",
        "row 6, column C (document 证件号) is neither a document number nor its last four",
        "row 6, column I (code 采集码) is empty",
        "row 7, column I (code 采集码) is the code of row 2, which says something else",
    ];
    let told = told(&reading);
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}\n{expected}");
    }
    for value in ["cmd", "Ж", "110105", "王", "2022000I", "token"] {
        assert!(!told.join("\n").contains(value), "{value} is quoted");
    }
    assert_eq!((reading.rows, reading.bad_rows, reading.repeated, reading.lines.len()), (6, 4, 1, 1));
}

#[test]
fn formulas_and_rounded_numbers_of_a_workbook_are_refused_and_whole_ones_read() {
    let formula =
        "2,<><f>HYPERLINK(\"x\")</f><v>1</v></c>,002X,演示大学,普通高等教育,本科,会计学,<><v>20220001</v></c>,a";
    let rounded = "3,李明,<><v>1.10105194912310016E17</v></c>,演示大学,普通高等教育,本科,会计学,<><v>2022.5</v></c>,b";
    let rows = sheet_row(1, HEADINGS) + &sheet_row(2, formula) + &sheet_row(9, rounded);
    let reading = read(&workbook(&rows)).unwrap();
    let told = told(&reading);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[0].starts_with("row 2, column B (name 姓名) holds a formula"), "{}", told[0]);
    assert!(told[1].starts_with("row 9, column C (document 证件号) is a long number"), "{}", told[1]);
    assert!(told[2].starts_with("row 9, column H (student_number 学号) is a date, a fraction"), "{}", told[2]);
}

#[test]
fn a_file_is_read_no_further_than_it_is_wanted() {
    let mut text = String::from("姓名,证件号,学校名称,学历类别,层次,专业,采集码\n");
    for number in 0..5000 {
        text += &format!("郭建荣,002X,演示大学,普通高等教育,本科,会计学,{number}\n");
    }
    let mut reading = Reading::default();
    let mut heard = Vec::new();
    let mut seen = |rows| {
        heard.push(rows);
        rows < 2000
    };
    let read = reading.read(Cursor::new(text.as_bytes()), &Mapping::default(), FORM, &mut seen);
    assert!(matches!(read, Err(FileError::Stopped)), "{read:?}");
    assert_eq!((heard, reading.lines.len()), (vec![1000, 2000], 1999));
}

/// tests/fixtures/roster.xlsx, as a spreadsheet library wrote it: shared strings, a title, numbers as numbers.
#[test]
fn a_workbook_of_another_program_is_read() {
    let reading = read(include_bytes!("../../tests/fixtures/roster.xlsx")).unwrap();
    assert_eq!((reading.rows, told(&reading)), (2, vec![]));
    assert!(reading.lines[0].number == Number::Plain("20220000001".to_owned().into()));
    assert_eq!(reading.lines[1].enrolment.masked_name, "李*");
}

#[test]
fn columns_can_be_named_and_constants_given() {
    let text = "学生,ID,院系专业,标签,采集码\n郭建荣,002X,会计学,甲,t\n";
    let error = read(text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("no row of headings"), "{error}");
    let mut mapping = Mapping {
        columns: vec![("学生".to_owned(), Field::Name), ("B".to_owned(), Field::Document)],
        ..Mapping::default()
    };
    let error = read_with(text.as_bytes(), &mapping).unwrap_err().to_string();
    assert!(error.contains("school 学校名称, category 学历类别, level 层次, major 专业"), "{error}");
    mapping.columns.push(("院系专业".to_owned(), Field::Major));
    let all = [(Field::School, "演示大学"), (Field::Category, "普通高等教育"), (Field::Level, "本科")];
    mapping.constants = all.map(|(field, value)| (field, value.to_owned())).to_vec();
    let reading = read_with(text.as_bytes(), &mapping).unwrap();
    assert_eq!((reading.bad_rows, reading.lines[0].enrolment.school.as_str()), (0, "演示大学"));

    let twice = csv(&[ROW]).replace("序号", "名字");
    let error = read(twice.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("columns A and B in row 1 may both be name"), "{error}");
}

#[test]
fn headings_are_told_also_where_they_are_not_enough_and_stay_the_headings() {
    let text = "演示大学名单\n姓名,证件号,学号,采集码,备注\n郭建荣,002X,20220001,t,甲\n";
    let mut reading = Reading::default();
    let mut read = |mapping: &Mapping| {
        let read = reading.read(Cursor::new(text.as_bytes()), mapping, FORM, &mut |_| true);
        (read.unwrap_err(), reading.headings.clone().unwrap())
    };
    let (error, headings) = read(&Mapping::default());
    assert!(matches!(&error, FileError::MissingColumns { row: 2, missing } if missing.len() == 4), "{error}");
    assert_eq!((headings.row, headings.names[4].as_str()), (2, "备注"));
    assert_eq!((headings.columns.place(Field::Document), headings.columns.place(Field::Major)), (Some(1), None));
    let mapping = Mapping {
        columns: vec![("E".to_owned(), Field::Major)],
        left_out: vec![Field::Name, Field::Document, Field::StudentNumber, Field::Code],
        headings_row: Some(2),
        ..Mapping::default()
    };
    let (_, headings) = read(&mapping);
    assert_eq!(headings.row, 2, "no student is taken for the headings");
    assert_eq!((headings.columns.place(Field::Major), headings.columns.place(Field::Name)), (Some(4), None));
}

#[test]
fn hostile_files_are_one_sentence_and_little_memory() {
    let zeros = vec![b' '; 300 << 20];
    let bomb = zipped([("xl/worksheets/sheet1.xml", &zeros[..])].into_iter());
    assert!(bomb.len() < 2 << 20);
    let unclosed = format!("{HEADINGS}\n1,\"{}", "郭\n".repeat(100_000));
    let wide = format!("{HEADINGS}\n{}", ",".repeat(100_000));
    let far = workbook(&(sheet_row(1, HEADINGS) + "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"));
    let cut = &workbook(&sheet_row(1, HEADINGS));
    for (name, bytes, expected) in [
        ("nothing", &b""[..], "is empty"),
        ("blanks", b" \r\n ", "is empty"),
        ("a bomb", &bomb, "unpacks to far more"),
        ("an archive", &zipped([("a.txt", &b"a"[..])].into_iter()), "not an XLSX workbook"),
        ("half a workbook", &cut[..cut.len() / 2], "not an XLSX workbook"),
        ("an old workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "is an .xls file or has a password"),
        ("a picture", b"\x89PNG\r\n\x1A\n\0\0", "neither CSV nor XLSX"),
        ("zeros", &[b'a', 0, 0, 0, b'b', 0], "neither CSV nor XLSX"),
        ("neither encoding", b"a,b\n\xFF\xFF\xFF", "row 2 is not text"),
        ("half a UTF-16 character", b"\xFF\xFEa\0b", "is not text"),
        ("a quotation mark too few", unclosed.as_bytes(), "row 2 is longer than 64 KB"),
        ("a wide row", wide.as_bytes(), "row 2 has more than 256 columns"),
        ("a far cell", &far, "row 1048576 has more than 256 columns"),
        ("another table", "a,b\n1,2\n".repeat(9).as_bytes(), "no row of headings"),
        ("JSON of another kind", b"[{\n\"name\": \"x\"}]", "line 2 is not a roster entry"),
    ] {
        let error = read(bytes).err().unwrap_or_else(|| panic!("{name} was read")).to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn a_workbook_of_any_bytes_is_a_sentence() {
    let good = workbook(&(sheet_row(1, HEADINGS) + &sheet_row(2, ROW)));
    for at in (0..good.len()).step_by(7) {
        for flip in [1, 0x80, 0xFF] {
            let mut bad = good.clone();
            bad[at] ^= flip;
            let _ = read(&bad);
        }
    }
}

#[test]
fn numbers_are_hashed_once_and_kept_when_nothing_changed() {
    let lines = || read(csv(&[ROW]).as_bytes()).unwrap().lines;
    let nothing = |_| Ok::<_, NoSalt>(None);
    let first = hash_numbers(lines(), nothing, &mut |_| ()).unwrap();
    assert!(first[0].1.student_number.as_ref().unwrap().matches("20220001"));
    let known = |_| Ok::<_, NoSalt>(Some(first[0].1.clone()));
    assert_eq!(hash_numbers(lines(), known, &mut |_| ()).unwrap(), first, "the same salt");
    assert_ne!(hash_numbers(lines(), nothing, &mut |_| ()).unwrap(), first, "a salt of its own");
}
