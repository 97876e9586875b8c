//! Other descriptions of the cases, or nearly of the failures, of a cause.

use super::candidates::Candidates;
use super::cover::Chosen;
use super::ground::Ground;
use super::item::Item;
use crate::statistics::real;

/// Descriptions listed of each kind.
const LISTED_MAX: usize = 8;
/// Jaccard index of failing cases from which descriptions are nearly the same.
const NEAR: f64 = 0.9;

/// Other descriptions of a cause.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aliases {
    /// Of the very same cases.
    pub(crate) same: Vec<Vec<Item>>,
    /// Of nearly the same failures, with the Jaccard index.
    pub(crate) near: Vec<(Vec<Item>, f64)>,
}

/// Returns the other descriptions of a cause among all significant patterns. A description that
/// only adds conditions to the cause says nothing new and is left out.
pub(crate) fn aliases(
    ground: &mut Ground<'_>,
    candidates: &Candidates<'_>,
    cause: &Chosen,
) -> Aliases {
    let table = ground.table;
    let own: Vec<Item> = ground.items(&cause.pattern).into_iter().cloned().collect();
    let failing = ground.failing(&cause.rows);
    let failures = failing.count();
    // The earlier failures of a pattern bound its Jaccard index before any row is looked at.
    let earlier = ground.earlier.count(&failing);
    let mut found = Aliases::default();
    for pattern in &candidates.found.patterns {
        let (less, more) = (pattern.failures.min(earlier), pattern.failures.max(earlier));
        if real(less) < NEAR * NEAR * real(more) {
            continue;
        }
        for items in sayings(candidates.said(table, pattern)) {
            if own.iter().all(|item| items.contains(item)) || is_same_numbers(&own, &items) {
                continue;
            }
            let rows = {
                let pattern = ground.pattern(items.clone());
                ground.rows(&pattern)
            };
            if rows == cause.rows {
                found.same.push(items);
                continue;
            }
            let shared = rows.count_and(&failing);
            let either = ground.failing(&rows).count() + failures - shared;
            let index = real(shared) / real(either.max(1));
            if index >= NEAR {
                found.near.push((items, index));
            }
        }
    }
    found.same.sort_by(|one, other| plainer(ground, one, other));
    found.same.dedup();
    found.same.truncate(LISTED_MAX);
    found
        .near
        .sort_by(|(one, _), (other, _)| changeable_first(ground, one, other));
    found.near.dedup_by(|one, other| one.0 == other.0);
    found.near.truncate(LISTED_MAX);
    found
}

/// What somebody can change before what nobody can, so that a list cut short drops none of it; then
/// the plainer.
fn changeable_first(ground: &Ground<'_>, one: &[Item], other: &[Item]) -> std::cmp::Ordering {
    let fixed = |items: &[Item]| !is_modifiable(ground, items);
    fixed(one)
        .cmp(&fixed(other))
        .then_with(|| plainer(ground, one, other))
}

/// Shorter before longer, modifiable before not, then by items.
fn plainer(ground: &Ground<'_>, one: &[Item], other: &[Item]) -> std::cmp::Ordering {
    let fixed = |items: &[Item]| !is_modifiable(ground, items);
    one.len()
        .cmp(&other.len())
        .then_with(|| fixed(one).cmp(&fixed(other)))
        .then_with(|| one.cmp(other))
}

/// Returns whether somebody can change one of the features.
pub(crate) fn is_modifiable(ground: &Ground<'_>, items: &[Item]) -> bool {
    let mut features = items.iter().map(|item| item.feature);
    features.any(|place| {
        let feature = ground.table.features.get(place);
        feature.is_some_and(|feature| feature.modifiable)
    })
}

/// Whether a description differs from the cause in the limits of its numbers alone.
fn is_same_numbers(own: &[Item], items: &[Item]) -> bool {
    use super::item::Test::Between;
    own.len() == items.len()
        && own.iter().zip(items).all(|(one, other)| {
            one == other
                || one.feature == other.feature
                    && matches!((&one.test, &other.test), (Between(..), Between(..)))
        })
}

/// The description of a pattern with each item said in each of its ways, one at a time.
fn sayings(said: Vec<Vec<Item>>) -> Vec<Vec<Item>> {
    let first: Vec<Item> = said
        .iter()
        .filter_map(|ways| ways.first().cloned())
        .collect();
    let mut all = vec![first.clone()];
    for (place, ways) in said.into_iter().enumerate() {
        for way in ways.into_iter().skip(1) {
            let mut other = first.clone();
            if let Some(item) = other.get_mut(place) {
                *item = way;
            }
            all.push(other);
        }
    }
    for items in &mut all {
        items.sort_unstable();
    }
    all
}
