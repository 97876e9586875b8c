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
    let over = loads(heads)
        .into_iter()
        .filter(|(_, open)| *open > limits.open_max);
    over.map(|(team, open)| format!("{team} holds {open} handoffs of {}", limits.open_max))
        .collect()
}

/// Open handoffs of each team.
fn loads(heads: &[Head]) -> BTreeMap<&str, u64> {
    let mut open: BTreeMap<&str, u64> = BTreeMap::new();
    for head in heads {
        if let Some(team) = holder(head) {
            *open.entry(team).or_default() += 1;
        }
    }
    open
}

/// Returns the team whose open work a handoff is.
fn holder(head: &Head) -> Option<&str> {
    let state = head.summary.state.as_str();
    let team = head.summary.turn.as_deref()?;
    matches!(state, "offered" | "accepted").then_some(team)
}

/// Returns the offers of one step that went to a team while another one with room had less open work for its size.
///
/// A team that is chosen has the least work per capacity of those with room, so that after each offer the loads of two such teams differ
/// by at most the one handoff: the bound of list scheduling, by which nobody ends with more than `2 - 1/m` times
/// an even share among `m` teams (R. L. Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM Journal on Applied Mathematics 17(2),
/// 1969). Another team may have lost work in the same step, so the larger of its loads before and after counts, and what was `passed_on`.
pub fn unfair(
    (before, after): (&[Head], &[Head]),
    passed: &[String],
    (teams, open_max): (&[(&str, u32)], u64),
) -> Vec<String> {
    let (earlier, later) = (loads(before), loads(after));
    let load = |loads: &BTreeMap<&str, u64>, team: &str| loads.get(team).copied().unwrap_or(0);
    let was_held = |head: &Head| {
        let mut known = before.iter();
        let known = known.find(|known| known.stream == head.stream);
        known.and_then(|known| holder(known).map(str::to_owned))
    };
    let offered = after.iter().filter(|head| head.summary.state == "offered");
    let offered = offered.filter(|head| holder(head).map(str::to_owned) != was_held(head));
    let mut found = Vec::new();
    for head in offered {
        let Some((team, size)) = teams.iter().find(|(team, _)| Some(*team) == holder(head)) else {
            continue;
        };
        let mine = load(&later, team).saturating_sub(1);
        for (other, room) in teams.iter().filter(|(other, _)| other != team) {
            let gone = passed.iter().filter(|team| team == other).count();
            let theirs = load(&earlier, other).max(load(&later, other))
                + u64::try_from(gone).unwrap_or(u64::MAX);
            let is_fair = mine * u64::from(*room) <= theirs * u64::from(*size);
            if !is_fair && theirs < open_max {
                found.push(format!(
                    "{} was offered to {team} with {mine} open handoffs while {other} had {theirs}",
                    head.stream
                ));
            }
        }
    }
    found
}

/// Returns the teams that a handoff was offered to in one step and that do not hold it at its end: an offer may come and go, as when its
/// delivery is refused at once. `lines` are those of the step.
pub(super) fn passed_on(head: &Head, lines: &[Vec<u8>]) -> Vec<String> {
    let offers = events(lines).filter(|event| matches!(word(event), "offered" | "reassigned"));
    let mut teams: Vec<String> = offers
        .filter_map(|event| Some(event.pointer("/change/team")?.as_str()?.to_owned()))
        .collect();
    teams.pop_if(|last| Some(last.as_str()) == holder(head));
    teams
}

/// Returns the approvals by somebody who sent the work, or for whom it was sent.
pub fn self_approved(handoff: &str, lines: &[Vec<u8>]) -> Vec<String> {
    let mut senders: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for event in events(lines) {
        let names = names(&event);
        match word(&event) {
            "submitted" => senders.extend(names),
            "approved" => found.extend(
                names
                    .into_iter()
                    .filter(|name| senders.contains(name))
                    .map(|name| format!("{handoff} was approved by {name}, who sent it")),
            ),
            _ => {}
        }
    }
    found
}

/// Returns who did it, and whom they did it for.
fn names(event: &Value) -> Vec<String> {
    let by = event.get("by");
    let principal = by.and_then(|by| by.get("principal"));
    let behalf = by.and_then(|by| by.get("on_behalf_of")?.as_array());
    let all = principal.into_iter().chain(behalf.into_iter().flatten());
    all.filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect()
}

/// Returns the entries that are older than the one before them.
pub fn gone_back(handoff: &str, lines: &[Vec<u8>]) -> Vec<String> {
    let times: Vec<Instant> = events(lines)
        .filter_map(|event| event.get("at")?.as_str()?.parse().ok())
        .collect();
    let pairs = times.iter().zip(times.iter().skip(1));
    pairs
        .filter(|(earlier, later)| later < earlier)
        .map(|(earlier, later)| format!("{handoff} has an entry of {later} after one of {earlier}"))
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

#[cfg(test)]
mod tests {
    use baton_engine::port::{StreamId, Summary};
    use baton_terms::Digest;
    use serde_json::json;

    use super::*;

    /// Returns heads of `handoff state team`.
    fn heads(cards: &[&str]) -> Vec<Head> {
        let head = |card: &&str| {
            let words: Vec<&str> = card.split(' ').collect();
            Head {
                stream: StreamId::new(format!("handoff/{}", words[0])).unwrap(),
                entries: 1,
                leaf: Digest::of(b""),
                summary: Summary {
                    state: words[1].to_owned(),
                    turn: Some(words[2].to_owned()),
                    due: None,
                },
            }
        };
        cards.iter().map(head).collect()
    }

    #[test]
    fn an_offer_to_the_busier_team_is_unfair_unless_the_other_has_no_room() {
        let busy = ["a accepted x", "b accepted y", "c accepted y", "d gated z"];
        let offered = |team: &str| {
            let mut after = busy.to_vec();
            let card = format!("d offered {team}");
            after[3] = &card;
            let teams = [("x", 1), ("y", 2)];
            let found =
                |open_max| unfair((&heads(&busy), &heads(&after)), &[], (&teams, open_max)).len();
            (found(9), found(2), found(1))
        };
        // One of one, two of two: even, so that either may have it.
        assert_eq!(offered("x"), (0, 0, 0));
        assert_eq!(offered("y"), (0, 0, 0));
        let teams = [("x", 1), ("y", 1)];
        let found = |before: &[&str], after: &[&str], open_max| {
            unfair((&heads(before), &heads(after)), &[], (&teams, open_max)).len()
        };
        let (before, after) = (
            ["a accepted x", "b gated z"],
            ["a accepted x", "b offered x"],
        );
        assert_eq!(found(&before, &after, 9), 1);
        // Two offers at once to the same team, while the other is idle.
        let (before, after) = (["a gated z", "b gated z"], ["a offered x", "b offered x"]);
        assert_eq!(found(&before, &after, 9), 2);
        // The other lost its work in the same step.
        let before = ["a accepted x", "b accepted y", "c gated z"];
        let after = ["a accepted x", "b completed z", "c offered x"];
        assert_eq!(found(&before, &after, 9), 0);
    }

    #[test]
    fn an_offer_that_came_and_went_in_the_same_step_was_work_meanwhile() {
        let before = heads(&["a accepted x", "b gated z", "c gated z"]);
        let after = heads(&["a accepted x", "b escalated z", "c offered x"]);
        let offer = |team: &str| {
            let event = json!({"change": {"change": "offered", "team": team}});
            serde_json::to_vec(&json!({"detail": {"event": event}})).unwrap()
        };
        for (head, lines, expected) in [
            (&after[1], vec![offer("y")], vec!["y"]),
            (&after[2], vec![offer("x")], vec![]),
            (&after[2], vec![offer("y"), offer("x")], vec!["y"]),
            (&after[0], vec![], vec![]),
        ] {
            assert_eq!(passed_on(head, &lines), expected, "{}", head.stream);
        }
        let teams = [("x", 1), ("y", 1)];
        let found = |passed: &[String]| unfair((&before, &after), passed, (&teams, 9)).len();
        assert_eq!((found(&[]), found(&["y".to_owned()])), (1, 0));
    }

    fn line(what: &str, at: &str, by: &Value) -> Vec<u8> {
        let event = json!({"at": at, "by": by, "change": {"change": what}});
        json!({"detail": {"event": event}}).to_string().into_bytes()
    }

    #[test]
    fn own_approvals_and_a_record_that_goes_back_are_found() {
        let (early, late) = ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z");
        let ada = json!({"principal": "ada", "on_behalf_of": []});
        let bot = json!({"principal": "bot", "on_behalf_of": ["ada"]});
        let lea = json!({"principal": "lea"});
        for (sender, approver, expected) in [
            (&ada, &lea, 0),
            (&ada, &ada, 1),
            (&ada, &bot, 1),
            (&bot, &ada, 1),
        ] {
            let lines = [
                line("submitted", early, sender),
                line("approved", late, approver),
            ];
            assert_eq!(
                self_approved("h", &lines).len(),
                expected,
                "{sender} {approver}"
            );
            assert_eq!(gone_back("h", &lines).len(), 0);
        }
        let lines = [line("submitted", late, &ada), line("approved", early, &lea)];
        assert_eq!(gone_back("h", &lines).len(), 1);
    }
}
