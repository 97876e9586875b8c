//! What a report on outcomes says, format `outcomes/v1`. Numbers are integers in the unit of their outcome.

use baton_terms::{Digest, Instant};
use serde::Serialize;
use serde_json::Value;

/// The format's name.
pub const FORMAT: &str = "outcomes/v1";
/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("outcomes-v1.schema.json");

/// Where the outcomes of a store's handoffs stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Always `outcomes/v1`; written as `baton`, as in every document of Baton.
    #[serde(rename = "baton")]
    pub format: &'static str,
    /// Nothing that happened later counts.
    pub as_of: Instant,
    /// Confidence of every interval, in basis points.
    pub confidence: u16,
    /// The weeks that are told one by one, the oldest first.
    pub weeks: Vec<Week>,
    /// All contracts together.
    pub network: Network,
    /// Each contract, in the order of names.
    pub contracts: Vec<Contract>,
    /// How missions ended, those that moved last first.
    pub missions: Vec<Mission>,
    /// Missions that are not told.
    pub missions_left_out: u64,
}

/// One week of ISO 8601, in UTC, from Monday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Its name, such as `2026-W47`.
    pub name: String,
    /// Its Monday.
    pub from: Instant,
    /// The first instant after it, or after what is known of it.
    pub until: Instant,
    /// Whether it is over.
    pub is_whole: bool,
}

/// All handoffs together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Handoffs that were opened.
    pub handoffs: u64,
    /// Their outcomes, in elapsed time.
    pub outcomes: Vec<Line>,
    /// What happened week by week.
    pub activity: Vec<Activity>,
    /// How things stand.
    pub standing: Standing,
}

/// The handoffs of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contract {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The version that was opened last: its outcomes are told.
    pub version: String,
    /// Digest of that version.
    pub digest: Digest,
    /// How many versions handoffs were opened with.
    pub versions: u64,
    /// Handoffs that were opened, under any version.
    pub handoffs: u64,
    /// When the first one was opened.
    pub since: Instant,
    /// Its outcomes, in the order of the contract.
    pub outcomes: Vec<Line>,
    /// What happened week by week.
    pub activity: Vec<Activity>,
    /// How things stand.
    pub standing: Standing,
    /// Waivers in force, by clause.
    pub waived: Vec<Waived>,
}

/// One outcome against its baseline and target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Id.
    pub id: String,
    /// What is measured.
    pub metric: String,
    /// Where a metric comes from that is measured elsewhere.
    pub source: Option<String>,
    /// Unit of every number.
    pub unit: String,
    /// `lower` or `higher` is better.
    pub direction: String,
    /// Time over which it is measured.
    pub window_seconds: u64,
    /// Fewest handoffs that say anything.
    pub minimum_sample: u32,
    /// Where it starts from; nothing where nobody says.
    pub baseline: Option<Baseline>,
    /// Where it should get; nothing where nobody says.
    pub target: Option<i64>,
    /// Over the window up to now.
    pub now: Reading,
    /// Whether the target is met.
    pub status: Status,
    /// Why that is not known; empty where it is.
    pub because: String,
    /// Whether the whole interval is on the same side of the target as the value.
    pub is_clear: bool,
    /// Handoffs that are under way and have no value yet.
    pub waiting: u64,
    /// Of these, handoffs that have taken longer than the target already: they count in `now`, with the time so far.
    pub waiting_beyond: u64,
    /// Handoffs that ended in the window without a value.
    pub without_value: u64,
    /// Week by week, in the order of `weeks`.
    pub weeks: Vec<Reading>,
}

/// Where an outcome starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Baseline {
    /// Where it comes from.
    pub from: From,
    /// What it is, with its interval where it was measured.
    pub reading: Reading,
    /// The first instant of the window it is measured over.
    pub since: Option<Instant>,
    /// The first instant after that window.
    pub until: Option<Instant>,
}

/// Where a baseline comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// The contract says it.
    Declared,
    /// The first window of its handoffs.
    Measured,
    /// That window is not over.
    Measuring,
}

/// A measured value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Reading {
    /// The value; nothing where nothing was measured.
    pub value: Option<i64>,
    /// Lower limit of its interval; nothing where there is none.
    pub low: Option<i64>,
    /// Upper limit of its interval; nothing where there is none.
    pub high: Option<i64>,
    /// Handoffs it rests on.
    pub sample: u64,
}

/// Whether a target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// Nobody knows, which is not met.
    Unknown,
    /// There is none.
    NoTarget,
}

impl Status {
    /// Returns the word people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Unknown => "unknown",
            Self::NoTarget => "no target",
        }
    }
}

/// What happened in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Activity {
    /// Handoffs opened.
    pub opened: u64,
    /// Handoffs that a receiver answered for the first time.
    pub answered: u64,
    /// Handoffs accepted.
    pub accepted: u64,
    /// Handoffs completed.
    pub completed: u64,
    /// Times a package was sent back, by whomever.
    pub sent_back: u64,
    /// Escalations.
    pub escalated: u64,
    /// Rollbacks.
    pub rolled_back: u64,
    /// Waivers given.
    pub waived: u64,
    /// Follow-ups queued.
    pub follow_ups: u64,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Standing {
    /// Handoffs that are not over.
    pub open: u64,
    /// Of these, handoffs with a deadline that has passed.
    pub overdue: u64,
    /// Whose turn it is.
    pub turns: Turns,
    /// Why handoffs are escalated or shut away now, by cause.
    pub blocked: Vec<Cause>,
    /// Waivers in force.
    pub waivers: u64,
    /// Follow-ups that are open.
    pub follow_ups: u64,
    /// Of these, follow-ups that are overdue.
    pub follow_ups_overdue: u64,
}

/// Whose turn it is at the handoffs that are not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Turns {
    /// The sender's.
    pub sender: u64,
    /// The approvers'.
    pub approvers: u64,
    /// The receiver's.
    pub receiver: u64,
    /// That of oversight.
    pub oversight: u64,
    /// Baton's.
    pub baton: u64,
}

/// Handoffs blocked by one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The cause.
    pub cause: String,
    /// How many.
    pub handoffs: u64,
}

/// Waivers of one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// The clause.
    pub clause: String,
    /// Waivers in force.
    pub in_force: u64,
    /// When the first of them ends.
    pub first_ends: Instant,
    /// Since when the oldest of them is in force.
    pub since: Instant,
}

/// How a mission ended, or where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mission {
    /// The run.
    pub run: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub ended: String,
    /// Since when.
    pub at: Instant,
    /// Digest of its outcome report.
    pub report: Digest,
    /// Its outcomes.
    pub outcomes: Vec<MissionOutcome>,
    /// Follow-ups it queued.
    pub follow_ups: u64,
}

/// One outcome of a mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissionOutcome {
    /// Id.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Unit of every number.
    pub unit: String,
    /// Where it stood.
    pub baseline: Option<i64>,
    /// Where it was to get.
    pub target: i64,
    /// Where it got.
    pub value: Option<i64>,
    /// Cases it was measured on.
    pub sample: u64,
    /// Whether the target is met.
    pub status: Status,
}

/// Returns the report as an `outcomes/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which none has.
pub fn json(outcomes: &Outcomes) -> serde_json::Result<Value> {
    serde_json::to_value(outcomes)
}
