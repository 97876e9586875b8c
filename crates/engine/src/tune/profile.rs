//! What a check found, without the numbers that are tuned: the same findings scored again under other
//! weights and thresholds, by the same arithmetic.

use std::collections::BTreeMap;

use baton_contract::model::Thresholds;
use baton_scoring::arithmetic::{Standing, Weighted, posture, risk, weighted_mean};
use baton_scoring::wire::Posture;
use baton_scoring::{Assessment, CheckedContract};
use baton_terms::BasisPoints;
use rayon::prelude::*;

use super::split::{Case, Split};
use crate::backtest::{How, Packages, assessed};

/// Cases looked at in one go.
const BLOCK: usize = 256;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Profile {
    /// Value of each clause that applies, in canonical order.
    values: Vec<Option<BasisPoints>>,
    /// Risk points, whatever they come from.
    points: u64,
    gates_open: usize,
}

impl Profile {
    fn of(assessment: &Assessment<'_>) -> Self {
        let findings = assessment.findings.iter();
        let points = assessment.risk_terms.iter().map(|term| term.points);
        Self {
            values: findings
                .map(|finding| finding.state.is_applicable().then_some(finding.value))
                .collect(),
            points: points.fold(0, u64::saturating_add),
            gates_open: assessment
                .gates
                .iter()
                .filter(|gate| gate.state.is_open())
                .count(),
        }
    }
}

/// The numbers that are tuned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) thresholds: Thresholds,
    /// Weight of each clause in canonical order.
    pub(super) weights: Vec<u64>,
}

/// The dimensions of a contract: weights, and the clauses of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dimensions(Vec<(u64, Vec<usize>)>);

impl Dimensions {
    pub(super) fn of(contract: &CheckedContract) -> Self {
        let dimensions = contract.contract().dimensions.iter();
        Self(
            dimensions
                .map(|dimension| {
                    let clauses = contract.clauses().enumerate();
                    let own = clauses.filter(|(_, clause)| clause.dimension == dimension.id);
                    let places = own.map(|(place, _)| place).collect();
                    (u64::from(dimension.weight), places)
                })
                .collect(),
        )
    }

    /// Returns whether a package of such findings is held up.
    pub(super) fn holds_up(&self, profile: &Profile, numbers: &Numbers) -> bool {
        let mut unknown = 0_usize;
        let mut means = Vec::with_capacity(self.0.len());
        for (weight, clauses) in &self.0 {
            let parts = clauses.iter().filter_map(|place| {
                Some(Weighted {
                    weight: *numbers.weights.get(*place)?,
                    value: (*profile.values.get(*place)?)?,
                })
            });
            match weighted_mean(parts) {
                Some(value) => means.push(Weighted {
                    weight: *weight,
                    value,
                }),
                None => unknown += 1,
            }
        }
        let standing = Standing {
            score: weighted_mean(means),
            risk: risk([profile.points]),
            dimensions_unknown: unknown,
            gates_open: profile.gates_open,
        };
        posture(&standing, &numbers.thresholds) != Posture::Ready
    }
}

/// Cases with the same findings: how many failed and went well, earlier and later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ends {
    pub(super) earlier: (u64, u64),
    pub(super) later: (u64, u64),
}

/// All cases, those with the same findings as one.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    /// Every distinct profile; none stands for a package that cannot be read, which is always held up.
    pub(super) distinct: Vec<Option<Profile>>,
    /// By the profiles of their packages.
    pub(super) cases: BTreeMap<Vec<usize>, Ends>,
}

impl Profiles {
    /// Checks all cases.
    pub(super) fn of(
        (packages, cases): (&dyn Packages, &[Case]),
        (contract, how): (&CheckedContract, How<'_>),
        split: &Split,
    ) -> Self {
        let blocks: Vec<Vec<Vec<Option<Profile>>>> = cases
            .par_chunks(BLOCK)
            .map(|block| {
                let of_case = |case: &Case| {
                    let mut found: Vec<Option<Profile>> = Vec::new();
                    for place in &case.places {
                        packages.read(*place, &mut |given| {
                            let given = given.ok();
                            found.push(
                                given.map(|given| assessed(contract, given, how, Profile::of)),
                            );
                        });
                    }
                    found.sort();
                    found.dedup();
                    found
                };
                block.iter().map(of_case).collect()
            })
            .collect();
        let mut known: BTreeMap<Option<Profile>, usize> = BTreeMap::new();
        let mut all = Self::default();
        for (case, profiles) in cases.iter().zip(blocks.into_iter().flatten()) {
            let mut places: Vec<usize> = Vec::with_capacity(profiles.len());
            for profile in profiles {
                let next = known.len();
                let place = *known.entry(profile).or_insert(next);
                places.push(place);
            }
            places.sort_unstable();
            let ends = all.cases.entry(places).or_default();
            let side = if case.at < split.later_from {
                &mut ends.earlier
            } else {
                &mut ends.later
            };
            side.0 += u64::from(case.failed);
            side.1 += u64::from(!case.failed);
        }
        let mut distinct: Vec<(usize, Option<Profile>)> = known
            .into_iter()
            .map(|(profile, place)| (place, profile))
            .collect();
        distinct.sort_by_key(|(place, _)| *place);
        all.distinct = distinct.into_iter().map(|(_, profile)| profile).collect();
        all
    }

    /// Returns which profiles are held up.
    pub(super) fn held(&self, dimensions: &Dimensions, numbers: &Numbers) -> Vec<bool> {
        let held = |profile: &Option<Profile>| match profile {
            Some(profile) => dimensions.holds_up(profile, numbers),
            None => true,
        };
        self.distinct.iter().map(held).collect()
    }
}
