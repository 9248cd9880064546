//! Which column of a table is what: by its heading in Chinese or English, or as the operator says.

use std::fmt;
use std::str::FromStr;

use super::FileError;
use super::table::Cell;

/// What a roster knows of a student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The text of the collection code. Only its digest is kept.
    Code,
    /// That digest, where whoever made the codes gives nothing else away.
    CodeDigest,
    School,
    Category,
    Level,
    Major,
    Name,
    Document,
    StudentNumber,
}

impl Field {
    pub const ALL: [Self; 9] = [
        Self::Code,
        Self::CodeDigest,
        Self::School,
        Self::Category,
        Self::Level,
        Self::Major,
        Self::Name,
        Self::Document,
        Self::StudentNumber,
    ];
    /// What the confirm screen shows: none of it may be missing.
    pub const SHOWN: [Self; 6] = [Self::School, Self::Category, Self::Level, Self::Major, Self::Name, Self::Document];

    /// The name that a mapping has for it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeDigest => "code_digest",
            Self::School => "school",
            Self::Category => "category",
            Self::Level => "level",
            Self::Major => "major",
            Self::Name => "name",
            Self::Document => "document",
            Self::StudentNumber => "student_number",
        }
    }

    /// Headings that mean it, as [`plain`] writes them. The first one is the usual one.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Code => &["采集码", "图像采集码", "采集码内容", "code", "payload", "collectioncode"],
            Self::CodeDigest => &["采集码摘要", "摘要", "codedigest", "digest", "sha256", "codesha256"],
            Self::School => &["学校名称", "学校", "院校名称", "院校", "毕业院校", "school", "university", "schoolname"],
            Self::Category => &["学历类别", "类别", "category", "educationcategory"],
            Self::Level => &["层次", "学历层次", "培养层次", "level", "degree", "degreelevel"],
            Self::Major => &["专业", "专业名称", "所学专业", "major", "programme", "program"],
            Self::Name => &["姓名", "名字", "学生姓名", "name", "maskedname", "studentname", "fullname"],
            Self::Document => &[
                "证件号",
                "证件号码",
                "证件号后四位",
                "证件号码后四位",
                "身份证",
                "身份证号",
                "身份证号码",
                "身份证后四位",
                "document",
                "documentlast4",
                "idnumber",
                "idlast4",
                "idno",
            ],
            Self::StudentNumber => {
                &["学号", "学生学号", "studentnumber", "studentid", "studentno", "matriculationnumber"]
            }
        }
    }

    /// Whether all students of a file can have the same.
    pub const fn may_be_the_same(self) -> bool {
        matches!(self, Self::School | Self::Category | Self::Level | Self::Major)
    }

    /// What rosters usually say, where that is few words.
    pub const fn usual_values(self) -> &'static [&'static str] {
        match self {
            Self::Category => &["普通高等教育", "成人高等教育", "高等教育自学考试", "网络教育", "开放教育"],
            Self::Level => &["专科", "本科", "硕士研究生", "博士研究生"],
            _ => &[],
        }
    }

    fn meant_by(heading: &str) -> Option<Self> {
        let heading = plain(heading);
        Self::ALL.into_iter().find(|field| field.headings().contains(&heading.as_str()))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key(), self.headings()[0])
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, String> {
        let keys = || Self::ALL.map(Self::key).join(", ");
        Self::ALL.into_iter().find(|field| field.key() == key).ok_or_else(|| format!("give one of {}", keys()))
    }
}

/// A heading without what people put around it: spaces, marks of what must be filled in, notes in brackets.
fn plain(heading: &str) -> String {
    let before_note = heading.split(['（', '(', '[', '【']).next().unwrap_or_default();
    before_note.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What the operator says of the columns; the rest is guessed.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// A heading as it stands in the file, or a column's letter.
    pub columns: Vec<(String, Field)>,
    /// What every student of the file has and no column says.
    pub constants: Vec<(Field, String)>,
    /// No column is it, whatever its heading says.
    pub left_out: Vec<Field>,
    /// The row of the headings, where it is known already: no other is taken for them.
    pub headings_row: Option<u32>,
}

impl Mapping {
    pub fn constant(&self, field: Field) -> Option<&str> {
        self.constants.iter().find(|(of, _)| *of == field).map(|(_, value)| value.as_str())
    }

    fn says(&self, place: usize, heading: &str) -> Option<Field> {
        self.columns.iter().find(|(name, _)| name == &letters(place) || name.trim() == heading).map(|(_, field)| *field)
    }

    fn has(&self, field: Field) -> bool {
        self.left_out.contains(&field) || self.columns.iter().any(|(_, mapped)| *mapped == field)
    }
}

/// Where each field stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns([Option<usize>; Field::ALL.len()]);

impl Columns {
    pub fn place(&self, field: Field) -> Option<usize> {
        self.0[field as usize]
    }

    /// The columns that a row of headings names, and whether they are enough; `None` if it is not one.
    pub(super) fn find(row: u32, cells: &[Cell], mapping: &Mapping) -> Option<(Self, Result<(), FileError>)> {
        let mut columns = Self::default();
        let mut twice = None;
        for (place, cell) in cells.iter().enumerate() {
            let Cell::Text(heading) = cell else { continue };
            let said = mapping.says(place, heading.trim());
            // What is mapped is not guessed a second time.
            let guess = || Field::meant_by(heading).filter(|field| !mapping.has(*field));
            let Some(field) = said.or_else(guess) else { continue };
            match columns.0[field as usize] {
                Some(other) => twice = twice.or(Some((field, [letters(other), letters(place)]))),
                None => columns.0[field as usize] = Some(place),
            }
        }
        if let Some((field, both)) = twice {
            return Some((columns, Err(FileError::Ambiguous { row, field, columns: both })));
        }
        let known = columns.0.iter().flatten().count();
        if known < 2 && mapping.headings_row != Some(row) {
            return None;
        }
        let is_there = |field: Field| columns.place(field).is_some() || mapping.constant(field).is_some();
        let mut missing: Vec<_> = Field::SHOWN.into_iter().filter(|&field| !is_there(field)).collect();
        if columns.place(Field::Code).is_none() && columns.place(Field::CodeDigest).is_none() {
            missing.push(Field::Code);
        }
        let enough = if missing.is_empty() { Ok(()) } else { Err(FileError::MissingColumns { row, missing }) };
        Some((columns, enough))
    }
}

/// The row of headings as it was understood, or as far as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headings {
    pub row: u32,
    pub columns: Columns,
    /// Each column's heading, by its place; empty where it has none.
    pub names: Vec<String>,
}

impl Headings {
    /// Characters of a heading that are kept.
    const MOST_CHARACTERS: usize = 32;

    pub(super) fn of(row: u32, cells: &[Cell], columns: &Columns) -> Self {
        let name = |cell: &Cell| match cell {
            Cell::Text(text) => text.chars().filter(|c| !c.is_control()).take(Self::MOST_CHARACTERS).collect(),
            _ => String::new(),
        };
        Self { row, columns: columns.clone(), names: cells.iter().map(name).collect() }
    }
}

/// A column's name in a spreadsheet: A, B, …, Z, AA.
pub fn letters(place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_whatever_is_around_them() {
        for (heading, field) in [
            ("姓名", Field::Name),
            (" * 姓 名（必填）", Field::Name),
            ("Student_Number", Field::StudentNumber),
            ("身份证号码(18位)", Field::Document),
            ("code digest", Field::CodeDigest),
        ] {
            assert_eq!(Field::meant_by(heading), Some(field), "{heading}");
        }
        for heading in ["", "备注", "姓名拼音", "联系电话", "（姓名）"] {
            assert_eq!(Field::meant_by(heading), None, "{heading}");
        }
    }

    #[test]
    fn no_heading_means_two_fields() {
        let mut all: Vec<_> = Field::ALL.into_iter().flat_map(|field| field.headings()).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        for heading in all {
            assert_eq!(&&plain(heading), &heading, "never found as it is written");
        }
    }

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        let some = [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")];
        for (place, name) in some {
            assert_eq!(letters(place), name);
        }
    }
}
