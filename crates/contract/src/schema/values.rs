//! Checks the values of keywords that hold no subschema.

use baton_terms::{Diagnostic, limits::FOUND_BYTES_MAX};
use serde_json::Value;

use super::codes::{BAD_KEYWORD_VALUE, ENUM_TOO_LARGE, UNKNOWN_FORMAT};
use super::keywords::Kind;
use super::limits::ENUM_VALUES_MAX;
use super::{formats, patterns};
use crate::shape::closest;

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Returns what is wrong with a keyword's value, if anything.
pub(super) fn check(kind: Kind, value: &Value, at: &str) -> Option<Diagnostic> {
    let (fits, expected) = match kind {
        Kind::Number => (value.is_number(), "a number"),
        Kind::PositiveNumber => (is_positive(value), "a number above zero"),
        Kind::Count => (value.is_u64(), "a whole number, zero or above"),
        Kind::Flag => (value.is_boolean(), "true or false"),
        Kind::Text => (value.is_string(), "text"),
        Kind::Texts => (is_texts(value), "a list of different texts"),
        Kind::TextsMap => (
            value
                .as_object()
                .is_some_and(|map| map.values().all(is_texts)),
            "lists of different texts by name",
        ),
        Kind::Type => (is_type(value), TYPE_EXPECTED),
        Kind::Values => return values(value, at),
        Kind::Format => return format(value, at),
        Kind::Pattern => match value.as_str() {
            Some(pattern) => return patterns::check(pattern, at),
            None => (false, "a regular expression"),
        },
        _ => (true, ""),
    };
    (!fits).then(|| problem(at, expected, value))
}

const TYPE_EXPECTED: &str =
    "one of array, boolean, integer, null, number, object, string, or a list of them";

/// Returns the problem of a value that is not what a keyword needs.
pub(super) fn problem(at: &str, expected: &str, value: &Value) -> Diagnostic {
    Diagnostic::error(BAD_KEYWORD_VALUE, "keyword has the wrong kind of value")
        .pointing_to(at)
        .expected(expected)
        .found(found(value))
        .hint("see the keyword's description in JSON Schema 2020-12")
}

/// Returns `value` as JSON, cut to what may be shown.
pub(super) fn found(value: &Value) -> String {
    let text = value.to_string();
    let mut end = text.len().min(FOUND_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text.get(..end) {
        Some(start) if end < text.len() => format!("{start}…"),
        _ => text,
    }
}

fn is_positive(value: &Value) -> bool {
    match value.as_i64() {
        Some(whole) => whole > 0,
        // JSON has no NaN, so a number that is neither integer nor negative nor zero is positive.
        None => value
            .as_f64()
            .is_some_and(|number| number.is_sign_positive() && number != 0.0),
    }
}

fn is_texts(value: &Value) -> bool {
    let Some(list) = value.as_array() else {
        return false;
    };
    let texts: Option<std::collections::BTreeSet<&str>> = list.iter().map(Value::as_str).collect();
    texts.is_some_and(|texts| texts.len() == list.len())
}

fn is_type(value: &Value) -> bool {
    let is_name = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
    match value {
        Value::Array(names) => !names.is_empty() && is_texts(value) && names.iter().all(is_name),
        name => is_name(name),
    }
}

fn values(value: &Value, at: &str) -> Option<Diagnostic> {
    let Some(list) = value.as_array() else {
        return Some(problem(at, "a list of values", value));
    };
    if list.len() > ENUM_VALUES_MAX {
        return Some(
            Diagnostic::error(ENUM_TOO_LARGE, "enumeration is too large")
                .pointing_to(at)
                .expected(format!("at most {ENUM_VALUES_MAX} values"))
                .found(format!("{} values", list.len()))
                .hint("describe the values by `pattern` or bounds, or check them in a clause"),
        );
    }
    let is_empty_enum = list.is_empty() && at.ends_with("/enum");
    is_empty_enum.then(|| problem(at, "at least one value", value))
}

fn format(value: &Value, at: &str) -> Option<Diagnostic> {
    let Some(name) = value.as_str() else {
        return Some(problem(at, "the name of a format", value));
    };
    if formats::describe(name).is_some() {
        return None;
    }
    let hint = match closest(name, formats::names()) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "write a `pattern`, or check it in a clause".to_owned(),
    };
    let known: Vec<&str> = formats::names().collect();
    Some(
        Diagnostic::error(UNKNOWN_FORMAT, "format is unknown")
            .pointing_to(at)
            .expected(format!("one of {}", known.join(", ")))
            .found(found(value))
            .hint(hint),
    )
}
