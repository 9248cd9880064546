//! The JSON schemas of the settings and of a photo profile, made from the types that hold them.
//! They are what the settings are held against, and what editors may be given.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::file::Raw;
use crate::photo::standard::PhotoProfile;

/// Of `kiosk.toml`.
pub fn kiosk() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| schema::<Raw>("Settings of a booth (kiosk.toml)"));
    &SCHEMA
}

/// Of a photo profile.
pub fn profile() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| schema::<PhotoProfile>("Photo profile"));
    &SCHEMA
}

fn schema<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    fit_to_toml(&mut schema);
    schema["title"] = json!(title);
    schema
}

/// TOML has no null, and integers know their bounds by themselves.
fn fit_to_toml(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".to_owned(), only);
        }
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(Value::Array(alternatives)) = map.get_mut(several) {
            alternatives.retain(|alternative| alternative["type"] != "null");
            if let [Value::Object(only)] = alternatives.as_slice() {
                let only = only.clone();
                map.remove(several);
                only.into_iter().for_each(|(key, value)| {
                    map.entry(key).or_insert(value);
                });
            }
        }
    }
    bound(map);
    match map.get("default") {
        Some(Value::Null | Value::Object(_)) => {
            map.remove("default");
        }
        Some(_) => map["default"] = rounded(&map["default"]),
        None => {}
    }
    // A key may be called like a word of the schema.
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(fit_to_toml);
    }
    for inner in ["anyOf", "oneOf", "prefixItems"] {
        map.get_mut(inner).and_then(Value::as_array_mut).into_iter().flatten().for_each(fit_to_toml);
    }
    map.get_mut("items").into_iter().for_each(fit_to_toml);
}

/// Says in bounds what the format of an integer means.
fn bound(map: &mut Map<String, Value>) {
    let Some(Value::String(format)) = map.remove("format") else { return };
    let most = match format.as_str() {
        "uint32" => json!(u32::MAX),
        "uint16" => json!(u16::MAX),
        "uint8" => json!(u8::MAX),
        "double" | "float" | "int64" | "uint64" | "uint" => return,
        other => {
            map.insert("format".to_owned(), json!(other));
            return;
        }
    };
    map.entry("maximum").or_insert(most);
}

/// `f32` defaults as they are written, not as doubles.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let shortest = number.as_f64().map(|number| (number as f32).to_string().parse::<f64>());
            json!(shortest.and_then(Result::ok))
        }
        Value::Array(items) => items.iter().map(rounded).collect(),
        other => other.clone(),
    }
}

/// As it is kept in a file.
pub fn pretty(schema: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(schema).expect("plain data"))
}
