//! The names an outcome may use, with their types.

use baton_expression::{Field, Object, Scope, Type};

use crate::model::{Column, Kind, Log};

/// Names of single values of a case.
pub(super) const SINGLE: [(&str, Type); 8] = [
    ("handovers", Type::Int),
    ("bounces", Type::Int),
    ("parties", Type::Int),
    ("events", Type::Int),
    ("start", Type::Timestamp),
    ("end", Type::Timestamp),
    ("elapsed", Type::Duration),
    ("id", Type::Text),
];

/// Names of the records of a case.
pub(super) const FIRST: &str = "first";
/// The record of the last event.
pub(super) const LAST: &str = "last";
/// The record of the last known values.
pub(super) const CASE: &str = "case";
/// Events by activity.
pub(super) const COUNT: &str = "count";

/// Returns what an outcome may read: `first`, `last` (the columns of the first and last event),
/// `case` (the columns of the table of
/// cases, and the last known value of each other column), `count` (events by activity), `handovers`,
/// `bounces` (A → B → A), `parties`, `events`, `start`, `end`, `elapsed` and `id`.
pub fn scope(log: &Log) -> Scope {
    let record = |columns: &mut dyn Iterator<Item = &Column>| {
        let field = |column: &Column| (column.name.to_string(), Field::required(kind_of(column)));
        Type::Object(Object {
            fields: columns.map(field).collect(),
            open: false,
        })
    };
    let of_event = record(&mut columns(log));
    let activities = log.activity().dictionary.texts();
    let count = Type::record(activities.map(|activity| (activity, Type::Int)));
    let scope = SINGLE
        .into_iter()
        .fold(Scope::new(), |scope, (name, kind)| scope.with(name, kind));
    scope
        .with(FIRST, of_event.clone())
        .with(LAST, of_event)
        .with(CASE, record(&mut case_columns(log)))
        .with(COUNT, count)
}

/// Returns the columns of a record: those of the mapping, then activity, party and person where no
/// column has their name.
pub(super) fn columns(log: &Log) -> impl Iterator<Item = &Column> {
    let own = [log.activity(), log.party(), log.person()];
    let own = own
        .into_iter()
        .filter(|own| log.column(&own.name).is_none());
    log.columns().iter().chain(own)
}

/// Returns the columns of `case`: those with one value per case, then those of events that no such
/// column shares its name with.
pub(super) fn case_columns(log: &Log) -> impl Iterator<Item = &Column> {
    let of_events = columns(log).filter(|column| log.case_column(&column.name).is_none());
    log.case_columns().iter().chain(of_events)
}

fn kind_of(column: &Column) -> Type {
    match column.kind {
        Kind::Text => Type::Text,
        Kind::Boolean => Type::Bool,
        Kind::Number { scale: 0 } => Type::Int,
        Kind::Number { .. } => Type::Double,
        Kind::Time => Type::Timestamp,
    }
}
