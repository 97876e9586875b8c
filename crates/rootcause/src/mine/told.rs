//! What goes with failure and is no cause, as the report holds it: the other side of what covers most
//! cases, and what drifts.

use baton_eventlog::cases::CaseTable;

use super::confirm::Confirmed;
use super::cover::{Chosen, Side};
use super::drift::Drift;
use super::effect::{rounded, table};
use super::ground::Ground;
use crate::statistics::{Confidence, real, wilson};
use crate::wire::{self, FewerFailures, Fixed};

/// What is told beside the causes.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Cases that fail less often.
    pub(crate) fewer: Vec<FewerFailures>,
    /// Features that drift.
    pub(crate) drift: Vec<wire::Drift>,
}

/// Returns the cases outside a pattern, which covers most: they fail less often.
pub(crate) fn fewer(
    ground: &Ground<'_>,
    one: &Chosen,
    confirmed: Confirmed,
) -> Option<FewerFailures> {
    let item = ground.items(&one.pattern).into_iter().next()?;
    let table = table(ground, &ground.all(), &one.rows)?;
    Some(FewerFailures {
        condition: item.condition(ground.table),
        cases: table.others(),
        failures: table.others_failing(),
        rate: rounded(wilson(
            table.others(),
            table.others_failing(),
            Confidence::P95,
        )),
        other_rate: Fixed::round(real(table.failing()) / real(table.covered().max(1)))?,
        confirmation: confirmed.verdict,
    })
}

/// Returns the features that drift and are no part of a cause: what holds among cases of the same
/// time together with other conditions says more than when.
pub(crate) fn drift(
    ground: &Ground<'_>,
    drifting: &[Drift],
    chosen: &[Chosen],
) -> Vec<wire::Drift> {
    let named = |feature: usize| {
        let causes = chosen.iter().filter(|one| one.side == Side::Covered);
        let mut items = causes.flat_map(|one| ground.items(&one.pattern));
        items.any(|item| item.feature == feature)
    };
    let drifting = drifting.iter().filter(|drift| !named(drift.feature));
    drifting
        .filter_map(|drift| said(ground.table, drift))
        .collect()
}

fn said(table: &CaseTable, drift: &Drift) -> Option<wire::Drift> {
    Some(wire::Drift {
        feature: table.features.get(drift.feature)?.name.to_string(),
        over_all: Fixed::round(drift.over_all)?,
        within: Fixed::round(drift.within.max(0.0))?,
    })
}
