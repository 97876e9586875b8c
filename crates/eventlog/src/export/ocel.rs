//! OCEL 2.0 as JSON: one object per case, of the type `case`. Party and person are attributes of
//! events, for ids of objects must be distinct over all types, and names of teams and cases need not be.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::plan::{Planned, Roles, case_columns, event_columns, text, time};
use crate::model::{Kind, Log};

/// The names that reading it back gives.
pub(super) const ROLES: Roles = Roles {
    case: "object:case",
    order: "order",
    time: "ocel:timestamp",
    activity: "ocel:activity",
    party: "party",
    person: "person",
};

/// Since when a case has the values that it always has.
const ALWAYS: &str = "1970-01-01T00:00:00Z";

/// Writes a log.
pub(super) fn write(log: &Log, out: &mut impl Write) -> io::Result<()> {
    let events = event_columns(log, &ROLES);
    let cases = case_columns(log, &events);
    let named: Vec<(&str, Kind)> = [("order", Kind::Number { scale: 0 })]
        .into_iter()
        .chain([("party", Kind::Text), ("person", Kind::Text)])
        .chain(
            events
                .iter()
                .map(|planned| (&*planned.name, planned.column.kind)),
        )
        .collect();
    let declared: Vec<Value> = named
        .iter()
        .map(|(name, kind)| declare(name, *kind))
        .collect();
    let of_case: Vec<Value> = cases
        .iter()
        .map(|planned| declare(bare(planned), planned.column.kind))
        .collect();
    let types = json!([{"name": "case", "attributes": of_case}]);
    write!(out, "{{\"objectTypes\":{types},\n\"eventTypes\":[")?;
    let activities = log
        .activity()
        .dictionary
        .texts()
        .map(|activity| json!({"name": activity, "attributes": declared}).to_string());
    list(out, activities)?;
    write!(out, "],\n\"objects\":[")?;
    let objects = log.case_ids().enumerate().map(|(case, id)| {
        let attributes: Vec<Value> = cases
            .iter()
            .filter_map(|planned| {
                let value = typed(planned, case)?;
                Some(json!({"name": bare(planned), "time": ALWAYS, "value": value}))
            })
            .collect();
        json!({"id": id, "type": "case", "attributes": attributes, "relationships": []}).to_string()
    });
    list(out, objects)?;
    write!(out, "],\n\"events\":[")?;
    let happened = log.case_ids().enumerate().flat_map(|(case, id)| {
        let events = &events;
        log.events_of(case)
            .enumerate()
            .map(move |(order, row)| event(log, events, (id, order, row)))
    });
    list(out, happened)?;
    writeln!(out, "]}}")
}

fn event(log: &Log, columns: &[Planned<'_>], (case, order, row): (&str, usize, usize)) -> String {
    let mut attributes = vec![json!({"name": "order", "value": order})];
    for (name, column) in [("party", log.party()), ("person", log.person())] {
        if let Some(text) = column.text(row) {
            attributes.push(json!({"name": name, "value": text}));
        }
    }
    for planned in columns {
        if let Some(value) = typed(planned, row) {
            attributes.push(json!({"name": planned.name, "value": value}));
        }
    }
    let fields: BTreeMap<&str, Value> = BTreeMap::from([
        ("id", Value::from(format!("e{}", row + 1))),
        (
            "type",
            Value::from(log.activity().text(row).unwrap_or_default()),
        ),
        (
            "time",
            Value::from(time(log.times().get(row).copied().unwrap_or(0))),
        ),
        ("attributes", Value::from(attributes)),
        (
            "relationships",
            json!([{"objectId": case, "qualifier": "case"}]),
        ),
    ]);
    json!(fields).to_string()
}

fn list(out: &mut impl Write, items: impl Iterator<Item = String>) -> io::Result<()> {
    for (at, item) in items.enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        out.write_all(item.as_bytes())?;
    }
    Ok(())
}

/// Returns the name of a column of cases without the prefix that it gets as a column of events.
fn bare<'p>(planned: &'p Planned<'_>) -> &'p str {
    planned.name.strip_prefix("case:").unwrap_or(&planned.name)
}

fn declare(name: &str, kind: Kind) -> Value {
    let kind = match kind {
        Kind::Text => "string",
        Kind::Boolean => "boolean",
        Kind::Number { scale: 0 } => "integer",
        Kind::Number { .. } => "float",
        Kind::Time => "time",
    };
    json!({"name": name, "type": kind})
}

/// Returns a value; numbers that JSON readers would round are written as text.
fn typed(planned: &Planned<'_>, row: usize) -> Option<Value> {
    const EXACT_MAX: u64 = 1 << 53;
    let text = text(planned.column, row)?;
    let number = planned.column.number(row);
    Some(match (planned.column.kind, number) {
        (Kind::Boolean, Some(number)) => Value::from(number != 0),
        (Kind::Number { scale: 0 }, Some(number)) if number.unsigned_abs() < EXACT_MAX => {
            Value::from(number)
        }
        _ => Value::from(text),
    })
}
