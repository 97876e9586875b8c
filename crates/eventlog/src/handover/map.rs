//! The handover map as data, format `handover-map/v1`: what `baton discover` writes as JSON and what
//! its drawing is made from. Counts are exact; times are whole seconds, rounded down.

use serde::{Deserialize, Serialize};

/// The JSON Schema of a [`Map`].
pub const SCHEMA: &str = include_str!("handover-map-v1.schema.json");
/// The name of the format.
pub const FORMAT: &str = "handover-map/v1";

/// Parties and the handovers between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Always `handover-map/v1`.
    pub format: String,
    /// Everything counted over all parties.
    pub totals: Totals,
    /// The outcome, when one was given.
    pub outcome: Option<Outcome>,
    /// Parties in the order of their names.
    pub parties: Vec<Party>,
    /// Handovers by sender and receiver, most frequent first, then by name.
    pub edges: Vec<Edge>,
    /// What is not shown by name.
    pub folded: Folded,
}

/// Counts over the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Cases of the log.
    pub cases: u64,
    /// Events of the log.
    pub events: u64,
    /// Cases with at least one handover.
    pub handed_over_cases: u64,
    /// Handovers: two events in a row name two parties.
    pub handovers: u64,
    /// Changes of the party across events that name none; they are in no other count of handovers.
    pub after_gap: u64,
    /// Cases that go A → B → A at least once, gaps passed over.
    pub ping_pong_cases: u64,
    /// Handovers that name no person of the receiver; absent when the log names no persons.
    pub without_person: Option<u64>,
}

/// An outcome and its counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its name, such as `SLA missed`.
    pub name: String,
    /// Cases with a known outcome, and failures among them.
    pub all: Count,
    /// Cases with a handover that names no person, against those whose handovers all name one.
    pub without_person: Option<Split>,
}

/// Cases and failures among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Cases.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
}

/// Cases with something against comparable cases without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Cases with it.
    pub with: Count,
    /// Cases without it.
    pub without: Count,
}

/// One party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// Cases it held at some time.
    pub cases: u64,
    /// Handovers to it.
    pub received: u64,
    /// Handovers from it.
    pub sent: u64,
    /// Received cases that it gave straight back.
    pub gave_back: u64,
}

/// Handovers from one party to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// Sender.
    pub from: String,
    /// Receiver.
    pub to: String,
    /// Handovers.
    pub handovers: u64,
    /// Cases with at least one of them.
    pub cases: u64,
    /// Of the handovers, those the receiver gave straight back: A → B → A.
    pub returned: u64,
    /// Of the handovers, those the receiver handed on to a third party.
    pub passed_on: u64,
    /// Of the handovers, those that name no person of the receiver.
    pub without_person: Option<u64>,
    /// Time from the handover to the next event of the case.
    pub waiting: Waiting,
    /// Cases handed from this sender to this receiver, against cases that this sender handed to
    /// others only: a busy sender is not blamed for its volume. Absent without an outcome.
    pub failures: Option<Split>,
}

/// Waiting times in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Handovers after which the case has another event.
    pub known: u64,
    /// Half of them waited at most this long (nearest rank).
    pub median_seconds: Option<i64>,
    /// Nine in ten of them waited at most this long (nearest rank).
    pub p90_seconds: Option<i64>,
}

/// What is counted, but not shown by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folded {
    /// Parties behind `(small groups)`.
    pub parties: u64,
    /// Fewest people of a party that is named.
    pub people_min: u64,
    /// Fewest cases of a party that is named.
    pub cases_min: u64,
}
