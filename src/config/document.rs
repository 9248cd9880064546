//! A TOML file as IT wrote it: its values, and the place where each key stands.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use toml::de::{DeArray, DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::problem::{Place, Problem, Rule};

/// No settings are longer, in bytes.
const LONGEST: u64 = 1024 * 1024;
/// One slip can make a parser stumble over many lines.
const MOST_SYNTAX_ERRORS: usize = 20;

#[derive(Debug)]
pub(super) struct Document {
    pub file: PathBuf,
    pub table: Table,
    places: BTreeMap<String, Place>,
}

impl Document {
    pub fn read(file: &Path) -> Result<Self, Vec<Problem>> {
        let fails = |rule| vec![Problem { file: file.to_owned(), place: Place::File, key: String::new(), rule }];
        let mut bytes = Vec::new();
        let read = File::open(file).and_then(|opened| opened.take(LONGEST + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => Err(fails(unreadable(&error))),
            Ok(_) if bytes.len() as u64 > LONGEST => Err(fails(Rule::TooLong)),
            Ok(_) => Self::parse(file, &bytes),
        }
    }

    pub fn parse(file: &Path, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let fails = |place, rule| Problem { file: file.to_owned(), place, key: String::new(), rule };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            vec![fails(place_at(&before, before.len()), Rule::NotText)]
        })?;
        let (root, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let syntax = errors.iter().take(MOST_SYNTAX_ERRORS).map(|error| {
                let place = error.span().map_or(Place::File, |span| place_at(text, span.start));
                fails(place, Rule::Syntax(error.message().to_owned()))
            });
            return Err(syntax.collect());
        }
        let mut reading = Reading { text, places: BTreeMap::new(), too_large: Vec::new() };
        let table = reading.table("", root.get_ref());
        if !reading.too_large.is_empty() {
            let too_large = |key: String| Problem {
                file: file.to_owned(),
                place: reading.places.get(&key).cloned().unwrap_or(Place::File),
                key,
                rule: Rule::Syntax("the number is too large".to_owned()),
            };
            return Err(reading.too_large.iter().cloned().map(too_large).collect());
        }
        Ok(Self { file: file.to_owned(), table, places: reading.places })
    }

    /// Where a key stands, or else the section that it belongs in.
    pub fn place(&self, key: &str) -> Place {
        let mut key = key;
        loop {
            if let Some(place) = self.places.get(key) {
                return place.clone();
            }
            match key.rfind(['.', '[']) {
                Some(end) => key = &key[..end],
                None => return Place::File,
            }
        }
    }

    pub fn problem(&self, key: &str, rule: Rule) -> Problem {
        Problem { file: self.file.clone(), place: self.place(key), key: key.to_owned(), rule }
    }

    /// Puts a value where `names` lead, as an environment variable says. Sections that are not there are made.
    pub fn set(&mut self, names: &[String], value: Value, variable: &str) {
        let mut table = &mut self.table;
        let mut key = String::new();
        for (index, name) in names.iter().enumerate() {
            key = join(&key, name);
            if index + 1 == names.len() {
                self.places.insert(key, Place::Variable(variable.to_owned()));
                table.insert(name.clone(), value);
                return;
            }
            if !table.contains_key(name) {
                self.places.insert(key.clone(), Place::Variable(variable.to_owned()));
            }
            match table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new())) {
                Value::Table(inner) => table = inner,
                // What stands there is no section, which is found to be wrong.
                _ => return,
            }
        }
    }
}

/// A key within a section, quoted when TOML would have it so.
pub(super) fn join(section: &str, name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let name = if is_bare { name.to_owned() } else { format!("{name:?}") };
    if section.is_empty() { name } else { format!("{section}.{name}") }
}

fn unreadable(error: &io::Error) -> Rule {
    match error.kind() {
        io::ErrorKind::NotFound => Rule::NoFile,
        io::ErrorKind::PermissionDenied => Rule::Forbidden,
        _ => Rule::Unreadable(error.to_string()),
    }
}

fn place_at(text: &str, at: usize) -> Place {
    let before = &text[..text.floor_char_boundary(at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place::Line { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// Turns what was parsed into plain values, and remembers where they were.
struct Reading<'a> {
    text: &'a str,
    places: BTreeMap<String, Place>,
    too_large: Vec<String>,
}

impl Reading<'_> {
    fn table(&mut self, section: &str, table: &DeTable<'_>) -> Table {
        let mut plain = Table::new();
        for (name, value) in table {
            let key = join(section, name.get_ref());
            self.places.insert(key.clone(), place_at(self.text, name.span().start));
            plain.insert(name.get_ref().clone().into_owned(), self.value(&key, value.get_ref()));
        }
        plain
    }

    fn array(&mut self, key: &str, array: &DeArray<'_>) -> Value {
        let item = |(index, item): (usize, &Spanned<DeValue<'_>>)| {
            let key = format!("{key}[{index}]");
            self.places.insert(key.clone(), place_at(self.text, item.span().start));
            self.value(&key, item.get_ref())
        };
        Value::Array(array.iter().enumerate().map(item).collect())
    }

    fn value(&mut self, key: &str, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::String(text.clone().into_owned()),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Value::Integer(number),
                Err(_) => {
                    self.too_large.push(key.to_owned());
                    Value::Integer(0)
                }
            },
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Value::Boolean(*truth),
            DeValue::Datetime(time) => Value::Datetime(*time),
            DeValue::Array(array) => self.array(key, array),
            DeValue::Table(table) => Value::Table(self.table(key, table)),
        }
    }
}

/// A value as it would stand in a file; `None` when it is no TOML.
pub(super) fn value(text: &str) -> Option<Value> {
    let parsed = DeValue::parse(text).ok()?;
    let mut reading = Reading { text, places: BTreeMap::new(), too_large: Vec::new() };
    let value = reading.value("", parsed.get_ref());
    reading.too_large.is_empty().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> Result<Document, Vec<Problem>> {
        Document::parse(Path::new("kiosk.toml"), text)
    }

    #[test]
    fn every_key_is_known_with_its_line_and_column() {
        let document = parse("a = 1\n[b]\nc.d = [1, 2]\n  'ü e' = 0\n[[f]]\ng = {h = 1}\n".as_bytes()).unwrap();
        for (key, line, column) in [
            ("a", 1, 1),
            ("b", 2, 2),
            ("b.c.d", 3, 3),
            ("b.c.d[1]", 3, 11),
            ("b.\"ü e\"", 4, 3),
            ("f[0].g", 6, 1),
            ("f[0].g.h", 6, 6),
            ("b.is.not.there", 2, 2),
        ] {
            assert_eq!(document.place(key), Place::Line { line, column }, "{key}");
        }
        assert_eq!(document.place("elsewhere"), Place::File);
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_line() {
        for (text, line) in [
            (&b"a = 1\nb = \nc = 2\n"[..], 2),
            (b"a = 1\n\na = 2\n", 3),
            (b"[a\nb = 1\n", 1),
            (b"a = 1\n# \xff\n", 2),
            (b"a = 1\nb = 99999999999999999999\n", 2),
        ] {
            let problems = parse(text).unwrap_err();
            let place = &problems[0].place;
            assert!(matches!(place, Place::Line { line: at, .. } if *at == line), "{text:?}: {problems:?}");
        }
        assert!(parse(b"a =\nb =\nc = 1\n").unwrap_err().len() == 2, "both lines are named");
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let rule = |file: &Path| Document::read(file).unwrap_err().remove(0).rule;
        assert_eq!(rule(&folder.path().join("none.toml")), Rule::NoFile);
        assert!(matches!(rule(folder.path()), Rule::Unreadable(_)), "a folder");
        let long = folder.path().join("long.toml");
        std::fs::write(&long, vec![b'#'; LONGEST as usize + 1]).unwrap();
        assert_eq!(rule(&long), Rule::TooLong);
    }
}
