//! The JSON form of OCEL 2.0.

use std::io::BufRead;
use std::ops::ControlFlow;

use baton_terms::Diagnostic;
use serde_json::Value;

use super::tables::{Tables, pointer};
use crate::formats::codes;
use crate::formats::json::{Item, each};
use crate::formats::sink::{Broken, Sink, shown};

const LISTS: [&str; 4] = ["objectTypes", "eventTypes", "objects", "events"];

/// Reads a log and hands its events to the sink, with the objects of one type as cases.
///
/// # Errors
/// [`Broken`] when the file, or the choice of the type, doesn't fit.
pub fn read_json(
    input: impl BufRead,
    case_type: Option<&str>,
    sink: &mut impl Sink,
) -> Result<(), Broken> {
    let mut tables = Tables::new();
    let end = fill(input, &mut tables);
    if let Err(broken) = end {
        tables.report(sink);
        return Err(broken);
    }
    tables.flatten(case_type, sink)
}

/// Reads a log into tables.
///
/// # Errors
/// [`Broken`] when the file can't be read to its end.
pub fn tables_from_json(input: impl BufRead) -> Result<Tables, Broken> {
    let mut tables = Tables::new();
    fill(input, &mut tables)?;
    Ok(tables)
}

fn fill(input: impl BufRead, tables: &mut Tables) -> Result<(), Broken> {
    each(input, &LISTS, |item| {
        let Item { list, value, .. } = item;
        let events = u64::from(list == "events");
        match (list, value) {
            (_, Err(problem)) => tables.refuse(*problem, events),
            ("objectTypes" | "eventTypes", Ok(value)) => declare(&value, tables),
            ("objects", Ok(value)) => object(&value, tables),
            ("events", Ok(value)) => event(&value, tables),
            (_, Ok(_)) => tables.refuse(
                Diagnostic::error(codes::OTHER_FORMAT, "the JSON isn't an OCEL log")
                    .expected("an object with `objectTypes`, `eventTypes`, `objects` and `events`"),
                0,
            ),
        }
        ControlFlow::Continue(())
    })
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

fn rows<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn declare(value: &Value, tables: &mut Tables) {
    for attribute in rows(value, "attributes") {
        if let (Some(name), Some(kind)) = (text(attribute, "name"), text(attribute, "type")) {
            tables.declare(name, kind);
        }
    }
}

fn object(value: &Value, tables: &mut Tables) {
    let (Some(id), Some(kind)) = (text(value, "id"), text(value, "type")) else {
        tables.refuse(shape("objects", value, "`id` and `type`"), 0);
        return;
    };
    tables.object(id, kind);
    for attribute in rows(value, "attributes") {
        match (
            text(attribute, "name"),
            attribute.get("value").and_then(plain),
        ) {
            (Some(name), Some(found)) => {
                let value = super::Value {
                    name,
                    time: text(attribute, "time"),
                    text: &found,
                };
                tables.object_value(id, &value);
            }
            _ => tables.refuse(
                shape("objects", value, "attributes with `name` and `value`"),
                0,
            ),
        }
    }
    for relation in rows(value, "relationships") {
        match text(relation, "objectId") {
            Some(target) => {
                tables.relate_object(id, target, text(relation, "qualifier").unwrap_or_default());
            }
            None => tables.refuse(shape("objects", value, "relationships with `objectId`"), 0),
        }
    }
}

fn event(value: &Value, tables: &mut Tables) {
    let (Some(id), Some(kind), Some(time)) =
        (text(value, "id"), text(value, "type"), text(value, "time"))
    else {
        tables.refuse(shape("events", value, "`id`, `type` and `time`"), 1);
        return;
    };
    if !tables.event(id, kind, time) {
        return;
    }
    for attribute in rows(value, "attributes") {
        match (
            text(attribute, "name"),
            attribute.get("value").and_then(plain),
        ) {
            (Some(name), Some(found)) => tables.event_value(id, name, &found),
            _ => tables.refuse(
                shape("events", value, "attributes with `name` and `value`"),
                0,
            ),
        }
    }
    for relation in rows(value, "relationships") {
        match text(relation, "objectId") {
            Some(object) => {
                tables.relate_event(id, object, text(relation, "qualifier").unwrap_or_default());
            }
            None => tables.refuse(shape("events", value, "relationships with `objectId`"), 0),
        }
    }
}

/// Returns the text of a value that isn't made of others.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn shape(list: &str, value: &Value, expected: &str) -> Diagnostic {
    let id = text(value, "id").unwrap_or("?");
    Diagnostic::error(
        codes::RECORD_SHAPE,
        "a row of the log lacks what OCEL asks for",
    )
    .pointing_to(pointer(list, id))
    .expected(expected)
    .found(shown(&value.to_string()))
}
