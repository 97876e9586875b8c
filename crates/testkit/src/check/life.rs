//! One handoff from its first event to its last: what it is told to whom, its timers, and where it stands in the end.

use std::collections::{BTreeMap, BTreeSet};

use baton_terms::Instant;
use serde_json::Value;

use super::acceptance::Ground;
use super::read::{Event, text};
use super::remains::{Broken, Counted, Rules};

/// What a handoff did to its slot.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Landed {
    /// It became a baseline.
    Accepted {
        /// The baseline.
        baseline: Value,
        /// The handoff.
        handoff: String,
    },
    /// It returned to one.
    RolledBack {
        /// The baseline.
        to: Value,
        /// The handoff.
        handoff: String,
    },
}

/// What was found of one handoff.
#[derive(Debug, Default)]
pub(super) struct Life {
    pub(super) broken: BTreeSet<Broken>,
    pub(super) landed: Vec<Landed>,
    pub(super) counted: Counted,
}

/// States in which the next step is somebody's, and time runs for it.
const TIMED: [&str; 5] = ["gated", "offered", "accepted", "needs-input", "declined"];
/// States in which nothing is to be done any more, or somebody was called to do it.
const RESTING: [&str; 10] = [
    "drafted",
    "completed",
    "withdrawn",
    "expired",
    "escalated",
    "quarantined",
    "rolled-back",
    "rollback-blocked",
    "unopened",
    "",
];

/// Follows a handoff through its events.
pub(super) fn follow(
    name: &str,
    events: &[Event],
    (rules, arrived): (&Rules, &BTreeSet<String>),
) -> Life {
    let mut life = Life::default();
    let mut ground = Ground::default();
    let mut timers = Timers::default();
    let mut accepted: u64 = 0;
    let mut state = String::new();
    let mut told = Told::default();
    for event in events {
        life.counted.events += 1;
        ground.follow(event);
        life.broken.extend(timers.follow(event, (name, rules)));
        told.follow((name, event));
        if let Some(next) = state_after(event) {
            next.clone_into(&mut state);
        }
        match event.change.as_str() {
            "accepted" => {
                accepted += 1;
                if let Some(why) = ground.lacks(event, &rules.quorums) {
                    life.broken.insert(Broken::Accepted(format!(
                        "{name}, event {}: {why}",
                        event.revision
                    )));
                }
                life.landed.push(Landed::Accepted {
                    baseline: event.body.get("baseline").cloned().unwrap_or_default(),
                    handoff: name.to_owned(),
                });
            }
            "rolled-back" => {
                life.counted.rolled_back += 1;
                life.landed.push(Landed::RolledBack {
                    to: event.body.get("to").cloned().unwrap_or_default(),
                    handoff: name.to_owned(),
                });
            }
            "escalated" | "rollback-blocked" => life.counted.escalated += 1,
            "timer-fired" => life.counted.fired += 1,
            _ => {}
        }
    }
    life.counted.accepted += accepted;
    if accepted > 1 {
        life.broken.insert(Broken::AcceptedTwice(name.to_owned()));
    }
    life.broken.extend(told.end(name, arrived));
    if let Some(why) = stuck(&state, &timers, rules) {
        life.broken
            .insert(Broken::Stuck(format!("{name} is `{state}`: {why}")));
    }
    life
}

/// Returns the state that a change leads to, where its word alone says so.
fn state_after(event: &Event) -> Option<&'static str> {
    Some(match event.change.as_str() {
        "opened" => "drafted",
        "submitted" | "waived" | "released" => "submitted",
        "gates-opened" => "gated",
        "offered" | "reassigned" => "offered",
        "accepted" => "accepted",
        "input-needed" => "needs-input",
        "declined" => "declined",
        "completed" => "completed",
        "withdrawn" => "withdrawn",
        "expired" => "expired",
        "escalated" => "escalated",
        "quarantined" => "quarantined",
        "rolled-back" => "rolling-back",
        "rollback-blocked" => "rollback-blocked",
        // Where a handoff goes on is said by the news of it.
        "noticed" => {
            let about = text(event.body.get("notice")?, "about");
            let known = TIMED.iter().chain(&RESTING).copied();
            known
                .chain(["rolling-back"])
                .find(|state| *state == about && !about.is_empty())?
        }
        _ => return None,
    })
}

fn stuck(state: &str, timers: &Timers, rules: &Rules) -> Option<String> {
    if RESTING.contains(&state) {
        return None;
    }
    if !TIMED.contains(&state) {
        return Some("it is Baton's turn and nothing is left to do".to_owned());
    }
    if timers.open.is_empty() && timers.fired.is_empty() {
        return Some("nothing measures its time".to_owned());
    }
    let overdue = timers.open.iter().find(|(_, due)| {
        due.checked_add(rules.lateness_max)
            .is_some_and(|latest| latest < rules.end)
    });
    overdue.map(|(number, due)| format!("timer {number}, due {due}, has not fired"))
}

#[derive(Debug, Default)]
struct Timers {
    open: BTreeMap<u64, Instant>,
    fired: BTreeSet<u64>,
}

impl Timers {
    fn follow(&mut self, event: &Event, (name, rules): (&str, &Rules)) -> Option<Broken> {
        let number = || {
            event
                .body
                .get("number")
                .and_then(Value::as_u64)
                .unwrap_or(0)
        };
        let broken = |why: String| {
            let place = format!("{name}, event {}: {why}", event.revision);
            Some(Broken::Timer(place))
        };
        match event.change.as_str() {
            "timer-set" => {
                let timer = event.body.get("timer")?;
                let number = timer.get("number").and_then(Value::as_u64)?;
                let due: Instant = text(timer, "due").parse().ok()?;
                if self.open.insert(number, due).is_some() || self.fired.contains(&number) {
                    return broken(format!("timer {number} is set twice"));
                }
            }
            "timer-cleared" if self.open.remove(&number()).is_none() => {
                return broken(format!("timer {} is not set", number()));
            }
            "timer-fired" => {
                let number = number();
                let Some(due) = self.open.remove(&number) else {
                    return broken(format!("timer {number} fires without being set"));
                };
                self.fired.insert(number);
                if event.at < due {
                    return broken(format!("timer {number} fires before {due}"));
                }
                let latest = due.checked_add(rules.lateness_max);
                if latest.is_some_and(|latest| latest < event.at) {
                    return broken(format!("timer {number} fires long after {due}"));
                }
            }
            _ => {}
        }
        None
    }
}

/// Who is told what: each move that somebody has to know of is followed by one piece of news of it.
#[derive(Debug, Default)]
struct Told {
    /// Moves whose news is due: what it has to be about, and where the move was.
    due: Vec<(Vec<&'static str>, u64)>,
    ids: BTreeSet<String>,
    /// Whether the event before queued a follow-up: those of one decision are told together.
    is_queuing: bool,
    broken: Vec<String>,
}

impl Told {
    fn follow(&mut self, (name, event): (&str, &Event)) {
        let was_queuing = self.is_queuing;
        self.is_queuing = event.change == "follow-up-queued";
        if self.is_queuing && !was_queuing {
            let id = format!("{name}.{}.follow-ups", event.revision);
            self.ids.insert(id);
        }
        let about: Vec<&'static str> = match event.change.as_str() {
            "noticed" => {
                self.notice(event);
                return;
            }
            "rolled-back" => vec!["rolling-back", "rolled-back"],
            "submitted" | "opened" | "waived" | "released" => return,
            _ => match state_after(event) {
                Some(state) => vec![state],
                None => return,
            },
        };
        self.due.push((about, event.revision));
    }

    fn notice(&mut self, event: &Event) {
        let notice = event.body.get("notice").unwrap_or(&Value::Null);
        let (id, about) = (text(notice, "id"), text(notice, "about"));
        if !self.ids.insert(id.clone()) {
            self.broken.push(format!("`{id}` is told twice"));
        }
        let is_it = |(words, _): &(Vec<&str>, u64)| words.contains(&about.as_str());
        if let Some(at) = self.due.iter().position(is_it) {
            self.due.remove(at);
        }
    }

    fn end(self, name: &str, arrived: &BTreeSet<String>) -> BTreeSet<Broken> {
        let mut broken: BTreeSet<Broken> = (self.broken.into_iter())
            .map(|why| Broken::Told(format!("{name}: {why}")))
            .collect();
        for (about, revision) in self.due {
            let why = format!("{name}, event {revision}: nobody is told of {about:?}");
            broken.insert(Broken::Told(why));
        }
        for id in self.ids {
            if !arrived.contains(&id) {
                broken.insert(Broken::Unheard(id));
            }
        }
        broken
    }
}
