//! Handoffs as people see them: whose turn it is first, then what is missing, then the clocks.

use std::fmt::Write as _;

use baton_engine::handoff::{Outcome, View};
use baton_engine::port::{Head, StreamId};
use baton_engine::rollout::Assignment;
use baton_mission::names::Key;
use baton_mission::rollout::Arm;
use baton_report::plain;
use baton_terms::Instant;

use crate::listing::{Listing, short};

/// What `baton handoff show --format json` prints.
pub(crate) const VIEW_SCHEMA: &str = include_str!("handoff_view_v1.schema.json");
/// What commands on a handoff print with `--format json`.
pub(crate) const OUTCOME_SCHEMA: &str = include_str!("handoff_outcome_v1.schema.json");
/// What `baton handoff list --format json` prints.
pub(crate) const LIST_SCHEMA: &str = include_str!("handoff_list_v1.schema.json");

/// States in which it is Baton's turn when it is nobody else's.
const BATONS: [&str; 3] = ["submitted", "checked", "gated"];
/// States in which nothing more happens.
const OVER: [&str; 4] = ["completed", "withdrawn", "expired", "rolled-back"];

/// Returns what a command led to.
pub(crate) fn outcome_text(outcome: &Outcome, key: &Key) -> String {
    let turns: Vec<&str> = outcome.turn.as_deref().into_iter().collect();
    let text = format!(
        "{} is {} (revision {}): {}",
        outcome.handoff,
        outcome.state,
        outcome.revision,
        turn(&outcome.state, &turns)
    );
    format!("{}\nkey {}\n", plain(&text), plain(key.as_str()))
}

fn turn(state: &str, turns: &[&str]) -> String {
    if !turns.is_empty() {
        return format!("it is the turn of {}", turns.join(" or "));
    }
    if BATONS.contains(&state) {
        return "Baton takes the next step (`baton work`)".to_owned();
    }
    if OVER.contains(&state) {
        return "it is over".to_owned();
    }
    "nobody has to act".to_owned()
}

/// Returns one handoff.
pub(crate) fn view_text(view: &View, now: Instant) -> String {
    let turns: Vec<&str> = view.turn.iter().map(String::as_str).collect();
    let head = format!(
        "{} is {} (revision {}): {}",
        view.handoff,
        view.state,
        view.revision,
        turn(&view.state, &turns)
    );
    let mut listing = Listing::new(&head);
    listing.row("work item", &view.work_item);
    let contract = short(&view.contract_digest);
    listing.row("contract", &format!("{} ({contract})", view.contract));
    if let Some(given) = &view.rollout {
        listing.row("rollout", &given_by(given));
    }
    if let Some(package) = view.package {
        let posture = view.posture.as_deref().unwrap_or("not checked yet");
        listing.row("package", &format!("{}, {posture}", short(&package)));
    }
    if let Some(receiver) = &view.receiver {
        listing.row("receiver", receiver.as_str());
    }
    listing.section("Missing", view.missing.iter().cloned());
    let clocks = view.clocks.iter();
    let clocks =
        clocks.map(|clock| format!("{} by {}, {}", clock.what, clock.due, away(clock.due, now)));
    listing.section("Clocks", clocks);
    let gates = view.gates.iter().map(|gate| {
        let refused = match gate.rejections {
            0 => String::new(),
            refused => format!(", refused {refused} times"),
        };
        let by = if gate.approvers.is_empty() {
            String::new()
        } else {
            format!(" ({})", gate.approvers.join(", "))
        };
        let has = gate.approvers.len();
        format!(
            "{}: {has} of {} approved{by}{refused}",
            gate.gate, gate.quorum
        )
    });
    listing.section("Gates", gates);
    let waived = view.waived.iter();
    listing.section(
        "Waived",
        waived.map(|(clause, until)| format!("{clause} until {until}")),
    );
    let timeline = view.timeline.iter().map(|entry| {
        let by = entry.by.as_deref().unwrap_or("nobody");
        let reason = entry
            .reason
            .as_ref()
            .map_or_else(String::new, |reason| format!(": {reason}"));
        format!(
            "{:>3}  {}  {} by {by}{reason}",
            entry.sequence, entry.at, entry.what
        )
    });
    listing.section("What happened", timeline);
    listing.finish()
}

fn given_by(given: &Assignment) -> String {
    let arm = match given.arm {
        Arm::Stable => "stable",
        Arm::Canary => "new",
    };
    let withheld = given.withheld.as_ref();
    let why = withheld.map_or_else(String::new, |why| format!("; {why}"));
    format!("{} gave it the {arm} version{why}", given.rollout)
}

/// Returns handoffs one below the other.
pub(crate) fn heads_text(heads: &[Head], now: Instant) -> String {
    if heads.is_empty() {
        return "no handoffs\n".to_owned();
    }
    let mut text = String::new();
    for head in heads {
        let summary = &head.summary;
        let turns: Vec<&str> = summary.turn.as_deref().into_iter().collect();
        let due = summary
            .due
            .map_or_else(String::new, |due| format!(", by {due}, {}", away(due, now)));
        let line = format!(
            "{}  {}: {}{due}",
            name_of(&head.stream),
            summary.state,
            turn(&summary.state, &turns)
        );
        let _ = writeln!(text, "{}", plain(&line));
    }
    text
}

/// Returns the handoff that a stream is of.
pub(crate) fn name_of(stream: &StreamId) -> &str {
    let name = stream.as_str();
    name.strip_prefix("handoff/").unwrap_or(name)
}

/// Returns how far an instant is away, in words.
fn away(due: Instant, now: Instant) -> String {
    match (due.since(now), now.since(due)) {
        (Some(left), _) if left.seconds() > 0 => format!("in {}", left.in_words()),
        (_, Some(late)) if late.seconds() > 0 => format!("{} late", late.in_words()),
        _ => "now".to_owned(),
    }
}
