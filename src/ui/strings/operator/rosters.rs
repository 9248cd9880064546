//! What is said about rosters: their files, columns, rows and problems. Nothing quotes a cell.

use crate::operator::{RosterCounts, RosterDone, RosterPlaces, RosterProblem, may_be_left_out};
use crate::roster::{Field, FileError, Headings, MOST_BYTES, MOST_ROWS, Problem, Rule, letters};
use crate::visit::Language::{self, Chinese, English};

/// Numbers that two cores hash in a minute.
const NUMBERS_PER_MINUTE: u64 = 8000;

pub fn field(language: Language, field: Field) -> &'static str {
    match (language, field) {
        (Chinese, Field::Code) => "采集码",
        (English, Field::Code) => "Collection code",
        (Chinese, Field::CodeDigest) => "采集码摘要",
        (English, Field::CodeDigest) => "Digest of the code",
        (Chinese, Field::School) => "学校名称",
        (English, Field::School) => "School",
        (Chinese, Field::Category) => "学历类别",
        (English, Field::Category) => "Category",
        (Chinese, Field::Level) => "层次",
        (English, Field::Level) => "Level",
        (Chinese, Field::Major) => "专业",
        (English, Field::Major) => "Major",
        (Chinese, Field::Name) => "姓名",
        (English, Field::Name) => "Name",
        (Chinese, Field::Document) => "证件号",
        (English, Field::Document) => "Document number",
        (Chinese, Field::StudentNumber) => "学号",
        (English, Field::StudentNumber) => "Student number",
    }
}

/// B · 姓名
pub fn column(headings: &Headings, place: usize) -> String {
    match headings.names.get(place).filter(|name| !name.is_empty()) {
        Some(name) => format!("{} · {name}", letters(place)),
        None => letters(place),
    }
}

/// What a field was found in, and whether that is well.
pub fn taken_from(language: Language, headings: &Headings, places: &RosterPlaces, field: Field) -> (String, bool) {
    if let Some(value) = places.value(field) {
        return (all_have(language, value), true);
    }
    let has = |field| headings.columns.place(field).is_some();
    match (headings.columns.place(field), language) {
        (Some(place), _) => (column(headings, place), true),
        // A code and its digest say the same.
        (None, _) if matches!(field, Field::Code | Field::CodeDigest) => match language {
            Chinese => ("没有".to_owned(), has(Field::Code) || has(Field::CodeDigest)),
            English => ("None".to_owned(), has(Field::Code) || has(Field::CodeDigest)),
        },
        (None, Chinese) => (if may_be_left_out(field) { "没有" } else { "请选择" }.to_owned(), may_be_left_out(field)),
        (None, English) => (if may_be_left_out(field) { "None" } else { "Choose" }.to_owned(), may_be_left_out(field)),
    }
}

fn all_have(language: Language, value: &str) -> String {
    match language {
        Chinese => format!("全部为{value}"),
        English => format!("All: {value}"),
    }
}

pub fn same_for_all(language: Language, of: Field) -> String {
    match language {
        Chinese => format!("全部学生的{}？", field(language, of)),
        English => format!("The same for all: {}", field(language, of)),
    }
}

pub fn which_column(language: Language, of: Field) -> String {
    match language {
        Chinese => format!("哪一列是{}？", field(language, of)),
        English => format!("Which column: {}", field(language, of)),
    }
}

pub fn file_size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn fields(language: Language, missing: &[Field]) -> String {
    let separator = if language == Chinese { "、" } else { ", " };
    missing.iter().map(|missing| field(language, *missing)).collect::<Vec<_>>().join(separator)
}

/// Why a file is no roster, and what to do.
pub fn file_error(language: Language, error: &FileError) -> (String, String) {
    let pair = |headline: &str, line: &str| (headline.to_owned(), line.to_owned());
    let megabytes = MOST_BYTES >> 20;
    match (language, error) {
        (Chinese, FileError::Unreadable(_)) => pair("文件读不出来", "请重新插入 U 盘再试，或换一个 U 盘"),
        (English, FileError::Unreadable(_)) => {
            pair("The file cannot be read", "Plug the stick in again, or use another one")
        }
        (Chinese, FileError::TooLarge) => (format!("文件超过 {megabytes} MB"), "请分成几份".to_owned()),
        (English, FileError::TooLarge) => (format!("The file is larger than {megabytes} MB"), "Split it".to_owned()),
        (Chinese, FileError::TooManyRows) => (format!("超过 {MOST_ROWS} 人"), "请只导入本校区的学生".to_owned()),
        (English, FileError::TooManyRows) => {
            (format!("More than {MOST_ROWS} students"), "Import those of this campus only".to_owned())
        }
        (Chinese, FileError::Empty) => pair("文件是空的", "请检查是否选对了文件"),
        (English, FileError::Empty) => pair("The file is empty", "See whether it is the right one"),
        (Chinese, FileError::NotATable) => pair("这不是表格", "请在表格软件里另存为 .xlsx 或 .csv"),
        (English, FileError::NotATable) => pair("This is no table", "Save the table as .xlsx or .csv"),
        (Chinese, FileError::OldWorkbook) => {
            pair("这是旧的 .xls 文件，或设有密码", "请在表格软件里另存为没有密码的 .xlsx")
        }
        (English, FileError::OldWorkbook) => {
            pair("This is an .xls file, or has a password", "Save it as .xlsx without a password")
        }
        (Chinese, FileError::NotAWorkbook) => pair("这不是 .xlsx 文件，或已损坏", "请用表格软件打开，另存为 .xlsx"),
        (English, FileError::NotAWorkbook) => {
            pair("No .xlsx workbook, or a damaged one", "Open it in the spreadsheet program and save it as .xlsx")
        }
        (Chinese, FileError::Bomb) => pair("文件解压后远大于一份名单，没有打开", "请检查文件来源"),
        (English, FileError::Bomb) => {
            pair("The file unpacks to far more than a roster: it was not opened", "See where it comes from")
        }
        (Chinese, FileError::Encoding { row }) => {
            (format!("第 {row} 行的文字编码无法识别"), "请另存为“CSV UTF-8”或 .xlsx".to_owned())
        }
        (English, FileError::Encoding { row }) => {
            (format!("Row {row} is in an unknown encoding"), "Save the file as CSV UTF-8 or .xlsx".to_owned())
        }
        (Chinese, FileError::RowTooLong { row }) => {
            (format!("第 {row} 行太长"), "可能少了一个引号：请另存为 .xlsx".to_owned())
        }
        (English, FileError::RowTooLong { row }) => {
            (format!("Row {row} is too long"), "A quotation mark may be missing: save it as .xlsx".to_owned())
        }
        (Chinese, FileError::TooManyColumns { row }) => (format!("第 {row} 行的列太多"), "请删去多余的列".to_owned()),
        (English, FileError::TooManyColumns { row }) => {
            (format!("Row {row} has too many columns"), "Remove those that are not needed".to_owned())
        }
        (Chinese, FileError::NoHeadings) => {
            pair("前十行里没有标题行", "请在第一行写上列名，例如：采集码、姓名、学号、专业")
        }
        (English, FileError::NoHeadings) => pair(
            "No row of headings among the first ten",
            "Name the columns in the first row: 采集码, 姓名, 学号, 专业",
        ),
        (Chinese, FileError::MissingColumns { missing, .. }) => (
            format!("还不知道这几项在哪一列：{}", fields(language, missing)),
            "点下面的项目选一列；表格里没有、而大家都一样的，选“全部相同”".to_owned(),
        ),
        (English, FileError::MissingColumns { missing, .. }) => (
            format!("No column is known for: {}", fields(language, missing)),
            "Touch a field below and choose its column, or what is the same for all students".to_owned(),
        ),
        (Chinese, FileError::Ambiguous { field: of, columns: [one, other], .. }) => (
            format!("{one} 列和 {other} 列都可能是{}", field(language, *of)),
            "点下面的这一项，选出正确的一列".to_owned(),
        ),
        (English, FileError::Ambiguous { field: of, columns: [one, other], .. }) => (
            format!("Columns {one} and {other} may both be: {}", field(language, *of)),
            "Touch that field below and choose its column".to_owned(),
        ),
        (Chinese, FileError::Stopped) => pair("没有读完", "请再读一次"),
        (English, FileError::Stopped) => pair("Not read to its end", "Read it again"),
        (Chinese, FileError::NotAnEntry { line }) => {
            (format!("不是名单（第 {line} 行）"), "JSON 名单由发码程序生成；回执文件请在“U盘”里导入".to_owned())
        }
        (English, FileError::NotAnEntry { line }) => (
            format!("This is no roster (line {line})"),
            "JSON rosters come from the program that makes codes; receipts go through \"USB stick\"".to_owned(),
        ),
    }
}

fn rule(language: Language, rule: Rule) -> String {
    match (language, rule) {
        (Chinese, Rule::Empty) => "没有填".to_owned(),
        (English, Rule::Empty) => "is empty".to_owned(),
        (Chinese, Rule::Formula) => "是公式，请粘贴为数值".to_owned(),
        (English, Rule::Formula) => "is a formula: paste its value".to_owned(),
        (Chinese, Rule::LostDigits) => "长数字已被表格软件改动，请把该列设为文本后重填".to_owned(),
        (English, Rule::LostDigits) => {
            "was rounded by the spreadsheet: make the column text, enter it again".to_owned()
        }
        (Chinese, Rule::NotText) => "不是文本（日期、小数或错误值），请改为文本".to_owned(),
        (English, Rule::NotText) => "is a date, a fraction or an error: enter it as text".to_owned(),
        (Chinese, Rule::TooLong(most)) => format!("超过 {most} 个字"),
        (English, Rule::TooLong(most)) => format!("is longer than {most} characters"),
        (Chinese, Rule::OddCharacters) => "有不能用的字符".to_owned(),
        (English, Rule::OddCharacters) => "has characters that cannot be used".to_owned(),
        (Chinese, Rule::TooShort) => "姓名至少两个字".to_owned(),
        (English, Rule::TooShort) => "is too short for a name".to_owned(),
        (Chinese, Rule::NotADocument) => "不是证件号，也不是后四位".to_owned(),
        (English, Rule::NotADocument) => "is no document number, nor its last four characters".to_owned(),
        (Chinese, Rule::WrongCheckCharacter) => "身份证号的最后一位对不上".to_owned(),
        (English, Rule::WrongCheckCharacter) => "is no 身份证号: its last character does not fit".to_owned(),
        (Chinese, Rule::NotADigest) => "不是采集码摘要（64 位十六进制）".to_owned(),
        (English, Rule::NotADigest) => "is no digest of a code (64 hexadecimal digits)".to_owned(),
        (Chinese, Rule::OtherNumber { shortest, longest, letters }) => {
            let of = if letters { "数字或字母" } else { "数字" };
            format!("应为 {} 位{of}", range(shortest, longest))
        }
        (English, Rule::OtherNumber { shortest, longest, letters }) => {
            let of = if letters { "digits or letters" } else { "digits" };
            format!("should have {} {of}", range(shortest, longest))
        }
        (Chinese, Rule::SameCode(row)) => format!("和第 {row} 行的采集码相同，内容不同"),
        (English, Rule::SameCode(row)) => format!("is the code of row {row}, which says something else"),
    }
}

fn range(shortest: usize, longest: usize) -> String {
    if shortest == longest { shortest.to_string() } else { format!("{shortest}–{longest}") }
}

/// Where a problem is, and what.
pub fn problem(language: Language, problem: &Problem) -> (String, String) {
    let (row, of) = (problem.row, field(language, problem.field));
    let column = problem.column.as_deref().unwrap_or("–");
    let place = match language {
        Chinese => format!("第 {row} 行，{column} 列"),
        English => format!("Row {row}, column {column}"),
    };
    let what = match language {
        Chinese => format!("{of}：{}", rule(language, problem.rule)),
        English => format!("{of} {}", rule(language, problem.rule)),
    };
    (place, what)
}

pub fn problems_title(language: Language, counts: &RosterCounts) -> String {
    match language {
        Chinese => format!("{} 行有误", counts.bad),
        English => format!("Bad rows: {}", counts.bad),
    }
}

pub fn page_problem(language: Language, problem: RosterProblem) -> (&'static str, &'static str) {
    match (language, problem) {
        (Chinese, RosterProblem::Gone) => ("U 盘或文件不见了", "请重新插入后再试；名单没有改动"),
        (English, RosterProblem::Gone) => {
            ("The stick or the file is gone", "Plug it in again; the roster was not changed")
        }
        (Chinese, RosterProblem::Changed) => ("文件在试读之后被改动了", "请重新试读；名单没有改动"),
        (English, RosterProblem::Changed) => {
            ("The file has changed since it was read", "Read it again; the roster was not changed")
        }
        (Chinese, RosterProblem::Unreadable) => ("文件读不出来", "请换一个 U 盘再试；名单没有改动"),
        (English, RosterProblem::Unreadable) => {
            ("The file cannot be read", "Use another stick; the roster was not changed")
        }
        (Chinese, RosterProblem::Stopped) => ("已停止", "名单没有改动；可以随时重新导入"),
        (English, RosterProblem::Stopped) => ("Stopped", "The roster was not changed; import it again at any time"),
        (Chinese, RosterProblem::Other) => ("没有完成", "名单没有改动；再试一次，仍不行请联系 IT"),
        (English, RosterProblem::Other) => ("Not finished", "The roster was not changed; try again, then call IT"),
    }
}

/// The second question, where rows are bad.
pub fn sure(language: Language, counts: &RosterCounts) -> (String, Vec<String>) {
    let (good, bad) = (counts.good(), counts.bad);
    match language {
        Chinese => (
            format!("{bad} 行有误，不会导入；导入其余 {good} 人？"),
            vec!["没有导入的同学不能用采集码拍摄。改好表格后再导入一次即可，不会重复".to_owned()],
        ),
        English => (
            format!("{bad} bad rows are left out. Import the other {good} students?"),
            vec![
                "Codes of those who are left out do not work. Correct the table and import it again: nobody is doubled"
                    .to_owned(),
            ],
        ),
    }
}

/// What is said of a file that can be imported; a sentence about the time where it takes long.
pub fn ready(language: Language, counts: &RosterCounts) -> (String, Vec<String>) {
    let minutes = counts.to_hash.div_ceil(NUMBERS_PER_MINUTE);
    let long = match language {
        _ if counts.to_hash < NUMBERS_PER_MINUTE / 4 => None,
        Chinese => Some(format!("学号要逐个加密处理，约需 {minutes} 分钟")),
        English => Some(format!("Hashing the student numbers takes about {minutes} min")),
    };
    let headline = match (language, counts.good()) {
        (Chinese, 0) => "没有可以导入的学生".to_owned(),
        (English, 0) => "There is no student to import".to_owned(),
        (Chinese, _) if counts.bad > 0 => "试读完成，还没有改动。有误的行请先改好，或只导入其余的".to_owned(),
        (English, _) if counts.bad > 0 => {
            "Read, nothing changed yet. Correct the bad rows, or import the others".to_owned()
        }
        (Chinese, _) => "试读完成，没有问题；还没有改动".to_owned(),
        (English, _) => "Read without a problem; nothing changed yet".to_owned(),
    };
    (headline, long.into_iter().collect())
}

pub fn reading(language: Language, rows: u64) -> String {
    match language {
        Chinese => format!("正在试读：{rows} 行"),
        English => format!("Reading: {rows} rows"),
    }
}

pub fn importing(language: Language, done: u64, of: u64, is_stopping: bool) -> (String, String) {
    match language {
        Chinese if is_stopping => ("正在停止…".to_owned(), "如果已经开始写入名单，会写完".to_owned()),
        English if is_stopping => ("Stopping…".to_owned(), "If it is being saved already, that is finished".to_owned()),
        Chinese => (
            format!("正在导入：{done} / {of}"),
            "正在处理学号，最后一次写入名单。如果断电，名单不会只改一半，重新导入即可".to_owned(),
        ),
        English => (
            format!("Importing: {done} of {of}"),
            "Student numbers are hashed, then all is saved at once. If power fails nothing is half done: import again"
                .to_owned(),
        ),
    }
}

pub fn imported(language: Language, done: RosterDone) -> (String, Vec<String>) {
    let RosterDone { added, updated, unchanged, bad } = done;
    let (headline, left_out) = match language {
        Chinese => (
            format!("已导入：新增 {added} 人，更新 {updated} 人，不变 {unchanged} 人"),
            format!("{bad} 行有误，没有导入：改好后再导入一次"),
        ),
        English => (
            format!("Imported: {added} new, {updated} updated, {unchanged} as before"),
            format!("{bad} bad rows were left out: correct them and import again"),
        ),
    };
    (headline, if bad > 0 { vec![left_out] } else { Vec::new() })
}
