//! Rollouts as people and programs see them: who has which version first, then what holds, then how the versions compare.

use std::fmt::Write as _;

use baton_engine::port::Head;
use baton_engine::rollout::{Outcome, View};
use baton_mission::names::Key;
use baton_mission::rollout::MetricReading;
use baton_report::plain;
use serde_json::{Value, json};

use crate::listing::{Listing, short};

/// What `baton rollout status --format json` prints.
pub(crate) const STATUS_SCHEMA: &str = include_str!("rollout_status_v1.schema.json");
/// What commands on a rollout print with `--format json`.
pub(crate) const OUTCOME_SCHEMA: &str = include_str!("rollout_outcome_v1.schema.json");
/// What `baton rollout list --format json` prints.
pub(crate) const LIST_SCHEMA: &str = include_str!("rollout_list_v1.schema.json");

/// What the streams of rollouts begin with.
const STREAMS: &str = "rollout/";

/// Returns what a command led to.
pub(crate) fn outcome_text(outcome: &Outcome, key: Option<&Key>) -> String {
    let stage = outcome.stage.map_or_else(String::new, |stage| {
        format!("stage {}, ", stage.saturating_add(1))
    });
    let head = format!(
        "{} is {} ({stage}revision {}): {}",
        outcome.rollout,
        outcome.phase,
        outcome.revision,
        exposure(outcome.percent)
    );
    let key = key.map_or_else(String::new, |key| format!("key {}\n", plain(key.as_str())));
    format!("{}\n{key}", plain(&head))
}

/// Returns the same for programs.
pub(crate) fn outcome_json(outcome: &Outcome, key: Option<&Key>) -> Value {
    json!({
        "baton": "rollout-outcome/v1",
        "rollout": outcome.rollout,
        "revision": outcome.revision,
        "phase": outcome.phase,
        "stage": outcome.stage.map(|stage| stage.saturating_add(1)),
        "percent": outcome.percent,
        "key": key,
    })
}

fn exposure(percent: u32) -> String {
    match percent {
        0 => "everybody has the stable version".to_owned(),
        100 => "everybody has the new version".to_owned(),
        percent => format!("{percent} of 100 buckets have the new version"),
    }
}

/// Returns one rollout.
pub(crate) fn status_text(view: &View) -> String {
    let stage = view.stage.map_or_else(String::new, |stage| {
        format!("stage {stage} of {}, ", view.stages.len())
    });
    let head = format!(
        "{} is {} ({stage}revision {}): {}",
        view.rollout,
        view.phase,
        view.revision,
        exposure(view.percent)
    );
    let mut listing = Listing::new(&head);
    listing.row("contract", view.contract.as_str());
    listing.row("stable", &short(&view.stable));
    listing.row("new", &short(&view.canary));
    let flag = match &view.withheld {
        None => format!("{}, on", view.flag),
        Some(why) => format!("{}: {why}", view.flag),
    };
    listing.row("flag", &flag);
    let stages: Vec<String> = view.stages.iter().map(ToString::to_string).collect();
    listing.row("stages", &stages.join(", "));
    if let Some(reason) = &view.reason {
        listing.row("because", reason);
    }
    if let Some(since) = view.since {
        listing.row("since", &since.to_string());
    }
    if let Some(until) = view.watched_until {
        listing.row("watched", &format!("until {until}"));
    }
    if view.shadow_assessed > 0 || view.shadow_failed > 0 {
        let shadow = format!(
            "{} packages assessed, {} could not be",
            view.shadow_assessed, view.shadow_failed
        );
        listing.row("shadow", &shadow);
    }
    listing.row(
        "waiting",
        &format!("{} handoffs without an answer", view.waiting),
    );
    listing.section("Holds", view.holds.iter().cloned());
    let next = view
        .next
        .map(|next| format!("{next}: `baton rollout look` records it"));
    listing.section("Next", next);
    listing.section("Metrics", view.metrics.iter().map(metric));
    let decisions = view.decisions.iter().map(|decision| {
        let why = match decision.why.as_slice() {
            [] => String::new(),
            why => format!(": {}", why.join("; ")),
        };
        format!(
            "{:>3}  {}  {}{why}",
            decision.revision, decision.at, decision.what
        )
    });
    listing.section("Decisions", decisions);
    listing.finish()
}

fn metric(reading: &MetricReading) -> String {
    let share = |share: Option<i64>| match share {
        // Basis points, shown as hundredths of a percent.
        Some(share) => format!("{}.{:02} %", share / 100, share % 100),
        None => "nothing".to_owned(),
    };
    format!(
        "{}: {} of {} stable, {} of {} new, {} without a value; evidence of harm {} of {}, of staying within bounds {} of {}",
        reading.metric,
        share(reading.stable_share),
        reading.stable,
        share(reading.canary_share),
        reading.canary,
        reading.missing,
        reading.harm,
        reading.harm_needed,
        reading.pass,
        reading.pass_needed
    )
}

/// Returns one rollout for programs.
pub(crate) fn status_json(view: &View) -> serde_json::Result<Value> {
    serde_json::to_value(view)
}

/// Returns rollouts one below the other.
pub(crate) fn list_text(heads: &[Head]) -> String {
    if heads.is_empty() {
        return "no rollouts\n".to_owned();
    }
    let mut text = String::new();
    for head in heads {
        let turn = match &head.summary.turn {
            Some(turn) => format!(": it is the turn of {turn}"),
            None => String::new(),
        };
        let line = format!("{}  {}{turn}", name_of(head), head.summary.state);
        let _ = writeln!(text, "{}", plain(&line));
    }
    text
}

/// Returns the same for programs.
pub(crate) fn list_json(heads: &[Head], may_have_more: bool) -> Value {
    let rollouts: Vec<Value> = heads
        .iter()
        .map(|head| {
            json!({
                "rollout": name_of(head),
                "phase": head.summary.state,
                "turn": head.summary.turn,
                "entries": head.entries,
            })
        })
        .collect();
    json!({
        "baton": "rollout-list/v1",
        "rollouts": rollouts,
        "may_have_more": may_have_more,
    })
}

/// Returns the rollout that a stream is of.
pub(crate) fn name_of(head: &Head) -> &str {
    let name = head.stream.as_str();
    name.strip_prefix(STREAMS).unwrap_or(name)
}
