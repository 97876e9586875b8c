//! Values and amounts in plain words.

use serde_json::Value;

use super::values;

/// Returns `count` with its noun, in the plural unless it is one.
pub(super) fn count(count: u64, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

/// Returns what kind of value a JSON Schema type means.
pub(super) fn type_name(name: &str) -> &'static str {
    match name {
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "null" => "null",
        "number" => "a number",
        "object" => "an object",
        "string" => "text",
        _ => "a value",
    }
}

/// Returns a value in a few words, telling null from missing and empty from absent.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null (the field is there, but holds no value)".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) if text.is_empty() => "empty text".to_owned(),
        Value::String(_) => format!("the text {}", values::found(value)),
        Value::Array(list) if list.is_empty() => "an empty list".to_owned(),
        Value::Array(list) => format!("a list of {}", count(length(list.len()), "item", "items")),
        Value::Object(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Object(map) => format!(
            "an object with {}",
            count(length(map.len()), "field", "fields")
        ),
    }
}

/// Returns a value as one writes it in a list of choices: text bare, everything else as JSON.
pub(super) fn choice(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => values::found(other),
    }
}

/// Returns choices joined by commas, the first twenty of them.
pub(super) fn choices(list: &[Value]) -> String {
    let shown: Vec<String> = list.iter().take(20).map(choice).collect();
    let more = list.len().saturating_sub(20);
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Returns field names in backticks, joined by commas.
pub(super) fn fields<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.take(20).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Returns a length as the 64-bit number that words are made of.
pub(super) fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || "-_ ./:+".contains(letter))
}
