//! How the log was read, in words: what was taken, what was refused and why, what to know.

use baton_eventlog::import::{Report, Sample};
use serde_json::Value;

use super::facts::facts;
use super::numbers::whole;
use super::view::day;
use crate::words;

/// How the log was read.
#[derive(Debug, Default)]
pub(super) struct Quality {
    /// What was read and taken, a sentence each.
    pub(super) read: Vec<String>,
    /// What was refused, by reason.
    pub(super) refused: Vec<Refused>,
    /// What to know, a sentence each.
    pub(super) warnings: Vec<String>,
}

/// Rows that were refused for one reason.
#[derive(Debug)]
pub(super) struct Refused {
    /// How many, and why.
    pub(super) what: String,
    /// The first of them, a sentence each.
    pub(super) samples: Vec<String>,
}

/// Returns what an import report says. One of another version is shown as it is.
pub(super) fn quality(import: &Value) -> Quality {
    let Ok(report) = serde_json::from_value::<Report>(import.clone()) else {
        let lines = facts(import).into_iter();
        return Quality {
            read: lines
                .map(|(name, value)| format!("{name}: {value}"))
                .collect(),
            ..Quality::default()
        };
    };
    Quality {
        read: read(&report),
        refused: report
            .refused
            .iter()
            .map(|refused| Refused {
                what: format!(
                    "{} ({}): {}",
                    rows(refused.rows),
                    refused.code,
                    refused.reason
                ),
                samples: refused.samples.iter().map(sample).collect(),
            })
            .collect(),
        warnings: report
            .warnings
            .iter()
            .map(|warning| {
                format!(
                    "{} ({}, {}). {}",
                    warning.text,
                    whole(warning.count),
                    warning.code,
                    words::capital(&warning.hint)
                )
            })
            .collect(),
    }
}

fn read(report: &Report) -> Vec<String> {
    let mut read: Vec<String> = report
        .files
        .iter()
        .map(|file| {
            let packed = match file.compression.as_str() {
                "none" => String::new(),
                packed => format!(" packed with {packed}"),
            };
            format!(
                "The {} ({}{packed}): {} read, {} taken.",
                if file.holds == "cases" {
                    "table of cases"
                } else {
                    "events"
                },
                file.format,
                rows(file.rows),
                whole(file.taken)
            )
        })
        .collect();
    let span = report
        .span
        .as_ref()
        .map_or_else(String::new, |(first, last)| {
            format!(", from {} to {}", day(first), day(last))
        });
    read.push(format!(
        "They give {} events of {} cases{span}.",
        whole(report.events),
        whole(report.cases)
    ));
    read.push(match report.rows_refused() {
        0 => "No row was refused.".to_owned(),
        1 => "1 row was refused:".to_owned(),
        refused => format!("{} rows were refused:", whole(refused)),
    });
    if !report.skipped.is_empty() {
        read.push(format!(
            "Not read, as the mapping says: {}.",
            words::list(&report.skipped)
        ));
    }
    read
}

fn sample(sample: &Sample) -> String {
    let column = sample
        .column
        .as_ref()
        .map_or_else(String::new, |column| format!(", {column}"));
    format!(
        "line {}{column}: expected {}, found {}",
        whole(sample.line),
        sample.expected,
        sample.found
    )
}

fn rows(count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} row{plural}", whole(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_another_shape_is_shown_as_it_is() {
        let shown = quality(&serde_json::json!({"rows": 3}));
        assert_eq!(shown.read, ["rows: 3"]);
        assert!(quality(&Value::Null).read.is_empty());
    }
}
