//! The import report: what was read, what was refused and why, and what to know before using it.

use std::collections::BTreeMap;

use baton_terms::Code;
use serde::{Deserialize, Serialize};

use crate::blameless::{PERSON, is_person};
use crate::model::Log;

/// The format every import report names.
pub const FORMAT: &str = "import-report/v1";
/// The published JSON Schema of import reports.
pub const SCHEMA: &str = include_str!("import-report-v1.schema.json");
/// Rows shown of those refused for one reason.
const SAMPLES_MAX: usize = 5;
/// Characters shown of a text.
const SHOWN_MAX: usize = 80;

/// What became of the rows of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Always `import-report/v1`.
    pub format: String,
    /// The files read: the events, then the table of cases if there is one.
    pub files: Vec<File>,
    /// Cases of the log.
    pub cases: u64,
    /// Events of the log.
    pub events: u64,
    /// Time of the first and the last event, RFC 3339 in UTC.
    pub span: Option<(String, String)>,
    /// Columns of the log, in their order: those of events, then those of cases.
    pub columns: Vec<Column>,
    /// Columns of the files that were not read, by the mapping's wish.
    pub skipped: Vec<String>,
    /// Rows that were refused, by reason, in the order of their codes.
    pub refused: Vec<Refused>,
    /// What to know before using the log, in the order of their codes.
    pub warnings: Vec<Warning>,
    /// Bytes of memory the log takes.
    pub memory_bytes: u64,
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What it holds: `events` or `cases`.
    pub holds: String,
    /// Format, such as `csv`.
    pub format: String,
    /// `gzip`, `zstd`, `xz` or `none`.
    pub compression: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes after unpacking.
    pub unpacked_bytes: u64,
    /// SHA-256 of the bytes of the file.
    pub digest: String,
    /// Rows read, the header not counted.
    pub rows: u64,
    /// Rows taken.
    pub taken: u64,
    /// Rows that came before an earlier event of their case; they are put in order.
    pub disordered: u64,
}

/// A column of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it has a value per `event` or per `case`.
    pub per: String,
    /// `text`, `boolean`, `number` or `time`.
    pub kind: String,
    /// Distinct values.
    pub distinct: u64,
    /// Rows without a value.
    pub missing: u64,
}

/// Rows refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Code of the reason.
    pub code: String,
    /// The file, as [`File::holds`].
    pub file: String,
    /// The reason in words.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub samples: Vec<Sample>,
}

/// One refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Line the row starts on, or number of the record in formats without lines, from 1.
    pub line: u64,
    /// Column, when it is about one.
    pub column: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// How to mend it.
    pub hint: String,
}

/// Something to know before using the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Code that explains it.
    pub code: String,
    /// One sentence.
    pub text: String,
    /// How many rows, events or cases it is about.
    pub count: u64,
    /// What to do about it.
    pub hint: String,
}

impl Report {
    /// Returns how many rows were refused.
    pub fn rows_refused(&self) -> u64 {
        self.refused.iter().map(|refused| refused.rows).sum()
    }

    /// Returns the report as others than the owner of the log may see it: where a refused row shows
    /// the name of a person of the log, as rows do whose fields have moved, it says [`PERSON`].
    #[must_use]
    pub fn without_people(mut self, log: &Log) -> Self {
        let samples = self
            .refused
            .iter_mut()
            .flat_map(|refused| &mut refused.samples);
        for sample in samples {
            if is_person(log, sample.found.trim_matches('`')) {
                PERSON.clone_into(&mut sample.found);
            }
        }
        self
    }
}

/// One row that is refused, on its way into the report.
#[derive(Debug, Clone)]
pub struct Refusal<'r> {
    /// Code of the reason.
    pub code: Code,
    /// The reason in words, the same for all rows of the code.
    pub reason: &'static str,
    /// Line the row starts on, or number of the record, from 1.
    pub line: u64,
    /// Column, when it is about one.
    pub column: Option<&'r str>,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// How to mend it.
    pub hint: &'static str,
}

/// Rows refused so far, by reason.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refusals {
    by_code: BTreeMap<Code, Refused>,
}

impl Refusals {
    /// Counts a row, and shows it while it is among the first of its reason.
    pub(crate) fn add(&mut self, refusal: Refusal<'_>, file: &str) {
        let refused = self.by_code.entry(refusal.code).or_insert_with(|| Refused {
            code: refusal.code.to_string(),
            file: file.to_owned(),
            reason: refusal.reason.to_owned(),
            rows: 0,
            samples: Vec::new(),
        });
        refused.rows += 1;
        if refused.samples.len() < SAMPLES_MAX {
            refused.samples.push(Sample {
                line: refusal.line,
                column: refusal.column.map(str::to_owned),
                expected: refusal.expected,
                found: refusal.found,
                hint: refusal.hint.to_owned(),
            });
        }
    }

    /// Counts events that a format refused, and shows the problem while it is among the first of
    /// its code.
    pub(crate) fn add_problem(&mut self, refusal: &crate::formats::Refusal, file: &str) {
        let problem = &refusal.problem;
        let refused = self.by_code.entry(problem.code).or_insert_with(|| Refused {
            code: problem.code.to_string(),
            file: file.to_owned(),
            reason: problem.message.clone(),
            rows: 0,
            samples: Vec::new(),
        });
        // A relation that is left out costs no event, but is refused all the same.
        refused.rows += refusal.events.max(1);
        if refused.samples.len() < SAMPLES_MAX {
            let pointer = problem.place.pointer.as_str();
            refused.samples.push(Sample {
                line: refusal.record,
                column: (!pointer.is_empty()).then(|| pointer.to_owned()),
                expected: problem.expected.clone(),
                found: problem.found.clone(),
                hint: problem.hint.clone(),
            });
        }
    }

    /// Returns the reasons in the order of their codes.
    pub(crate) fn into_vec(self) -> Vec<Refused> {
        self.by_code.into_values().collect()
    }
}

/// Returns a text of the export as a report may show it: short, on one line, without control
/// characters, and with what is not UTF-8 replaced.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let start = bytes.get(..SHOWN_MAX * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(start);
    let mut shown: String = text
        .chars()
        .take(SHOWN_MAX)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if bytes.len() > start.len() || text.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}
