//! The state machine over the tokens of an XES file.

use std::io::BufRead;
use std::ops::ControlFlow;

use baton_terms::Diagnostic;
use quick_xml::events::{BytesStart, Event};

use super::names::{Name, Names, Scope, Use};
use super::tag::{Kind, kind, pair};
use super::trace::{Owner, Trace};
use super::usual::usual;
use crate::formats::codes;
use crate::formats::sink::{Broken, Hint, Sink, shown};
use crate::formats::xml::{Text, Tokens, attribute, local, span};

/// Reads a log and hands its events to the sink, trace by trace.
///
/// # Errors
/// [`Broken`] when the rest of the file can't be read; complete traces before it were handed over.
pub fn read<R: BufRead, S: Sink>(input: R, sink: &mut S) -> Result<(), Broken> {
    let names = Names::new(sink);
    let mut reading = Reading {
        tokens: Tokens::new(input, Text::Ignored),
        sink,
        names,
        trace: Trace::default(),
        path: Path::default(),
        place: Place::Outside,
        records: 0,
        foreign: None,
    };
    let end = reading.run();
    if end.is_err() {
        reading.refuse_rest();
    }
    end
}

/// Where in the log the next token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Log,
    /// In `global` of this scope.
    Global(Option<Scope>),
    Trace,
    Event {
        in_trace: Owner,
    },
}

/// The keys of the attributes that are open, joined with points.
#[derive(Debug, Default)]
struct Path {
    text: String,
    /// Per open attribute, the length of the path before it.
    lengths: Vec<usize>,
}

impl Path {
    fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    fn push(&mut self, key: &str) {
        self.lengths.push(self.text.len());
        if !self.text.is_empty() && !key.is_empty() {
            self.text.push('.');
        }
        self.text.push_str(key);
    }

    fn pop(&mut self) {
        self.text.truncate(self.lengths.pop().unwrap_or(0));
    }
}

/// Elements that XES does not define.
#[derive(Debug)]
struct Foreign {
    count: u64,
    first: String,
    position: u64,
}

struct Reading<'s, R, S> {
    tokens: Tokens<R>,
    sink: &'s mut S,
    names: Names,
    trace: Trace,
    path: Path,
    place: Place,
    records: u64,
    foreign: Option<Foreign>,
}

impl<R: BufRead, S: Sink> Reading<'_, R, S> {
    fn run(&mut self) -> Result<(), Broken> {
        let mut buffer = Vec::new();
        let mut text = String::new();
        loop {
            while self.usual(&mut text)? {}
            let flow = match self.tokens.next(&mut buffer)? {
                Event::Start(tag) => {
                    self.start(&tag)?;
                    ControlFlow::Continue(())
                }
                Event::Empty(tag) => {
                    self.start(&tag)?;
                    self.end()
                }
                Event::End(_) => self.end(),
                Event::Eof => break,
                _ => ControlFlow::Continue(()),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        if let Some(foreign) = self.foreign.take() {
            self.sink.note(
                Diagnostic::warning(
                    codes::OTHER_FORMAT,
                    format!(
                        "{} elements that XES does not define were skipped",
                        foreign.count
                    ),
                )
                .at(span(foreign.position))
                .found(format!("first `{}`", foreign.first)),
            );
        }
        Ok(())
    }

    /// Takes the next attribute if it is spelled as nearly all are; `text` is memory to use.
    #[inline]
    fn usual(&mut self, text: &mut String) -> Result<bool, Broken> {
        if self.place == Place::Outside {
            return Ok(false);
        }
        let Some(tag) = usual(self.tokens.ahead()?) else {
            return Ok(false);
        };
        let Kind::Value(hint) = kind(tag.name) else {
            return Ok(false);
        };
        text.clear();
        text.push_str(tag.value);
        self.path.push(tag.key);
        let length = tag.length;
        self.tokens.take(length);
        self.put(hint, text);
        self.path.pop();
        Ok(true)
    }

    /// Refuses what was read of a trace whose end never came.
    fn refuse_rest(&mut self) {
        if matches!(self.place, Place::Trace | Place::Event { .. }) && self.trace.has_events() {
            let problem = Diagnostic::error(codes::XML_BROKEN, "the trace has no end")
                .at(span(self.tokens.position()))
                .expected("`</trace>`")
                .hint("its events are left out, for attributes of the trace may be missing");
            self.trace.refuse(Owner::Trace, problem);
            // The input has ended, so whether the sink wants more doesn't matter.
            let _ended = self.trace.hand_over(&self.names, self.sink);
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Broken> {
        let name = tag.name();
        let name = local(name.into_inner());
        if !self.path.is_empty() {
            self.attribute(name, tag);
            return Ok(());
        }
        match (self.place, name) {
            (Place::Outside, "log") => self.place = Place::Log,
            (Place::Outside, _) => return Err(self.not_xes(name)),
            (Place::Log, "trace") => {
                self.place = Place::Trace;
                self.trace.clear();
            }
            (Place::Trace, "event") => self.open_event(Owner::Trace),
            (Place::Log, "event") => {
                self.trace.clear();
                self.open_event(Owner::Event);
            }
            (Place::Log, "global") => {
                let scope = attribute(tag, "scope").ok().flatten();
                self.place = Place::Global(match scope.as_deref() {
                    Some("trace") => Some(Scope::Trace),
                    // The standard's default scope is that of events.
                    Some("event") | None => Some(Scope::Event),
                    Some(_) => None,
                });
            }
            (Place::Log, "classifier") => {
                self.classifier(tag);
                self.path.push("");
            }
            (Place::Log, "extension") => self.path.push(""),
            (Place::Log, "object-types" | "event-types" | "objects" | "events") => {
                return Err(self.not_xes(name));
            }
            _ => self.attribute(name, tag),
        }
        Ok(())
    }

    fn open_event(&mut self, in_trace: Owner) {
        self.place = Place::Event { in_trace };
        self.records += 1;
        self.trace.open_event(self.records);
    }

    /// Ends the innermost open element.
    fn end(&mut self) -> ControlFlow<()> {
        if !self.path.is_empty() {
            self.path.pop();
            return ControlFlow::Continue(());
        }
        match self.place {
            Place::Event { in_trace } => {
                self.trace.close_event();
                if in_trace == Owner::Trace {
                    self.place = Place::Trace;
                } else {
                    self.place = Place::Log;
                    return self.trace.hand_over(&self.names, self.sink);
                }
            }
            Place::Trace => {
                self.place = Place::Log;
                return self.trace.hand_over(&self.names, self.sink);
            }
            Place::Global(_) => self.place = Place::Log,
            Place::Log | Place::Outside => self.place = Place::Outside,
        }
        ControlFlow::Continue(())
    }

    /// Opens an attribute, puts its value where it belongs, and leaves it open.
    fn attribute(&mut self, name: &str, tag: &BytesStart<'_>) {
        let kind = kind(name);
        if matches!(kind, Kind::Members) {
            self.path.push("");
            return;
        }
        if matches!(kind, Kind::Other) {
            self.skip_foreign(name);
            return;
        }
        let pair = match pair(tag) {
            Ok(pair) => pair,
            Err(error) => {
                self.path.push("?");
                self.refuse("an attribute can't be read", &error.0);
                return;
            }
        };
        let Some(key) = pair.key else {
            self.path.push("?");
            self.refuse("an attribute has no `key`", name);
            return;
        };
        self.path.push(&key);
        match (kind, pair.value) {
            (Kind::Value(hint), Some(value)) => self.put(hint, &value),
            (Kind::Value(_), None) => self.refuse("an attribute has no `value`", &key),
            _ => {}
        }
    }

    fn put(&mut self, hint: Hint, value: &str) {
        let (scope, owner) = match self.place {
            Place::Event { .. } => (Scope::Event, Owner::Event),
            Place::Trace => (Scope::Trace, Owner::Trace),
            Place::Global(Some(scope)) => {
                let key = self.path.text.as_str();
                let name = Name { scope, key, hint };
                self.names.set_fallback(name, value, self.sink);
                return;
            }
            // Attributes of the log say nothing about an event.
            Place::Global(None) | Place::Log | Place::Outside => return,
        };
        let key = self.path.text.as_str();
        match self.names.get(Name { scope, key, hint }, self.sink) {
            Use::Kept(slot) => self.trace.put(owner, slot, value),
            Use::Unread => {}
            Use::Beyond => {
                let problem = Diagnostic::error(
                    codes::TOO_LARGE,
                    "the file has too many attributes, or one with too long a key",
                )
                .at(span(self.tokens.position()))
                .expected(format!(
                    "at most {} keys of at most {} bytes",
                    crate::formats::limits::COLUMNS_MAX,
                    crate::formats::limits::COLUMN_NAME_BYTES_MAX
                ))
                .found(format!("`{}`", shown(&self.path.text)));
                self.trace.refuse(owner, problem);
            }
        }
    }

    fn classifier(&mut self, tag: &BytesStart<'_>) {
        // A classifier of traces says nothing about an event.
        if let (Ok(Some(name)), Ok(Some(keys)), Ok(scope)) = (
            attribute(tag, "name"),
            attribute(tag, "keys"),
            attribute(tag, "scope"),
        ) && scope.is_none_or(|scope| scope == "event")
        {
            self.names.classifier(&name, &keys, self.sink);
        }
    }

    fn skip_foreign(&mut self, name: &str) {
        self.path.push("?");
        let position = self.tokens.position();
        self.foreign
            .get_or_insert_with(|| Foreign {
                count: 0,
                first: shown(name),
                position,
            })
            .count += 1;
    }

    /// Refuses the event or trace being read; elsewhere the problem is noted.
    fn refuse(&mut self, message: &str, found: &str) {
        let problem = Diagnostic::error(codes::XES_ATTRIBUTE, message)
            .at(span(self.tokens.position()))
            .expected("a `key` and a `value`, with the characters `<`, `&` and quotes escaped")
            .found(format!("`{}`", shown(found)));
        match self.place {
            Place::Event { .. } => self.trace.refuse(Owner::Event, problem),
            Place::Trace => self.trace.refuse(Owner::Trace, problem),
            _ => self.sink.note(problem),
        }
    }

    fn not_xes(&self, name: &str) -> Broken {
        Diagnostic::error(codes::OTHER_FORMAT, "the XML isn't an XES log")
            .at(span(self.tokens.position()))
            .expected("`<log>` with `<trace>` elements")
            .found(format!("`<{}>`", shown(name)))
            .hint("name the format if it is another one")
            .into()
    }
}
