//! The rows of a case table before they have features: which cases, how far each is looked at, how
//! it ended.

use std::collections::BTreeMap;
use std::ops::Range;

use baton_terms::Diagnostic;

use super::closing::Closing;
use super::codes;
use super::landmark::{Finder, Landmark};
use super::outcome::{Outcomes, Verdict};
use super::settings::Settings;
use crate::model::Log;

/// One case of the table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Place of the case in the log.
    pub(super) case: usize,
    /// Its events up to the landmark.
    pub(super) events: Range<usize>,
    /// Its first moment.
    pub(super) start: i64,
    /// The landmark.
    pub(super) time: i64,
    /// Whether it failed in the end.
    pub(super) failed: bool,
    /// Its cost in thousandths.
    pub(super) cost: i64,
}

/// All rows, and the cases that are none.
pub(super) struct Frame<'l> {
    pub(super) log: &'l Log,
    pub(super) settings: &'l Settings,
    pub(super) closing: Closing,
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Vec<(Box<str>, u64)>,
}

const NOT_DECIDED: &str = "the outcome is not decided";
const UNKNOWN: &str = "the outcome is unknown";
const COST_UNKNOWN: &str = "the cost is unknown";
const NOT_REACHED: &str = "the case never reaches the landmark";
const OVER: &str = "the case is over before the landmark";
const FAILED_BEFORE: &str = "the case failed before the landmark";

impl<'l> Frame<'l> {
    /// Returns the rows of a table.
    ///
    /// # Errors
    /// The problem of a landmark or of a closing activity, or that no case is left.
    pub(super) fn of(
        log: &'l Log,
        settings: &'l Settings,
        outcomes: &mut Outcomes<'l>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut finder = Finder::new(log, &settings.landmark)?;
        let closing = Closing::new(log, &settings.closing)?;
        let mut left_out = BTreeMap::new();
        let mut rows = Vec::new();
        for case in 0..log.cases() {
            let verdict = outcomes.verdict(case, log.events_of(case));
            match row((log, settings), case, verdict, &mut finder) {
                Ok(row) if is_over(&row, log, settings, &closing) => {
                    *left_out.entry(OVER).or_insert(0) += 1;
                }
                Ok(row) => rows.push(row),
                Err(reason) => *left_out.entry(reason).or_insert(0) += 1,
            }
        }
        let failed_before = failed_before(log, settings, outcomes, &rows);
        if !failed_before.is_empty() {
            let count = failed_before.iter().filter(|&&before| before).count();
            left_out.insert(FAILED_BEFORE, count);
            let mut before = failed_before.into_iter();
            rows.retain(|_| before.next() == Some(false));
        }
        if rows.is_empty() {
            return Err(vec![no_cases(log, &left_out)]);
        }
        // Cases of a log are in the order of their ids.
        rows.sort_by_key(|row| (row.start, row.case));
        Ok(Self {
            log,
            settings,
            closing,
            rows,
            left_out: left_out
                .into_iter()
                .map(|(reason, cases)| (reason.into(), u64::try_from(cases).unwrap_or(u64::MAX)))
                .collect(),
        })
    }

    /// Returns the events of a row's case beyond the landmark, too.
    pub(super) fn all_events(&self, row: &Row) -> Range<usize> {
        self.log.events_of(row.case)
    }
}

fn row(
    (log, settings): (&Log, &Settings),
    case: usize,
    verdict: Verdict,
    finder: &mut Finder<'_>,
) -> Result<Row, &'static str> {
    if verdict.decided != Some(true) {
        return Err(NOT_DECIDED);
    }
    let failed = verdict.failed.ok_or(UNKNOWN)?;
    let cost = match settings.outcome.cost {
        Some(_) => verdict.cost.ok_or(COST_UNKNOWN)?,
        None => 0,
    };
    let cut = finder.cut(case).ok_or(NOT_REACHED)?;
    let events = log.events_of(case);
    let start = log.times().get(events.start).copied().unwrap_or_default();
    Ok(Row {
        case,
        events: events.start..cut.until,
        start,
        time: cut.time,
        failed,
        cost,
    })
}

/// Returns whether a case is over at the landmark: closed, or without any event that follows.
///
/// At the start or the end nothing is compared: all cases begin, and all cases end.
fn is_over(row: &Row, log: &Log, settings: &Settings, closing: &Closing) -> bool {
    if matches!(settings.landmark, Landmark::Start | Landmark::End) {
        return false;
    }
    let last = row.events.clone().next_back();
    row.events.end >= log.events_of(row.case).end
        || last.is_some_and(|event| closing.closes(log, event))
}

/// Returns which rows had failed by the landmark already, or nothing when that can't be told.
///
/// An outcome that holds of a prefix is a failure that has happened only if it stays: where a single
/// case recovers (as with "was never merged", true of every case at first), it proves nothing.
fn failed_before(
    log: &Log,
    settings: &Settings,
    outcomes: &mut Outcomes<'_>,
    rows: &[Row],
) -> Vec<bool> {
    if settings.landmark == Landmark::End || !outcomes.follows_events() {
        return Vec::new();
    }
    let mut before = Vec::with_capacity(rows.len());
    for row in rows {
        let is_whole = row.events.end == log.events_of(row.case).end;
        let holds =
            !is_whole && outcomes.verdict(row.case, row.events.clone()).failed == Some(true);
        if holds && !row.failed {
            return Vec::new();
        }
        before.push(holds);
    }
    let is_told = before.contains(&true) && before.contains(&false);
    if is_told { before } else { Vec::new() }
}

fn no_cases(log: &Log, left_out: &BTreeMap<&'static str, usize>) -> Diagnostic {
    let reasons: Vec<_> = left_out
        .iter()
        .map(|(reason, cases)| format!("{reason}: {cases}"))
        .collect();
    Diagnostic::error(codes::NO_CASES, "no case is left to learn from")
        .expected("cases whose outcome is decided after the landmark")
        .found(format!("{} cases; {}", log.cases(), reasons.join("; ")))
        .hint("look at the outcome's expressions, or choose an earlier landmark")
}
