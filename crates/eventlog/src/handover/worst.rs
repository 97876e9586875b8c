//! Which edges deserve a look first.

use super::map::{Edge, Map};
use crate::blameless::{CASES_MIN, SMALL_GROUPS};

/// Returns the edges between named parties that have most failures above the rate of what the
/// sender handed to others, or, without an outcome, those given straight back most often; the worst
/// first, without those that are no worse.
///
/// It is an order to look at, and no test: too few cases on either side are left out, chance is not.
pub fn worst(map: &Map) -> Vec<&Edge> {
    let is_named = |edge: &&Edge| edge.from != SMALL_GROUPS && edge.to != SMALL_GROUPS;
    let mut worst: Vec<(u64, &Edge)> = map
        .edges
        .iter()
        .filter(is_named)
        .filter_map(|edge| Some((badness(edge)?, edge)))
        .filter(|(badness, _)| *badness > 0)
        .collect();
    worst.sort_by(|(a, one), (b, other)| {
        b.cmp(a)
            .then_with(|| (&one.from, &one.to).cmp(&(&other.from, &other.to)))
    });
    worst.into_iter().map(|(_, edge)| edge).collect()
}

/// Returns thousandths of failures in excess, or of handovers that came back.
fn badness(edge: &Edge) -> Option<u64> {
    let Some(split) = edge.failures else {
        let is_enough = edge.handovers >= CASES_MIN;
        return is_enough.then_some(edge.returned * 1_000);
    };
    if split.with.cases < CASES_MIN || split.without.cases < CASES_MIN {
        return None;
    }
    let (cases, others) = (u128::from(split.with.cases), split.without);
    let expected = (cases * u128::from(others.failures) * 1_000)
        .checked_div(u128::from(others.cases))
        .unwrap_or(0);
    let excess = (u128::from(split.with.failures) * 1_000).saturating_sub(expected);
    u64::try_from(excess).ok()
}
