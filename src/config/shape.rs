//! Holds a document against its schema: unknown and missing keys, wrong types, words and numbers.

use serde_json::Value as Schema;
use toml::{Table, Value};

use super::document::{Document, join};
use super::problem::{Kind, Problem, Rule, Wanted};

/// Everything that the schema does not allow. It is taken out of the document, and what is missing is put in
/// blank, so that the rest can still be judged by what it says.
pub(super) fn fit(document: &mut Document, schema: &Schema) -> Vec<Problem> {
    let mut table = std::mem::take(&mut document.table);
    let mut fitting = Fitting { document, root: schema, problems: Vec::new() };
    fitting.table(&mut table, schema, "");
    let problems = fitting.problems;
    document.table = table;
    problems
}

struct Fitting<'a> {
    document: &'a Document,
    root: &'a Schema,
    problems: Vec<Problem>,
}

impl Fitting<'_> {
    fn add(&mut self, key: &str, rule: Rule) {
        self.problems.push(self.document.problem(key, rule));
    }

    fn table(&mut self, table: &mut Table, schema: &Schema, section: &str) {
        let names: Vec<String> = table.keys().cloned().collect();
        let mut removed = Vec::new();
        for name in names {
            let key = join(section, &name);
            let fits = match schema["properties"].get(&name) {
                Some(inner) => self.value(&mut table[&name], inner, &key),
                None => {
                    self.add(&key, unknown(&name, section, schema, self.root));
                    false
                }
            };
            if !fits {
                table.remove(&name);
                removed.push(name);
            }
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str) {
            if !table.contains_key(name) {
                if !removed.iter().any(|removed| removed == name) {
                    self.add(&join(section, name), Rule::Missing);
                }
                table.insert(name.to_owned(), blank(&schema["properties"][name]));
            }
        }
    }

    /// Whether the value may stand there.
    fn value(&mut self, value: &mut Value, schema: &Schema, key: &str) -> bool {
        let wanted = wanted(schema);
        if !wanted.iter().any(|wanted| fits(value, wanted)) {
            self.add(key, mismatch(value, wanted));
            return false;
        }
        match value {
            Value::Table(table) => {
                self.table(table, schema, key);
                true
            }
            Value::Array(items) => self.array(items, schema, key),
            Value::Integer(number) => self.number(*number as f64, &number.to_string(), schema, key),
            Value::Float(number) => self.number(*number, &number.to_string(), schema, key),
            Value::String(text) if text.trim().is_empty() => {
                self.add(key, Rule::Blank);
                false
            }
            Value::String(_) | Value::Boolean(_) | Value::Datetime(_) => true,
        }
    }

    fn array(&mut self, items: &mut [Value], schema: &Schema, key: &str) -> bool {
        let bound = |name| schema[name].as_u64().map(|bound| bound as usize);
        let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems"));
        if items.len() < least || most.is_some_and(|most| items.len() > most) {
            self.add(key, Rule::Count { given: items.len(), least, most });
            return false;
        }
        let mut fits = true;
        for (index, item) in items.iter_mut().enumerate() {
            let schema = schema["prefixItems"].get(index).unwrap_or(&schema["items"]);
            fits &= schema.is_null() || self.value(item, schema, &format!("{key}[{index}]"));
        }
        fits
    }

    fn number(&mut self, number: f64, given: &str, schema: &Schema, key: &str) -> bool {
        let bound = |name| schema[name].as_f64();
        let is_low = bound("minimum").is_some_and(|low| number < low);
        let is_high = bound("maximum").is_some_and(|high| number > high);
        if is_low || is_high {
            let said = |name| schema[name].as_f64().map(|bound| bound.to_string());
            self.add(key, Rule::Within { given: given.to_owned(), low: said("minimum"), high: said("maximum") });
        }
        !(is_low || is_high)
    }
}

/// What a schema allows, one by one.
fn wanted(schema: &Schema) -> Vec<Wanted> {
    let alternatives = ["oneOf", "anyOf"].into_iter().find_map(|name| schema[name].as_array());
    if let Some(alternatives) = alternatives {
        return alternatives.iter().flat_map(wanted).collect();
    }
    let literal = |value: &Schema| match value {
        Schema::String(word) => Some(Wanted::Word(word.clone())),
        number => number.as_i64().map(Wanted::Value),
    };
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(literal).collect();
    }
    if let Some(value) = schema.get("const") {
        return literal(value).into_iter().collect();
    }
    kind_of(schema).map(Wanted::Kind).into_iter().collect()
}

fn kind_of(schema: &Schema) -> Option<Kind> {
    Some(match schema["type"].as_str()? {
        "string" => Kind::Text,
        "integer" => Kind::Whole,
        "number" => Kind::Number,
        "boolean" => Kind::Truth,
        "array" => Kind::List,
        "object" => Kind::Section,
        _ => return None,
    })
}

fn fits(value: &Value, wanted: &Wanted) -> bool {
    match (wanted, value) {
        (Wanted::Word(word), Value::String(given)) => word == given,
        (Wanted::Value(number), Value::Integer(given)) => number == given,
        (Wanted::Kind(Kind::Number), Value::Integer(_)) => true,
        (Wanted::Kind(Kind::Number), Value::Float(number)) => number.is_finite(),
        (Wanted::Kind(kind), value) => *kind == found(value),
        _ => false,
    }
}

fn found(value: &Value) -> Kind {
    match value {
        Value::String(_) => Kind::Text,
        Value::Integer(_) => Kind::Whole,
        Value::Float(_) => Kind::Number,
        Value::Boolean(_) => Kind::Truth,
        Value::Datetime(_) => Kind::Time,
        Value::Array(_) => Kind::List,
        Value::Table(_) => Kind::Section,
    }
}

/// A value of the right kind is shown; one of another kind may be a secret that was put in the wrong place.
fn mismatch(value: &Value, wanted: Vec<Wanted>) -> Rule {
    let words = wanted.iter().filter_map(|wanted| match wanted {
        Wanted::Word(word) => Some(word.as_str()),
        _ => None,
    });
    match value {
        Value::String(given) if wanted.iter().any(|wanted| matches!(wanted, Wanted::Word(_))) => {
            let near = nearest(given, words).map(|word| format!("{word:?}"));
            Rule::Choice { given: format!("{given:?}"), wanted, near }
        }
        Value::Integer(given) if wanted.iter().any(|wanted| matches!(wanted, Wanted::Value(_))) => {
            Rule::Choice { given: given.to_string(), wanted, near: None }
        }
        _ => Rule::Type { wanted, found: found(value) },
    }
}

fn unknown(name: &str, section: &str, schema: &Schema, root: &Schema) -> Rule {
    let known: Vec<String> = keys(schema).map(str::to_owned).collect();
    let near = nearest(name, known.iter().map(String::as_str));
    let near = near.map(|near| join(section, near)).or_else(|| elsewhere(name, root, ""));
    Rule::Unknown { near, known }
}

fn keys(schema: &Schema) -> impl Iterator<Item = &str> {
    schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys().map(String::as_str))
}

/// The word that was probably meant: a third of it may be wrong.
fn nearest<'a>(given: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |word: &str| strsim::damerau_levenshtein(&given.to_lowercase(), word);
    let close = words.map(|word| (distance(word), word)).filter(|(far, word)| *far <= (word.len() / 3).max(1));
    close.min().map(|(_, word)| word)
}

/// Where in the file a key of this name belongs.
fn elsewhere(name: &str, schema: &Schema, section: &str) -> Option<String> {
    if !section.is_empty() && schema["properties"].get(name).is_some() {
        return Some(join(section, name));
    }
    keys(schema).find_map(|inner| elsewhere(name, &schema["properties"][inner], &join(section, inner)))
}

fn blank(schema: &Schema) -> Value {
    match kind_of(schema) {
        Some(Kind::Section) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str);
            Value::Table(required.map(|name| (name.to_owned(), blank(&schema["properties"][name]))).collect())
        }
        Some(Kind::List) => Value::Array(Vec::new()),
        Some(Kind::Whole) => Value::Integer(0),
        Some(Kind::Number) => Value::Float(0.0),
        Some(Kind::Truth) => Value::Boolean(false),
        _ => Value::String(String::new()),
    }
}
