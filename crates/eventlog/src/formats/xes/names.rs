//! Names of attributes and what becomes of their values: columns somebody reads, keys that
//! classifiers are made of, defaults of globals.

use hashbrown::{HashMap, HashSet};

use crate::formats::limits::{COLUMN_NAME_BYTES_MAX, COLUMNS_MAX};
use crate::formats::sink::{Field, Hint, Sink};

/// The place of a name among those whose values are kept.
pub(super) type Slot = usize;

/// The column with the place of an event in its trace.
const POSITION: &str = "xes:position";

/// Whose attribute it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Of each event on its own.
    Event,
    /// Of a trace, and so of all its events.
    Trace,
}

/// The key of an attribute, whose it is, and what its values are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'n> {
    pub(super) scope: Scope,
    pub(super) key: &'n str,
    pub(super) hint: Hint,
}

/// What becomes of the values of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// They are kept here.
    Kept(Slot),
    /// Nobody reads them.
    Unread,
    /// The file has more names, or a longer one, than the limits allow.
    Beyond,
}

/// A default for events or traces that lack an attribute.
#[derive(Debug)]
pub(super) struct Fallback {
    /// Where it goes.
    pub(super) slot: Slot,
    /// What it is.
    pub(super) text: Box<str>,
}

/// A named combination of attributes.
#[derive(Debug)]
pub(super) struct Classifier {
    /// Where its text goes.
    pub(super) field: Field,
    /// The attributes it joins with `+`.
    pub(super) keys: Vec<Slot>,
}

/// Everything known about names.
#[derive(Debug, Default)]
pub(super) struct Names {
    of_event: HashMap<Box<str>, Use>,
    of_trace: HashMap<Box<str>, Use>,
    /// Per slot, where its values go; `None` for keys that only classifiers need.
    fields: Vec<Option<Field>>,
    /// Defaults of event attributes.
    pub(super) event_defaults: Vec<Fallback>,
    /// Defaults of trace attributes.
    pub(super) trace_defaults: Vec<Fallback>,
    /// Classifiers that somebody reads.
    pub(super) classifiers: Vec<Classifier>,
    /// Where positions go.
    pub(super) position: Option<Field>,
    /// Whether an event may carry an attribute that its trace has too.
    pub(super) overlap: bool,
    /// Columns that something goes to already: a file may give two things one name, such as two
    /// classifiers or an attribute called like the position, and the first one keeps it.
    taken: HashSet<Field>,
}

impl Names {
    /// Starts with no name but that of the position.
    pub(super) fn new(sink: &mut impl Sink) -> Self {
        let mut names = Self::default();
        names.position = names.column(POSITION, Hint::Integer, sink);
        names
    }

    /// Returns the column of this name, when somebody reads it and nothing else goes there.
    fn column(&mut self, name: &str, hint: Hint, sink: &mut impl Sink) -> Option<Field> {
        let field = sink.column(name, hint)?;
        self.taken.insert(field).then_some(field)
    }

    /// Returns what becomes of the values called `key`.
    pub(super) fn get(&mut self, name: Name<'_>, sink: &mut impl Sink) -> Use {
        let known = match name.scope {
            Scope::Event => &self.of_event,
            Scope::Trace => &self.of_trace,
        };
        match known.get(name.key) {
            Some(&found) => found,
            None => self.add(name, sink),
        }
    }

    fn add(&mut self, name: Name<'_>, sink: &mut impl Sink) -> Use {
        let Name { scope, key, hint } = name;
        if key.len() > COLUMN_NAME_BYTES_MAX
            || self.of_event.len() + self.of_trace.len() >= COLUMNS_MAX
        {
            return Use::Beyond;
        }
        // An event may spell out an attribute of its trace; both names are one column.
        let twin = match scope {
            Scope::Event => key.strip_prefix("case:").map(ToOwned::to_owned),
            Scope::Trace => Some(format!("case:{key}")),
        };
        let of_twin = match scope {
            Scope::Event => &self.of_trace,
            Scope::Trace => &self.of_event,
        };
        let shared = twin.as_deref().and_then(|twin| of_twin.get(twin).copied());
        self.overlap |= shared.is_some();
        let found = shared.unwrap_or_else(|| {
            let name = match (scope, &twin) {
                (Scope::Trace, Some(twin)) => twin.as_str(),
                _ => key,
            };
            match self.column(name, hint, sink) {
                Some(field) => self.keep(Some(field)),
                None => Use::Unread,
            }
        });
        let known = match scope {
            Scope::Event => &mut self.of_event,
            Scope::Trace => &mut self.of_trace,
        };
        known.insert(key.into(), found);
        found
    }

    fn keep(&mut self, field: Option<Field>) -> Use {
        self.fields.push(field);
        Use::Kept(self.fields.len() - 1)
    }

    /// Returns where the values of a slot go.
    pub(super) fn field(&self, slot: Slot) -> Option<Field> {
        self.fields.get(slot).copied().flatten()
    }

    /// Returns the number of slots.
    pub(super) fn slots(&self) -> usize {
        self.fields.len()
    }

    /// Takes note of what a missing attribute is taken to be. A time is never made up.
    pub(super) fn set_fallback(&mut self, name: Name<'_>, text: &str, sink: &mut impl Sink) {
        if name.hint == Hint::Time {
            return;
        }
        if let Use::Kept(slot) = self.get(name, sink) {
            let defaults = match name.scope {
                Scope::Event => &mut self.event_defaults,
                Scope::Trace => &mut self.trace_defaults,
            };
            if defaults.iter().all(|known| known.slot != slot) {
                defaults.push(Fallback {
                    slot,
                    text: text.into(),
                });
            }
        }
    }

    /// Takes note of a classifier of events.
    pub(super) fn classifier(&mut self, name: &str, keys: &str, sink: &mut impl Sink) {
        if self.classifiers.len() >= COLUMNS_MAX || name.len() > COLUMN_NAME_BYTES_MAX {
            return;
        }
        let Some(field) = self.column(&format!("classifier:{name}"), Hint::Text, sink) else {
            return;
        };
        let mut slots = Vec::new();
        for key in split_keys(keys) {
            let name = Name {
                scope: Scope::Event,
                key,
                hint: Hint::Text,
            };
            match self.get(name, sink) {
                Use::Kept(slot) => slots.push(slot),
                Use::Unread => {
                    let kept = self.keep(None);
                    self.of_event.insert(key.into(), kept);
                    if let Use::Kept(slot) = kept {
                        slots.push(slot);
                    }
                }
                Use::Beyond => {}
            }
        }
        self.classifiers.push(Classifier { field, keys: slots });
    }
}

/// Splits the keys of a classifier: parted by spaces, in single quotes where they hold one
/// (IEEE 1849-2023 section 6.4).
fn split_keys(keys: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = keys.trim();
    while !rest.is_empty() {
        let (key, after) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        found.push(key);
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_classifiers_may_be_quoted() {
        for (keys, expected) in [
            ("concept:name", vec!["concept:name"]),
            (" a  b ", vec!["a", "b"]),
            ("'two words' b", vec!["two words", "b"]),
            ("'open", vec!["open"]),
            ("", vec![]),
        ] {
            assert_eq!(split_keys(keys), expected, "{keys}");
        }
    }
}
