//! JSON of an unknown shape (settings, mapping) as lines of name and value.

use serde_json::Value;

/// Lines shown of one document before the number of the others.
const LINES_MAX: usize = 200;

/// Returns every value of `document` with its path in words.
pub(super) fn facts(document: &Value) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    collect("", document, &mut facts);
    let more = facts.len().saturating_sub(LINES_MAX);
    if more > 0 {
        facts.truncate(LINES_MAX);
        facts.push((
            "and".to_owned(),
            format!("{more} more, which the JSON report holds"),
        ));
    }
    facts
}

fn collect(path: &str, value: &Value, facts: &mut Vec<(String, String)>) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path} › {key}")
        }
    };
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                collect(&below(key), value, facts);
            }
        }
        Value::Array(items)
            if items
                .iter()
                .all(|item| !item.is_object() && !item.is_array()) =>
        {
            let items: Vec<String> = items.iter().map(scalar).collect();
            facts.push((path.to_owned(), items.join(", ")));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(&below(&(at + 1).to_string()), item, facts);
            }
        }
        Value::Null => {}
        _ => facts.push((path.to_owned(), scalar(value))),
    }
}

/// Returns a value without parts as people write it.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_flattened_with_its_paths() {
        let document = serde_json::json!({
            "case": "number", "times": {"format": "%d", "zone": null},
            "columns": ["a", "b"], "rows": [{"line": 3}],
        });
        let shown = facts(&document);
        let shown: Vec<_> = shown
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            shown,
            [
                "case=number",
                "columns=a, b",
                "rows › 1 › line=3",
                "times › format=%d"
            ]
        );
        let long: Vec<_> = (0..300).map(|at| serde_json::json!({ "a": at })).collect();
        let shown = facts(&Value::Array(long));
        assert_eq!(shown.len(), LINES_MAX + 1);
        assert_eq!(
            shown.last().map(|(_, value)| value.as_str()),
            Some("100 more, which the JSON report holds")
        );
    }
}
