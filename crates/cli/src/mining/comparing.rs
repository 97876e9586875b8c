//! Comparisons of two mining reports, or of two stretches of one log: what is asked, what a comparison
//! was made from, and doing it again.

use std::str::FromStr;

use baton_evidence::canonical;
use baton_evidence::trace::{Decision, Reproduction};
use baton_rootcause::compare::{Comparison, Range, compare_reports, compare_windows};
use baton_rootcause::wire::{Fixed, MiningReport};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::question::Question;
use super::replay::{Logs, bytes, of_other_engine, read_again, recorded_log};
use super::run::{Files, table};
use crate::failure::Failure;
use crate::output::Output;

/// The version word of what is asked of a comparison.
const VERSION: &str = "comparison-settings/v1";
/// The version word of the reports that are compared.
pub(crate) const REPORT_FORMAT: &str = "mining-report/v1";
/// Names of what a comparison is made from.
const SETTINGS: &str = "comparison-settings";
const BEFORE: &str = "report-before";
const AFTER: &str = "report-after";
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Whole days in UTC, the first and the last included.
#[derive(Debug, Clone)]
pub(crate) struct Days {
    text: String,
    pub(crate) range: Range,
}

impl FromStr for Days {
    type Err = String;

    /// Reads `2025-01-01..2025-03-31`.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected two days such as 2025-01-01..2025-03-31".to_owned();
        let (first, last) = text.split_once("..").ok_or_else(expected)?;
        let midnight = |day: &str| {
            let date: Date = day.parse().map_err(|_| expected())?;
            let start = date.to_zoned(TimeZone::UTC).map_err(|_| expected())?;
            Ok::<_, String>(start.timestamp().as_microsecond())
        };
        let (start, last) = (midnight(first)?, midnight(last)?);
        if last < start {
            return Err("the last day comes before the first".to_owned());
        }
        let end = last.saturating_add(DAY);
        Ok(Self {
            text: text.to_owned(),
            range: Range { start, end },
        })
    }
}

/// What is asked, as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    baton: String,
    alpha: Fixed,
    before: Option<String>,
    after: Option<String>,
}

/// What a comparison was made from.
#[derive(Debug)]
pub(crate) struct MadeFrom {
    /// Bytes by name.
    pub(crate) parts: Vec<(&'static str, Vec<u8>)>,
    /// Digests of the files of a log.
    pub(crate) log: Vec<String>,
}

/// Compares two reports, each with the bytes it was read from.
pub(crate) fn of_reports(
    (before, after): ((MiningReport, Vec<u8>), (MiningReport, Vec<u8>)),
    alpha: Fixed,
) -> anyhow::Result<(Comparison, MadeFrom)> {
    let comparison = compare_reports(&before.0, &after.0, alpha);
    let settings = written(alpha, None)?;
    let made_from = MadeFrom {
        parts: vec![(BEFORE, before.1), (AFTER, after.1), (SETTINGS, settings)],
        log: Vec::new(),
    };
    Ok((comparison, made_from))
}

/// Compares two stretches of time of a log.
pub(crate) fn of_log(
    files: &Files<'_>,
    question: &Question,
    (before, after): (&Days, &Days),
    alpha: Fixed,
) -> anyhow::Result<(Comparison, MadeFrom)> {
    let comparison = of_windows(files, question, (before, after), alpha)?;
    let parts = vec![
        ("mapping", canonical::of(&files.mapping.json)?),
        ("settings", canonical::of(&question.to_value()?)?),
        (SETTINGS, written(alpha, Some((before, after)))?),
    ];
    let log = comparison.after.digests.clone();
    Ok((comparison, MadeFrom { parts, log }))
}

fn of_windows(
    files: &Files<'_>,
    question: &Question,
    (before, after): (&Days, &Days),
    alpha: Fixed,
) -> Result<Comparison, Failure> {
    let (table, _) = table(files, question)?;
    let mut comparison = compare_windows(&table, before.range, after.range, alpha);
    comparison.outcome_name = question.outcome.title.to_string();
    let read = &files.imported.report.files;
    for window in [&mut comparison.before, &mut comparison.after] {
        window.digests = read.iter().map(|file| file.digest.clone()).collect();
    }
    Ok(comparison)
}

fn written(alpha: Fixed, days: Option<(&Days, &Days)>) -> anyhow::Result<Vec<u8>> {
    let written = Written {
        baton: VERSION.to_owned(),
        alpha,
        before: days.map(|(before, _)| before.text.clone()),
        after: days.map(|(_, after)| after.text.clone()),
    };
    Ok(canonical::of(&serde_json::to_value(written)?)?)
}

/// Returns a comparison as `baton compare --format json` writes it; these bytes are kept.
pub(crate) fn comparison_bytes(comparison: &Comparison) -> serde_json::Result<String> {
    Ok(Output::json_text(&baton_report::compare::json(comparison)?))
}

/// Makes a recorded comparison again; pure but for the files of a log, whose digests the record names.
pub(crate) fn replay_comparison(run: &Decision<'_>, logs: &Logs) -> Reproduction {
    if let Some(other) = of_other_engine(run) {
        return other;
    }
    let found = match written_of(run) {
        Ok((alpha, None)) => reports_again(run, alpha),
        Ok((alpha, Some((before, after)))) => match recorded_log(run, logs) {
            Ok(log) => read_again(run, &log).and_then(|(question, mapping, imported)| {
                let files = Files {
                    name: "",
                    imported: &imported,
                    mapping: &mapping,
                };
                of_windows(&files, &question, (&before, &after), alpha)
                    .map_err(|failure| failure.to_string())
            }),
            Err(missing) => return missing,
        },
        Err(why) => Err(why),
    };
    let bytes = found
        .and_then(|comparison| comparison_bytes(&comparison).map_err(|error| error.to_string()));
    match bytes {
        Ok(bytes) => Reproduction::Produced(bytes.into_bytes()),
        Err(why) => Reproduction::Failed { why },
    }
}

fn written_of(run: &Decision<'_>) -> Result<(Fixed, Option<(Days, Days)>), String> {
    let written: Written =
        serde_json::from_slice(bytes(run, SETTINGS)?).map_err(|error| error.to_string())?;
    if written.baton != VERSION {
        return Err(format!("settings of the version `{}`", written.baton));
    }
    let days = match (written.before, written.after) {
        (Some(before), Some(after)) => Some((before.parse()?, after.parse()?)),
        (None, None) => None,
        _ => return Err("settings of one window".to_owned()),
    };
    Ok((written.alpha, days))
}

fn reports_again(run: &Decision<'_>, alpha: Fixed) -> Result<Comparison, String> {
    let report = |name| read_report(bytes(run, name)?);
    Ok(compare_reports(&report(BEFORE)?, &report(AFTER)?, alpha))
}

/// Reads a mining report; says what was found when it is none.
pub(crate) fn read_report(bytes: &[u8]) -> Result<MiningReport, String> {
    let report: MiningReport = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if report.format == REPORT_FORMAT {
        Ok(report)
    } else {
        Err(format!("format `{}`", report.format))
    }
}
