//! What is planted: the conditions that truly raise the risk, and by how much.

use baton_rootcause::wire::{Condition, Fixed};

use super::case::{CHANNELS, Case, KINDS, PRIORITIES, PRODUCTS, REGIONS, TEAMS, TIERS};

/// How much a planted cause adds to the risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Force {
    /// About twice the risk of everyone else.
    Weak,
    /// About three and a half times.
    Medium,
    /// About seven times.
    Strong,
}

impl Force {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Weak, Self::Medium, Self::Strong];

    /// Returns the word for tables of results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Medium => "medium",
            Self::Strong => "strong",
        }
    }

    /// Chances in 10,000 that the cause alone makes a case fail.
    fn chances(self) -> u64 {
        match self {
            Self::Weak => 800,
            Self::Medium => 1_600,
            Self::Strong => 3_500,
        }
    }
}

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Nothing: the outcome is chance.
    Nothing,
    /// A cause of one condition.
    OneCondition,
    /// A cause of two conditions.
    TwoConditions,
    /// A cause of three conditions.
    ThreeConditions,
    /// Causes of one, two and three conditions together.
    Mixed,
    /// Three causes that share cases.
    Overlapping,
    /// A team, and an office that most of its cases share without any effect of its own.
    ConfoundedProxy,
    /// A short way that looks safe only because hard cases rarely take it.
    SimpsonReversal,
    /// A range of waiting time, and one of open work.
    NumericRange,
    /// A handover between two teams, and one without an assignee after a bounce.
    HandoverPattern,
}

/// One planted cause: the test on a case, its description, and the chances it adds.
pub(super) struct Cause {
    pub(super) holds: fn(&Case) -> bool,
    pub(super) conditions: Vec<Condition>,
    pub(super) chances: u64,
}

impl Shape {
    /// All that plant something.
    pub const ALL: [Self; 9] = [
        Self::OneCondition,
        Self::TwoConditions,
        Self::ThreeConditions,
        Self::Mixed,
        Self::Overlapping,
        Self::ConfoundedProxy,
        Self::SimpsonReversal,
        Self::NumericRange,
        Self::HandoverPattern,
    ];

    /// Returns the words for tables of results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::OneCondition => "one condition",
            Self::TwoConditions => "two conditions",
            Self::ThreeConditions => "three conditions",
            Self::Mixed => "one, two and three together",
            Self::Overlapping => "overlapping",
            Self::ConfoundedProxy => "confounded proxy",
            Self::SimpsonReversal => "Simpson reversal",
            Self::NumericRange => "numeric ranges",
            Self::HandoverPattern => "handover pattern",
        }
    }

    pub(super) fn causes(self, force: Force) -> Vec<Cause> {
        let chances = force.chances();
        match self {
            Self::Nothing => Vec::new(),
            Self::OneCondition => vec![partner_channel(chances)],
            Self::TwoConditions => vec![high_south(chances)],
            Self::ThreeConditions => vec![free_change_search(chances)],
            Self::Mixed => vec![
                partner_channel(chances),
                high_south(chances),
                free_change_search(chances),
            ],
            Self::Overlapping => vec![
                partner_channel(chances),
                south(chances),
                high_change(chances),
            ],
            Self::ConfoundedProxy => vec![intake(chances)],
            Self::SimpsonReversal => vec![migration(3_500), fast_track(chances / 4 + 300)],
            Self::NumericRange => vec![waiting(chances), busy(chances)],
            Self::HandoverPattern => vec![handed_over(chances), dropped(chances)],
        }
    }
}

fn named(table: &[&str], place: usize, name: &str) -> bool {
    table.get(place) == Some(&name)
}

fn is(feature: &str, value: &str) -> Condition {
    Condition::Is {
        feature: feature.to_owned(),
        value: value.to_owned(),
    }
}

fn present(feature: &str) -> Condition {
    Condition::Present {
        feature: feature.to_owned(),
    }
}

fn between(feature: &str, low: i64, high: Option<i64>, unit: &str) -> Condition {
    let millionths = |whole: i64| Fixed::from_millionths(whole.saturating_mul(1_000_000));
    Condition::Between {
        feature: feature.to_owned(),
        low: Some(millionths(low)),
        high: high.map(millionths),
        unit: Some(unit.to_owned()),
    }
}

fn partner_channel(chances: u64) -> Cause {
    Cause {
        holds: |case| named(&CHANNELS, case.channel, "partner"),
        conditions: vec![is("channel", "partner")],
        chances,
    }
}

fn south(chances: u64) -> Cause {
    Cause {
        holds: |case| named(&REGIONS, case.region, "south"),
        conditions: vec![is("region", "south")],
        chances,
    }
}

fn high_south(chances: u64) -> Cause {
    Cause {
        holds: |case| {
            named(&PRIORITIES, case.priority, "high") && named(&REGIONS, case.region, "south")
        },
        conditions: vec![is("priority", "high"), is("region", "south")],
        chances,
    }
}

fn high_change(chances: u64) -> Cause {
    Cause {
        holds: |case| {
            named(&PRIORITIES, case.priority, "high") && named(&KINDS, case.kind, "change")
        },
        conditions: vec![is("kind", "change"), is("priority", "high")],
        chances,
    }
}

fn free_change_search(chances: u64) -> Cause {
    Cause {
        holds: |case| {
            named(&TIERS, case.tier, "free")
                && named(&KINDS, case.kind, "change")
                && named(&PRODUCTS, case.product, "search")
        },
        conditions: vec![
            is("kind", "change"),
            is("product", "search"),
            is("tier", "free"),
        ],
        chances,
    }
}

fn intake(chances: u64) -> Cause {
    Cause {
        holds: |case| {
            case.path
                .first()
                .is_some_and(|&team| named(&TEAMS, team, "intake"))
        },
        conditions: vec![is("team", "intake")],
        chances,
    }
}

fn migration(chances: u64) -> Cause {
    Cause {
        holds: |case| named(&KINDS, case.kind, "migration"),
        conditions: vec![is("kind", "migration")],
        chances,
    }
}

fn fast_track(chances: u64) -> Cause {
    Cause {
        holds: |case| case.fast_track,
        conditions: vec![present("fast track")],
        chances,
    }
}

fn waiting(chances: u64) -> Cause {
    Cause {
        holds: |case| (14_400..32_400).contains(&case.waiting_seconds),
        conditions: vec![between("waiting time", 14_400, Some(32_400), "seconds")],
        chances,
    }
}

fn busy(chances: u64) -> Cause {
    Cause {
        holds: |case| case.open_work >= 90,
        conditions: vec![between("open work", 90, None, "count")],
        chances,
    }
}

fn handed_over(chances: u64) -> Cause {
    Cause {
        holds: |case| case.handed(1, 7),
        conditions: vec![present("handover: backend → payments")],
        chances,
    }
}

fn dropped(chances: u64) -> Cause {
    Cause {
        holds: |case| case.bounced() && case.assignee_missing,
        conditions: vec![present("assignee missing"), present("ping-pong")],
        chances,
    }
}
