//! Normal forms made comparable: lists of identified entries as maps, and what a field left out means.

use serde_json::{Map, Value, json};

use super::meaning::matches;
use crate::model::{Dimension, Retries, Thresholds};

/// Lists whose entries are identified, with the field that does it.
const KEYED: [(&str, &str); 5] = [
    ("clauses", "id"),
    ("dimensions", "id"),
    ("outcomes", "id"),
    ("gates", "id"),
    ("pending", "clause"),
];

/// Returns what a field means when it is left out, if that is a value.
pub(super) fn default_of(pointer: &str) -> Option<Value> {
    let (thresholds, retries) = (Thresholds::default(), Retries::default());
    let defaults = [
        ("/from/kind", json!("human")),
        ("/to/kind", json!("human")),
        ("/inputs/evidence/*/digest", json!("sha256")),
        ("/inputs/evidence/*/required", json!(true)),
        ("/outputs/evidence/*/digest", json!("sha256")),
        ("/outputs/evidence/*/required", json!(true)),
        ("/thresholds/ready_min", json!(thresholds.ready_min.get())),
        ("/thresholds/review_min", json!(thresholds.review_min.get())),
        (
            "/thresholds/review_risk",
            json!(thresholds.review_risk.get()),
        ),
        (
            "/thresholds/critical_risk",
            json!(thresholds.critical_risk.get()),
        ),
        ("/gates/*/decided_by", json!("people")),
        ("/gates/*/on_expiry", json!("escalate")),
        ("/deadlines/*/clock", json!("to")),
        ("/deadlines/*/on_expiry", json!("escalate")),
        ("/retries/attempts", json!(retries.attempts)),
        ("/retries/base_delay_ms", json!(retries.base_delay_ms)),
        ("/retries/backoff", json!(retries.backoff.word())),
        ("/retries/jitter", json!(retries.jitter.word())),
        ("/rollback/failures", json!(3)),
        ("/budget/waivers", json!(0)),
        ("/pending/*/until_first_met", json!(false)),
    ];
    let fits = |(pattern, _): &(&str, Value)| matches(pattern, pointer);
    defaults.into_iter().find(fits).map(|(_, value)| value)
}

/// Returns the normal form with lists of identified entries as maps.
pub(super) fn keyed(value: &Value) -> Value {
    let mut value = value.clone();
    for (list, key) in KEYED {
        key_list(value.get_mut(list), key);
    }
    for section in ["inputs", "outputs"] {
        let evidence = value
            .get_mut(section)
            .and_then(|section| section.get_mut("evidence"));
        key_list(evidence, "id");
    }
    let calendars = value.get_mut("calendar").and_then(Value::as_object_mut);
    for calendar in calendars.into_iter().flat_map(Map::values_mut) {
        key_list(calendar.get_mut("holidays"), "date");
    }
    if let Some(fields) = value.as_object_mut() {
        fields
            .entry("dimensions")
            .or_insert_with(default_dimensions);
    }
    value
}

fn default_dimensions() -> Value {
    let dimension = |dimension: Dimension| {
        let body = json!({
            "id": dimension.id.as_str(),
            "title": dimension.title,
            "weight": dimension.weight,
        });
        (dimension.id.to_string(), body)
    };
    Value::Object(Dimension::defaults().into_iter().map(dimension).collect())
}

fn key_list(list: Option<&mut Value>, key: &str) {
    let Some(list) = list else { return };
    let Some(items) = list.as_array() else { return };
    let entry = |item: &Value| {
        let id = item.get(key).and_then(Value::as_str).unwrap_or_default();
        (id.to_owned(), item.clone())
    };
    *list = Value::Object(items.iter().map(entry).collect());
}
