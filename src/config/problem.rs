//! What can be wrong with the settings: each rule once, with the key and the place it was broken at.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::document::Document;
use super::words::{self, words};
use crate::visit::Language;

/// Settings that the booth cannot run on, and everything that is wrong with them.
#[derive(Debug, Error)]
pub struct BadConfig {
    /// The file that was asked for; a problem may be in one that it names.
    pub file: PathBuf,
    /// Of the booth's screen, as far as the settings could be read.
    pub language: Language,
    pub problems: Vec<Problem>,
}

impl BadConfig {
    pub(super) fn new(file: &Path, problems: Vec<Problem>) -> Self {
        Self { file: file.to_owned(), language: Language::default(), problems }
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub file: PathBuf,
    pub place: Place,
    /// Dotted, such as `server.url`; empty when it is the file as a whole.
    pub key: String,
    pub rule: Rule,
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Nowhere in particular.
    File,
    /// Both from 1; columns are characters.
    Line { line: usize, column: usize },
    /// An environment variable.
    Variable(String),
}

/// What a value is, as TOML knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Whole,
    Number,
    Truth,
    Time,
    List,
    Section,
}

/// What may stand at a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Kind(Kind),
    Word(String),
    Value(i64),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    // The file.
    NoFile,
    Forbidden,
    Unreadable(String),
    TooLong,
    NotText,
    /// In the parser's words.
    Syntax(String),

    // Its shape.
    Unknown {
        /// The key that was probably meant.
        near: Option<String>,
        known: Vec<String>,
    },
    Missing,
    Type {
        wanted: Vec<Wanted>,
        found: Kind,
    },
    Choice {
        given: String,
        wanted: Vec<Wanted>,
        near: Option<String>,
    },
    Within {
        given: String,
        low: Option<String>,
        high: Option<String>,
    },
    Count {
        given: usize,
        least: usize,
        most: Option<usize>,
    },

    // What it says.
    KioskId,
    FileMissing(PathBuf),
    FileEmpty(PathBuf),
    FileUnreadable(PathBuf, String),
    FolderMissing(PathBuf),
    SecretMissing(PathBuf),
    SecretTooOpen(PathBuf),
    SecretMalformed(PathBuf),
    OpaqueNeedsRoster,
    OnlineNeedsNoRoster,
    SchoolCode,
    /// A text of nothing but white space.
    Blank,
    /// Only one of this and another key can be meant.
    Excludes(&'static str),
    /// Another key has to be given with this one.
    NeedsKey(&'static str),
    HttpsUrl,
    ProxyUrl,
    ServerKey,
    AgeKey,
    /// Nothing says whom to believe.
    NotEnrolled,
    /// The booth has enrolled under another name, which is given.
    OtherBooth(String),
    /// The booth has enrolled with a server of another key.
    OtherServer,
    Pair {
        least: u32,
        most: u32,
    },
    LocalAddress,
    Loopback,
    Fee,
    /// A text of the screens is wider than its place.
    TextTooWide {
        most: usize,
    },
    SmallTarget {
        mm: f32,
        least_mm: f32,
    },
    NoProfile {
        looked: Vec<PathBuf>,
    },
    AllowsNothing,
}

/// Collects what is wrong with one file. Whatever is wrong in shape is not judged by what it says, too.
pub(super) struct Problems<'a> {
    document: &'a Document,
    found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub fn new(document: &'a Document, found: Vec<Problem>) -> Self {
        Self { document, found }
    }

    pub fn add(&mut self, key: &str, rule: Rule) {
        if !self.has(key) {
            self.found.push(self.document.problem(key, rule));
        }
    }

    /// What is no problem to whoever asks.
    pub fn forgive(&mut self, rule: &Rule) {
        self.found.retain(|problem| problem.rule != *rule);
    }

    /// Those of a file that this one names.
    pub fn add_all(&mut self, others: Vec<Problem>) {
        self.found.extend(others);
    }

    /// Whether this key, or a section that it is in, is known to be wrong in shape.
    pub fn has(&self, key: &str) -> bool {
        let is_around = |problem: &Problem| {
            let rest = key.strip_prefix(problem.key.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.found.iter().any(|problem| problem.rule.is_of_shape() && is_around(problem))
    }

    /// In the order of the file; what environment variables say comes last.
    pub fn into_error(mut self, file: &Path) -> Option<BadConfig> {
        let named = self.document.file.clone();
        self.found.sort_by(|a, b| {
            (a.file != named, &a.file, &a.place, &a.key).cmp(&(b.file != named, &b.file, &b.place, &b.key))
        });
        (!self.found.is_empty()).then(|| BadConfig::new(file, self.found))
    }
}

impl BadConfig {
    /// How many there are, in words.
    pub fn count(&self) -> String {
        let number = self.problems.len();
        format!("{number} problem{}", if number == 1 { "" } else { "s" })
    }

    /// Whether there was nothing to judge.
    pub fn is_unread(&self) -> bool {
        let is_unread = |rule: &Rule| matches!(rule, Rule::NoFile | Rule::Forbidden | Rule::Unreadable(_));
        self.problems.iter().any(|problem| problem.file == self.file && is_unread(&problem.rule))
    }
}

impl Rule {
    fn is_of_shape(&self) -> bool {
        use Rule::{Choice, Count, Missing, Type, Unknown, Within};
        matches!(
            self,
            Unknown { .. } | Missing | Type { .. } | Choice { .. } | Within { .. } | Count { .. } | Rule::NotText
        )
    }
}

impl Problem {
    /// What must be, in words.
    pub fn rule(&self, language: Language) -> String {
        words(&self.rule, &self.key, language).rule
    }

    /// What to do about it.
    pub fn hint(&self, language: Language) -> String {
        match (&self.place, &self.rule) {
            (Place::Variable(_), Rule::Type { .. }) => words::correct_the_variable(language).to_owned(),
            _ => words(&self.rule, &self.key, language).hint,
        }
    }

    /// `file:line:column`, which editors can jump to, or the variable.
    pub fn location(&self) -> String {
        match &self.place {
            Place::File => self.file.display().to_string(),
            Place::Line { line, column } => format!("{}:{line}:{column}", self.file.display()),
            Place::Variable(name) => format!("${name}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.location())?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}; {}", self.rule(Language::English), self.hint(Language::English))
    }
}

impl fmt::Display for BadConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.count())?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}
