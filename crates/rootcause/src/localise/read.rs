//! Reading a KPI table: comma, semicolon or tab separated values (RFC 4180) with a header line.

use std::io::Read;

use baton_terms::{Code, Diagnostic, Span};

use super::codes::{ABOVE_TOTAL, BAD_HEADER, BAD_NUMBER, NOT_CSV, NOTHING_TO_LOCALISE, TOO_MUCH};
use super::columns::{Columns, Places, Role, places};
use super::limits::{ATTRIBUTES_MAX, KPI_TABLE_BYTES_MAX, KPI_TABLE_ROWS_MAX};
use super::numbers::millionths;
use super::table::{Amounts, Measure, Rows, Table};

/// Problems of one table that are collected before reading stops.
const PROBLEMS_MAX: usize = 1_000;

/// Reads a table.
///
/// # Errors
/// Every problem of the table, in the order of its lines, with byte spans.
pub fn read(input: impl Read, columns: &Columns) -> Result<Table, Vec<Diagnostic>> {
    let bytes = bytes(input).map_err(|problem| vec![*problem])?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .from_reader(text);
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|name| name.trim().to_owned()).collect(),
        Err(error) => return Err(vec![unreadable(&error)]),
    };
    check_header(&header)?;
    let places = places(&header, columns)?;
    let names: Vec<String> = named(&header, &places.attributes);
    if names.len() > ATTRIBUTES_MAX {
        return Err(vec![too_much("attributes", ATTRIBUTES_MAX, names.len())]);
    }
    let mut rows = Rows::new(names);
    let mut problems = Vec::new();
    let mut record = csv::StringRecord::new();
    let offset = bytes.len() - text.len();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let span = span(&record, offset);
                match row(&record, &header, &places) {
                    Ok(amounts) => {
                        let values = places.attributes.iter();
                        let values = values.map(|place| record.get(*place).unwrap_or("").trim());
                        rows.push(values, amounts);
                    }
                    Err(problem) => problems.push((*problem).at(span)),
                }
            }
            Err(error) => {
                problems.push(unreadable(&error));
                if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                    break;
                }
            }
        }
        if rows.len() > KPI_TABLE_ROWS_MAX {
            problems.push(too_much("rows", KPI_TABLE_ROWS_MAX, rows.len()));
        }
        if problems.len() >= PROBLEMS_MAX || rows.len() > KPI_TABLE_ROWS_MAX {
            break;
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let measure = match (places.of(Role::Actual), places.of(Role::BeforeValue)) {
        (Some(_), _) => Measure::Forecast,
        (None, Some(_)) => Measure::ShareWithBefore,
        (None, None) => Measure::Share,
    };
    let ignored = named(&header, &places.ignored);
    usable(rows.finish(measure, ignored))
}

fn bytes(input: impl Read) -> Result<Vec<u8>, Box<Diagnostic>> {
    let most = u64::try_from(KPI_TABLE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = input.take(most.saturating_add(1)).read_to_end(&mut bytes);
    if let Err(error) = read {
        let problem = problem(NOT_CSV, "the table can't be read to its end")
            .expected("a table")
            .found(error.to_string())
            .hint("check the file");
        return Err(Box::new(problem));
    }
    if bytes.len() > KPI_TABLE_BYTES_MAX {
        let problem = too_much("bytes", KPI_TABLE_BYTES_MAX, bytes.len());
        return Err(Box::new(problem));
    }
    Ok(bytes)
}

/// Returns what the header line is separated by most often.
fn delimiter(text: &[u8]) -> u8 {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.split(|byte| *byte == wanted).count();
    // The comma wins a tie, for it comes last.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|wanted| count(*wanted))
        .unwrap_or(b',')
}

fn named(header: &[String], places: &[usize]) -> Vec<String> {
    let names = places.iter().filter_map(|place| header.get(*place));
    names.cloned().collect()
}

fn span(record: &csv::StringRecord, offset: usize) -> Span {
    let start = record.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(start).unwrap_or(0).saturating_add(offset);
    let separators = record.len().saturating_sub(1);
    Span::new(start, start + record.as_slice().len() + separators)
}

fn check_header(header: &[String]) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let bad = |message: String| {
        problem(BAD_HEADER, message)
            .expected("a first line that names every column once")
            .hint("put a name over each column")
    };
    for (place, name) in header.iter().enumerate() {
        let number = place + 1;
        if name.is_empty() {
            let found = format!("{} columns", header.len());
            problems.push(bad(format!("column {number} has no name")).found(found));
        } else if let Some(first) = header.iter().position(|other| other == name)
            && first < place
        {
            let found = format!("columns {} and {number}", first + 1);
            problems.push(bad(format!("column name `{name}` is used twice")).found(found));
        }
    }
    if header.is_empty() {
        problems.push(bad("the table is empty".to_owned()).found("nothing"));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn row(
    record: &csv::StringRecord,
    header: &[String],
    places: &Places,
) -> Result<Amounts, Box<Diagnostic>> {
    if record.len() != header.len() {
        return Err(problem(
            NOT_CSV,
            "a row has another number of fields than the header",
        )
        .expected(format!("{} fields", header.len()))
        .found(format!("{} fields", record.len()))
        .hint("look for a quote that is not closed, or a separator inside a value without quotes")
        .into());
    }
    let mut amounts = Amounts::default();
    for (role, place) in &places.numbers {
        let text = record.get(*place).unwrap_or_default();
        let name = header.get(*place).map_or("", String::as_str);
        let amount = millionths(text).map_err(|why| {
            let found: String = text.chars().take(60).collect();
            problem(BAD_NUMBER, format!("`{name}` holds {why}"))
                .expected("a decimal number from 0 to 1e15, such as `12` or `0.5`")
                .found(if found.trim().is_empty() {
                    "nothing".to_owned()
                } else {
                    format!("`{found}`")
                })
                .hint("leave out rows without a number, and count what can't be negative")
        })?;
        let slot = match role {
            Role::Value | Role::Actual => 0,
            Role::Total | Role::Forecast => 1,
            Role::BeforeValue => 2,
            Role::BeforeTotal => 3,
        };
        if let Some(slot) = amounts.get_mut(slot) {
            *slot = amount;
        }
    }
    let [value, total, before_value, before_total] = amounts;
    let is_share = places.of(Role::Value).is_some();
    if is_share && (value > total || before_value > before_total) {
        return Err(problem(ABOVE_TOTAL, "a value is larger than its total")
            .expected("a value that is a part of the total")
            .found("more")
            .hint("for two numbers that are no part and whole, use `--actual` and `--forecast`")
            .into());
    }
    Ok(amounts)
}

/// Returns the table when a cause can be found in it at all.
fn usable(table: Table) -> Result<Table, Vec<Diagnostic>> {
    let [actual, expected, ..] = table.sums(0..table.leaves());
    let why = if table.rows() == 0 {
        ("the table has no rows", "at least two rows")
    } else if table.attributes.is_empty() {
        (
            "no column tells rows apart",
            "an attribute with at least two values",
        )
    } else if expected == 0 && (actual == 0 || table.measure() != Measure::Forecast) {
        ("all numbers are zero", "numbers above zero")
    } else {
        return Ok(table);
    };
    Err(vec![
        problem(NOTHING_TO_LOCALISE, why.0)
            .expected(why.1)
            .found(format!("{} rows", table.rows()))
            .hint("export the indicator by its attributes, one row per combination"),
    ])
}

fn problem(code: Code, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, message)
}

fn too_much(what: &str, most: usize, found: usize) -> Diagnostic {
    problem(TOO_MUCH, format!("the table has too many {what}"))
        .expected(format!("at most {most} {what}"))
        .found(if found > most && what != "attributes" {
            "more".to_owned()
        } else {
            found.to_string()
        })
        .hint("leave out attributes with `--ignore`, or add up rows before the export")
}

fn unreadable(error: &csv::Error) -> Diagnostic {
    let (found, place) = match error.kind() {
        csv::ErrorKind::Utf8 { pos, err } => (
            format!("bytes that are not UTF-8, in field {}", err.field() + 1),
            pos.as_ref().map(csv::Position::byte),
        ),
        _ => (error.to_string(), error.position().map(csv::Position::byte)),
    };
    let problem = problem(NOT_CSV, "the table is not readable")
        .expected("comma-separated values in UTF-8")
        .found(found)
        .hint("save the table as CSV in UTF-8");
    match place.and_then(|place| usize::try_from(place).ok()) {
        Some(place) => problem.at(Span::new(place, place)),
        None => problem,
    }
}
