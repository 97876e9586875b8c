//! What every rendering of a tour says, in the order it says it.

use baton_rootcause::wire::{Cause, Interval};

use super::model::{Idea, Origin, Reading, Tour, Trial};
use crate::backtest::{Decision, Measure};
use crate::mining::in_words;
use crate::mining::numbers::{decimal, percent, percent_of, whole};
use crate::proposals::Candidate;
use crate::words;

/// Causes told before the number of the others.
pub(super) const CAUSES_MAX: usize = 5;

/// Returns what the tour is about and came to.
pub(super) fn headline(tour: &Tour<'_>) -> String {
    let overview = &tour.mined.overview;
    let failed = format!(
        "{}: {} of {} cases",
        tour.mined.input.outcome_name,
        whole(overview.failures),
        whole(overview.cases)
    );
    let promoted = tour.trials.iter().filter(|trial| trial.is_promoted).count();
    let back = tour.trials.len() - promoted;
    match (&tour.tried, tour.trials.is_empty()) {
        (None, _) => failed,
        (Some(_), true) => format!("{failed}, and one clause held against them"),
        (Some(_), false) => {
            format!("{failed}. One clause tried: {promoted} version promoted, {back} rolled back")
        }
    }
}

/// Returns what the reader must know first.
pub(super) fn caution(tour: &Tour<'_>) -> String {
    match &tour.origin {
        Origin::MadeUp { seed } => format!(
            "Everything here is made up from seed {seed}: no team, person or work item is real. What causes failure was planted, and \
             how senders answer a new clause is part of the made-up world too. What Baton does with it is what it does with your work."
        ),
        Origin::Given { name } => format!(
            "This is the past of {name}. A rollout needs handoffs that are still to come, so the tour ends with the backtest."
        ),
    }
}

/// Returns who hands over to whom, in a sentence.
pub(super) fn handovers(tour: &Tour<'_>) -> String {
    let totals = &tour.map.totals;
    format!(
        "{} of {} cases were handed over, {} times in all; {} went back and forth between two teams.",
        whole(totals.handed_over_cases),
        whole(totals.cases),
        whole(totals.handovers),
        whole(totals.ping_pong_cases)
    )
}

/// Returns a cause and how it compares, as two sentences.
pub(super) fn cause(cause: &Cause) -> (String, String) {
    let effect = &cause.effect;
    let rate = format!(
        "{} of {} such cases fail ({}), against {} of all others.",
        whole(effect.failures),
        whole(effect.cases),
        percent_of(effect.failures, effect.cases),
        percent(effect.other_rate)
    );
    (words::capital(&in_words(&cause.conditions)), rate)
}

/// Returns the clause that was taken.
pub(super) fn candidate<'t>(tour: &Tour<'t>, idea: &Idea<'_>) -> Option<&'t Candidate> {
    let mut all = tour.proposals.candidates.iter();
    all.find(|candidate| candidate.clause == idea.clause)
}

/// Returns what the clause would have done, a sentence each.
pub(super) fn tried(idea: &Idea<'_>) -> Vec<String> {
    let Some(row) = flagged(idea) else {
        return vec!["The new version asks for nothing more.".to_owned()];
    };
    vec![
        format!(
            "Of {} past handoffs it would have asked more of {}: of {} cases that failed later, and of {} that did not.",
            whole(idea.backtest.packages),
            whole(row.gained.packages),
            whole(row.gained.failed),
            whole(row.gained.fine)
        ),
        format!(
            "That is {} of all cases that failed, and {} of all that did not.",
            with_limits(&row.caught),
            with_limits(&row.blocked)
        ),
    ]
}

fn flagged<'t>(idea: &Idea<'t>) -> Option<&'t Decision> {
    let mut rows = idea.backtest.decisions.iter();
    rows.find(|row| row.measure == Measure::Flagged)
}

/// Returns a share with its limits: `32.2% (25.9% to 39.3%)`.
fn with_limits(interval: &Interval) -> String {
    match (interval.value, interval.low, interval.high) {
        (Some(value), Some(low), Some(high)) => {
            format!("{} ({} to {})", percent(value), percent(low), percent(high))
        }
        (Some(value), ..) => percent(value),
        _ => "an unknown share".to_owned(),
    }
}

/// Returns how a rollout ended.
pub(super) fn ended(trial: &Trial) -> String {
    if trial.is_promoted {
        format!("Promoted after {} handoffs", whole(trial.handoffs))
    } else {
        format!(
            "Rolled back after {} handoffs, at {} of 100 buckets",
            whole(trial.handoffs),
            trial.widest
        )
    }
}

/// Returns one side of a metric: `18.4% of 212`.
pub(super) fn side((handoffs, share): (u64, Option<i64>)) -> String {
    let of = whole(handoffs);
    match share {
        Some(points) => {
            let fixed =
                baton_rootcause::wire::Fixed::from_millionths(points.saturating_mul(10_000));
            format!("{}% of {of}", decimal(fixed, 1))
        }
        None => format!("nothing yet, {of} handoffs"),
    }
}

/// Returns a metric under both versions.
pub(super) fn reading(reading: &Reading) -> String {
    format!(
        "{}: {} under the version in force, {} under the new one",
        reading.metric,
        side(reading.stable),
        side(reading.canary)
    )
}
