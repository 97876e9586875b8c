//! What is said of a tuning, in words that every rendering shares.

use baton_rootcause::wire::Interval;

use super::model::{Moved, Proposed, Quality, Tuning};
use crate::backtest::{Answer, Tally};
use crate::mining::numbers::{limits, percent, ratio, whole};

/// Returns what it comes to.
pub(super) fn headline(tuning: &Tuning) -> String {
    let changes = match tuning.recommended.len() {
        0 => "no change is recommended".to_owned(),
        1 => "one change is recommended".to_owned(),
        many => format!("{many} changes are recommended"),
    };
    let retire = match tuning.retire.len() {
        0 => "no clause".to_owned(),
        1 => "one clause".to_owned(),
        many => format!("{many} clauses"),
    };
    format!(
        "{} {}: {changes}, {retire} may go",
        tuning.contract, tuning.version
    )
}

/// Returns what was looked at, and what follows from it, a sentence or two each.
pub(super) fn about(tuning: &Tuning) -> [String; 2] {
    let part = |tally: &Tally| {
        let known = tally.failed.saturating_add(tally.fine);
        format!("{} of {} cases failed", whole(tally.failed), whole(known))
    };
    [
        format!(
            "“{}”: before {} {}; from then on {}. What the earlier cases suggest counts when the later ones confirm it.",
            tuning.outcome.name,
            tuning.later_from,
            part(&tuning.earlier),
            part(&tuning.later),
        ),
        "Nothing is applied: each change is one number, tried alone; hold it against the past with `baton backtest` and roll it out.".to_owned(),
    ]
}

/// Returns the lists of it, each under its title.
pub(super) fn parts(tuning: &Tuning) -> Vec<(&'static str, Vec<String>)> {
    let list = |lines: Vec<String>| {
        if lines.is_empty() {
            vec!["None.".to_owned()]
        } else {
            lines
        }
    };
    let retire = tuning.retire.iter();
    vec![
        (
            "Recommended",
            list(tuning.recommended.iter().map(proposed).collect()),
        ),
        (
            "Suggested, and not confirmed",
            list(tuning.unconfirmed.iter().map(proposed).collect()),
        ),
        (
            "Clauses that may go",
            list(
                retire
                    .map(|one| format!("{}: {}", one.clause, one.because))
                    .collect(),
            ),
        ),
        (
            "How each clause does",
            list(tuning.clauses.iter().map(quality).collect()),
        ),
    ]
}

fn proposed(change: &Proposed) -> String {
    let mut told = format!(
        "{}: {} instead of {}. Earlier cases: {}. Later cases: {}",
        change.at,
        change.to,
        change.from,
        moved(&change.earlier),
        moved(&change.later),
    );
    for (words, rate) in [
        ("held up fail at", &change.held_rate),
        ("let go fail at", &change.freed_rate),
    ] {
        if rate.value.is_some() {
            told.extend([format!("; those {words} {}", shown(rate))]);
        }
    }
    told.push('.');
    if !change.because.is_empty() {
        told.extend([format!(" Not recommended: {}.", change.because)]);
    }
    told
}

/// Returns what a change does.
pub(super) fn moved(moved: &Moved) -> String {
    let mut told = Vec::new();
    for (words, failed, fine) in [
        ("holds up", moved.held_failed, moved.held_fine),
        ("lets go", moved.freed_failed, moved.freed_fine),
    ] {
        if failed > 0 || fine > 0 {
            told.push(format!(
                "{words} {} that failed and {} that went well",
                whole(failed),
                whole(fine)
            ));
        }
    }
    if told.is_empty() {
        return "nothing moves".to_owned();
    }
    told.join(", ")
}

/// Returns what not meeting a clause says of failing later.
pub(super) fn verdict(quality: &Quality) -> &'static str {
    match quality.answer {
        Answer::Catches => "cases that do not meet it fail more often",
        Answer::Unclear => "says nothing of failing later",
        Answer::HitsGoodWork => "cases that do not meet it fail less often",
        Answer::TooFew => "too few cases do not meet it to say more",
        Answer::Unknown => "no outcome is known",
        Answer::Nothing if quality.applied == 0 => "it applied to none",
        Answer::Nothing => "every package met it",
    }
}

fn quality(quality: &Quality) -> String {
    let verdict = verdict(quality);
    let mut told = format!(
        "{} ({}): not met by {} of {} packages ({})",
        quality.clause,
        quality.severity,
        whole(quality.unmet),
        whole(quality.applied),
        shown(&quality.unmet_share),
    );
    if quality.waived > 0 {
        told.extend([format!(", waived for {}", whole(quality.waived))]);
    }
    told.extend([format!("; {verdict}")]);
    let flagged = &quality.flagged;
    let known = flagged.failed.saturating_add(flagged.fine);
    if known > 0 {
        told.extend([format!(
            ": {} of {} ({}) against {}",
            whole(flagged.failed),
            whole(known),
            shown(&quality.rate),
            shown(&quality.other_rate),
        )]);
    }
    if let Some(value) = quality.adjusted_risk_ratio.value {
        let limits = limits(&quality.adjusted_risk_ratio, ratio).unwrap_or_default();
        told.extend([format!(
            ", like with like {} ({limits}) times as often",
            ratio(value)
        )]);
    }
    told.push('.');
    told
}

/// Returns a rate with its limits.
fn shown(interval: &Interval) -> String {
    let Some(value) = interval.value else {
        return "none".to_owned();
    };
    match limits(interval, percent) {
        Some(limits) => format!("{}, {limits}", percent(value)),
        None => percent(value),
    }
}
