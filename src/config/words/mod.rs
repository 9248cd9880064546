//! What each rule says and what to do about it, in both languages: for the console and for the page that a
//! booth shows when its settings are wrong.

mod chinese;
mod english;

use super::problem::{Rule, Wanted};
use crate::visit::Language;

/// A longer list of known keys helps nobody.
const MOST_LISTED: usize = 40;

pub(super) struct Words {
    pub rule: String,
    pub hint: String,
}

pub(super) fn words(rule: &Rule, key: &str, language: Language) -> Words {
    let (rule, hint) = match language {
        Language::Chinese => chinese::words(rule, key),
        Language::English => english::words(rule, key),
    };
    Words { rule, hint }
}

/// How values are written in a file is of no use to whoever set a variable.
pub(super) fn correct_the_variable(language: Language) -> &'static str {
    match language {
        Language::Chinese => "请改正环境变量的值",
        Language::English => "correct the variable's value",
    }
}

/// Each of them, with `or` before the last.
fn list(wanted: &[Wanted], comma: &str, or: &str, kind: fn(super::problem::Kind) -> &'static str) -> String {
    let word = |wanted: &Wanted| match wanted {
        Wanted::Kind(known) => kind(*known).to_owned(),
        Wanted::Word(word) => format!("{word:?}"),
        Wanted::Value(number) => number.to_string(),
    };
    let words: Vec<String> = wanted.iter().map(word).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{}{or}{last}", others.join(comma)),
        None => String::new(),
    }
}

/// The key's own name, without its section.
fn name(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn range(low: &Option<String>, high: &Option<String>) -> (String, String) {
    (low.clone().unwrap_or_default(), high.clone().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::problem::Kind;
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        let word = |word: &str| Wanted::Word(word.to_owned());
        let said = |wanted: &[Wanted]| list(wanted, ", ", " or ", |_| "a whole number");
        assert_eq!(said(&[word("a")]), "\"a\"");
        assert_eq!(said(&[word("a"), Wanted::Value(1), Wanted::Kind(Kind::Whole)]), "\"a\", 1 or a whole number");
    }
}
