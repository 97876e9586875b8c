//! Walks two normal forms side by side and reports each difference with its meaning.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Change;
use super::Class;
use super::defaults::{default_of, keyed};
use super::judge::{Difference, Verdict, judge, step_of, stricter};
use super::meaning::{self, Meaning, Side};
use crate::shape::escape;

/// Returns every change from `old` to `new`, both in normal form.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let (old_keyed, new_keyed) = (keyed(old), keyed(new));
    let mut walk = Walk {
        old: &old_keyed,
        new: &new_keyed,
        changes: Vec::new(),
    };
    walk.compare("", Some(&old_keyed), Some(&new_keyed));
    let mut changes = walk.changes;
    if changes.is_empty() && without_identity(old) != without_identity(new) {
        // Only what the normal form keeps and no party can notice, such as default dimensions.
        changes.push(rewritten("", Some(old), Some(new)));
    }
    changes
}

fn without_identity(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| meaning::of(&format!("/{name}")) != Some(Meaning::Identity));
    }
    value
}

fn rewritten(pointer: &str, before: Option<&Value>, after: Option<&Value>) -> Change {
    Change {
        pointer: pointer.to_owned(),
        class: Class::Cosmetic,
        step: step_of(Class::Cosmetic, pointer),
        what: match (before, after) {
            (None, _) => "says what left out means",
            (_, None) => "left out, means the same",
            _ => "written differently, means the same",
        }
        .to_owned(),
        before: before.filter(|_| !pointer.is_empty()).cloned(),
        after: after.filter(|_| !pointer.is_empty()).cloned(),
    }
}

struct Walk<'a> {
    old: &'a Value,
    new: &'a Value,
    changes: Vec<Change>,
}

impl Walk<'_> {
    fn compare(&mut self, pointer: &str, before: Option<&Value>, after: Option<&Value>) {
        if before == after {
            return;
        }
        let are_maps = [before, after]
            .iter()
            .all(|value| value.is_some_and(Value::is_object));
        match meaning::of(pointer) {
            Some(Meaning::Identity) => {}
            Some(meaning) if !(are_maps && meaning::looks_inside(pointer)) => {
                self.push(meaning, pointer, (before, after));
            }
            _ => self.descend(pointer, before, after),
        }
    }

    fn descend(&mut self, pointer: &str, before: Option<&Value>, after: Option<&Value>) {
        let none = Map::new();
        let old = before.and_then(Value::as_object).unwrap_or(&none);
        let new = after.and_then(Value::as_object).unwrap_or(&none);
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let is_leaf = |value: Option<&Value>| value.is_some_and(|value| !value.is_object());
        if is_leaf(before) || is_leaf(after) {
            // A value without a row of its own: the table's test keeps this from happening to
            // declared fields, and for anything else the safe reading is that it asks more.
            self.push(Meaning::Any(Side::Sender), pointer, (before, after));
            return;
        }
        if keys.is_empty() {
            // A section that says nothing, against one that is left out.
            self.changes.push(rewritten(pointer, before, after));
            return;
        }
        for key in keys {
            let inner = format!("{pointer}/{}", escape(key));
            self.compare(&inner, old.get(key), new.get(key));
        }
    }

    fn push(
        &mut self,
        meaning: Meaning,
        pointer: &str,
        (before, after): (Option<&Value>, Option<&Value>),
    ) {
        if matches!(meaning, Meaning::Presence(_)) {
            self.push_presence(meaning, pointer);
            return;
        }
        let default = default_of(pointer);
        let difference = Difference {
            before: before.or(default.as_ref()),
            after: after.or(default.as_ref()),
        };
        if difference.before == difference.after {
            self.changes.push(rewritten(pointer, before, after));
            return;
        }
        let meaning = self.by_clock(meaning, pointer);
        let verdict = self.in_context(meaning, pointer, difference);
        self.add(pointer, verdict, (before, after));
    }

    /// Evidence has one presence, in two fields; it is judged once, at the field that says it.
    fn push_presence(&mut self, meaning: Meaning, pointer: &str) {
        let (entry, field) = pointer.rsplit_once('/').unwrap_or_default();
        let written = |root: &Value, field: &str| {
            let entry = root.pointer(entry)?;
            entry.get(field).cloned()
        };
        let presence = |root: &Value| {
            written(root, "when")
                .or_else(|| written(root, "required"))
                .unwrap_or(Value::Bool(true))
        };
        let (before, after) = (presence(self.old), presence(self.new));
        let has_when = before.is_string() || after.is_string();
        let raw = (written(self.old, field), written(self.new, field));
        let raw = (raw.0.as_ref(), raw.1.as_ref());
        if before == after {
            self.changes.push(rewritten(pointer, raw.0, raw.1));
        } else if (field == "when") == has_when {
            let difference = Difference {
                before: Some(&before),
                after: Some(&after),
            };
            let verdict = judge(meaning, difference);
            self.add(pointer, verdict, (Some(&before), Some(&after)));
        }
    }

    fn add(
        &mut self,
        pointer: &str,
        (class, what): Verdict,
        (before, after): (Option<&Value>, Option<&Value>),
    ) {
        self.changes.push(Change {
            pointer: pointer.to_owned(),
            class,
            step: step_of(class, pointer),
            what,
            before: before.cloned(),
            after: after.cloned(),
        });
    }

    /// A deadline is met by the party whose clock runs.
    fn by_clock(&self, meaning: Meaning, pointer: &str) -> Meaning {
        let Some(rest) = pointer.strip_prefix("/deadlines/") else {
            return meaning;
        };
        let name = rest.split('/').next().unwrap_or_default();
        let deadline = |root: &Value| root.pointer(&format!("/deadlines/{name}")).cloned();
        let clock = deadline(self.new).or_else(|| deadline(self.old));
        let is_senders = clock
            .is_some_and(|deadline| deadline.get("clock").and_then(Value::as_str) == Some("from"));
        match meaning {
            Meaning::Lowered(_) if is_senders => Meaning::Lowered(Side::Sender),
            Meaning::Any(_) if is_senders => Meaning::Any(Side::Sender),
            Meaning::Entry(_) if is_senders => Meaning::Entry(Side::Sender),
            _ => meaning,
        }
    }

    /// Judges a difference by its meaning, and by what else the two versions say.
    fn in_context(&self, meaning: Meaning, pointer: &str, difference: Difference<'_>) -> Verdict {
        let verdict = judge(meaning, difference);
        let steps: Vec<_> = pointer.split('/').skip(1).collect();
        match steps.as_slice() {
            ["clauses", id] => self.clause(id, difference, verdict),
            ["clauses", id, ..] if verdict.0 == Class::StricterForSender && self.warns(id) => {
                let what = format!("{}, while the clause only warns", verdict.1);
                (Class::Compatible, what)
            }
            ["pending", id] => self.pending(id, verdict),
            [_, "evidence", _] if difference.before.is_none() && is_optional(difference.after) => {
                (Class::Compatible, "added as optional".to_owned())
            }
            _ => verdict,
        }
    }

    fn clause(&self, id: &str, difference: Difference<'_>, verdict: Verdict) -> Verdict {
        let dimension = |clause: &Value| Some(clause.get("dimension")?.as_str()?.to_owned());
        if difference.before.is_none() && self.new.pointer(&entry("pending", id)).is_some() {
            let what = "added as a pending clause: it warns, and does not count yet";
            return (Class::Compatible, what.to_owned());
        }
        if difference.after.is_none()
            && let Some(left) = difference.before.and_then(dimension)
            && self.new.pointer(&entry("dimensions", &left)).is_some()
            && !entries(self.new, "clauses").any(|clause| dimension(clause).as_ref() == Some(&left))
        {
            let what = format!("removed, which leaves nothing to check in dimension `{left}`");
            return (stricter(Side::Sender), what);
        }
        verdict
    }

    /// Whether the clause only warns, for every sender, in the new version.
    fn warns(&self, id: &str) -> bool {
        let pending = self.new.pointer(&entry("pending", id));
        pending.is_some_and(|pending| pending.get("until").is_some())
    }

    fn pending(&self, id: &str, verdict: Verdict) -> Verdict {
        let has = |root: &Value| root.pointer(&entry("clauses", id)).is_some();
        match (has(self.old), has(self.new)) {
            (true, true) => verdict,
            // The clause's own change says what it means.
            _ => (Class::Compatible, format!("{} with its clause", verdict.1)),
        }
    }
}

fn entry(list: &str, id: &str) -> String {
    format!("/{list}/{id}")
}

fn entries<'a>(root: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    let map = root.get(list).and_then(Value::as_object);
    map.into_iter().flat_map(Map::values)
}

fn is_optional(evidence: Option<&Value>) -> bool {
    evidence.is_some_and(|evidence| {
        evidence.get("required") == Some(&Value::Bool(false)) && evidence.get("when").is_none()
    })
}
