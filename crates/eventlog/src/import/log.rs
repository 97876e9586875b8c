//! From a file to a log with its report.

use std::io::Read;

use baton_terms::Diagnostic;

use super::codes;
use super::foreign::{ReadTables, database, foreign};
use super::format::Format;
use super::input::{Input, Seen};
use super::intake::{Intake, Taken};
use super::number::Meaning;
use super::report::{self, File, Report, Warning};
use super::table::{Next, Rows};
use crate::mapping::{Delimiter, Mapping, ValueKind};
use crate::model::{self, Finished, Kind, Log, NumberReader, Unread};

/// Rows between two reports of progress.
pub(super) const PROGRESS_ROWS: u64 = 8_192;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read, as they are stored.
    pub bytes: u64,
    /// Rows read.
    pub rows: u64,
}

/// A log with the report of how it came about.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The log.
    pub log: Log,
    /// What was read, refused and worth knowing.
    pub report: Report,
}

/// Reads a file of events, which may be packed with gzip, zstd or xz, into a log.
///
/// Rows that can't be taken are in the report. The log and its report depend on the set of rows,
/// except for lines and counts of what the file itself is like.
///
/// # Errors
/// When the file as a whole can't be used: unreadable, without a column the mapping names, or
/// without any row that can be taken.
pub fn import<'r>(
    reader: impl Read + 'r,
    format: Format,
    mapping: &Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, Vec<Diagnostic>> {
    let mut input = Input::new(reader)?;
    let (intake, notes) = match format.delimiter() {
        Some(delimiter) => (table(&mut input, delimiter, mapping, progress)?, Vec::new()),
        None => foreign(&mut input, format, mapping, progress)?,
    };
    whole((intake, notes), input, format, mapping)
}

/// Does the same with an OCEL log that is a database, whose tables are filled by `read`.
///
/// # Errors
/// When the file as a whole can't be used.
pub fn import_database<'r>(
    reader: impl Read + 'r,
    read: ReadTables<'_>,
    mapping: &Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, Vec<Diagnostic>> {
    let mut input = Input::new(reader)?;
    let taken = database(&mut input, read, mapping, progress)?;
    whole(taken, input, Format::OcelSqlite, mapping)
}

fn whole(
    (intake, notes): (Intake<'_>, Vec<Warning>),
    input: Input<'_>,
    format: Format,
    mapping: &Mapping,
) -> Result<Imported, Vec<Diagnostic>> {
    let seen = input.finish()?;
    let mut imported = finish(intake.finish(), &seen, format, mapping)?;
    imported.report.warnings.extend(notes);
    imported.describe();
    Ok(imported)
}

fn table<'m>(
    input: &mut Input<'_>,
    delimiter: Delimiter,
    mapping: &'m Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<Intake<'m>, Vec<Diagnostic>> {
    let mut rows = Rows::new(input, &mapping.table, Some(delimiter))?;
    let mut intake = Intake::new(mapping);
    for name in rows.header() {
        intake.field(name);
    }
    let missing = intake.missing_fields();
    if !missing.is_empty() {
        return Err(missing);
    }
    loop {
        match rows.next()? {
            Next::Row(row, line) => intake.row(&row, line),
            Next::Refused(refusal) => intake.refuse(refusal),
            Next::End => break,
        }
        if intake.rows().is_multiple_of(PROGRESS_ROWS) {
            progress(Progress {
                bytes: rows.bytes(),
                rows: intake.rows(),
            });
        }
    }
    Ok(intake)
}

fn finish(
    taken: Taken,
    seen: &Seen,
    format: Format,
    mapping: &Mapping,
) -> Result<Imported, Vec<Diagnostic>> {
    let events = taken.builder.events();
    let refused = taken.refusals.into_vec();
    if events == 0 {
        return Err(vec![nothing_taken(taken.rows, &refused)]);
    }
    let finished = taken.builder.finish_with(|column| {
        let rule = mapping.column(&column.name);
        reader(rule.map(|rule| &rule.kind), mapping)
    });
    let Finished {
        log,
        unread,
        ties,
        disordered,
        backwards,
    } = finished;
    let mut warnings = unread_values(&unread);
    warnings.extend(ties_warning(ties, mapping));
    warnings.extend((backwards > 0).then(|| backwards_warning(backwards)));
    let clock = &taken.clock;
    warnings.extend((clock.unsure > 0).then(|| unsure_time(clock.unsure)));
    if clock.with_offset > 0 && clock.without_offset > 0 {
        warnings.push(mixed_zones(clock.without_offset, clock.with_offset));
    }
    let mut file = file("events", format, seen);
    file.rows = taken.rows;
    file.taken = count(events);
    file.disordered = disordered;
    let report = Report {
        format: report::FORMAT.to_owned(),
        files: vec![file],
        cases: 0,
        events: 0,
        span: None,
        columns: Vec::new(),
        skipped: taken.skipped.iter().map(ToString::to_string).collect(),
        refused,
        warnings,
        memory_bytes: 0,
    };
    Ok(Imported { log, report })
}

impl Imported {
    /// Puts into the report what the log itself says.
    pub(super) fn describe(&mut self) {
        let (log, report) = (&self.log, &mut self.report);
        report.cases = count(log.cases());
        report.events = count(log.events());
        let shown = |micros: &i64| {
            let time = jiff::Timestamp::from_microsecond(*micros);
            time.map_or_else(|_| micros.to_string(), |time| time.to_string())
        };
        let times = log.times().iter();
        report.span = times.clone().min().map(shown).zip(times.max().map(shown));
        let singles = [log.activity(), log.party(), log.person()];
        let singles = singles
            .into_iter()
            .filter(|column| !column.dictionary.is_empty());
        let events = singles
            .chain(log.columns())
            .map(|column| describe(column, "event"));
        let cases = log
            .case_columns()
            .iter()
            .map(|column| describe(column, "case"));
        report.columns = events.chain(cases).collect();
        report
            .warnings
            .sort_by(|a, b| (&a.code, &a.text).cmp(&(&b.code, &b.text)));
        report.memory_bytes = count(log.memory_bytes());
    }
}

/// Returns what reads the texts of a column of this kind.
pub(super) fn reader<'m>(kind: Option<&ValueKind>, mapping: &'m Mapping) -> NumberReader<'m> {
    let mut meaning = kind.and_then(|kind| Meaning::of(kind, mapping));
    Box::new(move |text| meaning.as_mut()?.read(text))
}

pub(super) fn file(holds: &str, format: Format, seen: &Seen) -> File {
    File {
        holds: holds.to_owned(),
        format: format.name().to_owned(),
        compression: seen.compression.name().to_owned(),
        bytes: seen.bytes,
        unpacked_bytes: seen.unpacked_bytes,
        digest: seen.digest.to_string(),
        rows: 0,
        taken: 0,
        disordered: 0,
    }
}

fn describe(column: &model::Column, per: &str) -> report::Column {
    let kind = match column.kind {
        Kind::Text => "text",
        Kind::Boolean => "boolean",
        Kind::Number { .. } => "number",
        Kind::Time => "time",
    };
    let missing = column.codes.iter().filter(|code| **code == model::MISSING);
    report::Column {
        name: column.name.to_string(),
        per: per.to_owned(),
        kind: kind.to_owned(),
        distinct: count(column.dictionary.len()),
        missing: count(missing.count()),
    }
}

pub(super) fn unread_values(unread: &[Unread]) -> Vec<Warning> {
    let warning = |unread: &Unread| Warning {
        code: codes::UNREAD_VALUES.to_string(),
        text: format!(
            "`{}` has values that are not of its kind, such as {}; they count as missing",
            unread.column,
            report::shown(unread.text.as_bytes())
        ),
        count: unread.rows,
        hint: "correct `kind`, `scale` or `format` of the column, or add the text to `missing`"
            .to_owned(),
    };
    unread.iter().map(warning).collect()
}

fn ties_warning(ties: u64, mapping: &Mapping) -> Option<Warning> {
    let hint = if mapping.order.is_empty() {
        "name a column that numbers the events of a case as `order`"
    } else {
        "the order columns do not tell them apart either; name one more"
    };
    (ties > 0).then(|| Warning {
        code: codes::TIES.to_string(),
        text: "events of a case at the same time have no known order; they are ordered by their content".to_owned(),
        count: ties,
        hint: hint.to_owned(),
    })
}

fn backwards_warning(events: u64) -> Warning {
    Warning {
        code: codes::BACKWARDS.to_string(),
        text: "events have an earlier time than the event that the order columns put before them"
            .to_owned(),
        count: events,
        hint: "the order columns are followed; leave `order` out to go by time alone".to_owned(),
    }
}

fn unsure_time(times: u64) -> Warning {
    Warning {
        code: codes::UNSURE_TIME.to_string(),
        text: "times fall where clocks were changed and happened twice or never; the offset before the change is taken".to_owned(),
        count: times,
        hint: "export times with their offset".to_owned(),
    }
}

fn mixed_zones(without: u64, with: u64) -> Warning {
    Warning {
        code: codes::MIXED_ZONES.to_string(),
        text: format!(
            "times without a zone stand beside {with} with one; they are read in `zone` of the mapping"
        ),
        count: without,
        hint: "make sure that the two kinds of rows mean what the mapping says".to_owned(),
    }
}

fn nothing_taken(rows: u64, refused: &[report::Refused]) -> Diagnostic {
    let reasons: Vec<_> = refused
        .iter()
        .map(|refused| {
            let first = refused.samples.first();
            let first = first.map(|sample| {
                format!(
                    " (line {}: expected {}, found {})",
                    sample.line, sample.expected, sample.found
                )
            });
            format!(
                "{} × {}{}",
                refused.rows,
                refused.reason,
                first.unwrap_or_default()
            )
        })
        .collect();
    let found = match reasons.as_slice() {
        [] => "a header and no rows".to_owned(),
        reasons => format!("{rows} rows refused: {}", reasons.join("; ")),
    };
    Diagnostic::error(codes::NOTHING_TAKEN, "no row could be taken")
        .expected("at least one event")
        .found(found)
        .hint("let `baton import FILE --guess` propose a mapping for this file")
}

pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_terms::Source;

    const MAPPING: &str = "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: state\n\
                           missing: [\"?\"]\ncolumns:\n  n: {kind: number}\n";

    fn read(mapping: &str, text: &[u8]) -> Result<Imported, Vec<Diagnostic>> {
        let mapping = crate::mapping::read(&Source::new("m.yaml", mapping)).into_mapping();
        import(text, Format::Csv, &mapping.unwrap(), &mut |_| ())
    }

    #[test]
    fn rows_become_events_whatever_their_order() {
        let rows = [
            "b,2026-01-01T00:00:00Z,x,2",
            "a,2026-01-02T00:00:00Z,x,?",
            "a,2026-01-01T00:00:00Z,y,1",
        ];
        let mut reversed = rows;
        reversed.reverse();
        let mut reports = Vec::new();
        for rows in [rows, reversed] {
            let text = format!("id,at,state,n\r\n{}\r\n", rows.join("\r\n"));
            let mut imported = read(MAPPING, text.as_bytes()).unwrap();
            let log = &imported.log;
            assert!(log.case_ids().eq(["a", "b"]));
            assert_eq!(log.activity().text(0), Some("y"));
            let n = log.column("n").unwrap();
            assert_eq!(
                [n.number(0), n.number(1), n.number(2)],
                [Some(1), None, Some(2)]
            );
            imported.report.files.clear();
            reports.push(imported.report);
        }
        assert_eq!(reports[0], reports[1]);
        assert_eq!(reports[0].rows_refused(), 0);
    }
}
