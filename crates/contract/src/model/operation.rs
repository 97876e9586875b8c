//! How a handoff is run: routing, retries, rollback, budget and validation.

use baton_terms::{BasisPoints, Elapsed, Id};

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// How a receiver is chosen.
    Strategy {
        LeastLoaded = "least-loaded", "The candidate with the least open work per capacity.";
        RoundRobin = "round-robin", "Each candidate in turn.";
        Fixed = "fixed", "Always the first candidate.";
    }
}

choices! {
    /// How the delay between attempts grows.
    Backoff {
        Exponential = "exponential", "It doubles each time.";
        Fixed = "fixed", "It stays the same.";
    }
}

choices! {
    /// How delays are spread.
    Jitter {
        Deterministic = "deterministic", "By a keyed hash of handoff and attempt.";
        Off = "off", "Not at all.";
    }
}

choices! {
    /// Where rollback lands.
    RollbackTarget {
        LastStableBaseline = "last-stable-baseline", "The last fully accepted package or stable contract version.";
    }
}

choices! {
    /// What causes a rollback.
    RollbackTrigger {
        CriticalPosture = "critical-posture", "The posture became critical.";
        RepeatedFailures = "repeated-failures", "The number of failures reached `failures`.";
        FailedGuardrail = "failed-guardrail", "A guardrail failed.";
    }
}

choices! {
    /// A suite a contract is validated with.
    Suite {
        Unit = "unit", "Its own examples with expected findings.";
        Integration = "integration", "Evidence and receiver adapters against real local ones.";
        Simulation = "simulation", "Scenarios under the named conditions.";
        Regression = "regression", "Golden scorecards of the baseline version.";
    }
}

choices! {
    /// A named condition under which suites run.
    Condition {
        ProHumanityImpact = "pro-humanity-impact", "Overload, quiet hours, vulnerable users, unequal load, single approvers.";
        ProfessionalMastery = "professional-mastery", "Permuted order, hostile input, clock skew, any thread count.";
    }
}

/// How a receiver is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    /// Who may receive.
    pub candidates: Vec<Candidate>,
    /// What the work needs: whoever receives can do all of it.
    pub capabilities: Vec<Id>,
    /// How one is chosen.
    pub strategy: Strategy,
    /// Most open handoffs per receiver.
    pub wip_limit: Option<u32>,
    /// Calendar of the receivers' working hours.
    pub calendar: Option<Id>,
    /// Smallest Jain index of load per capacity.
    pub fairness_min: Option<BasisPoints>,
    /// Team that receives when no candidate can.
    pub fallback: Option<Id>,
    /// Whom to tell when nothing moves.
    pub escalation: Vec<Escalation>,
    /// JSON Pointer of the section.
    pub at: String,
}

/// A team that may receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Team.
    pub team: Id,
    /// What it can do.
    pub capabilities: Vec<Id>,
    /// JSON Pointer of the candidate.
    pub at: String,
}

/// One rung of the escalation ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// Time after which it is climbed.
    pub after: String,
    /// Role told.
    pub to: Id,
    /// JSON Pointer of the rung.
    pub at: String,
}

/// How transient failures are retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts in all.
    pub attempts: u32,
    /// Delay before the second attempt, in milliseconds.
    pub base_delay_ms: u32,
    /// How the delay grows.
    pub backoff: Backoff,
    /// How delays are spread.
    pub jitter: Jitter,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts: 4,
            base_delay_ms: 750,
            backoff: Backoff::Exponential,
            jitter: Jitter::Deterministic,
        }
    }
}

/// When and where to roll back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollback {
    /// Where it lands.
    pub to: RollbackTarget,
    /// What causes it.
    pub on: Vec<RollbackTrigger>,
    /// Failures that count as repeated.
    pub failures: u32,
    /// JSON Pointer of the section.
    pub at: String,
}

/// What a handoff may cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// Longest run time of one mission.
    pub time: Option<Elapsed>,
    /// Most memory, in mebibytes.
    pub memory_mib: Option<u64>,
    /// Most rows read.
    pub rows: Option<u64>,
    /// Most attempts.
    pub attempts: Option<u64>,
    /// Most open handoffs per receiver.
    pub open_work: Option<u64>,
    /// Most money, in minor units.
    pub money_units: Option<u64>,
    /// Receiver pressure above which risk grows.
    pub resource_pressure_cap: Option<BasisPoints>,
    /// Most clauses waived in one handoff.
    pub waivers: Option<u64>,
}

/// What a version must pass before it is promoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// Suites.
    pub suites: Vec<Suite>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// JSON Pointer of the section.
    pub at: String,
}

const COUNT: Shape = Shape::Integer {
    min: 0,
    max: 1_000_000_000,
};

static CANDIDATE: Object = Object {
    name: "candidate",
    doc: "A team that may receive.",
    fields: &[
        required("team", Shape::Text(TextKind::Id), "The team."),
        optional(
            "capabilities",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 0,
                max: 50,
            },
            "What it can do.",
        ),
    ],
};

static ESCALATION: Object = Object {
    name: "escalation rung",
    doc: "One rung of the escalation ladder.",
    fields: &[
        required(
            "after",
            Shape::Text(TextKind::Span),
            "Time without progress.",
        ),
        required("to", Shape::Text(TextKind::Id), "Role told then."),
    ],
};

pub(super) static ROUTING: Object = Object {
    name: "routing",
    doc: "How a receiver is found.",
    fields: &[
        required(
            "candidates",
            Shape::List {
                item: &Shape::Object(&CANDIDATE),
                min: 1,
                max: 200,
            },
            "Who may receive.",
        ),
        optional(
            "capabilities",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 1,
                max: 50,
            },
            "What the work needs: a candidate receives only if it can do all of it.",
        ),
        required(
            "strategy",
            Shape::Choice(Strategy::WORDS),
            "How one is chosen.",
        ),
        optional(
            "wip_limit",
            Shape::Integer { min: 1, max: 1000 },
            "Most open handoffs per receiver.",
        ),
        optional(
            "calendar",
            Shape::Text(TextKind::Id),
            "Calendar of the receivers' working hours.",
        ),
        optional(
            "fairness_min",
            Shape::Integer {
                min: 0,
                max: 10_000,
            },
            "Smallest Jain index of load per capacity, in basis points.",
        ),
        optional(
            "fallback",
            Shape::Text(TextKind::Id),
            "Team that receives when no candidate can.",
        ),
        optional(
            "escalation",
            Shape::List {
                item: &Shape::Object(&ESCALATION),
                min: 1,
                max: 10,
            },
            "Whom to tell, and when, if nothing moves.",
        ),
    ],
};

/// The shape of a section `retries`, which missions have too.
pub static RETRIES: Object = Object {
    name: "retries",
    doc: "How transient failures are retried.",
    fields: &[
        optional(
            "attempts",
            Shape::Integer { min: 1, max: 20 },
            "Attempts in all; 4 when left out.",
        ),
        optional(
            "base_delay_ms",
            Shape::Integer {
                min: 1,
                max: 3_600_000,
            },
            "Delay before the second attempt in milliseconds; 750 when left out.",
        ),
        optional(
            "backoff",
            Shape::Choice(Backoff::WORDS),
            "How the delay grows; `exponential` when left out.",
        ),
        optional(
            "jitter",
            Shape::Choice(Jitter::WORDS),
            "How delays are spread; `deterministic` when left out.",
        ),
    ],
};

pub(super) static ROLLBACK: Object = Object {
    name: "rollback",
    doc: "When and where to roll back.",
    fields: &[
        required(
            "to",
            Shape::Choice(RollbackTarget::WORDS),
            "Where it lands.",
        ),
        required(
            "on",
            Shape::List {
                item: &Shape::Choice(RollbackTrigger::WORDS),
                min: 1,
                max: 3,
            },
            "What causes it.",
        ),
        optional(
            "failures",
            Shape::Integer { min: 1, max: 100 },
            "Failures that count as repeated; 3 when left out.",
        ),
    ],
};

/// The shape of a section `budget`, which missions have too.
pub static BUDGET: Object = Object {
    name: "budget",
    doc: "What a handoff may cost; reaching a cap stops it cleanly and escalates.",
    fields: &[
        optional("time", Shape::Text(TextKind::Elapsed), "Longest run time."),
        optional("memory_mib", COUNT, "Most memory, in mebibytes."),
        optional("rows", COUNT, "Most rows read."),
        optional("attempts", COUNT, "Most attempts."),
        optional("open_work", COUNT, "Most open handoffs per receiver."),
        optional(
            "money_units",
            COUNT,
            "Most money, in the smallest unit of the currency.",
        ),
        optional(
            "resource_pressure_cap",
            Shape::Integer {
                min: 0,
                max: 10_000,
            },
            "Receiver pressure, in basis points, above which the risk grows by the excess.",
        ),
        optional("waivers", COUNT, "Most clauses waived in one handoff."),
    ],
};

pub(super) static VALIDATION: Object = Object {
    name: "validation",
    doc: "What a version must pass before it is promoted.",
    fields: &[
        required(
            "suites",
            Shape::List {
                item: &Shape::Choice(Suite::WORDS),
                min: 1,
                max: 4,
            },
            "Suites to pass.",
        ),
        required(
            "conditions",
            Shape::List {
                item: &Shape::Choice(Condition::WORDS),
                min: 1,
                max: 2,
            },
            "Conditions under which they run.",
        ),
    ],
};

impl Routing {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        Some(Self {
            candidates: fields.list("candidates", |candidate| {
                Some(Candidate {
                    team: candidate.parse("team")?,
                    capabilities: candidate.texts("capabilities", |text| text.parse().ok()),
                    at: candidate.at(),
                })
            }),
            capabilities: fields.texts("capabilities", |text| text.parse().ok()),
            strategy: fields.word("strategy", Strategy::from_word)?,
            wip_limit: fields.number("wip_limit"),
            calendar: fields.parse("calendar"),
            fairness_min: fields
                .integer("fairness_min")
                .and_then(|v| BasisPoints::new(v).ok()),
            fallback: fields.parse("fallback"),
            escalation: fields.list("escalation", |rung| {
                Some(Escalation {
                    after: rung.text("after")?,
                    to: rung.parse("to")?,
                    at: rung.at(),
                })
            }),
            at: fields.at(),
        })
    }
}

impl Retries {
    /// Returns what a section `retries` says.
    pub fn read(fields: &Fields<'_>) -> Self {
        let defaults = Self::default();
        Self {
            attempts: fields.number("attempts").unwrap_or(defaults.attempts),
            base_delay_ms: fields
                .number("base_delay_ms")
                .unwrap_or(defaults.base_delay_ms),
            backoff: fields
                .word("backoff", Backoff::from_word)
                .unwrap_or(defaults.backoff),
            jitter: fields
                .word("jitter", Jitter::from_word)
                .unwrap_or(defaults.jitter),
        }
    }
}

impl Rollback {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        Some(Self {
            to: fields.word("to", RollbackTarget::from_word)?,
            on: fields.texts("on", RollbackTrigger::from_word),
            failures: fields.number("failures").unwrap_or(3),
            at: fields.at(),
        })
    }
}

impl Budget {
    /// Returns what a section `budget` says.
    pub fn read(fields: &Fields<'_>) -> Self {
        Self {
            time: fields.parse("time"),
            memory_mib: fields.number("memory_mib"),
            rows: fields.number("rows"),
            attempts: fields.number("attempts"),
            open_work: fields.number("open_work"),
            money_units: fields.number("money_units"),
            resource_pressure_cap: fields
                .integer("resource_pressure_cap")
                .and_then(|value| BasisPoints::new(value).ok()),
            waivers: fields.number("waivers"),
        }
    }
}

impl Validation {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            suites: fields.texts("suites", Suite::from_word),
            conditions: fields.texts("conditions", Condition::from_word),
            at: fields.at(),
        }
    }
}
