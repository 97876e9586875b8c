//! An outcome report in words, shared by text, Markdown and the page.

use baton_scoring::wire::Posture;

use super::model::{ClauseCounts, Counts, OutcomeLine, OutcomeReport};
use crate::words;

/// What a reader sees first.
pub(super) struct View<'a> {
    pub(super) report: &'a OutcomeReport,
    /// In one line how it ended.
    pub(super) headline: String,
    /// One or two sentences below.
    pub(super) answer: Vec<String>,
    /// Outcomes in words.
    pub(super) outcomes: Vec<Row>,
    /// Clauses, those missed most often first.
    pub(super) clauses: Vec<ClauseRow<'a>>,
}

/// One outcome in words.
pub(super) struct Row {
    pub(super) title: String,
    pub(super) value: String,
    pub(super) baseline: String,
    pub(super) target: String,
    pub(super) verdict: &'static str,
    pub(super) sample: String,
    pub(super) posture: Posture,
    /// The value, baseline and target as shares of a scale from 0 to 10000, where there is one.
    pub(super) scale: Option<(u64, Option<u64>, u64)>,
}

/// One clause in words.
pub(super) struct ClauseRow<'a> {
    pub(super) title: &'a str,
    pub(super) id: &'a str,
    pub(super) severity: &'a str,
    pub(super) fix: &'a str,
    pub(super) now: ClauseCounts,
    pub(super) met: String,
    pub(super) before: String,
    pub(super) share: u64,
}

impl<'a> View<'a> {
    pub(super) fn new(report: &'a OutcomeReport) -> Self {
        let mut clauses: Vec<ClauseRow<'a>> = report
            .handoffs
            .iter()
            .flat_map(|handoffs| &handoffs.clauses)
            .map(|clause| ClauseRow {
                title: &clause.title,
                id: &clause.id,
                severity: &clause.severity,
                fix: &clause.fix,
                now: clause.now,
                met: share_of(clause.now.met, clause.now.applies()),
                before: share_of(clause.before.met, clause.before.applies()),
                share: basis_points(clause.now.met, clause.now.applies()).unwrap_or(0),
            })
            .collect();
        // Stable: clauses that are missed equally often stay in the order of the contract.
        clauses.sort_by_key(|clause| {
            std::cmp::Reverse(clause.now.failed.saturating_add(clause.now.unknown))
        });
        Self {
            report,
            headline: headline(report),
            answer: answer(report),
            outcomes: report.outcomes.iter().map(row).collect(),
            clauses,
        }
    }
}

/// Returns the conditions of a mined cause in words.
pub fn cause_title(cause: &baton_rootcause::wire::Cause) -> String {
    crate::mining::conditions::line(&cause.conditions)
}

/// Returns a posture's word for what is shown in its color; unknown is never `ready`.
pub(super) fn tone(report: &OutcomeReport) -> Posture {
    match report.ended.as_str() {
        "completed" => report.posture.unwrap_or(Posture::Review),
        "confirming" => Posture::Review,
        _ => Posture::Critical,
    }
}

fn headline(report: &OutcomeReport) -> String {
    let title = &report.mission.title;
    match report.ended.as_str() {
        "completed" => {
            let known = report.outcomes.len();
            let met = |line: &&OutcomeLine| line.is_met == Some(true);
            let met = report.outcomes.iter().filter(met).count();
            format!("{title}: {met} of {} met", words::count(known, "outcome"))
        }
        "missing" => format!(
            "{title}: not started, {} missing",
            words::count(report.missing.len(), "thing")
        ),
        other => format!("{title}: {}", other.replace('-', " ")),
    }
}

fn answer(report: &OutcomeReport) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(escalation) = &report.escalation {
        sentences.push(escalation.why.clone());
        sentences.push(format!(
            "It is the turn of {}: {}.",
            escalation.owner,
            words::choice(&escalation.choices)
        ));
    }
    if let Some(handoffs) = &report.handoffs {
        let Counts { checked, met, .. } = handoffs.now;
        sentences.push(format!(
            "{} of {} would have met every clause of {} {} that applies to them ({}).",
            whole(met),
            plural(checked, "handoff"),
            handoffs.contract,
            handoffs.version,
            share_of(met, checked)
        ));
        if handoffs.before.checked > 0 {
            sentences.push(format!(
                "Before, {} of {} would have ({}).",
                whole(handoffs.before.met),
                whole(handoffs.before.checked),
                share_of(handoffs.before.met, handoffs.before.checked)
            ));
        }
        if handoffs.refused > 0 {
            sentences.push(format!(
                "{} could not be made packages and count as not met.",
                plural(handoffs.refused, "handoff")
            ));
        }
    }
    if let Some(mining) = &report.mining {
        sentences.push(format!(
            "{} of {} failed ({}); {} cover {} of the failures.",
            whole(mining.failures),
            plural(mining.cases, "case"),
            share_of(mining.failures, mining.cases),
            words::count(mining.causes.len(), "cause"),
            share_of(mining.covered, mining.failures)
        ));
    }
    sentences
}

fn row(line: &OutcomeLine) -> Row {
    let shown = |value: i64| match line.unit.as_str() {
        "basis-points" => u64::try_from(value).map_or_else(|_| value.to_string(), percent),
        _ => value.to_string(),
    };
    let known = |value: Option<i64>| value.map_or_else(|| "not known".to_owned(), shown);
    let (verdict, posture) = match line.is_met {
        Some(true) => ("met", Posture::Ready),
        Some(false) => ("missed", Posture::Critical),
        None => ("not known", Posture::Review),
    };
    let bound = match line.direction.as_str() {
        "lower" => "at most",
        _ => "at least",
    };
    let on_scale = |value: i64| u64::try_from(value).ok().filter(|value| *value <= 10_000);
    Row {
        title: line.title.clone(),
        value: known(line.value),
        baseline: known(line.baseline),
        target: format!("{bound} {}", shown(line.target)),
        verdict,
        sample: if line.sample < line.minimum_sample {
            format!(
                "{} (at least {} needed)",
                whole(line.sample),
                whole(line.minimum_sample)
            )
        } else {
            whole(line.sample)
        },
        posture,
        scale: line
            .value
            .filter(|_| line.unit == "basis-points")
            .and_then(on_scale)
            .zip(on_scale(line.target))
            .map(|(value, target)| (value, line.baseline.and_then(on_scale), target)),
    }
}

/// Returns a share in basis points, floored; nothing of nothing.
pub(super) fn basis_points(part: u64, all: u64) -> Option<u64> {
    u64::try_from(u128::from(part) * 10_000 / u128::from(Some(all).filter(|all| *all > 0)?)).ok()
}

/// Returns `41.3%`, or `no case` of nothing.
pub(super) fn share_of(part: u64, all: u64) -> String {
    basis_points(part, all).map_or_else(|| "none".to_owned(), percent)
}

/// Returns basis points as a percentage with one digit, floored so that nothing short of it reads as 100%.
pub(super) fn percent(points: u64) -> String {
    format!("{}.{}%", points / 100, points % 100 / 10)
}

/// Returns a count with its thousands apart.
pub(super) fn whole(count: u64) -> String {
    crate::mining::numbers::whole(count)
}

pub(super) fn plural(count: u64, word: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {word}{end}", whole(count))
}
