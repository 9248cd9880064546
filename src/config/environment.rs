//! Settings from the environment, for fleets: `SZZ_KIOSK__SERVER__URL` stands for `url` in `[server]`.
//! Secrets cannot be given so: they are files, in the environment as in the settings.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde_json::Value as Schema;
use toml::Value;

use super::document::{self, Document, join};
use super::problem::{Place, Problem, Rule};

const PREFIX: &str = "SZZ_KIOSK__";
const BETWEEN: &str = "__";

/// What the environment says about the settings.
#[derive(Clone, Debug, Default)]
pub struct Overrides(BTreeMap<String, OsString>);

impl Overrides {
    pub fn of_this_process() -> Self {
        Self::among(std::env::vars_os())
    }

    pub fn among(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let ours = |(name, value): (OsString, OsString)| {
            let name = name.into_string().ok()?;
            name.starts_with(PREFIX).then_some((name, value))
        };
        Self(variables.into_iter().filter_map(ours).collect())
    }

    /// The variables' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Each takes the place of what the file says, as if it stood there.
    pub(super) fn apply(&self, document: &mut Document, schema: &Schema) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (variable, given) in &self.0 {
            let names: Vec<String> = variable[PREFIX.len()..].split(BETWEEN).map(str::to_lowercase).collect();
            let Some(given) = given.to_str() else {
                problems.push(Problem {
                    file: document.file.clone(),
                    place: Place::Variable(variable.clone()),
                    key: names.iter().fold(String::new(), |key, name| join(&key, name)),
                    rule: Rule::NotText,
                });
                continue;
            };
            document.set(&names, value(given, schema_of(&names, schema)), variable);
        }
        problems
    }
}

fn schema_of<'a>(names: &[String], schema: &'a Schema) -> &'a Schema {
    names.iter().fold(schema, |schema, name| &schema["properties"][name])
}

/// Text needs no quotation marks; anything else is written as in the file.
fn value(given: &str, schema: &Schema) -> Value {
    let text = || Value::String(given.to_owned());
    if schema["type"] == "string" { text() } else { document::value(given.trim()).unwrap_or_else(text) }
}
