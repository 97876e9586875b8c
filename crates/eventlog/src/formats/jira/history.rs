//! The values of an issue's fields over time, worked out backwards from how they stand at the end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What parts several values of one field.
const JOINT: &str = "; ";

/// One change of one field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'v> {
    /// Id of the field.
    pub(super) field: &'v str,
    /// Value before, if any.
    pub(super) from: Option<&'v str>,
    /// Value after, if any.
    pub(super) to: Option<&'v str>,
}

/// A field's value at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    One(Option<String>),
    /// A field of several values, of which a change adds or removes one.
    Many(BTreeSet<String>),
}

/// The values of all fields at one time.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    states: BTreeMap<String, State>,
}

impl Fields {
    /// Returns the fields as exported.
    pub(super) fn exported(fields: &Value) -> Self {
        let states = fields.as_object().into_iter().flatten();
        Self {
            states: states
                .filter_map(|(name, value)| Some((name.clone(), state(value)?)))
                .collect(),
        }
    }

    /// Takes a change back: the field is what it was before.
    pub(super) fn undo(&mut self, change: Change<'_>) {
        self.replace(change.field, change.to, change.from);
    }

    /// Makes a change.
    pub(super) fn make(&mut self, change: Change<'_>) {
        self.replace(change.field, change.from, change.to);
    }

    fn replace(&mut self, field: &str, old: Option<&str>, new: Option<&str>) {
        match self.states.get_mut(field) {
            // Labels are replaced as a whole, in one text parted by spaces.
            Some(State::Many(values)) if field == "labels" => {
                *values = new
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(String::from)
                    .collect();
            }
            Some(State::Many(values)) => {
                if let Some(old) = old {
                    values.remove(old);
                }
                if let Some(new) = new {
                    values.insert(new.to_owned());
                }
            }
            Some(State::One(value)) => *value = new.map(ToOwned::to_owned),
            None => {
                let state = State::One(new.map(ToOwned::to_owned));
                self.states.insert(field.to_owned(), state);
            }
        }
    }

    /// Returns the fields that have a value, in the order of their names.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, String)> {
        self.states.iter().filter_map(|(name, state)| {
            let text = match state {
                State::One(value) => value.clone()?,
                State::Many(values) if values.is_empty() => return None,
                State::Many(values) => {
                    let values: Vec<_> = values.iter().map(String::as_str).collect();
                    values.join(JOINT)
                }
            };
            Some((name.as_str(), text))
        })
    }
}

/// Returns the state that a value of the interface means; nothing for what is no plain value.
fn state(value: &Value) -> Option<State> {
    match value {
        Value::Null => Some(State::One(None)),
        Value::Array(values) => values
            .iter()
            .map(plain)
            .collect::<Option<BTreeSet<_>>>()
            .map(State::Many),
        _ => plain(value).map(|text| State::One(Some(text))),
    }
}

/// Returns the text of a plain value, or the name of a thing.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Object(thing) => ["displayName", "name", "value", "key"]
            .iter()
            .find_map(|name| thing.get(*name)?.as_str())
            .map(ToOwned::to_owned),
        Value::Null | Value::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_taken_back_one_by_one() {
        let exported = serde_json::json!({
            "status": {"name": "Done"},
            "components": [{"name": "api"}, {"name": "web"}],
            "points": 3,
            "nested": {"unknown": {}},
        });
        let mut fields = Fields::exported(&exported);
        let shown = |fields: &Fields| {
            let values: Vec<_> = fields
                .values()
                .map(|(name, text)| format!("{name}={text}"))
                .collect();
            values.join(" ")
        };
        assert_eq!(shown(&fields), "components=api; web points=3 status=Done");
        let (added, moved) = (
            Change {
                field: "components",
                from: None,
                to: Some("web"),
            },
            Change {
                field: "status",
                from: Some("Open"),
                to: Some("Done"),
            },
        );
        fields.undo(added);
        fields.undo(moved);
        assert_eq!(shown(&fields), "components=api points=3 status=Open");
        fields.make(moved);
        fields.make(added);
        assert_eq!(shown(&fields), "components=api; web points=3 status=Done");
    }
}
