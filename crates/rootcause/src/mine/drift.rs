//! What goes with failure only because both change over time: significant over all times, and no
//! longer among cases of the same time.

use std::collections::BTreeMap;

use super::bits::Weights;
use super::cells::Cells;
use super::cover::Rules;
use super::ground::{Ground, Pattern};
use super::stratified;

/// Less than this part of the excess failures is left among cases of the same time.
const LEFT_MAX: f64 = 0.5;

/// A feature that drifts, and the failures above the rate of the others under one of its conditions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drift {
    /// Place of the feature.
    pub(crate) feature: usize,
    /// Over all times.
    pub(crate) over_all: f64,
    /// Among cases of the same time.
    pub(crate) within: f64,
}

/// Returns the features of which a single condition is significant over all times, and each such
/// condition loses most of its excess among cases of the same time; those of most failures first.
pub(crate) fn drift(
    ground: &Ground<'_>,
    weights: &Weights,
    (pool, rules): (&[Pattern], &Rules),
) -> Vec<Drift> {
    let (whole, blocks) = (
        Cells::whole(ground, weights),
        Cells::blocks(ground, weights),
    );
    let mut found: BTreeMap<usize, Vec<Option<Drift>>> = BTreeMap::new();
    for pattern in pool.iter().filter(|pattern| pattern.len() == 1) {
        let Some(item) = pattern.first().and_then(|&id| ground.item(id)) else {
            continue;
        };
        let rows = ground.rows(pattern);
        let over_all = stratified::evidence(&whole.strata(&rows)).excess;
        let strata = blocks.strata(&rows);
        let within = stratified::evidence(&strata).excess;
        let drifts = within < LEFT_MAX * over_all
            && stratified::upper_tail(&strata) > rules.level(ground, pattern);
        let drift = drifts.then_some(Drift {
            feature: item.feature,
            over_all,
            within,
        });
        found.entry(item.feature).or_default().push(drift);
    }
    let most = |one: &Drift, other: &Drift| one.over_all.total_cmp(&other.over_all);
    let mut drifts: Vec<Drift> = found
        .into_values()
        .filter_map(|found| found.into_iter().collect::<Option<Vec<Drift>>>())
        .filter_map(|found| found.into_iter().max_by(most))
        .collect();
    drifts.sort_by(|one, other| most(other, one).then(one.feature.cmp(&other.feature)));
    drifts
}
