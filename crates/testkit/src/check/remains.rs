//! What is left of a run, what it is checked against, and what is found.

use std::collections::{BTreeMap, BTreeSet};

use baton_terms::{Elapsed, Instant};

use super::life::{self, Landed};
use super::{acceptance, read};

/// What is left of a run.
#[derive(Debug, Clone, Default)]
pub struct Remains {
    /// The lines of each handoff's stream, by the handoff's name.
    pub handoffs: BTreeMap<String, Vec<Vec<u8>>>,
    /// What callers were told had happened.
    pub acknowledged: Vec<Acknowledged>,
    /// Ids of the messages that arrived at least once.
    pub arrived: BTreeSet<String>,
}

/// Something a caller was told had happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acknowledged {
    /// The handoff.
    pub handoff: String,
    /// The revision it came to.
    pub revision: u64,
    /// The key of the request.
    pub key: String,
}

/// What the world was like.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Approvals that each gate needs.
    pub quorums: BTreeMap<String, usize>,
    /// How late a timer may fire.
    pub lateness_max: Elapsed,
    /// When the run ended, with nothing left to do.
    pub end: Instant,
}

/// A promise that was not kept, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// Something acknowledged is not on record.
    Lost(String),
    /// A handoff was accepted more than once.
    AcceptedTwice(String),
    /// Two acceptances took one place of a slot.
    PlaceTakenTwice(String),
    /// An acceptance without what it needs.
    Accepted(String),
    /// Somebody was not told exactly once.
    Told(String),
    /// A message never arrived.
    Unheard(String),
    /// A timer fired early, twice, far too late, or without being set.
    Timer(String),
    /// A record that does not replay.
    Record(String),
    /// A rollback landed on what was never accepted.
    Landing(String),
    /// A handoff stands still, and nobody is told.
    Stuck(String),
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Handoffs.
    pub handoffs: u64,
    /// Events.
    pub events: u64,
    /// Acceptances.
    pub accepted: u64,
    /// Rollbacks.
    pub rolled_back: u64,
    /// Incidents.
    pub escalated: u64,
    /// Timers that fired.
    pub fired: u64,
    /// Things acknowledged.
    pub acknowledged: u64,
}

/// Returns every promise that was not kept, in order, and what was looked at.
pub fn check(remains: &Remains, rules: &Rules) -> (BTreeSet<Broken>, Counted) {
    let mut broken = BTreeSet::new();
    let mut counted = Counted::default();
    let mut landed: Vec<Landed> = Vec::new();
    let mut recorded: BTreeMap<(&str, u64), String> = BTreeMap::new();
    for (name, lines) in &remains.handoffs {
        counted.handoffs += 1;
        let events = match read::events(name, lines) {
            Ok(events) => events,
            Err(why) => {
                broken.insert(Broken::Record(format!("{name}: {why}")));
                continue;
            }
        };
        for event in &events {
            recorded.insert((name, event.revision), event.key.clone());
        }
        let life = life::follow(name, &events, (rules, &remains.arrived));
        counted.add(&life.counted);
        broken.extend(life.broken);
        landed.extend(life.landed);
    }
    for acknowledged in &remains.acknowledged {
        counted.acknowledged += 1;
        let place = (acknowledged.handoff.as_str(), acknowledged.revision);
        if recorded.get(&place) != Some(&acknowledged.key) {
            broken.insert(Broken::Lost(format!("{acknowledged:?}")));
        }
    }
    broken.extend(acceptance::across(&landed));
    (broken, counted)
}

impl Counted {
    /// Adds what another run looked at.
    pub fn add(&mut self, other: &Self) {
        self.handoffs += other.handoffs;
        self.events += other.events;
        self.accepted += other.accepted;
        self.rolled_back += other.rolled_back;
        self.escalated += other.escalated;
        self.fired += other.fired;
        self.acknowledged += other.acknowledged;
    }
}
