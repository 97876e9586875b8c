//! The second table: one row per case, joined to the log on the case id.

use std::io::Read;

use baton_terms::Diagnostic;

use super::codes;
use super::format::Format;
use super::input::Input;
use super::intake::{Row, column_missing};
use super::log::{Imported, Progress, count, file, reader, unread_values};
use super::report::{Refusal, Refusals, Warning, shown};
use super::table::{Fields, Next, Rows};
use crate::mapping::{CasesTable, ColumnRule, Delimiter, Mapping};
use crate::model::{Code, Column, Log, MISSING, NotText};

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 8_192;
const FILE: &str = "cases";

/// Adds the columns of a table with one row per case to an imported log.
///
/// # Errors
/// When the mapping says nothing about such a table, or the file as a whole can't be used.
pub fn join_cases<'r>(
    imported: Imported,
    (reader, format): (impl Read + 'r, Format),
    mapping: &Mapping,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, Vec<Diagnostic>> {
    let cases = mapping.cases.as_ref().ok_or_else(|| vec![no_cases()])?;
    let delimiter = format.delimiter().unwrap_or(Delimiter::Comma);
    let mut input = Input::new(reader)?;
    let mut rows = Rows::new(&mut input, &cases.table, Some(delimiter))?;
    let mut join = Join::new(cases, rows.header(), &imported.log)?;
    loop {
        match rows.next()? {
            Next::Row(row, line) => join.row(&row, line),
            Next::Refused(refusal) => join.refuse(refusal),
            Next::End => break,
        }
        if join.seen.is_multiple_of(PROGRESS_ROWS) {
            progress(Progress {
                bytes: rows.bytes(),
                rows: join.seen,
            });
        }
    }
    let seen = input.finish()?;
    let Joined {
        columns,
        refusals,
        rows,
        taken,
        skipped,
        unread,
    } = join.finish(mapping);
    let Imported { log, mut report } = imported;
    let without_row = log.cases().saturating_sub(taken);
    let log = log
        .with_case_columns(columns)
        .map_err(|_| vec![no_cases()])?;
    let mut file = file(FILE, format, &seen);
    file.rows = rows;
    file.taken = count(taken);
    report.files.push(file);
    report.skipped.extend(skipped);
    report.refused.extend(refusals.into_vec());
    report
        .refused
        .sort_by(|a, b| (&a.code, &b.file).cmp(&(&b.code, &a.file)));
    report.warnings.extend(unread);
    if without_row > 0 {
        report.warnings.push(Warning {
            code: codes::CASE_WITHOUT_ROW.to_string(),
            text: "cases have no row in the table of cases; its columns have no value there"
                .to_owned(),
            count: count(without_row),
            hint: "export both tables at the same time".to_owned(),
        });
    }
    let mut imported = Imported { log, report };
    imported.describe();
    Ok(imported)
}

fn no_cases() -> Diagnostic {
    Diagnostic::error(
        codes::COLUMN_MISSING,
        "column of the mapping is not in the file",
    )
    .pointing_to("/cases")
    .expected("a section `cases` that names the case column of the second table")
    .found("a mapping without it")
    .hint("add `cases: {case: COLUMN}` to the mapping")
}

/// A table of cases while it is read.
struct Join<'a> {
    table: &'a CasesTable,
    log: &'a Log,
    /// Fields of the case, then fields of the columns.
    key: Vec<usize>,
    fields: Vec<usize>,
    columns: Vec<Column>,
    /// Case and line of each row.
    rows: Vec<(usize, u64)>,
    refusals: Refusals,
    skipped: Vec<String>,
    id: Vec<u8>,
    seen: u64,
}

struct Joined {
    columns: Vec<Column>,
    refusals: Refusals,
    rows: u64,
    taken: usize,
    skipped: Vec<String>,
    unread: Vec<Warning>,
}

impl<'a> Join<'a> {
    fn new(
        table: &'a CasesTable,
        header: &[Box<str>],
        log: &'a Log,
    ) -> Result<Self, Vec<Diagnostic>> {
        let place = |name: &str| header.iter().position(|known| **known == *name);
        let rules = table
            .columns
            .iter()
            .map(|rule| ("cases/columns", &*rule.name));
        let key = table
            .case
            .columns
            .iter()
            .map(|name| ("cases/case", &**name));
        let problems: Vec<_> = key
            .chain(rules)
            .filter(|(_, name)| place(name).is_none())
            .map(|(role, name)| column_missing(role, name, header))
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut join = Self {
            table,
            log,
            key: table
                .case
                .columns
                .iter()
                .filter_map(|name| place(name))
                .collect(),
            fields: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            refusals: Refusals::default(),
            skipped: Vec::new(),
            id: Vec::new(),
            seen: 0,
        };
        for (field, name) in header.iter().enumerate() {
            let rule = table
                .columns
                .iter()
                .find(|rule| rule.name == *name)
                .cloned();
            let is_open = table.is_open && !join.key.contains(&field);
            let Some(rule) = rule.or_else(|| is_open.then(|| ColumnRule::plain(name))) else {
                if !join.key.contains(&field) {
                    join.skipped.push(name.to_string());
                }
                continue;
            };
            join.fields.push(field);
            join.columns.push(Column {
                person: rule.person,
                ..Column::new(name, rule.kind.kind())
            });
        }
        Ok(join)
    }

    fn refuse(&mut self, refusal: Refusal<'_>) {
        self.seen += 1;
        self.refusals.add(refusal, FILE);
    }

    fn row(&mut self, row: &Fields<'_>, line: u64) {
        self.seen += 1;
        let table = self.table;
        self.id.clear();
        for (at, &field) in self.key.iter().enumerate() {
            if at > 0 {
                self.id.extend_from_slice(table.case.join.as_bytes());
            }
            self.id.extend_from_slice(row.field(field));
        }
        let case = std::str::from_utf8(&self.id).ok();
        let Some(case) = case.and_then(|id| self.log.case(id)) else {
            let refusal = no_events(line, &self.id, &table.case.columns);
            return self.refusals.add(refusal, FILE);
        };
        let taken = self.columns.iter_mut().zip(&self.fields);
        let odd = taken
            .into_iter()
            .position(|(column, &field)| column.push_bytes(row.field(field)) == Err(NotText));
        if let Some(odd) = odd {
            for column in self.columns.iter_mut().take(odd) {
                column.codes.pop();
            }
            let name = self.columns.get(odd).map(|column| &*column.name);
            return self.refusals.add(not_text(line, name), FILE);
        }
        self.rows.push((case, line));
    }

    /// Returns one value per case; of several rows for one case the first in the order of their
    /// content is taken, whatever their order in the file.
    fn finish(mut self, mapping: &Mapping) -> Joined {
        let mut unread = Vec::new();
        for column in &mut self.columns {
            column.sort(&self.table.missing, true);
            let rule = mapping.case_column(&column.name);
            let number = reader(rule.map(|rule| &rule.kind), mapping);
            unread.extend(column.read_numbers(number));
        }
        let columns = &self.columns;
        let content = |row: usize| columns.iter().map(move |column| column.codes.get(row));
        let mut chosen: Vec<Option<usize>> = vec![None; self.log.cases()];
        for (row, &(case, line)) in self.rows.iter().enumerate() {
            let Some(chosen) = chosen.get_mut(case) else {
                continue;
            };
            if let Some(earlier) = *chosen {
                self.refusals.add(row_twice(line), FILE);
                if content(row).lt(content(earlier)) {
                    *chosen = Some(row);
                }
            } else {
                *chosen = Some(row);
            }
        }
        for column in &mut self.columns {
            let code = |row: &Option<usize>| -> Code {
                let code = row.and_then(|row| column.codes.get(row).copied());
                code.unwrap_or(MISSING)
            };
            column.codes = chosen.iter().map(code).collect();
        }
        Joined {
            columns: self.columns,
            refusals: self.refusals,
            rows: self.seen,
            taken: chosen.iter().flatten().count(),
            skipped: self.skipped,
            unread: unread_values(&unread),
        }
    }
}

fn no_events<'n>(line: u64, id: &[u8], columns: &'n [Box<str>]) -> Refusal<'n> {
    Refusal {
        code: codes::ROW_WITHOUT_EVENT,
        reason: "row of the table of cases has no event",
        line,
        column: columns.first().map(AsRef::as_ref),
        expected: "the id of a case that has events".to_owned(),
        found: shown(id),
        hint: "export both tables for the same cases; ids must be written alike in both",
    }
}

fn row_twice(line: u64) -> Refusal<'static> {
    Refusal {
        code: codes::CASE_ROW_TWICE,
        reason: "case has several rows in the table of cases",
        line,
        column: None,
        expected: "one row per case".to_owned(),
        found: "one more".to_owned(),
        hint: "one row is taken, the first in the order of the values; remove the others",
    }
}

fn not_text(line: u64, column: Option<&str>) -> Refusal<'_> {
    Refusal {
        code: codes::NOT_UTF8,
        reason: "text is not UTF-8",
        line,
        column,
        expected: "UTF-8".to_owned(),
        found: "other bytes".to_owned(),
        hint: "convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    }
}
