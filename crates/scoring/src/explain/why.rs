//! Why a posture: every rule with its numbers, whether it held or not.

use baton_contract::model::Thresholds;
use baton_terms::BasisPoints;
use serde::Serialize;

use crate::wire::{Posture, Rule, Scorecard};

/// One rule of the posture, held against a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCheck {
    /// The rule.
    pub rule: Rule,
    /// Whether it keeps the posture from being `ready`.
    pub applies: bool,
    /// The posture it leads to.
    pub posture: Posture,
    /// Dimensions or gates that make it apply.
    pub subjects: Vec<String>,
    /// The number compared, when there is one.
    pub found: Option<BasisPoints>,
    /// The limit it is compared with.
    pub limit: Option<BasisPoints>,
}

/// Returns every rule of the posture, worst first.
pub fn why(scorecard: &Scorecard<'_>, thresholds: &Thresholds) -> Vec<RuleCheck> {
    let numbers = [
        (
            Rule::RiskAtCritical,
            Some(scorecard.risk),
            Some(thresholds.critical_risk),
        ),
        (
            Rule::ScoreBelowReviewMin,
            scorecard.score,
            Some(thresholds.review_min),
        ),
        (
            Rule::RiskAtReview,
            Some(scorecard.risk),
            Some(thresholds.review_risk),
        ),
        (
            Rule::ScoreBelowReadyMin,
            scorecard.score,
            Some(thresholds.ready_min),
        ),
        (Rule::NothingChecked, None, None),
        (Rule::DimensionUnknown, None, None),
        (Rule::GateOpen, None, None),
    ];
    let check = |(rule, found, limit)| {
        let causes = || scorecard.causes.iter().filter(|cause| cause.rule == rule);
        RuleCheck {
            rule,
            applies: causes().next().is_some(),
            posture: rule.posture(),
            subjects: causes()
                .filter_map(|cause| Some(cause.subject.as_ref()?.to_string()))
                .collect(),
            found,
            limit,
        }
    };
    numbers.into_iter().map(check).collect()
}
