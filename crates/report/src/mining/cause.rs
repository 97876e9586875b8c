//! One cause in words: how large it is, how strong the evidence, and what speaks against it.
//!
//! Words follow the strength of the evidence. Observed history shows what goes together; only an
//! experiment shows what leads to what, so no sentence here says more than that.

use baton_rootcause::wire::{Adjustment, Cause, Confirmation, Interval, Sensitivity, Strength};

use super::conditions::{Piece, line, pieces};
use super::numbers::{amount, limits, percent, power, ratio, whole};
use crate::words;

/// One cause in reading order.
#[derive(Debug)]
pub(super) struct CauseView<'a> {
    pub(super) cause: &'a Cause,
    /// Its conditions, to be marked.
    pub(super) title: Vec<Piece>,
    /// The strength of the evidence in a few words.
    pub(super) badge: Badge,
    /// Further short marks, such as `reverses after adjusting`.
    pub(super) marks: Vec<&'static str>,
    /// How many fail, against how many of the others.
    pub(super) size: String,
    /// What bringing these cases to the rate of the others would save.
    pub(super) saving: String,
    /// What the evidence is, in a sentence.
    pub(super) evidence: String,
    /// What speaks against it, a sentence each.
    pub(super) doubts: Vec<String>,
    /// The E-value in a sentence.
    pub(super) sensitivity: String,
    /// How often resampling selects it again, in a sentence.
    pub(super) stability: Option<String>,
    /// Other descriptions of the same cases.
    pub(super) aliases: Vec<String>,
    /// Descriptions of nearly the same failures.
    pub(super) near_aliases: Vec<String>,
    /// Measures with their values.
    pub(super) measures: Vec<(&'static str, String)>,
}

/// The strength of the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Badge {
    /// The words.
    pub(super) words: &'static str,
    /// Its place on the scale of three, from 1.
    pub(super) grade: u8,
}

impl Badge {
    /// Returns the badge of a strength.
    pub(super) const fn of(strength: Strength) -> Self {
        let (words, grade) = match strength {
            Strength::Associated => ("associated with failure", 1),
            Strength::Replicated => ("seen again in later cases", 2),
            Strength::Adjusted => ("holds after adjusting", 3),
        };
        Self { words, grade }
    }
}

impl<'a> CauseView<'a> {
    pub(super) fn new(cause: &'a Cause, cost_unit: Option<&str>) -> Self {
        Self {
            cause,
            title: pieces(&cause.conditions),
            badge: Badge::of(cause.strength),
            marks: marks(cause),
            size: size(cause),
            saving: saving(cause),
            evidence: evidence(cause),
            doubts: doubts(cause),
            sensitivity: sensitivity(&cause.sensitivity),
            stability: cause.stability.as_ref().map(|stability| {
                format!(
                    "Of {} resamples of the cases, {} select it again.",
                    whole(u64::from(stability.resamples)),
                    percent(stability.selected)
                )
            }),
            aliases: cause.aliases.iter().map(|alias| line(alias)).collect(),
            near_aliases: near_aliases(cause),
            measures: measures(cause, cost_unit),
        }
    }

    /// Returns the conditions as one line of text.
    pub(super) fn line(&self) -> String {
        line(&self.cause.conditions)
    }
}

fn near_aliases(cause: &Cause) -> Vec<String> {
    let near = cause.near_aliases.iter();
    near.map(|(alias, jaccard)| {
        format!(
            "{} ({} of the failures in common)",
            line(alias),
            percent(*jaccard)
        )
    })
    .collect()
}

fn marks(cause: &Cause) -> Vec<&'static str> {
    let mut marks = Vec::new();
    if let Some(adjustment) = &cause.adjustment {
        if adjustment.simpson {
            marks.push("turns round after adjusting");
        } else if adjustment.confounded {
            marks.push("changes after adjusting");
        }
        if adjustment.heterogeneous {
            marks.push("differs between groups");
        }
    }
    match cause.confirmation {
        Confirmation::Replicated => {}
        Confirmation::Weaker => marks.push("weaker in later cases"),
        Confirmation::Gone => marks.push("not seen in later cases"),
        Confirmation::Untested => marks.push("no later cases to check"),
    }
    if !cause.modifiable {
        marks.push("not marked as changeable");
    }
    marks
}

fn size(cause: &Cause) -> String {
    let effect = &cause.effect;
    let fail = format!(
        "{} of {} such cases fail ({}), against {} of all others",
        whole(effect.failures),
        whole(effect.cases),
        effect.rate.value.map_or_else(String::new, percent),
        percent(effect.other_rate),
    );
    match times(&effect.risk_ratio) {
        Some(times) => format!("{fail}: {times}."),
        None => format!("{fail}."),
    }
}

/// Returns `2.00 times as often (1.90 to 2.10)`.
fn times(interval: &Interval) -> Option<String> {
    let value = interval.value?;
    Some(match limits(interval, ratio) {
        Some(limits) => format!("{} times as often ({limits})", ratio(value)),
        None => format!("{} times as often", ratio(value)),
    })
}

fn saving(cause: &Cause) -> String {
    let saved = &cause.effect.saved_per_month;
    let Some(value) = saved.value else {
        return "What fixing it would save can't be told from these cases.".to_owned();
    };
    if value.millionths() <= 0 {
        return "Taken alone these cases fail no more often than the others: what they share matters only beside the causes before it.".to_owned();
    }
    let range = limits(saved, amount).map_or_else(String::new, |limits| format!(" ({limits})"));
    format!(
        "If these cases failed as rarely as the others, about {} failures a month would be saved{range}.",
        amount(value)
    )
}

fn evidence(cause: &Cause) -> String {
    let later = match cause.confirmation {
        Confirmation::Replicated => "Seen again in later cases",
        Confirmation::Weaker => {
            "Associated with failure; later cases point the same way, too weakly to count as seen again"
        }
        Confirmation::Gone => {
            "Associated with failure in the earlier cases; in later cases nothing of it is left"
        }
        Confirmation::Untested => {
            "Associated with failure; there are too few later cases to see whether it comes again"
        }
    };
    let Some(adjustment) = &cause.adjustment else {
        return format!("{later}. No other driver was found to adjust for.");
    };
    let drivers = words::list(&adjustment.drivers);
    if cause.strength == Strength::Adjusted {
        let left = times(&adjustment.risk_ratio);
        let left = left.map_or_else(String::new, |left| format!(": then {left}"));
        return format!("{later}, and holds after adjusting for {drivers}{left}.");
    }
    match times(&adjustment.risk_ratio) {
        Some(left) => format!("{later}. After adjusting for {drivers}: {left}."),
        None => format!("{later}. Adjusting for {drivers} leaves no ratio to report."),
    }
}

fn doubts(cause: &Cause) -> Vec<String> {
    let mut doubts = Vec::new();
    if let Some(adjustment) = &cause.adjustment {
        doubts.extend(doubts_of(cause, adjustment));
    }
    if cause.adjustment.is_some() && cause.confirmation == Confirmation::Gone {
        doubts.push(
            "Later cases do not show it, so whatever it was may be over. Watch it before you act on it."
                .to_owned(),
        );
    }
    doubts
}

fn doubts_of(cause: &Cause, adjustment: &Adjustment) -> Vec<String> {
    let drivers = words::list(&adjustment.drivers);
    let ratios = cause
        .effect
        .risk_ratio
        .value
        .zip(adjustment.risk_ratio.value);
    let moved = ratios.map_or_else(String::new, |(crude, adjusted)| {
        format!(
            " (from {} to {} times as often)",
            ratio(crude),
            ratio(adjusted)
        )
    });
    let mut doubts = Vec::new();
    if adjustment.simpson {
        doubts.push(format!(
            "Within groups that have {drivers} in common the direction turns round{moved}. Taken alone this cause misleads: look at the groups below."
        ));
    } else if adjustment.confounded {
        doubts.push(format!(
            "A good part of the difference goes together with {drivers}{moved}. Changing this alone would save less than it seems."
        ));
    }
    if adjustment.heterogeneous {
        let p = adjustment
            .log10_heterogeneity
            .map_or_else(String::new, |log10| {
                format!(" (Breslow–Day p = {})", power(log10))
            });
        doubts.push(format!(
            "It matters more in some groups than in others{p}: read the groups below rather than one number."
        ));
    }
    doubts
}

fn sensitivity(sensitivity: &Sensitivity) -> String {
    let (value, limit) = (sensitivity.e_value, sensitivity.e_value_of_limit);
    let sentence = if limit.millionths() <= 1_000_000 {
        "The interval reaches “no difference”, so even a weak driver that nobody measured could explain this away".to_owned()
    } else {
        format!(
            "To explain this away, something nobody measured would have to go with both these conditions and failure at {} times each or more, {} times to reach the interval's edge (E-value)",
            ratio(value),
            ratio(limit)
        )
    };
    match &sensitivity.strongest_driver {
        Some((driver, strength)) => format!(
            "{sentence}; the strongest driver that was measured, {driver}, reaches {} times.",
            ratio(*strength)
        ),
        None => format!("{sentence}."),
    }
}

fn measures(cause: &Cause, cost_unit: Option<&str>) -> Vec<(&'static str, String)> {
    let effect = &cause.effect;
    let value = |interval: &Interval, write: fn(baton_rootcause::wire::Fixed) -> String| {
        let value = interval
            .value
            .map_or_else(|| "not defined".to_owned(), write);
        match limits(interval, write) {
            Some(limits) => format!("{value} ({limits})"),
            None => value,
        }
    };
    let mut measures = vec![
        ("Failure rate here", value(&effect.rate, percent)),
        ("Everywhere else", percent(effect.other_rate)),
        ("Risk ratio", value(&effect.risk_ratio, ratio)),
        ("Risk difference", value(&effect.risk_difference, percent)),
        (
            "Failures above the others' rate",
            value(&effect.excess_failures, amount),
        ),
        ("Share of all failures", percent(effect.share_of_failures)),
        ("Failures no earlier cause explains", whole(cause.explains)),
    ];
    if let (Some(cost), Some(unit)) = (effect.excess_cost, cost_unit) {
        measures.push(("Cost above the others'", format!("{} {unit}", amount(cost))));
    }
    measures.push(("p-value, exact", power(effect.log10_p)));
    measures.push((
        "q-value",
        format!(
            "{}, strict {}",
            power(effect.log10_q),
            power(effect.log10_q_strict)
        ),
    ));
    if let Some(later) = &cause.later {
        let (failures, cases) = (whole(later.failures), whole(later.cases));
        let rate = later.rate.value.map_or_else(String::new, percent);
        let others = percent(later.other_rate);
        measures.push((
            "Later cases alone",
            format!("{failures} of {cases} fail ({rate}), against {others} of the others"),
        ));
    }
    measures
}
