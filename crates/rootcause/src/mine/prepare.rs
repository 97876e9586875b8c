//! The table in one order whatever order it came in, and which of its rows causes are found on.

use std::borrow::Cow;

use baton_eventlog::cases::{CaseTable, Feature, Values};

use super::bits::Bits;

/// Returns the table with rows in the order of (start, id) and features in that of their names.
pub(crate) fn ordered(table: &CaseTable) -> Cow<'_, CaseTable> {
    let mut rows: Vec<usize> = (0..table.ids.len()).collect();
    let key = |&row: &usize| (table.start.get(row), table.ids.get(row));
    let by_name = |one: &Feature, other: &Feature| one.name <= other.name;
    if rows.is_sorted_by_key(key) && table.features.is_sorted_by(by_name) {
        return Cow::Borrowed(table);
    }
    rows.sort_by_key(key);
    let mut features: Vec<Feature> = table
        .features
        .iter()
        .map(|feature| taken(feature, &rows))
        .collect();
    features.sort_by(|one, other| one.name.cmp(&other.name));
    Cow::Owned(CaseTable {
        ids: pick(&table.ids, &rows),
        start: pick(&table.start, &rows),
        failed: pick(&table.failed, &rows),
        cost: table.cost.as_ref().map(|costs| pick(costs, &rows)),
        cluster: table.cluster.as_ref().map(|codes| pick(codes, &rows)),
        features,
        ..table.clone()
    })
}

fn taken(feature: &Feature, rows: &[usize]) -> Feature {
    let values = match &feature.values {
        Values::Category { codes, dictionary } => Values::Category {
            codes: pick(codes, rows),
            dictionary: dictionary.clone(),
        },
        Values::Number { values, unit } => Values::Number {
            values: pick(values, rows),
            unit: *unit,
        },
        Values::Flag(flags) => Values::Flag(pick(flags, rows)),
    };
    Feature {
        values,
        ..feature.clone()
    }
}

fn pick<T: Clone>(column: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter()
        .filter_map(|&row| column.get(row).cloned())
        .collect()
}

/// The earlier cases that are searched, the later ones that confirm, and where they part.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    pub(crate) earlier: Bits,
    pub(crate) later: Bits,
    /// Start of the first later case.
    pub(crate) at: Option<i64>,
}

/// Parts the cases in time; cases that start together stay together. Of cases that fail together
/// only the first of each cluster is searched or confirms, so that one incident with many cases
/// counts once.
pub(crate) fn split(table: &CaseTable, later_basis_points: u32) -> Split {
    let cases = table.ids.len();
    let share = usize::try_from(10_000_u32.saturating_sub(later_basis_points)).unwrap_or(10_000);
    let wanted = usize::try_from(
        u128::try_from(cases).unwrap_or(0) * u128::try_from(share).unwrap_or(0) / 10_000,
    )
    .unwrap_or(cases);
    let at = (later_basis_points > 0)
        .then(|| table.start.get(wanted).copied())
        .flatten()
        .filter(|at| table.start.first().is_some_and(|first| first < at));
    let count = at.map_or(cases, |at| table.start.partition_point(|&start| start < at));
    let mut earlier = Bits::first(count, cases);
    let mut later = Bits::first(cases, cases);
    later.and_not(&earlier);
    if let Some(clusters) = &table.cluster {
        let mut seen = std::collections::BTreeSet::new();
        let firsts = Bits::of(clusters.iter().map(|&cluster| seen.insert(cluster)));
        earlier.and(&firsts);
        later.and(&firsts);
    }
    Split { earlier, later, at }
}
