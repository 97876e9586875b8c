//! Cases and failures of patterns in two windows of one case table.

use std::collections::BTreeMap;

use baton_eventlog::cases::{CaseTable, Feature, Values};
use baton_eventlog::model::MISSING;

use super::settle::Counts;
use crate::wire::Condition;

/// Fewest cases of a value that is named, in both windows together.
const NAMED_MIN: u64 = 20;
/// Values of one attribute that are looked at, the most frequent first; the others count as one.
pub(super) const VALUES_MAX: usize = 40;
/// Name of the group of all other values.
const OTHERS: &str = "(others)";
/// Name of the group without a value.
const NONE: &str = "(missing)";

/// Where a row belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// In the window before.
    Before,
    /// In the window after.
    After,
}

/// The rows of two windows.
#[derive(Debug)]
pub(super) struct Rows {
    /// Row, window, and whether it failed.
    rows: Vec<(usize, Side, bool)>,
}

/// Counts before and after.
pub(super) type Both = (Counts, Counts);

impl Rows {
    /// Returns the rows that `side` puts into a window.
    pub(super) fn of(table: &CaseTable, side: impl Fn(i64) -> Option<Side>) -> Self {
        let rows = table.start.iter().zip(&table.failed).enumerate();
        Self {
            rows: rows
                .filter_map(|(row, (start, failed))| Some((row, side(*start)?, *failed)))
                .collect(),
        }
    }

    /// Returns the counts of all rows.
    pub(super) fn all(&self) -> Both {
        let mut both = Both::default();
        for (_, side, failed) in &self.rows {
            add(&mut both, *side, *failed);
        }
        both
    }

    /// Returns the rows with their windows.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Side, bool)> {
        self.rows.iter().copied()
    }

    /// Returns the counts per group of one column.
    pub(super) fn by(&self, column: &Groups) -> Vec<Both> {
        let mut found = vec![Both::default(); column.names.len()];
        for (row, side, failed) in &self.rows {
            if let Some(both) = column.of(*row).and_then(|group| found.get_mut(group)) {
                add(both, *side, *failed);
            }
        }
        found
    }

    /// Returns the counts per pair of groups of two columns that has a row, in order.
    pub(super) fn by_two(&self, one: &Groups, other: &Groups) -> BTreeMap<(usize, usize), Both> {
        let mut found = BTreeMap::new();
        for (row, side, failed) in &self.rows {
            if let (Some(first), Some(second)) = (one.of(*row), other.of(*row)) {
                add(found.entry((first, second)).or_default(), *side, *failed);
            }
        }
        found
    }
}

fn add(both: &mut Both, side: Side, failed: bool) {
    let counts = match side {
        Side::Before => &mut both.0,
        Side::After => &mut both.1,
    };
    counts.0 += 1;
    counts.1 += u64::from(failed);
}

/// The groups that one feature divides cases into.
#[derive(Debug)]
pub(super) struct Groups {
    /// The feature.
    pub(super) feature: String,
    /// Names of the groups, in the order of their bytes.
    pub(super) names: Vec<String>,
    /// What holds for the cases of a group, where that can be said.
    pub(super) conditions: Vec<Option<Condition>>,
    group: Vec<Option<usize>>,
}

impl Groups {
    /// Returns the groups of a feature, or `None` for numbers, which have no groups of their own.
    pub(super) fn of_feature(feature: &Feature, rows: &Rows) -> Option<Self> {
        let name = feature.name.to_string();
        let label: Vec<(String, Option<Condition>)> = match &feature.values {
            Values::Number { .. } => return None,
            Values::Flag(flags) => flags
                .iter()
                .map(|flag| {
                    if *flag {
                        let feature = name.clone();
                        ("yes".to_owned(), Some(Condition::Present { feature }))
                    } else {
                        ("no".to_owned(), None)
                    }
                })
                .collect(),
            Values::Category { codes, dictionary } => {
                let frequent = frequent(codes, rows);
                let label = |code: &u32| {
                    let feature = name.clone();
                    match dictionary.text(*code) {
                        _ if *code == MISSING && frequent.contains(code) => {
                            (NONE.to_owned(), Some(Condition::Missing { feature }))
                        }
                        Some(value) if frequent.contains(code) => {
                            let value = value.to_owned();
                            (value.clone(), Some(Condition::Is { feature, value }))
                        }
                        _ => (OTHERS.to_owned(), None),
                    }
                };
                codes.iter().map(label).collect()
            }
        };
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (row, _, _) in rows.iter() {
            if let Some((text, _)) = label.get(row) {
                places.insert(text, 0);
            }
        }
        for (place, value) in places.values_mut().enumerate() {
            *value = place;
        }
        let names: Vec<String> = places.keys().map(|name| (*name).to_owned()).collect();
        let mut conditions = vec![None; names.len()];
        let group = label
            .iter()
            .map(|(text, condition)| {
                let place = places.get(text.as_str()).copied()?;
                if let Some(known) = conditions.get_mut(place) {
                    known.clone_from(condition);
                }
                Some(place)
            })
            .collect();
        Some(Self {
            feature: name,
            names,
            conditions,
            group,
        })
    }

    /// Returns the group of a row.
    pub(super) fn of(&self, row: usize) -> Option<usize> {
        self.group.get(row).copied().flatten()
    }
}

/// Returns the most frequent codes among the rows, of equals the first; those of so few cases that
/// they would point at single ones are never among them.
fn frequent(codes: &[u32], rows: &Rows) -> Vec<u32> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for (row, _, _) in rows.iter() {
        if let Some(code) = codes.get(row) {
            *counts.entry(*code).or_default() += 1;
        }
    }
    let mut ranked: Vec<(u32, u64)> = counts.into_iter().collect();
    ranked.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    let kept = ranked
        .into_iter()
        .filter(|(_, count)| *count >= NAMED_MIN)
        .take(VALUES_MAX);
    kept.map(|(code, _)| code).collect()
}
