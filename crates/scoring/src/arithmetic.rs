//! The arithmetic of scores, risk and posture: pure, integers only, every division a floor.

use baton_contract::model::Thresholds;
use baton_terms::BasisPoints;

use crate::wire::{Posture, Rule};

/// A share with its weight: a clause in its dimension, or a dimension in the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighted {
    /// Weight, from 1.
    pub weight: u64,
    /// Share.
    pub value: BasisPoints,
}

/// What decides a posture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Overall score; absent when no dimension is known.
    pub score: Option<BasisPoints>,
    /// Risk.
    pub risk: BasisPoints,
    /// Dimensions without an applicable clause.
    pub dimensions_unknown: usize,
    /// Gates that stand in the way.
    pub gates_open: usize,
}

/// Returns `floor(sum(weight * value) / sum(weight))`, or nothing when nothing is weighed.
pub fn weighted_mean(parts: impl IntoIterator<Item = Weighted>) -> Option<BasisPoints> {
    let (mut sum, mut total) = (0_u64, 0_u64);
    for part in parts {
        sum += part.weight * part.value.get();
        total += part.weight;
    }
    sum.checked_div(total).map(BasisPoints::saturating)
}

/// Returns the risk of these points: their sum, at most 10000.
pub fn risk(points: impl IntoIterator<Item = u64>) -> BasisPoints {
    BasisPoints::saturating(points.into_iter().fold(0, u64::saturating_add))
}

/// Returns the rules of the posture that compare numbers and hold, with number and limit.
pub fn rules_broken(
    standing: &Standing,
    thresholds: &Thresholds,
) -> Vec<(Rule, BasisPoints, BasisPoints)> {
    let at_least = |limit| (standing.risk >= limit).then_some((standing.risk, limit));
    let below = |limit| {
        let score = standing.score.filter(|score| *score < limit)?;
        Some((score, limit))
    };
    [
        (Rule::RiskAtCritical, at_least(thresholds.critical_risk)),
        (Rule::ScoreBelowReviewMin, below(thresholds.review_min)),
        (Rule::RiskAtReview, at_least(thresholds.review_risk)),
        (Rule::ScoreBelowReadyMin, below(thresholds.ready_min)),
    ]
    .into_iter()
    .filter_map(|(rule, held)| held.map(|(found, limit)| (rule, found, limit)))
    .collect()
}

/// Returns the posture of a standing.
pub fn posture(standing: &Standing, thresholds: &Thresholds) -> Posture {
    let by_numbers = rules_broken(standing, thresholds)
        .into_iter()
        .map(|(rule, ..)| rule.posture())
        .max()
        .unwrap_or(Posture::Ready);
    let needs_review =
        standing.score.is_none() || standing.dimensions_unknown > 0 || standing.gates_open > 0;
    if needs_review {
        by_numbers.max(Posture::Review)
    } else {
        by_numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(value: i64) -> BasisPoints {
        BasisPoints::new(value).unwrap()
    }

    fn mean(parts: &[(u64, i64)]) -> Option<u64> {
        let weigh = |&(weight, value)| Weighted {
            weight,
            value: points(value),
        };
        weighted_mean(parts.iter().map(weigh)).map(BasisPoints::get)
    }

    // spec: SCORING-21
    #[test]
    fn means_are_floored_and_nothing_has_none() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[(1, 10_000), (2, 0)]), Some(3333));
        assert_eq!(mean(&[(1, 0), (2, 10_000)]), Some(6666));
        assert_eq!(mean(&[(100, 10_000); 500]), Some(10_000));
        assert_eq!(mean(&[(3, 1), (4, 0)]), Some(0));
    }

    // spec: SCORING-23
    #[test]
    fn risk_is_capped() {
        assert_eq!(risk([2500, 500, 4500]).get(), 7500);
        assert_eq!(risk([10_000; 500]).get(), 10_000);
        assert_eq!(risk([]).get(), 0);
        assert_eq!(risk([u64::MAX, 1]).get(), 10_000);
    }

    // spec: SCORING-25
    #[test]
    fn postures_change_exactly_at_their_thresholds() {
        let thresholds = Thresholds::default();
        let check = |score: Option<i64>, risk: i64, unknown_and_open: (usize, usize)| {
            let standing = Standing {
                score: score.map(points),
                risk: points(risk),
                dimensions_unknown: unknown_and_open.0,
                gates_open: unknown_and_open.1,
            };
            posture(&standing, &thresholds)
        };
        let none = (0, 0);
        for (score, risk, others, expected) in [
            (Some(10_000), 0, none, Posture::Ready),
            (Some(7400), 6199, none, Posture::Ready),
            (Some(7399), 0, none, Posture::Review),
            (Some(10_000), 6200, none, Posture::Review),
            (Some(5400), 8099, none, Posture::Review),
            (Some(5399), 0, none, Posture::Critical),
            (Some(10_000), 8100, none, Posture::Critical),
            (Some(10_000), 0, (1, 0), Posture::Review),
            (Some(10_000), 0, (0, 1), Posture::Review),
            (Some(0), 0, (1, 1), Posture::Critical),
            (None, 0, none, Posture::Review),
            (None, 8100, none, Posture::Critical),
        ] {
            assert_eq!(
                check(score, risk, others),
                expected,
                "{score:?} {risk} {others:?}"
            );
        }
    }
}
