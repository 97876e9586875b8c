//! One trace in memory: the values of its attributes and events in one text, handed over as records
//! when the trace is complete, for its attributes may follow its events.

use std::ops::{ControlFlow, Range};

use baton_terms::Diagnostic;

use super::names::{Names, Slot};
use crate::formats::codes;
use crate::formats::limits::XES_TRACE_BYTES_MAX;
use crate::formats::sink::{Field, Refusal, Sink};

/// What parts several values of one name.
const JOINT: &str = "; ";

#[derive(Debug, Clone)]
struct Value {
    slot: Slot,
    text: Range<usize>,
}

#[derive(Debug)]
struct Event {
    number: u64,
    values: Range<usize>,
    problem: Option<Box<Diagnostic>>,
}

/// The trace being read.
#[derive(Debug, Default)]
pub(super) struct Trace {
    text: String,
    /// Values of the trace itself.
    own: Vec<Value>,
    /// Values of its events, one event after the other.
    values: Vec<Value>,
    events: Vec<Event>,
    /// Per slot: the element that last had a value there, and where that value is.
    last: Vec<(u64, usize)>,
    /// Counts elements; tells a value of this element from one of an earlier one.
    element: u64,
    problem: Option<Box<Diagnostic>>,
}

/// Whose values are being put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Trace,
    Event,
}

impl Trace {
    /// Starts another trace.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.own.clear();
        self.values.clear();
        self.events.clear();
        self.problem = None;
        // Two elements apart: one for the trace's own values, one for what follows.
        self.element += 2;
    }

    /// Starts an event.
    pub(super) fn open_event(&mut self, number: u64) {
        let at = self.values.len();
        self.element += 1;
        self.events.push(Event {
            number,
            values: at..at,
            problem: None,
        });
    }

    /// Ends the event that was started last.
    pub(super) fn close_event(&mut self) {
        let end = self.values.len();
        if let Some(event) = self.events.last_mut() {
            event.values.end = end;
        }
    }

    /// Returns whether any event was started.
    pub(super) fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Refuses the event being read, or the trace when none is.
    pub(super) fn refuse(&mut self, owner: Owner, problem: Diagnostic) {
        let place = match (owner, self.events.last_mut()) {
            (Owner::Event, Some(event)) => &mut event.problem,
            _ => &mut self.problem,
        };
        if place.is_none() {
            *place = Some(Box::new(problem));
        }
    }

    /// Puts a value; a second one of the same element and name is joined to the first.
    pub(super) fn put(&mut self, owner: Owner, slot: Slot, text: &str) {
        if self.text.len().saturating_add(text.len()) > XES_TRACE_BYTES_MAX {
            let problem = Diagnostic::error(codes::TOO_LARGE, "one trace is too large")
                .expected(format!("at most {XES_TRACE_BYTES_MAX} bytes of values"));
            self.refuse(Owner::Trace, problem);
            return;
        }
        if self.last.len() <= slot {
            self.last.resize(slot + 1, (0, 0));
        }
        // The values of a trace may stand on both sides of its events, so they are looked up.
        let (element, values) = match owner {
            Owner::Event => (self.element, &mut self.values),
            Owner::Trace => (0, &mut self.own),
        };
        let earlier = match owner {
            Owner::Event => self
                .last
                .get(slot)
                .filter(|(of, _)| *of == element)
                .map(|(_, at)| *at),
            Owner::Trace => values.iter().position(|value| value.slot == slot),
        };
        if let Some(value) = earlier.and_then(|at| values.get_mut(at)) {
            join(&mut self.text, &mut value.text, text);
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        values.push(Value {
            slot,
            text: start..self.text.len(),
        });
        if owner == Owner::Event
            && let Some(last) = self.last.get_mut(slot)
        {
            *last = (element, values.len() - 1);
        }
    }

    /// Hands all events over.
    pub(super) fn hand_over(&self, names: &Names, sink: &mut impl Sink) -> ControlFlow<()> {
        if let Some(problem) = &self.problem {
            if let Some(first) = self.events.first() {
                sink.refuse(Refusal {
                    record: first.number,
                    events: u64::try_from(self.events.len()).unwrap_or(u64::MAX),
                    problem: (**problem).clone(),
                });
            } else {
                sink.note((**problem).clone());
            }
            return ControlFlow::Continue(());
        }
        let shared = self.shared(names);
        let (made, spans) = self.write_made(names);
        let per_event = usize::from(names.position.is_some()) + names.classifiers.len();
        let mut values: Vec<(Field, &str)> = Vec::with_capacity(names.slots() + per_event);
        for (at, event) in self.events.iter().enumerate() {
            if let Some(problem) = &event.problem {
                sink.refuse(Refusal {
                    record: event.number,
                    events: 1,
                    problem: (**problem).clone(),
                });
                continue;
            }
            let own = self.own_of(event);
            values.clear();
            for value in own {
                if let Some(field) = names.field(value.slot) {
                    values.push((field, self.slice(value)));
                }
            }
            values.extend(
                shared
                    .iter()
                    .filter(|(field, _)| !names.overlap || lacks(own, names, *field)),
            );
            add_defaults(names, own, &mut values);
            let spans = spans.get(at * per_event..(at + 1) * per_event);
            values.extend(
                spans
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|(field, span)| Some((*field, made.get(span.clone())?))),
            );
            sink.record(event.number, &values)?;
        }
        ControlFlow::Continue(())
    }

    fn own_of(&self, event: &Event) -> &[Value] {
        self.values.get(event.values.clone()).unwrap_or_default()
    }

    /// Returns what all events share: values of the trace, and defaults of those it lacks.
    fn shared<'t>(&'t self, names: &'t Names) -> Vec<(Field, &'t str)> {
        let own = self
            .own
            .iter()
            .filter_map(|value| Some((names.field(value.slot)?, self.slice(value))));
        let missing = names
            .trace_defaults
            .iter()
            .filter(|default| self.own.iter().all(|value| value.slot != default.slot))
            .filter_map(|default| Some((names.field(default.slot)?, &*default.text)));
        own.chain(missing).collect()
    }

    /// Writes the values that are made and not read, position and classifiers, of all events.
    fn write_made(&self, names: &Names) -> (String, Vec<(Field, Range<usize>)>) {
        let mut made = String::new();
        let mut spans = Vec::new();
        for (position, event) in self.events.iter().enumerate() {
            let mut start = made.len();
            if let Some(field) = names.position {
                push_number(&mut made, position);
                spans.push((field, start..made.len()));
            }
            let own = self.own_of(event);
            for classifier in &names.classifiers {
                start = made.len();
                for (at, slot) in classifier.keys.iter().enumerate() {
                    if at > 0 {
                        made.push('+');
                    }
                    let text = own
                        .iter()
                        .find(|value| value.slot == *slot)
                        .map(|value| self.slice(value))
                        .or_else(|| default_of(names, *slot));
                    made.push_str(text.unwrap_or_default());
                }
                spans.push((classifier.field, start..made.len()));
            }
        }
        (made, spans)
    }

    fn slice(&self, value: &Value) -> &str {
        self.text.get(value.text.clone()).unwrap_or_default()
    }
}

/// Returns whether an event has no value of its own that goes to `field`.
fn lacks(own: &[Value], names: &Names, field: Field) -> bool {
    own.iter()
        .all(|value| names.field(value.slot) != Some(field))
}

fn add_defaults<'n>(names: &'n Names, own: &[Value], values: &mut Vec<(Field, &'n str)>) {
    for default in &names.event_defaults {
        if own.iter().all(|value| value.slot != default.slot)
            && let Some(field) = names.field(default.slot)
            && values.iter().all(|(other, _)| *other != field)
        {
            values.push((field, &default.text));
        }
    }
}

fn default_of(names: &Names, slot: Slot) -> Option<&str> {
    names
        .event_defaults
        .iter()
        .find(|default| default.slot == slot)
        .map(|default| &*default.text)
}

/// Writes a number without memory of its own.
fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    let digit = u32::try_from(number % 10).ok();
    text.extend(digit.and_then(|digit| char::from_digit(digit, 10)));
}

/// Joins `more` to the text at `place`, moving it to the end unless it is there.
fn join(text: &mut String, place: &mut Range<usize>, more: &str) {
    if place.end != text.len() {
        let start = text.len();
        text.extend_from_within(place.clone());
        place.start = start;
    }
    text.push_str(JOINT);
    text.push_str(more);
    place.end = text.len();
}
