//! What the two conditions promise of people: nobody is given work over their limit or outside their hours, and what may hurt
//! people is looked at by a person who did not make it.

use std::collections::{BTreeMap, BTreeSet};

use baton_engine::port::Head;
use baton_terms::Instant;
use serde_json::Value;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Seconds by which the receivers' clock is ahead of UTC in winter.
const ZONE: i64 = 3_600;
/// Working hours of the receivers, Monday to Friday.
const HOURS: std::ops::Range<i64> = 9 * 3_600..17 * 3_600;

/// The limits that a run is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Open handoffs of one team, those that oversight put back aside.
    pub open_max: u64,
}

/// Returns the teams that hold more open handoffs than they may.
pub fn over_limit(heads: &[Head], limits: Limits) -> Vec<String> {
    let mut open: BTreeMap<&str, u64> = BTreeMap::new();
    for head in heads {
        let state = head.summary.state.as_str();
        if let (Some(team), "offered" | "accepted") = (&head.summary.turn, state) {
            *open.entry(team).or_default() += 1;
        }
    }
    let over = open.into_iter().filter(|(_, open)| *open > limits.open_max);
    over.map(|(team, open)| format!("{team} holds {open} handoffs of {}", limits.open_max))
        .collect()
}

/// Returns the offers that Baton made outside working hours.
pub fn out_of_hours(handoff: &str, lines: &[Vec<u8>]) -> Vec<String> {
    let late = events(lines).filter_map(|event| {
        let at: Instant = event.get("at")?.as_str()?.parse().ok()?;
        (word(&event) == "offered" && !is_working(at))
            .then(|| format!("{handoff} was offered at {at}"))
    });
    late.collect()
}

fn is_working(at: Instant) -> bool {
    let local = at.unix_seconds().saturating_add(ZONE);
    // The first day of 1970 was a Thursday; Sunday is 0.
    let weekday = (local.div_euclid(DAY) + 4).rem_euclid(7);
    (1..=5).contains(&weekday) && HOURS.contains(&local.rem_euclid(DAY))
}

/// Returns acceptances that no person of another team than every sender approved for safety.
pub fn unreviewed(handoff: &str, lines: &[Vec<u8>]) -> Vec<String> {
    let mut senders: BTreeSet<(String, String)> = BTreeSet::new();
    let mut reviews: Vec<(String, String)> = Vec::new();
    let mut found = Vec::new();
    for event in events(lines) {
        let who = |name: &str| {
            let text = event.get("by").and_then(|by| by.get(name));
            text.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        match word(&event) {
            "submitted" => {
                senders.insert((who("principal"), who("team")));
            }
            "approved" if who("kind") == "person" && names_safety(&event) => {
                reviews.push((who("principal"), who("team")));
            }
            "accepted" => {
                let is_other = |(principal, team): &&(String, String)| {
                    senders
                        .iter()
                        .all(|(sender, from)| sender != principal && from != team)
                };
                if !reviews.iter().any(|review| is_other(&review)) {
                    found.push(format!(
                        "{handoff} was accepted, and nobody else looked at it"
                    ));
                }
            }
            _ => {}
        }
    }
    found
}

fn names_safety(event: &Value) -> bool {
    let gates = event
        .pointer("/change/approval/gates")
        .and_then(Value::as_array);
    gates.is_some_and(|gates| gates.iter().any(|gate| gate == "safety"))
}

fn word(event: &Value) -> &str {
    let word = event.pointer("/change/change").and_then(Value::as_str);
    word.unwrap_or_default()
}

fn events(lines: &[Vec<u8>]) -> impl Iterator<Item = Value> {
    lines.iter().filter_map(|line| {
        let entry: Value = serde_json::from_slice(line).ok()?;
        entry.pointer("/detail/event").cloned()
    })
}
