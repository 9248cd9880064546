//! Settings spoilt in every way: never a panic, and always the key or the line.

use proptest::prelude::*;
use toml::{Table, Value};

use super::*;
use crate::config::document::join;

fn example_table() -> Table {
    toml::from_str(std::str::from_utf8(&changed(&[])).unwrap()).unwrap()
}

/// Every key that is no section, as the schema has them.
fn leaves(schema: &serde_json::Value, path: &[String], found: &mut Vec<Vec<String>>) {
    match schema["properties"].as_object() {
        None => found.push(path.to_vec()),
        Some(properties) => properties
            .iter()
            .for_each(|(name, inner)| leaves(inner, &[path, std::slice::from_ref(name)].concat(), found)),
    }
}

fn every_key() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    leaves(schema::kiosk(), &[], &mut found);
    found
}

fn at<'a>(table: &'a mut Table, sections: &[String]) -> &'a mut Table {
    sections.iter().fold(table, |table, name| {
        let inner = table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new()));
        inner.as_table_mut().unwrap()
    })
}

fn dotted(path: &[String]) -> String {
    path.iter().fold(String::new(), |key, name| join(&key, name))
}

fn load_table(table: &Table) -> Result<Config, BadConfig> {
    load_bytes(toml::to_string(table).unwrap().as_bytes(), &[])
}

/// Who corrects a file needs to know where.
fn is_named(problem: &Problem) -> bool {
    !problem.key.is_empty() || matches!(problem.place, Place::Line { .. })
}

#[test]
fn a_value_of_the_wrong_type_is_named_by_its_key_whichever_it_is() {
    let date = Value::Datetime("2026-06-20".parse().unwrap());
    let keys = every_key();
    assert!(keys.len() > 70, "{keys:?}");
    for path in keys {
        let (name, sections) = path.split_last().unwrap();
        let mut table = example_table();
        at(&mut table, sections).insert(name.clone(), date.clone());
        let bad = load_table(&table).expect_err(&dotted(&path));
        let named: Vec<&str> = bad.problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(named, [dotted(&path)], "{bad}");
        assert!(is_named(&bad.problems[0]) && bad.problems[0].place != Place::File, "{bad}");
    }
}

#[test]
fn a_misspelt_key_is_named_with_the_right_one_whichever_it_is() {
    for path in every_key() {
        let (name, sections) = path.split_last().unwrap();
        let misspelt = format!("{}x{}", &name[..1], &name[1..]);
        let mut table = example_table();
        at(&mut table, sections).insert(misspelt.clone(), Value::Boolean(true));
        let bad = load_table(&table).expect_err(&misspelt);
        let wrong = [sections, &[misspelt]].concat();
        assert_eq!(bad.problems.len(), 1, "{bad}");
        assert_eq!(bad.problems[0].key, dotted(&wrong));
        if name.len() > 2 {
            assert_eq!(bad.problems[0].hint(Language::English), format!("did you mean {}?", dotted(&path)));
        }
    }
}

/// Values of every type, among them such as nearly fit.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Integer),
        (-5_i64..5000).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        "[ -~]{0,12}".prop_map(Value::String),
        "(auto|opaque|sealed|online|sms|zh-CN|https://x|127.0.0.1:80|0.0.0.0:0)".prop_map(Value::String),
        "\\PC{0,8}".prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..3)
                .prop_map(|map| Value::Table(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn whatever_stands_at_a_few_keys_is_right_or_named(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(any_value())), 1..6)
    ) {
        let keys = every_key();
        let mut table = example_table();
        for (index, value) in changes {
            let (name, sections) = index.get(&keys).split_last().unwrap();
            let section = at(&mut table, sections);
            match value {
                Some(value) => drop(section.insert(name.clone(), value)),
                None => drop(section.remove(name)),
            }
        }
        if let Err(bad) = load_table(&table) {
            prop_assert!(bad.problems.iter().all(is_named), "{bad}");
        }
    }

    #[test]
    fn garbage_in_the_file_is_right_or_named_by_its_line(
        at in any::<prop::sample::Index>(),
        cut in 0_usize..40,
        garbage in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let mut text = changed(&[]);
        let start = at.index(text.len());
        let end = (start + cut).min(text.len());
        text.splice(start..end, garbage);
        if let Err(bad) = load_bytes(&text, &[]) {
            prop_assert!(bad.problems.iter().all(is_named), "{bad}");
            // What is not there stands in no line.
            let has_line = |problem: &Problem| problem.place != Place::File || problem.rule == Rule::Missing;
            prop_assert!(bad.problems.iter().all(has_line), "{bad}");
        }
    }

    #[test]
    fn variables_of_any_name_and_value_are_right_or_named(name in "[A-Z_]{0,20}", value in "\\PC{0,20}") {
        let variable = format!("SZZ_KIOSK__{name}");
        if let Err(bad) = load_bytes(&changed(&[]), &[(&variable, &value)]) {
            prop_assert!(bad.problems.iter().all(|problem| !problem.key.is_empty()), "{bad}");
        }
    }

    #[test]
    fn whatever_a_profile_says_is_right_or_named(text in "(name|dpi|crown_px|severity.glasses|background) = \\PC{0,20}") {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &text).unwrap();
        if let Err(bad) = find_profile(file.path().to_str().unwrap()) {
            prop_assert!(bad.problems.iter().all(is_named), "{bad}");
        }
    }
}
