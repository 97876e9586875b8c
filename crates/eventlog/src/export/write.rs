//! Choice of the format, and what is said about a written file.

use std::io::{self, Write};

use super::plan::{Roles, case_columns, event_columns};
use crate::model::{Kind, Log};

/// A format that logs are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// XES (IEEE 1849).
    Xes,
    /// OCEL 2.0 as JSON.
    OcelJson,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Csv, Self::Xes, Self::OcelJson, Self::Parquet];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xes => "xes",
            Self::OcelJson => "ocel-json",
            Self::Parquet => "parquet",
        }
    }

    /// Returns the format that a file name ends with.
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        match end.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "xes" => Some(Self::Xes),
            "jsonocel" | "json" => Some(Self::OcelJson),
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }

    const fn roles(self) -> Roles {
        match self {
            Self::Csv | Self::Parquet => Roles::PLAIN,
            Self::Xes => super::xes::ROLES,
            Self::OcelJson => super::ocel::ROLES,
        }
    }
}

/// Why a log can't be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The bytes can't be written.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// The log does not fit the format.
    #[error("write {format}: {reason}")]
    Format {
        /// Name of the format.
        format: &'static str,
        /// What its writer says.
        reason: String,
    },
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Cases in the file.
    pub cases: usize,
    /// Events in the file.
    pub events: usize,
    /// Characters that the format can't carry and that became U+FFFD.
    pub replaced: u64,
    /// A mapping file (YAML) that reads the file back as the same log.
    pub mapping: String,
}

/// Writes a log.
///
/// # Errors
/// [`ExportError`] when the bytes can't be written or the format has no room for the log.
pub fn write(
    log: &Log,
    format: Format,
    out: &mut (impl Write + Send),
) -> Result<Exported, ExportError> {
    let mut replaced = 0;
    match format {
        Format::Csv => super::csv::write(log, out)?,
        Format::Xes => replaced = super::xes::write(log, out)?,
        Format::OcelJson => super::ocel::write(log, out)?,
        Format::Parquet => super::parquet::write(log, out)?,
    }
    out.flush()?;
    Ok(Exported {
        cases: log.cases(),
        events: log.events(),
        replaced,
        mapping: mapping(log, format),
    })
}

/// Returns the mapping file that reads a written log back.
fn mapping(log: &Log, format: Format) -> String {
    let roles = format.roles();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = vec![
        "baton: mapping/v1".to_owned(),
        format!("case: {}", quoted(roles.case)),
        format!("time: {{column: {}, format: rfc3339}}", quoted(roles.time)),
        format!("order: [{}]", quoted(roles.order)),
        format!("activity: {}", quoted(roles.activity)),
        "others: skip".to_owned(),
    ];
    if !log.party().dictionary.is_empty() {
        lines.push(format!("party: {}", quoted(roles.party)));
    }
    if !log.person().dictionary.is_empty() {
        lines.push(format!("person: {}", quoted(roles.person)));
    }
    let events = event_columns(log, &roles);
    let cases = case_columns(log, &events);
    let mut columns = Vec::new();
    for planned in events.iter().chain(&cases) {
        // A column without any value isn't in every format, so nobody can be told to find it.
        if planned.column.dictionary.is_empty() {
            continue;
        }
        let kind = match planned.column.kind {
            Kind::Text => "kind: text".to_owned(),
            Kind::Boolean => "kind: boolean".to_owned(),
            Kind::Number { scale } => format!("kind: number, scale: {scale}"),
            Kind::Time => "kind: time, format: rfc3339".to_owned(),
        };
        let person = if planned.column.person {
            ", person: true"
        } else {
            ""
        };
        columns.push(format!("  {}: {{{kind}{person}}}", quoted(&planned.name)));
    }
    if !columns.is_empty() {
        lines.push("columns:".to_owned());
        lines.extend(columns);
    }
    lines.push(String::new());
    lines.join("\n")
}
