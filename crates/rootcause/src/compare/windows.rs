//! Two windows of one case table: the change split over every attribute, and the patterns of one or
//! two conditions whose cases are set apart more, or less, than before.

use baton_eventlog::cases::CaseTable;

use super::change::{change_points, daily, date};
use super::comparison::{Comparison, Split, Window};
use super::counting::{Both, Groups, Rows, Side};
use super::interaction::unequal_odds;
use super::reports::{difference, rate, split};
use super::settle::{Counts, Known, rates_differ, settled};
use crate::statistics::{FourfoldTable, Hypergeometric, LogProbability, real};
use crate::wire::{Condition, Fixed};

/// Fewest cases of a pattern in both windows together; smaller groups stay hidden.
const CASES_MIN: u64 = 20;
/// Fewest failures of it.
const FAILURES_MIN: u64 = 5;
/// Patterns that are shown.
const PATTERNS_MAX: usize = 12;
/// Patterns of one feature pair are looked at up to this many features.
const FEATURES_MAX: usize = 60;
/// Patterns whose cases overlap this much (Jaccard index, in percent) are told once.
const OVERLAP_PERCENT: u64 = 60;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A stretch of time in microseconds since 1970-01-01T00:00:00Z, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Its first instant.
    pub start: i64,
    /// The first instant after it.
    pub end: i64,
}

impl Range {
    fn contains(self, time: i64) -> bool {
        self.start <= time && time < self.end
    }

    fn name(self) -> String {
        let last = self.end.saturating_sub(1).div_euclid(DAY);
        format!("{} to {}", date(self.start.div_euclid(DAY)), date(last))
    }
}

/// Returns what changed between two windows by the start of cases; a case in both counts before.
///
/// All patterns looked at share one error rate `alpha`. The name of the outcome and the digests are
/// the caller's to add.
pub fn compare_windows(table: &CaseTable, before: Range, after: Range, alpha: Fixed) -> Comparison {
    let rows = Rows::of(table, |start| {
        if before.contains(start) {
            Some(Side::Before)
        } else {
            after.contains(start).then_some(Side::After)
        }
    });
    let all = rows.all();
    let groups: Vec<Groups> = table
        .features
        .iter()
        .filter_map(|feature| Groups::of_feature(feature, &rows))
        .filter(|groups| groups.names.len() > 1)
        .collect();
    let patterns = patterns(&rows, &groups);
    let tests = u64::try_from(patterns.len()).unwrap_or(u64::MAX);
    let chosen = chosen(patterns, &rows, &groups, (all, alpha.to_f64()));
    let (causes, _) = settled(
        known(chosen, all, (tests, alpha.to_f64())),
        all,
        alpha.to_f64(),
    );
    let inside = daily(table).into_iter().filter(|day| {
        let start = day.day.saturating_mul(DAY);
        before.contains(start) || after.contains(start)
    });
    let inside: Vec<_> = inside.collect();
    let mut cautions = cautions(table, &groups, all);
    let (splits, alike) = splits(&groups, &rows);
    cautions.extend((alike > 0).then(|| {
        format!(
            "{alike} features divide the cases just as others do; the split tells of each once."
        )
    }));
    Comparison {
        baton: "comparison/v1".to_owned(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        outcome_name: String::new(),
        before: window(before, all.0),
        after: window(after, all.1),
        change: difference(all),
        log10_p: rates_differ(all.0, all.1),
        splits,
        alpha,
        tests,
        causes,
        changes: change_points(&inside, alpha),
        cautions,
    }
}

fn window(range: Range, counts: Counts) -> Window {
    Window {
        name: range.name(),
        span: None,
        digests: Vec::new(),
        cases: counts.0,
        failures: counts.1,
        rate: rate(counts),
    }
}

/// Returns the splits over features that divide the cases in different ways, and the number of
/// those left out.
fn splits(groups: &[Groups], rows: &Rows) -> (Vec<Split>, u64) {
    let mut told: Vec<Split> = Vec::new();
    let mut alike = 0;
    let counts = |split: &Split| {
        let groups = split.groups.iter();
        let mut counts: Vec<_> = groups.map(|group| (group.before, group.after)).collect();
        counts.sort_unstable();
        counts
    };
    for split in groups.iter().filter_map(|groups| over(groups, rows)) {
        if told.iter().any(|known| counts(known) == counts(&split)) {
            alike += 1;
        } else {
            told.push(split);
        }
    }
    (told, alike)
}

fn over(groups: &Groups, rows: &Rows) -> Option<Split> {
    let counted = rows.by(groups);
    let named = groups.names.iter().cloned().zip(counted);
    let named = named.map(|(name, (before, after))| (name, before, after));
    split(groups.feature.clone(), named.collect())
}

/// A pattern with its counts.
#[derive(Debug, Clone)]
struct Pattern {
    /// Places of feature and group.
    parts: Vec<(usize, usize)>,
    conditions: Vec<Condition>,
    counts: Both,
}

/// Returns all patterns of one and two conditions that are large enough to be shown.
fn patterns(rows: &Rows, groups: &[Groups]) -> Vec<Pattern> {
    let mut found = Vec::new();
    let mut push = |parts: Vec<(usize, usize)>, counts: Both| {
        let (before, after) = counts;
        let is_enough = before.0 + after.0 >= CASES_MIN && before.1 + after.1 >= FAILURES_MIN;
        let conditions: Option<Vec<Condition>> = parts
            .iter()
            .map(|(feature, group)| groups.get(*feature)?.conditions.get(*group)?.clone())
            .collect();
        if let Some(conditions) = conditions.filter(|_| is_enough) {
            found.push(Pattern {
                parts,
                conditions,
                counts,
            });
        }
    };
    for (place, one) in groups.iter().enumerate() {
        for (group, counts) in rows.by(one).into_iter().enumerate() {
            push(vec![(place, group)], counts);
        }
    }
    for (place, one) in groups.iter().enumerate().take(FEATURES_MAX) {
        let others = groups.iter().enumerate().take(FEATURES_MAX).skip(place + 1);
        for (other_place, other) in others {
            for ((first, second), counts) in rows.by_two(one, other) {
                push(vec![(place, first), (other_place, second)], counts);
            }
        }
    }
    found
}

/// Returns the patterns that changed most clearly, those that tell of the same cases only once.
fn chosen(
    patterns: Vec<Pattern>,
    rows: &Rows,
    groups: &[Groups],
    (all, alpha): (Both, f64),
) -> Vec<Pattern> {
    let limit = libm::log(alpha) - libm::log(real(u64::try_from(patterns.len()).unwrap_or(1)));
    let mut clear: Vec<(LogProbability, Pattern)> = patterns
        .into_iter()
        .filter_map(|pattern| {
            let before = FourfoldTable::within(all.0, pattern.counts.0)?;
            let after = FourfoldTable::within(all.1, pattern.counts.1)?;
            let p = unequal_odds(&before, &after)?;
            (p.ln() <= limit).then_some((p, pattern))
        })
        .collect();
    clear.sort_by(|(p, one), (q, other)| {
        let by_p = p.ln().total_cmp(&q.ln());
        let by_length = by_p.then(one.parts.len().cmp(&other.parts.len()));
        by_length.then_with(|| one.conditions.cmp(&other.conditions))
    });
    let mut kept: Vec<Pattern> = Vec::new();
    for (_, pattern) in clear {
        let is_told = kept.iter().any(|one| overlap(one, &pattern, rows, groups));
        if !is_told && kept.len() < PATTERNS_MAX {
            kept.push(pattern);
        }
    }
    kept
}

fn overlap(one: &Pattern, other: &Pattern, rows: &Rows, groups: &[Groups]) -> bool {
    let holds = |pattern: &Pattern, row: usize| {
        pattern.parts.iter().all(|(feature, group)| {
            groups.get(*feature).and_then(|groups| groups.of(row)) == Some(*group)
        })
    };
    let (mut both, mut either) = (0_u64, 0_u64);
    for (row, _, _) in rows.iter() {
        let (first, second) = (holds(one, row), holds(other, row));
        both += u64::from(first && second);
        either += u64::from(first || second);
    }
    both * 100 >= either * OVERLAP_PERCENT
}

/// Returns the patterns with their ranks in the windows in which they are causes: where their cases
/// fail significantly more often, ranked by excess failures.
fn known(patterns: Vec<Pattern>, all: Both, (tests, alpha): (u64, f64)) -> Vec<Known> {
    let limit = libm::log(alpha) - libm::log(real(tests.max(1)));
    let ranks = |counts: &dyn Fn(&Pattern) -> Counts, all: Counts| -> Vec<Option<u32>> {
        let is_cause = |pattern: &Pattern| {
            let (cases, failures) = counts(pattern);
            let test = Hypergeometric::new(all.0, all.1);
            let tail = test.and_then(|test| test.upper_tail(cases, failures));
            tail.is_some_and(|tail| tail.ln() <= limit)
        };
        let excess = |place: usize| {
            let pattern = patterns.get(place)?;
            let (cases, failures) = counts(pattern);
            let expected = real(cases) * real(all.1) / real(all.0);
            is_cause(pattern).then_some(real(failures) - expected)
        };
        let mut order: Vec<usize> = (0..patterns.len()).collect();
        order.retain(|place| excess(*place).is_some());
        order.sort_by(|one, other| {
            let (first, second) = (excess(*one), excess(*other));
            let by_excess = second.unwrap_or(0.0).total_cmp(&first.unwrap_or(0.0));
            by_excess.then(one.cmp(other))
        });
        (0..patterns.len())
            .map(|place| {
                let rank = order.iter().position(|one| *one == place)?;
                u32::try_from(rank + 1).ok()
            })
            .collect()
    };
    let before = ranks(&|pattern: &Pattern| pattern.counts.0, all.0);
    let after = ranks(&|pattern: &Pattern| pattern.counts.1, all.1);
    patterns
        .into_iter()
        .zip(before.into_iter().zip(after))
        .map(|(pattern, (rank_before, rank_after))| Known {
            conditions: pattern.conditions,
            rank_before,
            rank_after,
            before: Some(pattern.counts.0),
            after: Some(pattern.counts.1),
        })
        .collect()
}

fn cautions(table: &CaseTable, groups: &[Groups], all: Both) -> Vec<String> {
    let mut found = Vec::new();
    for (counts, name) in [(all.0, "before"), (all.1, "after")] {
        if counts.0 == 0 {
            found.push(format!("The window {name} has no cases."));
        }
    }
    let left_out = table.features.len().saturating_sub(groups.len());
    if left_out > 0 {
        found.push(format!(
            "{left_out} features are numbers or have one value only, so they were not compared."
        ));
    }
    if groups.len() > FEATURES_MAX {
        found.push(format!(
            "Pairs of conditions were looked at for the first {FEATURES_MAX} features."
        ));
    }
    found
}
