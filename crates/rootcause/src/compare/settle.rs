//! From counts in two windows to what became of each cause, with one error rate over all tests.

use super::comparison::{Became, CauseChange, Size};
use super::interaction::unequal_odds;
use crate::statistics::{FourfoldTable, Hypergeometric, LogProbability, real};
use crate::wire::{Condition, Fixed};

/// Cases and failures.
pub(super) type Counts = (u64, u64);

/// A cause on its way to an answer.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) conditions: Vec<Condition>,
    pub(super) rank_before: Option<u32>,
    pub(super) rank_after: Option<u32>,
    pub(super) before: Option<Counts>,
    pub(super) after: Option<Counts>,
}

/// Returns what became of the causes, the clearest changes first.
///
/// Every cause that both windows know is tested once. A cause that only one window names counts as
/// appeared or vanished when the test agrees, or when the other window can't be counted.
pub(super) fn settled(
    causes: Vec<Known>,
    all: (Counts, Counts),
    alpha: f64,
) -> (Vec<CauseChange>, u64) {
    let mut tested: Vec<(Option<LogProbability>, Known)> = causes
        .into_iter()
        .map(|cause| (p_value(&cause, all), cause))
        .collect();
    tested.sort_by(|(one, a), (other, b)| {
        let ln = |p: &Option<LogProbability>| p.map_or(0.0, LogProbability::ln);
        let by_p = ln(one).total_cmp(&ln(other));
        by_p.then_with(|| a.conditions.cmp(&b.conditions))
    });
    let tests = tested.iter().filter(|(p, _)| p.is_some()).count();
    let tests = u64::try_from(tests).unwrap_or(u64::MAX);
    let mut left = tests;
    let mut corrected = f64::NEG_INFINITY;
    let changes = tested
        .into_iter()
        .map(|(p, cause)| {
            // Holm's step-down: the smallest counts for all tests, the next for one fewer.
            let ln_p = p.map(|p| {
                corrected = (p.ln() + libm::log(real(left.max(1))))
                    .min(0.0)
                    .max(corrected);
                left = left.saturating_sub(1);
                corrected
            });
            let became = became(&cause, all, ln_p.map(|ln_p| ln_p <= libm::log(alpha)));
            CauseChange {
                became,
                rank_before: cause.rank_before,
                rank_after: cause.rank_after,
                before: cause.before.map(|counts| size(counts, all.0)),
                after: cause.after.map(|counts| size(counts, all.1)),
                log10_p: ln_p.and_then(|ln_p| Fixed::round(ln_p / std::f64::consts::LN_10)),
                conditions: cause.conditions,
            }
        })
        .collect();
    (changes, tests)
}

fn p_value(cause: &Known, all: (Counts, Counts)) -> Option<LogProbability> {
    let before = FourfoldTable::within(all.0, cause.before?)?;
    let after = FourfoldTable::within(all.1, cause.after?)?;
    unequal_odds(&before, &after)
}

fn became(cause: &Known, all: (Counts, Counts), is_clear: Option<bool>) -> Became {
    let named = (cause.rank_before.is_some(), cause.rank_after.is_some());
    match (is_clear, named) {
        (None, (false, true)) => Became::Appeared,
        (None, (true, false)) => Became::Vanished,
        (None | Some(false), _) => Became::Steady,
        (Some(true), named) => {
            let odds = |counts: Option<Counts>, all: Counts| ln_odds_ratio(counts?, all);
            let grew = match (odds(cause.before, all.0), odds(cause.after, all.1)) {
                (Some(before), Some(after)) => after > before,
                _ => false,
            };
            match (grew, named) {
                (true, (false, true)) => Became::Appeared,
                (true, _) => Became::Grew,
                (false, (true, false)) => Became::Vanished,
                (false, _) => Became::Shrank,
            }
        }
    }
}

/// Returns ln of the odds ratio of a pattern against all other cases, half a case added to each
/// count (Haldane 1956), so that it always is a number.
fn ln_odds_ratio(counts: Counts, all: Counts) -> Option<f64> {
    let others = (all.0.checked_sub(counts.0)?, all.1.checked_sub(counts.1)?);
    let odds = |(cases, failures): Counts| {
        let fine = cases.saturating_sub(failures);
        libm::log((real(failures) + 0.5) / (real(fine) + 0.5))
    };
    Some(odds(counts) - odds(others))
}

fn size(counts: Counts, all: Counts) -> Size {
    let others = (
        real(all.0.saturating_sub(counts.0)),
        real(all.1.saturating_sub(counts.1)),
    );
    let (cases, failures) = (real(counts.0), real(counts.1));
    let other_rate = if others.0 > 0.0 {
        others.1 / others.0
    } else {
        0.0
    };
    Size {
        cases: counts.0,
        failures: counts.1,
        excess: Fixed::round(failures - cases * other_rate).unwrap_or_default(),
        risk_ratio: Fixed::round(failures / cases / other_rate),
    }
}

/// Returns log10 of Fisher's exact two-sided p-value of unequal rates.
pub(super) fn rates_differ(before: Counts, after: Counts) -> Option<Fixed> {
    let cases = before.0.checked_add(after.0)?;
    let test = Hypergeometric::new(cases, before.1.checked_add(after.1)?)?;
    Fixed::round(test.two_sided(after.0, after.1)?.log10())
}
