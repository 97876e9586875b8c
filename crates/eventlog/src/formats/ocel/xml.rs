//! The XML form of OCEL 2.0.

use std::io::BufRead;

use baton_terms::Diagnostic;
use quick_xml::events::{BytesStart, Event};

use super::tables::{Tables, Value};
use crate::formats::codes;
use crate::formats::sink::{Broken, Sink, shown};
use crate::formats::xml::{Text, Tokens, Unreadable, attribute, content, local, span};

/// Reads a log and hands its events to the sink, with the objects of one type as cases.
///
/// # Errors
/// [`Broken`] when the file, or the choice of the type, doesn't fit.
pub fn read_xml(
    input: impl BufRead,
    case_type: Option<&str>,
    sink: &mut impl Sink,
) -> Result<(), Broken> {
    let mut tables = Tables::new();
    if let Err(broken) = Reading::new(input, &mut tables).run() {
        tables.report(sink);
        return Err(broken);
    }
    tables.flatten(case_type, sink)
}

/// Reads a log into tables.
///
/// # Errors
/// [`Broken`] when the file can't be read to its end.
pub fn tables_from_xml(input: impl BufRead) -> Result<Tables, Broken> {
    let mut tables = Tables::new();
    Reading::new(input, &mut tables).run()?;
    Ok(tables)
}

/// What the current row is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    None,
    Object(String),
    Event(String),
    /// A row that was refused; what belongs to it is skipped.
    Refused,
}

/// The attribute whose text is being read.
#[derive(Debug)]
struct Open {
    name: String,
    time: Option<String>,
    text: String,
}

struct Reading<'t, R> {
    tokens: Tokens<R>,
    tables: &'t mut Tables,
    row: Row,
    open: Option<Open>,
}

impl<'t, R: BufRead> Reading<'t, R> {
    fn new(input: R, tables: &'t mut Tables) -> Self {
        Self {
            tokens: Tokens::new(input, Text::Kept),
            tables,
            row: Row::None,
            open: None,
        }
    }

    fn run(mut self) -> Result<(), Broken> {
        let mut buffer = Vec::new();
        loop {
            match self.tokens.next(&mut buffer)? {
                Event::Start(tag) => self.start(&tag, self.tokens.depth())?,
                Event::Empty(tag) => {
                    self.start(&tag, self.tokens.depth() + 1)?;
                    self.end(local(tag.name().into_inner()));
                }
                Event::End(tag) => self.end(local(tag.name().into_inner())),
                Event::Text(text) => self.text(content(&text.into_inner())),
                Event::CData(text) => self.text(Ok(text.into_inner())),
                Event::GeneralRef(reference) => {
                    let raw = format!("&{};", reference.into_inner());
                    self.text(content(&raw));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn text(&mut self, text: Result<std::borrow::Cow<'_, str>, Unreadable>) {
        match (text, &mut self.open) {
            (Ok(text), Some(open)) => open.text.push_str(&text),
            (Err(error), Some(_)) => {
                self.open = None;
                self.refuse("the text of an attribute can't be read", &error.0);
            }
            (_, None) => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), Broken> {
        let name = tag.name();
        let name = local(name.into_inner());
        if depth == 1 && name != "log" {
            return Err(self.not_ocel(name));
        }
        if depth == 2 && matches!(name, "trace" | "extension" | "classifier" | "global") {
            return Err(self.not_ocel(name));
        }
        if let Err(error) = self.element(name, tag, depth) {
            self.refuse("an attribute of a tag can't be read", &error.0);
            if matches!(name, "object" | "event") && depth == 3 {
                self.row = Row::Refused;
            }
        }
        Ok(())
    }

    fn element(
        &mut self,
        name: &str,
        tag: &BytesStart<'_>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let named = |name: &str| attribute(tag, name).map(|text| text.map(String::from));
        match (name, &self.row, depth) {
            ("object", Row::None, 3) => {
                self.row = match (named("id")?, named("type")?) {
                    (Some(id), Some(kind)) => {
                        self.tables.object(&id, &kind);
                        Row::Object(id)
                    }
                    _ => self.lacking("an object", "`id` and `type`", 0),
                };
            }
            ("event", Row::None, 3) => {
                self.row = match (named("id")?, named("type")?, named("time")?) {
                    (Some(id), Some(kind), Some(time)) => {
                        if self.tables.event(&id, &kind, &time) {
                            Row::Event(id)
                        } else {
                            Row::Refused
                        }
                    }
                    _ => self.lacking("an event", "`id`, `type` and `time`", 1),
                };
            }
            ("attribute", Row::None, _) => {
                if let (Some(name), Some(kind)) = (named("name")?, named("type")?) {
                    self.tables.declare(&name, &kind);
                }
            }
            ("attribute", Row::Object(_) | Row::Event(_), _) => match named("name")? {
                Some(name) => {
                    self.open = Some(Open {
                        name,
                        time: named("time")?,
                        text: String::new(),
                    });
                }
                None => {
                    self.refuse("an attribute has no `name`", "");
                }
            },
            ("relationship" | "object", Row::Object(_) | Row::Event(_), _) => {
                let qualifier = named("qualifier")?.unwrap_or_default();
                match (named("object-id")?, &self.row) {
                    (Some(object), Row::Event(id)) => {
                        self.tables.relate_event(id, &object, &qualifier);
                    }
                    (Some(object), Row::Object(id)) => {
                        self.tables.relate_object(id, &object, &qualifier);
                    }
                    _ => self.refuse("a relationship has no `object-id`", ""),
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match (name, &self.row) {
            ("attribute", row) => {
                if let Some(open) = self.open.take() {
                    match row {
                        Row::Object(id) => {
                            let value = Value {
                                name: &open.name,
                                time: open.time.as_deref(),
                                text: &open.text,
                            };
                            self.tables.object_value(id, &value);
                        }
                        Row::Event(id) => self.tables.event_value(id, &open.name, &open.text),
                        _ => {}
                    }
                }
            }
            // Depth was already counted down: rows are the children of lists of the log.
            ("object" | "event", _) if self.tokens.depth() <= 2 => self.row = Row::None,
            _ => {}
        }
    }

    fn lacking(&mut self, what: &str, expected: &str, events: u64) -> Row {
        let problem = Diagnostic::error(
            codes::RECORD_SHAPE,
            format!("{what} lacks what OCEL asks for"),
        )
        .at(span(self.tokens.position()))
        .expected(expected);
        self.tables.refuse(problem, events);
        Row::Refused
    }

    fn refuse(&mut self, message: &str, found: &str) {
        let problem = Diagnostic::error(codes::RECORD_SHAPE, message)
            .at(span(self.tokens.position()))
            .found(shown(found));
        self.tables.refuse(problem, 0);
    }

    fn not_ocel(&self, name: &str) -> Broken {
        Diagnostic::error(codes::OTHER_FORMAT, "the XML isn't an OCEL log")
            .at(span(self.tokens.position()))
            .expected("`<log>` with `<object-types>`, `<event-types>`, `<objects>` and `<events>`")
            .found(format!("`<{}>`", shown(name)))
            .hint("name the format if it is another one")
            .into()
    }
}
