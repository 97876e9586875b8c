//! Rollout: staged exposure of a contract version behind a flag.

use baton_terms::{Elapsed, Id};

use super::outcome::Metric;
use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// What is put into a bucket as a whole.
    BucketingUnit {
        Team = "team", "Sender teams.";
        Sender = "sender", "Senders.";
        WorkItem = "work-item", "Work items.";
    }
}

choices! {
    /// What a stage without data does. Advancing is not among the words, by design.
    NoData {
        Hold = "hold", "Wait.";
        RollBack = "roll-back", "Return to the stable version.";
    }
}

choices! {
    /// How a canary metric is judged against stable.
    Bound {
        NotWorseBy = "not-worse-by", "At most this much worse, in the metric's unit.";
        BetterBy = "better-by", "At least this much better, in the metric's unit.";
    }
}

/// One stage of exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Share of handoffs judged by the new version; 0 is shadow, 100 is full.
    pub percent: u32,
    /// Shortest stay.
    pub hold: Option<Elapsed>,
    /// JSON Pointer of the stage.
    pub at: String,
}

/// One metric compared between stable and canary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// The metric.
    pub metric: Metric,
    /// How it is judged.
    pub bound: Bound,
    /// The margin, in the metric's unit.
    pub margin: i64,
    /// Fewest handoffs on each side.
    pub minimum_sample: u32,
    /// JSON Pointer of the entry.
    pub at: String,
}

/// Staged exposure of a contract version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// Flag key.
    pub flag: Id,
    /// Stages in order.
    pub stages: Vec<Stage>,
    /// What is bucketed.
    pub bucketing_unit: BucketingUnit,
    /// Id of the bucketing algorithm, stored so that an upgrade re-buckets nobody.
    pub bucketing_algorithm: Id,
    /// Metrics compared.
    pub analysis: Vec<Analysis>,
    /// What no data does.
    pub no_data: NoData,
    /// JSON Pointer of the section.
    pub at: String,
}

static STAGE: Object = Object {
    name: "stage",
    doc: "One stage of exposure.",
    fields: &[
        required(
            "percent",
            Shape::Integer { min: 0, max: 100 },
            "Share of handoffs judged by the new version; 0 is shadow, 100 is full.",
        ),
        optional("hold", Shape::Text(TextKind::Elapsed), "Shortest stay."),
    ],
};

static ANALYSIS: Object = Object {
    name: "analysis",
    doc: "One metric compared between stable and canary.",
    fields: &[
        required("metric", Shape::Choice(Metric::WORDS), "The metric."),
        required("bound", Shape::Choice(Bound::WORDS), "How it is judged."),
        required(
            "margin",
            Shape::Integer {
                min: 0,
                max: 1_000_000_000,
            },
            "The margin, in the metric's unit.",
        ),
        required(
            "minimum_sample",
            Shape::Integer {
                min: 2,
                max: 1_000_000,
            },
            "Fewest handoffs on each side.",
        ),
    ],
};

static BUCKETING: Object = Object {
    name: "bucketing",
    doc: "How handoffs are put into buckets.",
    fields: &[
        required(
            "unit",
            Shape::Choice(BucketingUnit::WORDS),
            "What is bucketed as a whole.",
        ),
        required(
            "algorithm",
            Shape::Choice(&[(
                "sha256-modulo-v1",
                "SHA-256 of flag and unit, modulo 10000.",
            )]),
            "Id of the algorithm, kept for the whole rollout.",
        ),
    ],
};

pub(super) static SHAPE: Object = Object {
    name: "rollout",
    doc: "Staged exposure of a contract version behind a flag.",
    fields: &[
        required("flag", Shape::Text(TextKind::Id), "Flag key."),
        required(
            "stages",
            Shape::List {
                item: &Shape::Object(&STAGE),
                min: 1,
                max: 20,
            },
            "Stages in order.",
        ),
        required(
            "bucketing",
            Shape::Object(&BUCKETING),
            "How handoffs are put into buckets.",
        ),
        required(
            "analysis",
            Shape::List {
                item: &Shape::Object(&ANALYSIS),
                min: 1,
                max: 20,
            },
            "Metrics compared between stable and canary.",
        ),
        optional(
            "no_data",
            Shape::Choice(NoData::WORDS),
            "What no data does; `hold` when left out.",
        ),
    ],
};

impl Rollout {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let bucketing = fields.child("bucketing")?;
        Some(Self {
            flag: fields.parse("flag")?,
            stages: fields.list("stages", |stage| {
                Some(Stage {
                    percent: stage.number("percent")?,
                    hold: stage.parse("hold"),
                    at: stage.at(),
                })
            }),
            bucketing_unit: bucketing.word("unit", BucketingUnit::from_word)?,
            bucketing_algorithm: bucketing.parse("algorithm")?,
            analysis: fields.list("analysis", |entry| {
                Some(Analysis {
                    metric: entry.word("metric", Metric::from_word)?,
                    bound: entry.word("bound", Bound::from_word)?,
                    margin: entry.integer("margin")?,
                    minimum_sample: entry.number("minimum_sample")?,
                    at: entry.at(),
                })
            }),
            no_data: fields
                .word("no_data", NoData::from_word)
                .unwrap_or(NoData::Hold),
            at: fields.at(),
        })
    }
}
