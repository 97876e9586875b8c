//! Reads events out of the lines of a stream, by the words of `handoff-event/v1` alone.

use baton_terms::Instant;
use serde_json::Value;

/// One event.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) revision: u64,
    pub(super) at: Instant,
    pub(super) key: String,
    /// The account and everybody it acted for.
    pub(super) principals: Vec<String>,
    /// The word of the change.
    pub(super) change: String,
    /// The change with its fields.
    pub(super) body: Value,
}

/// Returns the events of a stream, in order; entries of other kinds are left out.
pub(super) fn events(handoff: &str, lines: &[Vec<u8>]) -> Result<Vec<Event>, String> {
    let mut events: Vec<Event> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let entry: Value =
            serde_json::from_slice(line).map_err(|error| format!("line {at}: {error}"))?;
        let Some(event) = find(&entry, "event") else {
            continue;
        };
        let event = read(event).ok_or_else(|| format!("line {at} is no event: {event}"))?;
        let expected = events.last().map_or(1, |last| last.revision + 1);
        if event.revision != expected {
            return Err(format!("event {} where {expected} is due", event.revision));
        }
        if events.last().is_some_and(|last| event.at < last.at) {
            return Err(format!("event {} is before the last", event.revision));
        }
        let is_first = event.change == "opened";
        if is_first != events.is_empty() {
            return Err(format!("event {}: `{}`", event.revision, event.change));
        }
        if text(find(&entry, "event").unwrap_or(&Value::Null), "handoff") != handoff {
            return Err(format!("event {} is of another handoff", event.revision));
        }
        events.push(event);
    }
    Ok(events)
}

fn read(event: &Value) -> Option<Event> {
    let by = event.get("by")?;
    let mut principals = vec![by.get("principal")?.as_str()?.to_owned()];
    principals.extend(words(by, "on_behalf_of"));
    let body = event.get("change")?;
    Some(Event {
        revision: event.get("revision")?.as_u64()?,
        at: event.get("at")?.as_str()?.parse().ok()?,
        key: event.get("key")?.as_str()?.to_owned(),
        principals,
        change: body.get("change")?.as_str()?.to_owned(),
        body: body.clone(),
    })
}

/// Returns the member of that name of the entry or of its detail.
fn find<'v>(entry: &'v Value, name: &str) -> Option<&'v Value> {
    entry
        .get("detail")
        .and_then(|detail| detail.get(name))
        .or_else(|| entry.get(name))
        .filter(|found| found.is_object())
}

/// Returns a text, empty where there is none.
pub(super) fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Returns the texts of a list, none where there is no list.
pub(super) fn words(value: &Value, name: &str) -> Vec<String> {
    let list = value.get(name).and_then(Value::as_array);
    let words = list.into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}
