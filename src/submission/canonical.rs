//! Canonical JSON: one value has exactly one sequence of bytes, so it can be signed and compared.
//!
//! A subset of RFC 8785 (JCS): UTF-8, no white space, object keys in ascending byte order (which is
//! JCS's UTF-16 order, because keys must be ASCII), and only strings, integers of at most 2⁵³ − 1 in
//! size, booleans, arrays and objects. Fractions and null are refused rather than written.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Largest integer that every JSON reader keeps exactly.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why a value has no canonical bytes, or bytes are not canonical.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    #[error("{0} has no canonical form; only strings, integers, booleans, arrays and objects have one")]
    NotAllowed(&'static str),
    /// Without serde's own message, which quotes the input.
    #[error("the record is not the JSON this program knows (line {line}, column {column}): a newer or foreign format")]
    Unreadable { line: usize, column: usize },
    #[error("the record is not in its canonical spelling, so it was not written by a booth or was altered")]
    NotCanonical,
}

/// The canonical bytes of a value.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let value = serde_json::to_value(value).map_err(|_| CanonicalError::NotAllowed("this value"))?;
    let mut out = Vec::with_capacity(1024);
    write(&value, &mut out)?;
    Ok(out)
}

/// Reads a value and refuses every spelling but the canonical one.
pub fn from_bytes<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, CanonicalError> {
    let value: T = serde_json::from_slice(bytes)
        .map_err(|error| CanonicalError::Unreadable { line: error.line(), column: error.column() })?;
    if to_bytes(&value)? == bytes { Ok(value) } else { Err(CanonicalError::NotCanonical) }
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match value {
        Value::Null => return Err(CanonicalError::NotAllowed("null")),
        Value::Bool(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Number(number) => {
            let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            match size {
                Some(size) if size <= MAX_INTEGER => out.extend_from_slice(number.to_string().as_bytes()),
                Some(_) => return Err(CanonicalError::NotAllowed("an integer beyond 2^53 - 1")),
                None => return Err(CanonicalError::NotAllowed("a fraction")),
            }
        }
        Value::String(text) => write_string(text, out)?,
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            // Sorted here, because serde_json's own order depends on a feature flag.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.as_bytes());
            out.push(b'{');
            for (index, (key, member)) in members.into_iter().enumerate() {
                if !key.is_ascii() {
                    return Err(CanonicalError::NotAllowed("a key outside ASCII"));
                }
                if index > 0 {
                    out.push(b',');
                }
                write_string(key, out)?;
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// serde_json escapes what RFC 8785 wants escaped, in the same way; a test keeps it so.
fn write_string(text: &str, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    serde_json::to_writer(out, text).map_err(|_| CanonicalError::NotAllowed("this text"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: Value) -> String {
        String::from_utf8(to_bytes(&value).unwrap()).unwrap()
    }

    #[test]
    fn keys_are_sorted_and_nothing_is_added() {
        assert_eq!(
            text(json!({"b": [1, -2, true], "a": {"z": "速", "B": "", "A_": 0}})),
            r#"{"a":{"A_":0,"B":"","z":"速"},"b":[1,-2,true]}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_rfc_8785_says() {
        // The example of RFC 8785, section 3.2.2.
        let input = "\u{20ac}$\u{000F}\u{000a}A'\u{0042}\u{0022}\u{005c}\\\"/";
        assert_eq!(text(json!(input)), "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assert_eq!(text(json!("\u{8}\u{9}\u{c}\r\u{1f}\u{7f}\u{2028}")), "\"\\b\\t\\f\\r\\u001f\u{7f}\u{2028}\"");
    }

    #[test]
    fn what_readers_disagree_about_is_refused() {
        for value in [json!(null), json!(1.5), json!(1e300), json!(MAX_INTEGER + 1), json!({"速": 1}), json!([[null]])]
        {
            assert!(matches!(to_bytes(&value), Err(CanonicalError::NotAllowed(_))), "{value}");
        }
        assert_eq!(text(json!(MAX_INTEGER)), "9007199254740991");
    }

    #[test]
    fn another_spelling_of_the_same_value_is_refused() {
        #[derive(serde::Deserialize, Serialize, Debug, PartialEq)]
        #[serde(deny_unknown_fields)]
        struct Pair {
            a: u8,
            b: String,
        }
        assert_eq!(from_bytes::<Pair>(br#"{"a":1,"b":"x"}"#), Ok(Pair { a: 1, b: "x".into() }));
        for other in [r#"{"b":"x","a":1}"#, r#"{"a":1, "b":"x"}"#, "{\"a\":1,\"b\":\"x\"}\n", r#"{"a":1,"b":"\u0078"}"#]
        {
            assert_eq!(from_bytes::<Pair>(other.as_bytes()), Err(CanonicalError::NotCanonical), "{other}");
        }
        for other in [r#"{"a":1,"b":"x","c":2}"#, r#"{"a":1,"a":1,"b":"x"}"#, r#"{"a":1}"#, "<html>"] {
            assert!(matches!(from_bytes::<Pair>(other.as_bytes()), Err(CanonicalError::Unreadable { .. })), "{other}");
        }
    }
}
