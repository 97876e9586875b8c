//! Rows of any format on their way into a log: what the mapping says is looked up once per column,
//! and what does not fit is counted with its reason.

use baton_terms::Diagnostic;

use super::clock::{Clock, TimeProblem};
use super::codes;
use super::report::{Refusal, Refusals, shown};
use crate::mapping::{ColumnRule, Mapping};
use crate::model::{Builder, Column, Head, Refused};

/// Most order columns of a mapping.
const ORDER_MAX: usize = 4;

/// The fields of one row, by the places of their names in the header.
pub trait Row {
    /// Returns the text of a field; empty when there is none.
    fn field(&self, place: usize) -> &[u8];
}

impl Row for [&[u8]] {
    #[inline]
    fn field(&self, place: usize) -> &[u8] {
        self.get(place).copied().unwrap_or_default()
    }
}

impl Row for [Option<&str>] {
    #[inline]
    fn field(&self, place: usize) -> &[u8] {
        let text = self.get(place).copied().flatten();
        text.map(str::as_bytes).unwrap_or_default()
    }
}

/// The places of the fields that make an event, once they are known.
#[derive(Debug, Clone, Default)]
struct Places {
    case: Vec<Option<usize>>,
    time: Option<usize>,
    activity: Option<usize>,
    party: Option<usize>,
    person: Option<usize>,
    order: Vec<Option<usize>>,
}

/// Takes the rows of an export of events.
#[derive(Debug)]
pub struct Intake<'m> {
    mapping: &'m Mapping,
    builder: Builder,
    clock: Clock,
    places: Places,
    /// Field of each column of the builder.
    columns: Vec<usize>,
    /// Names of all fields, in the order they were met.
    fields: Vec<Box<str>>,
    skipped: Vec<Box<str>>,
    refusals: Refusals,
    case: Vec<u8>,
    rows: u64,
}

/// What an intake has taken.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) builder: Builder,
    pub(crate) clock: Clock,
    pub(crate) refusals: Refusals,
    pub(crate) skipped: Vec<Box<str>>,
    pub(crate) rows: u64,
}

impl<'m> Intake<'m> {
    /// Returns an intake that knows no field yet.
    pub fn new(mapping: &'m Mapping) -> Self {
        let time = &mapping.time;
        Self {
            mapping,
            builder: Builder::new(Vec::new())
                .with_missing(&mapping.missing)
                .with_sequence(mapping.order.len()),
            clock: Clock::new(time.format.clone(), time.zone.clone()),
            places: Places {
                case: vec![None; mapping.case.columns.len()],
                order: vec![None; mapping.order.len()],
                ..Places::default()
            },
            columns: Vec::new(),
            fields: Vec::new(),
            skipped: Vec::new(),
            refusals: Refusals::default(),
            case: Vec::new(),
            rows: 0,
        }
    }

    /// Adds the next field of the rows to come; its place is the number of fields before it. Rows
    /// taken so far have no value in it.
    pub fn field(&mut self, name: &str) -> usize {
        let place = self.fields.len();
        self.fields.push(name.into());
        let mapping = self.mapping;
        let mut has_role = false;
        let cases = mapping.case.columns.iter().zip(&mut self.places.case);
        let orders = mapping.order.iter().zip(&mut self.places.order);
        let singles = [
            (Some(&mapping.time.column), &mut self.places.time),
            (Some(&mapping.activity), &mut self.places.activity),
            (mapping.party.as_ref(), &mut self.places.party),
            (mapping.person.as_ref(), &mut self.places.person),
        ];
        let singles = singles
            .into_iter()
            .filter_map(|(name, place)| Some((name?, place)));
        for (wanted, to) in cases.chain(orders).chain(singles) {
            if **wanted == *name {
                *to = Some(place);
                has_role = true;
            }
        }
        let rule = match mapping.column(name) {
            Some(rule) => Some(rule.clone()),
            // A column with a role is in the log already.
            None if has_role => None,
            None if mapping.is_open || mapping.cluster.as_deref() == Some(name) => {
                Some(ColumnRule::plain(name))
            }
            None => {
                self.skipped.push(name.into());
                None
            }
        };
        if let Some(rule) = rule {
            self.builder.add_column(Column {
                person: rule.person,
                ..Column::new(name, rule.kind.kind())
            });
            self.columns.push(place);
        }
        place
    }

    /// Returns the place of a field that was added before.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|known| **known == *name)
    }

    /// Returns whether anything is made of the field that was added last.
    pub(super) fn reads_last_field(&self) -> bool {
        self.skipped.last() != self.fields.last()
    }

    /// Counts an event that the format could not read, with a reason made at run time.
    pub(super) fn refuse_problem(&mut self, refusal: &crate::formats::Refusal) {
        self.rows += refusal.events;
        self.refusals.add_problem(refusal, "events");
    }

    /// Returns what the mapping names and no field has, one problem each.
    pub fn missing_fields(&self) -> Vec<Diagnostic> {
        let mapping = self.mapping;
        let cases = mapping.case.columns.iter().map(|name| ("case", name));
        let singles = [
            ("time/column", Some(&mapping.time.column)),
            ("activity", Some(&mapping.activity)),
            ("party", mapping.party.as_ref()),
            ("person", mapping.person.as_ref()),
            ("cluster", mapping.cluster.as_ref()),
        ];
        let singles = singles
            .into_iter()
            .filter_map(|(role, name)| Some((role, name?)));
        let orders = mapping.order.iter().map(|name| ("order", name));
        let rules = mapping.columns.iter().map(|rule| ("columns", &rule.name));
        let named = cases.chain(singles).chain(orders).chain(rules);
        named
            .filter(|(_, name)| !self.fields.contains(name))
            .map(|(role, name)| column_missing(role, name, &self.fields))
            .collect()
    }

    /// Takes a row that starts on this line, or is the record of this number.
    pub fn row(&mut self, row: &(impl Row + ?Sized), line: u64) {
        self.rows += 1;
        if let Err(refusal) = self.take(row, line) {
            self.refusals.add(refusal, "events");
        }
    }

    /// Counts a row that the format could not read.
    pub fn refuse(&mut self, refusal: Refusal<'_>) {
        self.rows += 1;
        self.refusals.add(refusal, "events");
    }

    /// Returns the number of rows seen.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns the number of rows taken.
    pub fn taken(&self) -> usize {
        self.builder.events()
    }

    pub(crate) fn finish(self) -> Taken {
        Taken {
            builder: self.builder,
            clock: self.clock,
            refusals: self.refusals,
            skipped: self.skipped,
            rows: self.rows,
        }
    }

    #[inline]
    fn take(&mut self, row: &(impl Row + ?Sized), line: u64) -> Result<(), Refusal<'m>> {
        let mapping = self.mapping;
        let field = |place: Option<usize>| place.map(|place| row.field(place)).unwrap_or_default();
        let is_missing = |text: &[u8]| {
            text.is_empty() || mapping.missing.iter().any(|known| known.as_bytes() == text)
        };
        let case = match *self.places.case {
            [place] => field(place),
            _ => {
                self.case.clear();
                for (at, place) in self.places.case.iter().enumerate() {
                    if at > 0 {
                        self.case.extend_from_slice(mapping.case.join.as_bytes());
                    }
                    let part = field(*place);
                    if is_missing(part) {
                        return Err(no_case(mapping, line, part));
                    }
                    self.case.extend_from_slice(part);
                }
                &self.case
            }
        };
        if is_missing(case) {
            return Err(no_case(mapping, line, case));
        }
        let text = field(self.places.time);
        let time = match self.clock.read(text) {
            Ok(time) => time,
            Err(_) if is_missing(text) => return Err(no_time(mapping, line, text)),
            Err(problem) => return Err(bad_time(mapping, line, text, problem)),
        };
        let activity = field(self.places.activity);
        if is_missing(activity) {
            return Err(no_activity(mapping, line, activity));
        }
        let mut order = [0; ORDER_MAX];
        for ((to, place), name) in order.iter_mut().zip(&self.places.order).zip(&mapping.order) {
            let text = field(*place);
            *to = integer(text).ok_or_else(|| bad_order(name, line, text))?;
        }
        let head = Head {
            case,
            time,
            activity,
            party: field(self.places.party),
            person: field(self.places.person),
        };
        let values = self.columns.iter().map(|&place| row.field(place));
        self.builder
            .push_bytes(&head, order.into_iter(), values)
            .map_err(|refused| not_taken(mapping, line, &refused))
    }
}

/// Returns the problem that no field has a name the mapping asks for.
pub(crate) fn column_missing(role: &str, name: &str, fields: &[Box<str>]) -> Diagnostic {
    const NAMES_SHOWN: usize = 20;
    let names: Vec<_> = fields
        .iter()
        .take(NAMES_SHOWN)
        .map(|name| shown(name.as_bytes()))
        .collect();
    let more = match fields.len().saturating_sub(NAMES_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let meant = baton_document::shape::closest(name, fields.iter().map(AsRef::as_ref));
    let hint = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "let `baton import FILE --guess` propose a mapping for this file".to_owned(),
    };
    let at = match role.strip_suffix("columns") {
        Some(_) => format!("/{role}/{}", baton_document::shape::escape(name)),
        None => format!("/{role}"),
    };
    Diagnostic::error(
        codes::COLUMN_MISSING,
        "column of the mapping is not in the file",
    )
    .pointing_to(at)
    .expected(format!("a column `{name}` for `{role}`"))
    .found(format!("columns {}{more}", names.join(", ")))
    .hint(hint)
}

#[inline]
fn integer(text: &[u8]) -> Option<i64> {
    let (digits, is_negative) = match text.split_first()? {
        (b'-', digits) => (digits, true),
        _ => (text, false),
    };
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(if is_negative { -value } else { value })
}

fn found(text: &[u8]) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        shown(text)
    }
}

#[cold]
fn no_case<'m>(mapping: &'m Mapping, line: u64, text: &[u8]) -> Refusal<'m> {
    Refusal {
        code: codes::NO_CASE,
        reason: "row names no case",
        line,
        column: mapping.case.columns.first().map(AsRef::as_ref),
        expected: "the id of a case".to_owned(),
        found: found(text),
        hint: "an event without a case belongs to no history; correct the export, or name another column as `case`",
    }
}

#[cold]
fn no_time<'m>(mapping: &'m Mapping, line: u64, text: &[u8]) -> Refusal<'m> {
    Refusal {
        code: codes::NO_TIME,
        reason: "row has no time",
        line,
        column: Some(&mapping.time.column),
        expected: "when the event happened".to_owned(),
        found: found(text),
        hint: "an event without a time has no place in its case; correct the export, or name another column as `time`",
    }
}

#[cold]
fn bad_time<'m>(mapping: &'m Mapping, line: u64, text: &[u8], problem: TimeProblem) -> Refusal<'m> {
    let format = mapping.time.format.text();
    let column = Some(&*mapping.time.column);
    match problem {
        TimeProblem::NoZone => Refusal {
            code: codes::NO_ZONE,
            reason: "time names no zone",
            line,
            column,
            expected: "a time with an offset such as `Z` or `+02:00`".to_owned(),
            found: shown(text),
            hint: "say with `zone` under `time` what times without an offset mean",
        },
        TimeProblem::Unreadable => Refusal {
            code: codes::TIME_UNREADABLE,
            reason: "time is not written as the mapping says",
            line,
            column,
            expected: format!("a time as `{format}`"),
            found: shown(text),
            hint: "correct `format` under `time`; if only some times name a zone, export all of them in one form",
        },
    }
}

#[cold]
fn no_activity<'m>(mapping: &'m Mapping, line: u64, text: &[u8]) -> Refusal<'m> {
    Refusal {
        code: codes::NO_ACTIVITY,
        reason: "row does not say what happened",
        line,
        column: Some(&mapping.activity),
        expected: "what happened".to_owned(),
        found: found(text),
        hint: "name another column as `activity`, or correct the export",
    }
}

#[cold]
fn bad_order<'m>(name: &'m str, line: u64, text: &[u8]) -> Refusal<'m> {
    Refusal {
        code: codes::ORDER_UNREADABLE,
        reason: "order column has no integer",
        line,
        column: Some(name),
        expected: "an integer of at most 18 digits".to_owned(),
        found: found(text),
        hint: "name a column that numbers the events of a case, or leave `order` out",
    }
}

#[cold]
fn not_taken<'m>(mapping: &'m Mapping, line: u64, refused: &Refused) -> Refusal<'m> {
    match refused {
        Refused::NotText { column } => {
            let name = column.as_deref();
            let roles = [
                ("activity", Some(&mapping.activity)),
                ("party", mapping.party.as_ref()),
                ("person", mapping.person.as_ref()),
            ];
            let role = roles.into_iter().find(|(role, _)| Some(*role) == name);
            let column = match (name, role) {
                (None, _) => mapping.case.columns.first(),
                (_, Some((_, column))) => column,
                (Some(name), None) => mapping.column(name).map(|rule| &rule.name),
            };
            Refusal {
                code: codes::NOT_UTF8,
                reason: "text is not UTF-8",
                line,
                column: column.map(AsRef::as_ref),
                expected: "UTF-8".to_owned(),
                found: name.map_or("other bytes in the case".to_owned(), |name| {
                    format!("other bytes in `{name}`")
                }),
                hint: "convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
            }
        }
        Refused::Full => Refusal {
            code: codes::TOO_MANY_ROWS,
            reason: "log is full",
            line,
            column: None,
            expected: "at most 4,294,967,294 events, and as many distinct values".to_owned(),
            found: "one more".to_owned(),
            hint: "import a shorter time",
        },
    }
}
