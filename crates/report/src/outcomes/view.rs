//! What a report on outcomes says, in words that every rendering shares.

use baton_rootcause::wire::Fixed;

use super::model::{
    Activity, Baseline, Contract, From, Line, Mission, MissionOutcome, Outcomes, Reading, Standing,
    Status,
};
use crate::mining::numbers::{elapsed, percent, trimmed, whole};
use crate::words::{list, moment};

/// Millionths per basis point.
const PER_POINT: i64 = 100;
/// Minutes from which hours, and from which days read better.
const HOURS_FROM: i64 = 120;
const DAYS_FROM: i64 = 72 * 60;

/// Returns what the report comes to.
pub(super) fn headline(outcomes: &Outcomes) -> String {
    let lines = || {
        outcomes
            .contracts
            .iter()
            .flat_map(|contract| &contract.outcomes)
    };
    let count = |status: Status| lines().filter(|line| line.status == status).count();
    let (met, missed, unknown) = (
        count(Status::Met),
        count(Status::NotMet),
        count(Status::Unknown),
    );
    match met + missed + unknown {
        0 => "No outcome has a target to hold it against".to_owned(),
        1 => format!("1 outcome with a target: {}", of_one(met, missed)),
        all => {
            format!("{all} outcomes with a target: {met} met, {missed} not met, {unknown} unknown")
        }
    }
}

fn of_one(met: usize, missed: usize) -> &'static str {
    match (met, missed) {
        (1, _) => "met",
        (_, 1) => "not met",
        _ => "unknown",
    }
}

/// Returns what the numbers are about.
pub(super) fn about(outcomes: &Outcomes) -> String {
    format!(
        "As of {}, from {}. Intervals of 95%: of shares by Wilson (1927), of times between the order statistics that hold the quantile (Conover 1999, 3.2). Unknown is never met.",
        moment(outcomes.as_of),
        counted(outcomes.network.handoffs, "handoff"),
    )
}

/// Returns the name of a contract with its version.
pub(super) fn contract(contract: &Contract) -> String {
    let versions = match contract.versions {
        0 | 1 => String::new(),
        versions => format!(" ({versions} versions counted together)"),
    };
    format!(
        "{} {}: {}{versions}",
        contract.name, contract.version, contract.title
    )
}

/// Returns a number in its unit: `12.3%`, `26.5 h`.
pub(super) fn amount(unit: &str, value: i64) -> String {
    match unit {
        "basis-points" => percent(Fixed::from_millionths(value.saturating_mul(PER_POINT))),
        "minutes" => time(value, DAYS_FROM),
        // A day of business is no day.
        "business-minutes" => time(value, i64::MAX),
        _ if value < 0 => format!("−{}", whole(value.unsigned_abs())),
        _ => whole(value.unsigned_abs()),
    }
}

fn time(minutes: i64, days_from: i64) -> String {
    let parts = |of: i64| {
        trimmed(
            Fixed::from_millionths(minutes.saturating_mul(1_000_000) / of),
            1,
        )
    };
    if minutes < HOURS_FROM {
        format!("{minutes} min")
    } else if minutes < days_from {
        format!("{} h", parts(60))
    } else {
        format!("{} d", parts(24 * 60))
    }
}

/// Returns a value with its limits: `12.3% (10.1% to 14.8%)`.
pub(super) fn value(unit: &str, reading: &Reading) -> String {
    let Some(value) = reading.value else {
        return "none".to_owned();
    };
    let shown = amount(unit, value);
    match limits(unit, reading) {
        Some(limits) => format!("{shown} ({limits})"),
        None => shown,
    }
}

/// Returns the limits of a value, where it has any.
pub(super) fn limits(unit: &str, reading: &Reading) -> Option<String> {
    let shown = |limit: i64| amount(unit, limit);
    match (reading.low, reading.high) {
        (Some(low), Some(high)) => Some(format!("{} to {}", shown(low), shown(high))),
        (Some(low), None) => Some(format!("{} or more", shown(low))),
        (None, Some(high)) => Some(format!("at most {}", shown(high))),
        (None, None) => None,
    }
}

/// Returns where an outcome should get.
pub(super) fn target(line: &Line) -> String {
    let bound = if line.direction == "lower" {
        "at most"
    } else {
        "at least"
    };
    match line.target {
        Some(target) => format!("{bound} {}", amount(&line.unit, target)),
        None => "none".to_owned(),
    }
}

/// Returns where an outcome starts from.
pub(super) fn baseline(line: &Line) -> String {
    let Some(baseline) = &line.baseline else {
        return "none".to_owned();
    };
    let Baseline { from, reading, .. } = baseline;
    let shown = value(&line.unit, reading);
    match from {
        From::Declared => shown,
        From::Measured => format!("{shown}, measured over the first {}", window(line)),
        From::Measuring => format!("{shown} so far, measured over the first {}", window(line)),
    }
}

/// Returns the time over which an outcome is measured.
pub(super) fn window(line: &Line) -> String {
    let seconds = i64::try_from(line.window_seconds).unwrap_or(i64::MAX / 1_000_000);
    elapsed(Fixed::from_millionths(seconds.saturating_mul(1_000_000)))
}

/// Returns how an outcome stands: `met`, `not met (clearly)`, `unknown: …`.
pub(super) fn status(line: &Line) -> String {
    let word = line.status.word();
    match (line.because.as_str(), line.is_clear) {
        ("", true) => format!("{word}, clearly"),
        ("", false) => word.to_owned(),
        (because, _) => format!("{word}: {because}"),
    }
}

/// Returns what a value rests on, and what it leaves out.
pub(super) fn rests_on(line: &Line) -> String {
    let mut parts = vec![format!(
        "{} over {}",
        counted(line.now.sample, "handoff"),
        window(line)
    )];
    if line.waiting > 0 {
        let beyond = match line.waiting_beyond {
            0 => String::new(),
            beyond => format!(
                ", {} of them longer than the target already, and counted",
                whole(beyond)
            ),
        };
        parts.push(format!(
            "{} without a value yet{beyond}",
            counted(line.waiting, "more")
        ));
    }
    if line.without_value > 0 {
        parts.push(format!("{} ended without one", whole(line.without_value)));
    }
    parts.join("; ")
}

/// Returns how things stand, a sentence each.
pub(super) fn standing(standing: &Standing) -> Vec<String> {
    let turns = &standing.turns;
    let sides = [
        (turns.sender, "the sender"),
        (turns.approvers, "approvers"),
        (turns.receiver, "the receiver"),
        (turns.oversight, "oversight"),
        (turns.baton, "Baton"),
    ];
    let sides: Vec<String> = sides
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, side)| match count {
            1 => format!("1 waits for {side}"),
            count => format!("{} wait for {side}", whole(*count)),
        })
        .collect();
    let mut told = vec![match standing.open {
        0 => "No handoff is open.".to_owned(),
        open => format!(
            "{} open: {}; {} past a deadline.",
            are(open, "handoff"),
            list(&sides),
            whole(standing.overdue)
        ),
    }];
    if !standing.blocked.is_empty() {
        let causes: Vec<String> = standing
            .blocked
            .iter()
            .map(|cause| format!("{} for `{}`", whole(cause.handoffs), cause.cause))
            .collect();
        told.push(format!("Blocked: {}.", list(&causes)));
    }
    if standing.waivers > 0 {
        told.push(format!("{} in force.", are(standing.waivers, "waiver")));
    }
    if standing.follow_ups > 0 {
        told.push(format!(
            "{} open, {} of them overdue.",
            are(standing.follow_ups, "follow-up"),
            whole(standing.follow_ups_overdue)
        ));
    }
    told
}

/// Returns what is waived, a sentence each.
pub(super) fn waived(contract: &Contract) -> Vec<String> {
    let waived = contract.waived.iter();
    waived
        .map(|waived| {
            format!(
                "{}: waived {} since {}, next to end {}",
                waived.clause,
                if waived.in_force == 1 {
                    "once".to_owned()
                } else {
                    format!("{} times", whole(waived.in_force))
                },
                moment(waived.since),
                moment(waived.first_ends)
            )
        })
        .collect()
}

/// Returns the counts of a week with their names, in order.
pub(super) fn counts(activity: &Activity) -> [(&'static str, u64); 9] {
    [
        ("opened", activity.opened),
        ("answered", activity.answered),
        ("accepted", activity.accepted),
        ("completed", activity.completed),
        ("sent back", activity.sent_back),
        ("escalated", activity.escalated),
        ("rolled back", activity.rolled_back),
        ("waivers given", activity.waived),
        ("follow-ups", activity.follow_ups),
    ]
}

/// Returns how a mission ended.
pub(super) fn mission(mission: &Mission) -> String {
    format!(
        "{} ({}): {} since {}",
        mission.title,
        mission.run,
        mission.ended,
        moment(mission.at)
    )
}

/// Returns one outcome of a mission.
pub(super) fn mission_outcome(outcome: &MissionOutcome) -> String {
    let shown = |value: Option<i64>| {
        value.map_or_else(|| "none".to_owned(), |value| amount(&outcome.unit, value))
    };
    format!(
        "{}: {}, baseline {}, target {}, {}",
        outcome.title,
        shown(outcome.value),
        shown(outcome.baseline),
        shown(Some(outcome.target)),
        outcome.status.word()
    )
}

/// Returns a count with its word: `1 handoff`, `1,200 handoffs`; `more` stays as it is.
fn counted(count: u64, word: &str) -> String {
    let plural = if count == 1 || word == "more" {
        ""
    } else {
        "s"
    };
    format!("{} {word}{plural}", whole(count))
}

fn are(count: u64, word: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count, word))
}
