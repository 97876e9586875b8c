//! How each clause does, and which may go.

use baton_contract::model::{Check, Severity};
use baton_report::backtest::{Answer, Backtest, ClauseLine};
use baton_report::tuning::{Quality, Retirement};
use baton_rootcause::statistics::{Confidence, clopper_pearson};
use baton_rootcause::wire::Fixed;
use baton_scoring::CheckedContract;

/// A clause that never failed may go when its failing share is at most this, in millionths.
const DEAD_SHARE: i64 = 10_000;
/// A clause that fails without predicting may go when its ratio is at most this, in millionths.
const IDLE_RATIO: i64 = 1_100_000;

/// Returns how each clause does over all packages.
pub(super) fn qualities(all: &Backtest) -> Vec<Quality> {
    all.clauses.iter().map(quality).collect()
}

fn quality(line: &ClauseLine) -> Quality {
    let counts = &line.after;
    let unmet = counts.failed.saturating_add(counts.unknown);
    let applied = counts.met.saturating_add(unmet);
    let share = clopper_pearson(applied, unmet, Confidence::P95);
    Quality {
        clause: line.id.clone(),
        severity: line.severity.clone(),
        applied,
        unmet,
        waived: line.waived,
        unmet_share: share.unwrap_or_default().rounded(),
        flagged: line.flagged,
        rate: line.rate,
        other_rate: line.other_rate,
        adjusted_risk_ratio: line.adjusted_risk_ratio,
        answer: line.answer,
    }
}

/// Returns the clauses that may go. One that guards what must never happen stays whatever it predicts.
pub(super) fn retirements(
    contract: &CheckedContract,
    qualities: &[Quality],
    later: &Backtest,
) -> Vec<Retirement> {
    let mut retire = Vec::new();
    for (clause, quality) in contract.clauses().zip(qualities) {
        let is_guard =
            clause.severity == Severity::Blocker || matches!(clause.check, Check::BuiltIn(_));
        if is_guard {
            continue;
        }
        let mut later = later.clauses.iter();
        let again = later.find(|line| line.id == quality.clause);
        if let Some(because) = dead(quality).or_else(|| idle(quality, again)) {
            retire.push(Retirement {
                clause: quality.clause.clone(),
                because,
            });
        }
    }
    retire
}

fn dead(quality: &Quality) -> Option<String> {
    let most = quality.unmet_share.high?;
    let is_dead = quality.unmet == 0 && quality.waived == 0 && most.millionths() <= DEAD_SHARE;
    is_dead.then(|| {
        format!(
            "all {} packages met it; the share that does not is at most {} by the exact 95% limit",
            quality.applied,
            in_percent(most)
        )
    })
}

fn idle(quality: &Quality, later: Option<&ClauseLine>) -> Option<String> {
    let high = quality.adjusted_risk_ratio.high?;
    let again = later?.adjusted_risk_ratio.value?;
    let is_idle = !matches!(quality.answer, Answer::TooFew | Answer::Catches)
        && high.millionths() <= IDLE_RATIO
        && again.millionths() <= IDLE_RATIO;
    is_idle.then(|| {
        "cases that do not meet it fail as often as others with as many packages, earlier and later; it may have other reasons than this outcome"
            .to_owned()
    })
}

/// Returns a share in percent with two decimal digits, rounded up.
fn in_percent(share: Fixed) -> String {
    let hundredths = share.millionths().max(0).unsigned_abs().div_ceil(100);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
