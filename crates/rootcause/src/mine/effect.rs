//! How large a cause is: rates, ratios and failures above the rate of everyone else.

use super::bits::Bits;
use super::ground::Ground;
use crate::statistics::{
    Confidence, Dependence, Estimate, FourfoldTable, LogProbability, excess_failures, koopman,
    miettinen_nurminen, q_values, real, wilson,
};
use crate::wire::{Effect, Fixed, Interval};

/// Microseconds of a month of 30.4375 days.
const MONTH: f64 = 30.437_5 * 86_400e6;

/// A p-value with the false discovery rates that go with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Significance {
    pub(crate) p: LogProbability,
    pub(crate) q: LogProbability,
    pub(crate) q_strict: LogProbability,
}

/// Returns the significance of each p-value among all hypotheses looked at.
pub(crate) fn significances(p_values: &[LogProbability], hypotheses: u64) -> Vec<Significance> {
    let q = q_values(p_values, hypotheses, Dependence::Positive);
    let strict = q_values(p_values, hypotheses, Dependence::Arbitrary);
    let all = p_values.iter().zip(q).zip(strict);
    all.map(|((&p, q), q_strict)| Significance { p, q, q_strict })
        .collect()
}

/// Returns the fourfold table of a pattern among some rows.
pub(crate) fn table(ground: &Ground<'_>, scope: &Bits, rows: &Bits) -> Option<FourfoldTable> {
    let mut covered = rows.clone();
    covered.and(scope);
    let count = |rows: &Bits| (rows.count(), rows.count_and(&ground.failed));
    FourfoldTable::within(count(scope), count(&covered))
}

/// Returns the effect of a pattern among some rows; without an adjusted saving its failures above
/// the rate of the others are saved.
pub(crate) fn effect(
    ground: &Ground<'_>,
    (scope, rows): (&Bits, &Bits),
    significance: Significance,
    saved: Option<Estimate>,
) -> Option<Effect> {
    let table = table(ground, scope, rows)?;
    let confidence = Confidence::P95;
    let excess = excess_failures(&table, confidence);
    let saved = saved.or(excess);
    let per_month = months(ground, scope).map(|months| 1.0 / months);
    let share = |part: u64, whole: u64| Fixed::round(real(part) / real(whole.max(1)));
    Some(Effect {
        cases: table.covered(),
        failures: table.failing(),
        rate: rounded(wilson(table.covered(), table.failing(), confidence)),
        other_rate: share(table.others_failing(), table.others()).unwrap_or_default(),
        risk_ratio: rounded(koopman(&table, confidence)),
        risk_difference: rounded(miettinen_nurminen(&table, confidence)),
        excess_failures: rounded(excess),
        share_of_failures: share(table.failing(), table.failures()).unwrap_or_default(),
        excess_cost: excess_cost(ground, scope, rows),
        saved_per_month: rounded(
            saved
                .zip(per_month)
                .map(|(saved, per_month)| saved.scaled(per_month)),
        ),
        log10_p: log10(significance.p),
        log10_q: log10(significance.q),
        log10_q_strict: log10(significance.q_strict),
    })
}

/// Returns an estimate as it is published; nothing where there is none.
pub(crate) fn rounded(estimate: Option<Estimate>) -> Interval {
    estimate.unwrap_or_default().rounded()
}

/// Returns the logarithm to base ten as it is published.
pub(crate) fn log10(p: LogProbability) -> Fixed {
    Fixed::round(p.log10()).unwrap_or_default()
}

/// The months from the first to the last start among rows; none when all start at once.
fn months(ground: &Ground<'_>, scope: &Bits) -> Option<f64> {
    let start = |row: usize| ground.table.start.get(row).copied();
    let first = scope.rows().next().and_then(start)?;
    let last = scope.rows().last().and_then(start)?;
    let span = last.checked_sub(first)?.unsigned_abs();
    (span > 0).then(|| real(span) / MONTH)
}

/// Cost above that of everyone else: what the covered cases cost, less as many at the mean of the
/// others.
fn excess_cost(ground: &Ground<'_>, scope: &Bits, rows: &Bits) -> Option<Fixed> {
    let costs = ground.table.cost.as_ref()?;
    let (mut covered, mut others) = ((0_i128, 0_i128), (0_i128, 0_i128));
    for row in scope.rows() {
        let side = if rows.contains(row) {
            &mut covered
        } else {
            &mut others
        };
        side.0 += 1;
        side.1 += i128::from(costs.get(row).copied().unwrap_or_default());
    }
    if others.0 == 0 {
        return None;
    }
    // Thousandths in, millionths out, rounded towards the lower cost.
    let millionths = 1_000 * (covered.1 * others.0 - covered.0 * others.1);
    let millionths = i64::try_from(millionths.div_euclid(others.0)).ok()?;
    Some(Fixed::from_millionths(millionths))
}
