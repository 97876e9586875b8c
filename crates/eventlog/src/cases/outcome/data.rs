//! What an expression reads of one case, gathered from the log: nothing else is converted.

use std::collections::BTreeSet;
use std::ops::Range;

use baton_expression::{Bindings, ReadPath};
use hashbrown::HashSet;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::scope::{CASE, COUNT, FIRST, LAST, SINGLE, case_columns, columns};
use crate::handover::{Seam, seams_into};
use crate::model::{Code, Column, Kind, Log};

/// One value that is read.
#[derive(Clone, Copy)]
enum Slot<'l> {
    /// A column of the record of this name.
    Field(Record, &'l Column),
    /// Events of this activity.
    Count(&'l str, Code),
    /// A single value of this name.
    Single(&'static str),
}

#[derive(Clone, Copy)]
enum Record {
    First,
    Last,
    /// The last known value of a column of events.
    Case,
    /// A column with one value per case.
    Table,
}

/// The values of one case after the other.
pub(super) struct Data<'l> {
    log: &'l Log,
    slots: Vec<Slot<'l>>,
    needs_seams: bool,
    seams: Vec<Seam>,
    /// What was read: a code, a number, or [`ABSENT`].
    raw: Vec<i64>,
    variables: Vec<(&'static str, Json)>,
}

/// Stands for a value that is not there.
const ABSENT: i64 = i64::MIN;

impl<'l> Data<'l> {
    /// Returns the data for expressions that read `paths`.
    pub(super) fn new<'p>(log: &'l Log, paths: impl Iterator<Item = &'p ReadPath>) -> Self {
        let mut data = Self {
            log,
            slots: Vec::new(),
            needs_seams: false,
            seams: Vec::new(),
            raw: Vec::new(),
            variables: Vec::new(),
        };
        for path in paths.collect::<BTreeSet<_>>() {
            let key = field(&path.pointer);
            match path.variable.as_str() {
                FIRST => data.record(FIRST, Record::First, key.as_deref()),
                LAST => data.record(LAST, Record::Last, key.as_deref()),
                CASE => data.case(key.as_deref()),
                COUNT => data.count(key.as_deref()),
                name => {
                    if let Some((name, _)) = SINGLE.iter().find(|(known, _)| *known == name) {
                        data.needs_seams |= matches!(*name, "handovers" | "bounces");
                        data.slots.push(Slot::Single(name));
                        data.variables.push((name, Json::Null));
                    }
                }
            }
        }
        data
    }

    fn record(&mut self, name: &'static str, record: Record, key: Option<&str>) {
        let read = columns(self.log).filter(|column| key.is_none_or(|key| &*column.name == key));
        self.slots
            .extend(read.map(|column| Slot::Field(record, column)));
        self.object(name);
    }

    fn case(&mut self, key: Option<&str>) {
        let read =
            case_columns(self.log).filter(|column| key.is_none_or(|key| &*column.name == key));
        let log = self.log;
        self.slots.extend(read.map(|column| {
            let is_of_table = log.case_column(&column.name).is_some();
            let record = if is_of_table {
                Record::Table
            } else {
                Record::Case
            };
            Slot::Field(record, column)
        }));
        self.object(CASE);
    }

    fn count(&mut self, key: Option<&str>) {
        let activities = self.log.activity().dictionary.texts().zip(0..);
        let read = activities.filter(|(text, _)| key.is_none_or(|key| *text == key));
        self.slots
            .extend(read.map(|(text, code)| Slot::Count(text, code)));
        self.object(COUNT);
    }

    fn object(&mut self, name: &'static str) {
        if self.variables.iter().all(|(known, _)| *known != name) {
            self.variables.push((name, Json::Object(Map::new())));
        }
    }

    /// Reads a case as far as the end of `events`; returns what was read, which says all about it.
    pub(super) fn read(&mut self, case: usize, events: Range<usize>) -> &[i64] {
        if self.needs_seams {
            seams_into(self.log, events.clone(), &mut self.seams);
        }
        self.raw.clear();
        for slot in &self.slots {
            let raw = self.slot(*slot, case, events.clone());
            self.raw.push(raw.unwrap_or(ABSENT));
        }
        &self.raw
    }

    fn slot(&self, slot: Slot<'_>, case: usize, mut events: Range<usize>) -> Option<i64> {
        let last = events.end.checked_sub(1)?;
        let time = |event: usize| self.log.times().get(event).copied();
        let code = |column: &Column, event| column.code(event).map(i64::from);
        match slot {
            Slot::Field(Record::First, column) => code(column, events.start),
            Slot::Field(Record::Last, column) => code(column, last),
            Slot::Field(Record::Table, column) => code(column, case),
            Slot::Field(Record::Case, column) => events.rev().find_map(|event| code(column, event)),
            Slot::Count(_, activity) => {
                let codes = self.log.activity().codes.get(events)?;
                number(codes.iter().filter(|&&code| code == activity).count())
            }
            Slot::Single(name) => match name {
                "handovers" => number(self.seams.iter().filter(|seam| seam.is_direct).count()),
                "bounces" => number(self.seams.iter().filter(|seam| seam.is_return).count()),
                "parties" => {
                    let codes = events.filter_map(|event| self.log.party().code(event));
                    number(codes.collect::<HashSet<_>>().len())
                }
                "events" => number(events.len()),
                "start" => time(events.start),
                "end" => time(last),
                "elapsed" => Some(time(last)? - time(events.start)?),
                // The id is looked up by the place of its case's first event.
                "id" => number(events.next()?),
                _ => None,
            },
        }
    }

    /// Returns what was read as the variables of an expression; `id` is the id of the case.
    pub(super) fn bindings(&mut self, id: &str) -> Bindings<'_> {
        for (slot, &raw) in self.slots.iter().zip(&self.raw) {
            let (name, key, value) = match slot {
                Slot::Field(record, column) => {
                    let name = match record {
                        Record::First => FIRST,
                        Record::Last => LAST,
                        Record::Case | Record::Table => CASE,
                    };
                    (name, Some(&*column.name), value_of(column, raw))
                }
                Slot::Count(activity, _) => (COUNT, Some(*activity), Some(Json::from(raw))),
                Slot::Single("id") => ("id", None, Some(Json::from(id))),
                Slot::Single(name @ ("start" | "end")) => (*name, None, time_text(raw)),
                Slot::Single("elapsed") => ("elapsed", None, Some(duration_text(raw))),
                Slot::Single(name) => (*name, None, Some(Json::from(raw))),
            };
            let variable = self.variables.iter_mut().find(|(known, _)| *known == name);
            match (variable, key) {
                (Some((_, Json::Object(fields))), Some(key)) => set(fields, key, value),
                (Some((_, variable)), _) => *variable = value.unwrap_or_default(),
                (None, _) => {}
            }
        }
        self.variables
            .iter()
            .fold(Bindings::new(), |bindings, (name, value)| {
                bindings.with(name, value)
            })
    }
}

fn set(fields: &mut Map<String, Json>, key: &str, value: Option<Json>) {
    match (fields.get_mut(key), value) {
        (Some(place), Some(value)) => *place = value,
        (None, Some(value)) => {
            fields.insert(key.to_owned(), value);
        }
        (_, None) => {
            fields.remove(key);
        }
    }
}

/// Returns the value that a code of a column stands for.
fn value_of(column: &Column, raw: i64) -> Option<Json> {
    let code = Code::try_from(raw).ok()?;
    let place = usize::try_from(code).ok()?;
    match column.kind {
        Kind::Text => column.dictionary.text(code).map(Json::from),
        Kind::Boolean => Some(Json::from(*column.numbers.get(place)? != 0)),
        Kind::Number { scale: 0 } => Some(Json::from(*column.numbers.get(place)?)),
        Kind::Number { scale } => {
            serde_json::from_str(&decimal(*column.numbers.get(place)?, scale)).ok()
        }
        Kind::Time => time_text(*column.numbers.get(place)?),
    }
}

/// Returns a number of this many decimal digits as text.
fn decimal(number: i64, scale: u8) -> String {
    let unit = 10_u64.checked_pow(u32::from(scale)).unwrap_or(u64::MAX);
    let sign = if number < 0 { "-" } else { "" };
    let magnitude = number.unsigned_abs();
    let (whole, rest) = (magnitude / unit, magnitude % unit);
    format!("{sign}{whole}.{rest:0width$}", width = usize::from(scale))
}

fn time_text(microseconds: i64) -> Option<Json> {
    let time = Timestamp::from_microsecond(microseconds).ok()?;
    Some(Json::from(time.to_string()))
}

fn duration_text(microseconds: i64) -> Json {
    Json::from(format!("{microseconds}us"))
}

fn number(length: usize) -> Option<i64> {
    i64::try_from(length).ok()
}

/// Returns the first step of a JSON Pointer, unescaped; `None` when the whole value is read.
fn field(pointer: &str) -> Option<String> {
    let step = pointer.strip_prefix('/')?.split('/').next()?;
    let step = step.replace("~1", "/").replace("~0", "~");
    Some(step).filter(|step| step != "*")
}
