//! Sentences that the text and Markdown of a comparison share.

use baton_contract::diff::{Change, Class, Comparison};
use serde_json::Value;

use crate::words::count;

/// Characters of a value that are shown.
const VALUE_MAX: usize = 160;

/// Returns the changes of one class, in order.
pub(super) fn of_class(comparison: &Comparison, class: Class) -> Vec<&Change> {
    let changes = comparison.changes.iter();
    changes.filter(|change| change.class == class).collect()
}

/// Returns which versions of what are compared.
pub(super) fn title(comparison: &Comparison) -> String {
    let Comparison { name, old, new, .. } = comparison;
    format!("{name} {old} → {new}")
}

/// Returns the value before and after; schemas are told apart by what they admit instead.
pub(super) fn values(change: &Change) -> Option<(String, String)> {
    let is_schema = change.pointer.ends_with("/schema");
    let is_whole = [&change.before, &change.after]
        .iter()
        .any(|value| value.as_ref().is_some_and(Value::is_object));
    if is_schema || is_whole || change.pointer.is_empty() {
        return None;
    }
    Some((shown(change.before.as_ref()), shown(change.after.as_ref())))
}

fn shown(value: Option<&Value>) -> String {
    let text = match value {
        None => return "nothing".to_owned(),
        Some(value) => value.to_string(),
    };
    if text.chars().count() <= VALUE_MAX {
        return text;
    }
    let start: String = text.chars().take(VALUE_MAX).collect();
    format!("{start}…")
}

/// Returns what the changes amount to, and whether the version says so.
pub(super) fn conclusion(comparison: &Comparison) -> String {
    let Some(step) = comparison.step else {
        return match comparison.problem {
            None => "Nothing changed.".to_owned(),
            Some(_) => "Nothing changed, but the version is refused.".to_owned(),
        };
    };
    let changes = count(comparison.changes.len(), "change");
    let verb = if comparison.changes.len() == 1 {
        "takes"
    } else {
        "take"
    };
    let needed = format!("{changes} {verb} a {} step", step.word());
    match comparison.problem {
        None => format!("{needed}; version {} says so.", comparison.new),
        Some(_) => format!("{needed}; version {} is refused.", comparison.new),
    }
}
