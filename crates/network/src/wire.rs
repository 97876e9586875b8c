//! The answer of a simulation as data, format `simulation/v1`. Times are whole seconds, shares basis
//! points; everything is an integer but the trends.

use baton_rootcause::wire::Fixed;
use serde::{Deserialize, Serialize};

/// The name of the format.
pub const FORMAT: &str = "simulation/v1";

/// A simulation: what was fitted, whether it reproduces what happened, and what scenarios change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// Always `simulation/v1`; written as `baton`, as in every document of Baton.
    #[serde(rename = "baton")]
    pub format: String,
    /// Version of the engine.
    pub engine: String,
    /// What was read.
    pub input: Input,
    /// Seed of all chance.
    pub seed: u64,
    /// How many times the held-out weeks were played.
    pub replications: u32,
    /// Which weeks were used for what.
    pub weeks: Weeks,
    /// What was fitted.
    pub fit: Fit,
    /// Whether it reproduces what happened.
    pub validation: Validation,
    /// What each scenario changes.
    pub scenarios: Vec<Scenario>,
    /// What a log cannot tell and is assumed.
    pub assumptions: Vec<String>,
    /// What a reader must know before using it.
    pub cautions: Vec<String>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Name of the log as the user gave it, without its folder.
    pub name: String,
    /// SHA-256 of the bytes read, one per file, `sha256:…`.
    pub digests: Vec<String>,
}

/// Weeks in a row, from Monday 00:00 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// First day.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
    /// How many weeks.
    pub weeks: i64,
}

/// Which weeks were used for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weeks {
    /// Weeks fitted.
    pub fit: Stretch,
    /// Weeks held out, and simulated.
    pub held_out: Stretch,
    /// Whole weeks before the fitted ones that were left out.
    pub left_out: i64,
}

/// What was fitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// Cases of the log.
    pub cases: u64,
    /// Cases that name no team, which are not simulated.
    pub without_team: u64,
    /// Visits of cases to teams in the fitted weeks.
    pub visits: u64,
    /// Of these, those that were still open at the cut.
    pub open_visits: u64,
    /// Visits of the log with an event before the one it follows; such times count as 0.
    pub disordered: u64,
    /// Cases under way at the cut, with which every replication begins.
    pub backlog: u64,
    /// New cases of each fitted week.
    pub arrivals: Vec<u64>,
    /// What these weeks do.
    pub arrivals_trend: Option<Trend>,
    /// What the median waiting of the fitted weeks does.
    pub waiting_drift: Option<Trend>,
    /// Teams that may be named, and what stands for the small ones.
    pub teams: Vec<Team>,
    /// Teams behind the name for small groups.
    pub folded: u64,
}

/// Whether a series of weeks rises or falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Change per week, by Theil and Sen.
    pub per_week: Fixed,
    /// Probability of such a trend by chance, by Mann and Kendall, two-sided.
    pub probability: Fixed,
    /// Whether the simulation carries it on.
    pub is_carried_on: bool,
}

/// A team and what it was seen to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Most cases it had in work at once, which stands for its capacity.
    pub in_work_most: u32,
    /// Hours of a week in which it works.
    pub open_hours: i64,
    /// Whether the hours are its own, and not those of all teams.
    pub has_own_hours: bool,
}

/// Outcomes of the replications: 95 of 100 further ones lie between low and high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Low end.
    pub low: i64,
    /// Median.
    pub middle: i64,
    /// High end.
    pub high: i64,
}

/// What happened against what was simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What happened.
    pub actual: i64,
    /// What was simulated; absent when too few replications say anything.
    pub simulated: Option<Range>,
    /// Whether what happened lies in the range.
    pub holds: bool,
}

/// Median and nine-in-ten, each with what happened and what was simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// Sender; absent for everything a receiver got.
    pub from: Option<String>,
    /// Receiver; absent for all handovers.
    pub to: Option<String>,
    /// How many.
    pub count: Check,
    /// Median, in seconds.
    pub median: Check,
    /// What nine in ten do not exceed, in seconds.
    pub p90: Check,
}

/// How many of the compared lie in their ranges; 95 of 100 are to be expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Compared.
    pub compared: u64,
    /// Medians in their range.
    pub medians: u64,
    /// Nine-in-tens in their range.
    pub p90s: u64,
}

/// Whether the simulation reproduces what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// Whether median and nine-in-ten of all waits lie in their ranges.
    pub reproduces_waiting: bool,
    /// Waiting of all handovers.
    pub waiting: Compared,
    /// Time from arrival to end of the cases that ended.
    pub lead: Compared,
    /// Cases in the network at the end.
    pub open: Check,
    /// Waiting by receiver, those with at least 20 handovers in the held-out weeks.
    pub teams: Vec<Compared>,
    /// How many of the teams hold.
    pub team_coverage: Coverage,
    /// Waiting by edge, those with at least 20 handovers in the held-out weeks.
    pub edges: Vec<Compared>,
    /// How many of the edges hold.
    pub edge_coverage: Coverage,
}

/// What is measured of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Median waiting of handovers, in seconds.
    WaitingMedian,
    /// What nine in ten waits do not exceed, in seconds.
    WaitingP90,
    /// Handovers.
    Handovers,
    /// Cases that ended.
    Finished,
    /// Median time from arrival to end, in seconds.
    LeadMedian,
    /// What nine in ten of these do not exceed, in seconds.
    LeadP90,
    /// Cases in the network at the end.
    Open,
    /// Late waits among those with a deadline, in basis points.
    Late,
}

/// One measure with and without a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Receiver; absent for everything.
    pub team: Option<String>,
    /// What is measured.
    pub measure: Measure,
    /// Without the scenario.
    pub base: Range,
    /// With it.
    pub scenario: Range,
    /// With less without, replication by replication.
    pub difference: Range,
    /// Whether the difference has one sign in its whole range.
    pub is_clear: bool,
}

/// What one scenario changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// The scenario as it was read.
    pub document: serde_json::Value,
    /// Changes over everything.
    pub overall: Vec<Change>,
    /// Clear changes of waiting by receiver, largest first.
    pub teams: Vec<Change>,
    /// Clear changes by receiver beyond those shown.
    pub teams_left_out: u64,
    /// Most handovers of a replication that were still waiting a year later.
    pub unfinished_most: u64,
}
