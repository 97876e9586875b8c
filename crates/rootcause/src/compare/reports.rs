//! Two mining reports, compared by what they say: their causes, matched by their conditions, and
//! their periods.

use super::change::{Day, change_points, day_of};
use super::comparison::{Comparison, Split, SplitGroup, Window};
use super::settle::{Counts, Known, rates_differ, settled};
use crate::statistics::{Confidence, GroupChange, rate_mix, wilson};
use crate::wire::{Cause, Condition, Fixed, Interval, MiningReport};

/// Returns what changed from one report to the other, at most `alpha` being the chance of calling any
/// cause changed where none did.
pub fn compare_reports(before: &MiningReport, after: &MiningReport, alpha: Fixed) -> Comparison {
    let all = (totals(before), totals(after));
    let (causes, tests) = settled(matched(before, after), all, alpha.to_f64());
    let windows = (window(before), window(after));
    Comparison {
        baton: "comparison/v1".to_owned(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        outcome_name: after.input.outcome_name.clone(),
        change: difference(all),
        log10_p: rates_differ(all.0, all.1),
        splits: splits(before, after, all),
        alpha,
        tests,
        causes,
        changes: change_points(&periods(before, after), alpha),
        cautions: cautions(before, after),
        before: windows.0,
        after: windows.1,
    }
}

fn totals(report: &MiningReport) -> Counts {
    (report.overview.cases, report.overview.failures)
}

fn window(report: &MiningReport) -> Window {
    Window {
        name: report.input.name.clone(),
        span: report.overview.span.clone(),
        digests: report.input.digests.clone(),
        cases: report.overview.cases,
        failures: report.overview.failures,
        rate: rate(totals(report)),
    }
}

/// Returns a failure rate with its interval.
pub(super) fn rate(counts: Counts) -> Interval {
    wilson(counts.0, counts.1, Confidence::P95).map_or(
        Interval {
            value: None,
            low: None,
            high: None,
        },
        crate::statistics::Estimate::rounded,
    )
}

/// Returns rate after less rate before, exact before it is rounded once.
pub(super) fn difference(all: (Counts, Counts)) -> Fixed {
    let group = GroupChange {
        before: all.0,
        after: all.1,
    };
    rate_mix(&[group]).map_or(Fixed::default(), |split| split.total)
}

/// Returns the causes of both reports, each once.
fn matched(before: &MiningReport, after: &MiningReport) -> Vec<Known> {
    let find = |causes: &[Cause], conditions: &[Condition]| -> Option<(u32, Counts)> {
        let describes = |cause: &&Cause| {
            cause.conditions == conditions || cause.aliases.iter().any(|alias| alias == conditions)
        };
        let cause = causes.iter().find(describes)?;
        Some((cause.rank, (cause.effect.cases, cause.effect.failures)))
    };
    let mut known: Vec<Known> = Vec::new();
    for cause in after.causes.iter().chain(&before.causes) {
        let old = find(&before.causes, &cause.conditions);
        let new = find(&after.causes, &cause.conditions);
        let is_there = |one: &Known| {
            one.conditions == cause.conditions
                || one.rank_before.is_some() && one.rank_before == old.map(|(rank, _)| rank)
        };
        if known.iter().any(is_there) {
            continue;
        }
        known.push(Known {
            conditions: cause.conditions.clone(),
            rank_before: old.map(|(rank, _)| rank),
            rank_after: new.map(|(rank, _)| rank),
            before: old.map(|(_, counts)| counts),
            after: new.map(|(_, counts)| counts),
        });
    }
    known
}

/// Returns the change split once for each cause that both reports count: its cases and all others.
fn splits(before: &MiningReport, after: &MiningReport, all: (Counts, Counts)) -> Vec<Split> {
    matched(before, after)
        .iter()
        .filter_map(|cause| {
            let inside = (cause.before?, cause.after?);
            let outside = (less(all.0, inside.0)?, less(all.1, inside.1)?);
            let name = cause.conditions.iter().map(words).collect::<Vec<_>>();
            split(
                name.join(" and "),
                vec![
                    ("its cases".to_owned(), inside.0, inside.1),
                    ("all others".to_owned(), outside.0, outside.1),
                ],
            )
        })
        .collect()
}

fn less(all: Counts, part: Counts) -> Option<Counts> {
    Some((all.0.checked_sub(part.0)?, all.1.checked_sub(part.1)?))
}

/// Returns the split of a change over named groups, or `None` where it is not defined.
pub(super) fn split(by: String, groups: Vec<(String, Counts, Counts)>) -> Option<Split> {
    let counted: Vec<GroupChange> = groups
        .iter()
        .map(|(_, before, after)| GroupChange {
            before: *before,
            after: *after,
        })
        .collect();
    let parts = rate_mix(&counted)?;
    let named = groups.into_iter().zip(&parts.groups);
    Some(Split {
        by,
        rate: parts.rate,
        mix: parts.mix,
        groups: named
            .map(|((name, before, after), effect)| SplitGroup {
                name,
                before,
                after,
                rate: effect.rate,
                mix: effect.mix,
            })
            .collect(),
    })
}

/// Returns a condition as a short name.
fn words(condition: &Condition) -> String {
    match condition {
        Condition::Is { feature, value } => format!("{feature} = {value}"),
        Condition::In { feature, values } => format!("{feature} in {}", values.join(", ")),
        Condition::Missing { feature } => format!("{feature} missing"),
        Condition::Present { feature } => format!("with {feature}"),
        Condition::Absent { feature } => format!("without {feature}"),
        Condition::Between {
            feature, low, high, ..
        } => {
            let limit = |limit: &Option<Fixed>| match limit {
                Some(limit) => limit.to_f64().to_string(),
                None => String::new(),
            };
            format!("{feature} {}..{}", limit(low), limit(high))
        }
    }
}

/// Returns the periods of both reports as days, without a day twice.
fn periods(before: &MiningReport, after: &MiningReport) -> Vec<Day> {
    let days = |report: &MiningReport| -> Vec<Day> {
        let periods = report.overview.periods.iter();
        periods
            .filter_map(|period| {
                Some(Day {
                    day: day_of(&period.start)?,
                    cases: period.cases,
                    failures: period.failures,
                })
            })
            .collect()
    };
    let old = days(before);
    let end = old.iter().map(|day| day.day).max();
    let later = days(after).into_iter().filter(|day| Some(day.day) > end);
    old.iter().copied().chain(later).collect()
}

fn cautions(before: &MiningReport, after: &MiningReport) -> Vec<String> {
    let mut found = Vec::new();
    if before.input.outcome != after.input.outcome {
        found.push(format!(
            "The two reports are about different outcomes: `{}` and `{}`.",
            before.input.outcome, after.input.outcome
        ));
    }
    if before.input.landmark != after.input.landmark {
        found.push("The two reports use features as known at different times.".to_owned());
    }
    if before.engine != after.engine {
        found.push("The two reports were made by different versions of the engine.".to_owned());
    }
    let spans = (&before.overview.span, &after.overview.span);
    if let (Some((_, end)), Some((start, _))) = spans
        && start <= end
    {
        found.push("The two windows overlap, so the same case can count in both.".to_owned());
    }
    let is_one_sided = |causes: &[Cause], others: &[Cause]| {
        let unknown = |cause: &&Cause| {
            let same = |other: &&Cause| {
                other.conditions == cause.conditions || other.aliases.contains(&cause.conditions)
            };
            others.iter().find(same).is_none()
        };
        causes.iter().any(|cause| unknown(&cause))
    };
    if is_one_sided(&after.causes, &before.causes) || is_one_sided(&before.causes, &after.causes) {
        found.push(
            "A cause that only one report names is called appeared or vanished without a test, for the other report does not count its cases."
                .to_owned(),
        );
    }
    found
}
