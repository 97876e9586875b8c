//! Timers a handoff needs, by name.

use std::collections::BTreeMap;

use super::handoff::Handoff;
use super::terms::Contract;

/// The timers a handoff needs, and when each is due.
pub(super) fn wanted(handoff: &Handoff, contract: &Contract) -> BTreeMap<String, i64> {
    let mut wanted = BTreeMap::new();
    let mut starts: Vec<(&str, Option<i64>)> = Vec::new();
    if handoff.is("offered") && !handoff.acknowledged {
        starts.push(("acknowledge", Some(handoff.offered_at)));
    }
    if handoff.is("offered needs-input declined") {
        starts.push(("verdict", handoff.first_submitted));
    }
    if handoff.is("accepted") {
        starts.push(("complete", handoff.accepted_at));
    }
    for (name, start) in starts {
        let start = start
            .unwrap_or(0)
            .max(handoff.clocks_from.unwrap_or(i64::MIN));
        if let Some(deadline) = contract.deadlines.get(name)
            && let Some(due) = used_up(handoff, deadline.clock, (start, deadline.within))
        {
            wanted.insert(name.to_owned(), due);
        }
    }
    if handoff.is("gated") && !handoff.passed {
        for (id, opened) in &handoff.open_gates {
            let gate = contract.gates.iter().find(|gate| gate.id == *id);
            if let Some(within) = gate.and_then(|gate| gate.expires) {
                wanted.insert(format!("gate {id}"), opened + within);
            }
        }
    }
    if !handoff.is("escalated") && !handoff.is_over() {
        for (step, at) in &handoff.retries {
            wanted.insert(format!("retry {step}"), *at);
        }
    }
    if !handoff.is_over() {
        let mut rungs = contract.ladder.iter().enumerate();
        let next = rungs.find(|(at, _)| !handoff.lapsed.contains(&format!("rung {at}")));
        wanted
            .extend(next.map(|(at, (after, _))| (format!("rung {at}"), handoff.moved_at + after)));
    }
    wanted.retain(|name, _| !handoff.lapsed.contains(name));
    wanted
}

/// When a party that holds the ball has used up its time.
fn used_up(handoff: &Handoff, party: &str, (start, within): (i64, i64)) -> Option<i64> {
    let mut left = within;
    for (at, (from, holder)) in handoff.passes.iter().enumerate() {
        let until = handoff
            .passes
            .get(at + 1)
            .map_or(i64::MAX, |(until, _)| *until);
        let from = (*from).max(start);
        if *holder != party || until <= from {
            continue;
        }
        if from + left <= until {
            return Some(from + left);
        }
        // Whole seconds: nothing is due early.
        left -= (until - from) / 1_000 * 1_000;
    }
    None
}
