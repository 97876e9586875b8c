//! Formats that are no tables: their records on the way into the same intake that tables take.

use std::io::BufReader;
use std::ops::ControlFlow;

use baton_terms::Diagnostic;

use super::format::Format;
use super::input::{CHUNK_BYTES, Input};
use super::intake::{Intake, Row};
use super::log::{PROGRESS_ROWS, Progress};
use super::report::Warning;
use crate::formats::ocel::Tables;
use crate::formats::{Broken, Field, Hint, Refusal, Sink, git, github, jira, ocel, parquet, xes};
use crate::mapping::Mapping;

/// What the case column of a mapping starts with when it names an object type.
const OBJECT: &str = "object:";

/// Fills the tables of an OCEL log from the bytes of the database that holds them: what reads
/// databases does not belong to the domain, and so arrives as an argument.
pub type ReadTables<'t> = &'t dyn Fn(Vec<u8>) -> Result<Tables, Broken>;

/// Reads all records of an input; notes of the format come back as warnings.
pub(super) fn foreign<'m>(
    input: &mut Input<'_>,
    format: Format,
    mapping: &'m Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Intake<'m>, Vec<Warning>), Vec<Diagnostic>> {
    let bytes_read = input.counter();
    let case_type = case_type(mapping);
    let reader = BufReader::with_capacity(CHUNK_BYTES, &mut *input);
    let mut feed = Feed::new(mapping, bytes_read, progress);
    let end = match format {
        Format::Xes => xes::read(reader, &mut feed),
        Format::OcelJson => ocel::read_json(reader, case_type, &mut feed),
        Format::OcelXml => ocel::read_xml(reader, case_type, &mut feed),
        Format::OcelSqlite => Err(ocel::no_database()),
        Format::Jira => jira::read(reader, &mut feed),
        Format::GitHub => github::read(reader, &mut feed),
        Format::Git => git::read(reader, &mut feed),
        Format::Parquet => parquet::read(reader, &mut feed),
        // Tables are read by the caller.
        Format::Csv | Format::Tsv => Ok(()),
    };
    feed.end(end, input)
}

/// Reads all records of an OCEL log that is a database.
pub(super) fn database<'m>(
    input: &mut Input<'_>,
    read: ReadTables<'_>,
    mapping: &'m Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Intake<'m>, Vec<Warning>), Vec<Diagnostic>> {
    let bytes_read = input.counter();
    let tables = ocel::tables_from_database(&mut *input, read);
    let mut feed = Feed::new(mapping, bytes_read, progress);
    let end = tables.and_then(|tables| tables.flatten(case_type(mapping), &mut feed));
    feed.end(end, input)
}

/// Returns the object type that a mapping names as the case.
fn case_type(mapping: &Mapping) -> Option<&str> {
    let mut columns = mapping.case.columns.iter();
    columns.find_map(|name| name.strip_prefix(OBJECT))
}

struct Feed<'m, 'p> {
    intake: Intake<'m>,
    /// Per field: the record that last had a value in it, and where that value is.
    places: Vec<(u64, usize)>,
    record: u64,
    notes: Vec<Warning>,
    bytes_read: Box<dyn Fn() -> u64 + 'p>,
    progress: &'p mut dyn FnMut(Progress),
}

impl<'m, 'p> Feed<'m, 'p> {
    fn new(
        mapping: &'m Mapping,
        bytes_read: impl Fn() -> u64 + 'p,
        progress: &'p mut dyn FnMut(Progress),
    ) -> Self {
        Self {
            intake: Intake::new(mapping),
            places: Vec::new(),
            record: 0,
            notes: Vec::new(),
            bytes_read: Box::new(bytes_read),
            progress,
        }
    }

    fn end(
        self,
        end: Result<(), Broken>,
        input: &Input<'_>,
    ) -> Result<(Intake<'m>, Vec<Warning>), Vec<Diagnostic>> {
        match end {
            Ok(()) => {}
            Err(Broken::Format(problem)) => return Err(vec![*problem]),
            Err(Broken::Read(error)) => return Err(input.problem(&error)),
        }
        let missing = self.intake.missing_fields();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok((self.intake, self.notes))
    }
}

/// One record, looked up by field.
struct Values<'v> {
    all: &'v [(Field, &'v str)],
    places: &'v [(u64, usize)],
    record: u64,
}

impl Row for Values<'_> {
    #[inline]
    fn field(&self, place: usize) -> &[u8] {
        self.places
            .get(place)
            .filter(|(record, _)| *record == self.record)
            .and_then(|(_, at)| self.all.get(*at))
            .map(|(_, text)| text.as_bytes())
            .unwrap_or_default()
    }
}

impl Sink for Feed<'_, '_> {
    fn column(&mut self, name: &str, _: Hint) -> Option<Field> {
        if let Some(place) = self.intake.place(name) {
            return Field::try_from(place).ok();
        }
        let place = self.intake.field(name);
        self.places.push((0, 0));
        if self.intake.reads_last_field() {
            Field::try_from(place).ok()
        } else {
            None
        }
    }

    fn record(&mut self, number: u64, values: &[(Field, &str)]) -> ControlFlow<()> {
        self.record += 1;
        for (at, (field, _)) in values.iter().enumerate() {
            let place = usize::try_from(*field).ok();
            if let Some(place) = place.and_then(|place| self.places.get_mut(place)) {
                *place = (self.record, at);
            }
        }
        let row = Values {
            all: values,
            places: &self.places,
            record: self.record,
        };
        self.intake.row(&row, number);
        if self.intake.rows().is_multiple_of(PROGRESS_ROWS) {
            (self.progress)(Progress {
                bytes: (self.bytes_read)(),
                rows: self.intake.rows(),
            });
        }
        ControlFlow::Continue(())
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.intake.refuse_problem(&refusal);
    }

    fn note(&mut self, problem: Diagnostic) {
        let code = problem.code.to_string();
        match self.notes.iter_mut().find(|note| note.code == code) {
            Some(note) => note.count += 1,
            None => self.notes.push(Warning {
                code,
                text: problem.message,
                count: 1,
                hint: problem.hint,
            }),
        }
    }
}
