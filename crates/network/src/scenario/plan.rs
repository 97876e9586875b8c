//! What a scenario says, resolved against the teams of a log.

use serde_json::Value;

use crate::fit::Opening;

/// A scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its name, an id.
    pub name: String,
    /// What it is about, in a line.
    pub title: String,
    /// More or less new work.
    pub arrivals: Option<MoreOrLess>,
    /// What changes for each team, in the order of the teams.
    pub teams: Vec<TeamPlan>,
    /// Gates before handovers.
    pub approvals: Vec<Approval>,
    /// The scenario as it was read, for records.
    pub document: Value,
}

/// More or less new work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoreOrLess {
    /// New work in percent of what it was.
    pub percent: u32,
    /// Only that which begins at this team.
    pub team: Option<u32>,
}

/// What changes for one team.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TeamPlan {
    /// How much it can have in work at once.
    pub capacity: Option<Capacity>,
    /// How many cases it holds at once, waiting or in work.
    pub wip_limit: Option<u32>,
    /// When it works.
    pub hours: Option<Opening>,
    /// What it gives straight back, in percent of what it did.
    pub returns_percent: Option<u32>,
    /// How it is reminded.
    pub retries: Option<Retries>,
    /// Seconds after which a wait is late.
    pub deadline: Option<i64>,
}

/// How much a team can have in work at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// This many cases.
    Cases(u32),
    /// This much of the most it was seen with, rounded up.
    Percent(u32),
}

/// Work that is not begun is handed over again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Seconds to wait before.
    pub after: i64,
    /// How often at most.
    pub most: u32,
}

/// A gate before handovers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Handovers to this team; `None` for all.
    pub to: Option<u32>,
    /// How many of them in a hundred.
    pub percent: u32,
    /// Approvals under way at once.
    pub approvers: u32,
    /// Seconds that an approval takes, each equally likely; not empty.
    pub takes: Vec<i64>,
}

impl TeamPlan {
    /// Returns what is said here, and where nothing is, what `other` says.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            capacity: self.capacity.or(other.capacity),
            wip_limit: self.wip_limit.or(other.wip_limit),
            hours: self.hours.or_else(|| other.hours.clone()),
            returns_percent: self.returns_percent.or(other.returns_percent),
            retries: self.retries.or(other.retries),
            deadline: self.deadline.or(other.deadline),
        }
    }
}
