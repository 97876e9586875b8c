//! What goes with failure and is no cause, in words: the other side of what covers most cases, and
//! what drifts.

use baton_eventlog::cases::CaseTable;

use super::confirm::Confirmed;
use super::cover::Chosen;
use super::drift::Drift;
use super::effect::table;
use super::ground::Ground;
use crate::statistics::real;
use crate::wire::{Caution, Condition, Confirmation};

/// Features named at most.
const NAMED_MAX: usize = 8;

/// Returns that the cases outside a pattern, which covers most, fail less often.
pub(crate) fn fewer(ground: &Ground<'_>, one: &Chosen, confirmed: Confirmed) -> Option<Caution> {
    let item = ground.items(&one.pattern).into_iter().next()?.clone();
    let table = table(ground, &ground.all(), &one.rows)?;
    let percent = |failures: u64, cases: u64| 100.0 * real(failures) / real(cases.max(1));
    let later = match confirmed.verdict {
        Confirmation::Replicated => "Later cases show it again.",
        Confirmation::Weaker | Confirmation::Gone => "Later cases do not show it clearly.",
        Confirmation::Untested => "There are too few later cases to say whether it holds.",
    };
    let text = format!(
        "{} fail less often: {} of {} ({:.1}%), and of all others {:.1}%. The others are most \
         cases, so this is said from its smaller side and is no cause. {later}",
        others(&item.condition(ground.table)),
        table.others_failing(),
        table.others(),
        percent(table.others_failing(), table.others()),
        percent(table.failing(), table.covered()),
    );
    Some(Caution {
        kind: "fewer-failures".to_owned(),
        text,
    })
}

/// The cases for which a condition does not hold.
fn others(condition: &Condition) -> String {
    match condition {
        Condition::Is { feature, value } => {
            format!("Cases with another `{feature}` than \u{201c}{value}\u{201d}")
        }
        Condition::In { feature, values } => {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("\u{201c}{value}\u{201d}"))
                .collect();
            format!(
                "Cases with another `{feature}` than {}",
                values.join(" or ")
            )
        }
        Condition::Missing { feature } => format!("Cases with a value of `{feature}`"),
        Condition::Present { feature } => format!("Cases without `{feature}`"),
        Condition::Absent { feature } => format!("Cases with `{feature}`"),
        Condition::Between {
            feature,
            low,
            high,
            unit,
        } => {
            let unit = match unit.as_deref() {
                Some("seconds") => " seconds",
                _ => "",
            };
            let limit = |limit: &crate::wire::Fixed| format!("{}{unit}", limit.to_f64());
            match (low, high) {
                (Some(low), Some(high)) => format!(
                    "Cases with no `{feature}` from {} to under {}",
                    limit(low),
                    limit(high)
                ),
                (Some(low), None) => format!("Cases with no `{feature}` from {} on", limit(low)),
                (None, Some(high)) => format!("Cases with no `{feature}` under {}", limit(high)),
                (None, None) => format!("Cases without a value of `{feature}`"),
            }
        }
    }
}

/// Returns which features are set aside as drift; nothing when none are.
pub(crate) fn drift(table: &CaseTable, drifting: &[Drift]) -> Option<Caution> {
    let mut named: Vec<String> = drifting
        .iter()
        .take(NAMED_MAX)
        .filter_map(|drift| {
            let feature = table.features.get(drift.feature)?;
            Some(format!(
                "`{}` (over all {:.0} failures above the rate of the others, among cases of the \
                 same time {:.0})",
                feature.name,
                drift.over_all,
                drift.within.max(0.0)
            ))
        })
        .collect();
    let more = drifting.len().saturating_sub(NAMED_MAX);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    (!named.is_empty()).then(|| Caution {
        kind: "drift".to_owned(),
        text: format!(
            "Set aside as drift, for they change over time as the failure rate does, and say when \
             rather than why: {}.",
            named.join(", ")
        ),
    })
}
