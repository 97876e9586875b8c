//! Objects, events and their relations as plain rows: what all three forms of OCEL fill.
//! Texts are stored once. A row that contradicts an earlier one is refused.

use baton_terms::Diagnostic;
use hashbrown::HashMap;

use crate::formats::codes;
use crate::formats::sink::{Hint, Refusal, Sink, shown};
use crate::formats::time::microseconds;
use crate::model::{Code, Dictionary};

/// An object type and how many events relate to its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeCount {
    /// Its name.
    pub name: Box<str>,
    /// Objects of it.
    pub objects: u64,
    /// Relations between events and its objects.
    pub relations: u64,
}

/// A value of an object.
#[derive(Debug, Clone, Copy)]
pub struct Value<'v> {
    /// Name of the attribute.
    pub name: &'v str,
    /// When the object has it from; absent: from the beginning.
    pub time: Option<&'v str>,
    /// What it is.
    pub text: &'v str,
}

/// One object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    pub(super) id: Code,
    pub(super) kind: Code,
}

/// One value of an object from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectValue {
    pub(super) object: Code,
    pub(super) name: Code,
    pub(super) from: i64,
    pub(super) text: Code,
}

/// One event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) number: u64,
    pub(super) id: Code,
    pub(super) kind: Code,
    pub(super) time: Code,
    /// Microseconds, when the time can be read.
    pub(super) at: Option<i64>,
}

/// One value of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventValue {
    pub(super) event: usize,
    pub(super) name: Code,
    pub(super) text: Code,
}

/// An event or object named another object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Relation {
    /// Place of the event, or code of the source object's id.
    pub(super) from: usize,
    /// Code of the id of the object.
    pub(super) to: Code,
    pub(super) qualifier: Code,
}

/// A log under construction.
#[derive(Debug, Default)]
pub struct Tables {
    pub(super) texts: Dictionary,
    pub(super) hints: HashMap<Code, Hint>,
    pub(super) objects: Vec<Object>,
    /// Place of an object by the code of its id.
    pub(super) object_by_id: HashMap<Code, usize>,
    pub(super) object_values: Vec<ObjectValue>,
    pub(super) events: Vec<Event>,
    pub(super) event_by_id: HashMap<Code, usize>,
    pub(super) event_values: Vec<EventValue>,
    pub(super) event_relations: Vec<Relation>,
    pub(super) object_relations: Vec<Relation>,
    pub(super) refusals: Vec<Refusal>,
    /// Refusals beyond those kept.
    pub(super) more_refused: u64,
    rows: u64,
}

/// Refusals kept word for word; further ones are counted.
const REFUSALS_KEPT_MAX: usize = 10_000;

impl Tables {
    /// Returns a log without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of the declared type of an attribute of events or objects.
    pub fn declare(&mut self, name: &str, kind: &str) {
        let hint = match kind {
            "integer" | "int" => Hint::Integer,
            "float" => Hint::Decimal,
            "boolean" => Hint::Boolean,
            "time" | "date" => Hint::Time,
            _ => Hint::Text,
        };
        let name = self.texts.intern(name);
        let known = self.hints.entry(name).or_insert(hint);
        if *known != hint {
            *known = Hint::Text;
        }
    }

    /// Takes an object.
    pub fn object(&mut self, id: &str, kind: &str) {
        self.rows += 1;
        let (id_code, kind) = (self.texts.intern(id), self.texts.intern(kind));
        if let Some(&place) = self.object_by_id.get(&id_code) {
            if self.objects.get(place).map(|object| object.kind) != Some(kind) {
                self.refuse_duplicate("object", id, 0);
            }
            return;
        }
        self.object_by_id.insert(id_code, self.objects.len());
        self.objects.push(Object { id: id_code, kind });
    }

    /// Takes a value that an object has from a time on.
    pub fn object_value(&mut self, id: &str, value: &Value<'_>) {
        let from = match value.time {
            None => i64::MIN,
            Some(time) => match microseconds(time) {
                Some(at) => at,
                None => {
                    let problem = Diagnostic::error(
                        codes::RECORD_SHAPE,
                        "the time of an attribute can't be read",
                    )
                    .expected("an RFC 3339 time")
                    .found(format!("`{}`", shown(time)))
                    .pointing_to(pointer("objects", id));
                    self.refuse(problem, 0);
                    return;
                }
            },
        };
        let value = ObjectValue {
            object: self.texts.intern(id),
            name: self.texts.intern(value.name),
            from,
            text: self.texts.intern(value.text),
        };
        self.object_values.push(value);
    }

    /// Takes an event; its values and relations follow.
    pub fn event(&mut self, id: &str, kind: &str, time: &str) -> bool {
        self.rows += 1;
        let id_code = self.texts.intern(id);
        if self.event_by_id.contains_key(&id_code) {
            self.refuse_duplicate("event", id, 1);
            return false;
        }
        self.event_by_id.insert(id_code, self.events.len());
        let event = Event {
            number: self.rows,
            id: id_code,
            kind: self.texts.intern(kind),
            time: self.texts.intern(time),
            at: microseconds(time),
        };
        self.events.push(event);
        true
    }

    /// Takes a value of an event.
    pub fn event_value(&mut self, id: &str, name: &str, text: &str) {
        if let Some(event) = self.place_of(id) {
            let value = EventValue {
                event,
                name: self.texts.intern(name),
                text: self.texts.intern(text),
            };
            self.event_values.push(value);
        }
    }

    /// Takes a relation of an event to an object, which may come later.
    pub fn relate_event(&mut self, id: &str, object: &str, qualifier: &str) {
        if let Some(from) = self.place_of(id) {
            let relation = Relation {
                from,
                to: self.texts.intern(object),
                qualifier: self.texts.intern(qualifier),
            };
            self.event_relations.push(relation);
        }
    }

    /// Takes a relation between two objects, which may come later.
    pub fn relate_object(&mut self, source: &str, target: &str, qualifier: &str) {
        let from = self.texts.intern(source);
        let relation = Relation {
            from: usize::try_from(from).unwrap_or(usize::MAX),
            to: self.texts.intern(target),
            qualifier: self.texts.intern(qualifier),
        };
        self.object_relations.push(relation);
    }

    /// Takes note of a row that can't be read, and of how many events are lost with it.
    pub fn refuse(&mut self, problem: Diagnostic, events: u64) {
        if self.refusals.len() < REFUSALS_KEPT_MAX {
            self.refusals.push(Refusal {
                record: self.rows.max(1),
                events,
                problem,
            });
        } else {
            self.more_refused += 1;
        }
    }

    /// Returns the object types with what relates to them, most related first.
    pub fn types(&self) -> Vec<TypeCount> {
        let mut counts: HashMap<Code, (u64, u64)> = HashMap::new();
        for object in &self.objects {
            counts.entry(object.kind).or_default().0 += 1;
        }
        for relation in &self.event_relations {
            if let Some(object) = self.object_of(relation.to) {
                counts.entry(object.kind).or_default().1 += 1;
            }
        }
        let mut types: Vec<_> = counts
            .into_iter()
            .map(|(kind, (objects, relations))| TypeCount {
                name: self.text(kind).into(),
                objects,
                relations,
            })
            .collect();
        types.sort_by(|a, b| (b.relations, &a.name).cmp(&(a.relations, &b.name)));
        types
    }

    pub(super) fn text(&self, code: Code) -> &str {
        self.texts.text(code).unwrap_or_default()
    }

    pub(super) fn object_of(&self, id: Code) -> Option<&Object> {
        self.objects.get(*self.object_by_id.get(&id)?)
    }

    fn place_of(&self, event: &str) -> Option<usize> {
        // Values mostly follow their event.
        let last = self.events.len().checked_sub(1)?;
        if self.events.get(last).map(|known| self.text(known.id)) == Some(event) {
            return Some(last);
        }
        self.event_by_id.get(&self.texts.code(event)?).copied()
    }

    fn refuse_duplicate(&mut self, what: &str, id: &str, events: u64) {
        let list = if events == 0 { "objects" } else { "events" };
        let problem = Diagnostic::error(
            codes::DUPLICATE_ID,
            format!("two different {what}s have the same id"),
        )
        .found(format!("`{}`", shown(id)))
        .expected("ids that occur once")
        .pointing_to(pointer(list, id));
        self.refuse(problem, events);
    }

    /// Hands everything refused while the tables were filled to the sink.
    pub(super) fn report(&mut self, sink: &mut impl Sink) {
        for refusal in self.refusals.drain(..) {
            sink.refuse(refusal);
        }
        if self.more_refused > 0 {
            sink.note(Diagnostic::warning(
                codes::RECORD_SHAPE,
                format!(
                    "{} more rows were refused than are listed",
                    self.more_refused
                ),
            ));
            self.more_refused = 0;
        }
    }
}

/// Returns a pointer to a row by its id.
pub(super) fn pointer(list: &str, id: &str) -> String {
    format!(
        "/{list}/{}",
        shown(id).replace('~', "~0").replace('/', "~1")
    )
}
