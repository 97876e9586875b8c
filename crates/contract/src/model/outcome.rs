//! Outcomes: the measurable results a contract exists for, with baseline and target.

use baton_terms::{Elapsed, Id};

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// A metric Baton computes itself, or one reported from elsewhere.
    Metric {
        BounceRate = "bounce-rate", "Share of handoffs sent back at least once.";
        NeedsInputRate = "needs-input-rate", "Share of verdicts that ask for more input.";
        TimeToVerdictP50 = "time-to-verdict-p50", "Median time to verdict, in business time of the party holding the ball.";
        TimeToVerdictP90 = "time-to-verdict-p90", "90th percentile of the time to verdict.";
        TimeToCompleteP50 = "time-to-complete-p50", "Median time from submission to completion.";
        TimeToCompleteP90 = "time-to-complete-p90", "90th percentile of the time to completion.";
        LateRate = "late-rate", "Share of handoffs past a deadline.";
        ReworkRate = "rework-rate", "Share of accepted handoffs whose work was redone.";
        ReopenRate = "reopen-rate", "Share of completed handoffs that were reopened.";
        RollbackRate = "rollback-rate", "Share of handoffs rolled back to their baseline.";
        WaiverDebt = "waiver-debt", "Number of waivers in force.";
        LoadFairness = "load-fairness", "Jain's index of load per capacity over the receivers.";
        ApprovalLatencyP50 = "approval-latency-p50", "Median time an approval gate stays open.";
        Custom = "custom", "A metric measured elsewhere and reported to Baton; name it with `source`.";
    }
}

choices! {
    /// The unit of an outcome's numbers.
    Unit {
        BasisPoints = "basis-points", "Hundredths of a percent.";
        Minutes = "minutes", "Minutes of elapsed time.";
        BusinessMinutes = "business-minutes", "Minutes of business time.";
        Count = "count", "A number of things.";
        MinorCurrency = "minor-currency", "Money in the smallest unit of its currency.";
    }
}

choices! {
    /// Which way is better.
    Direction {
        Lower = "lower", "Smaller numbers are better.";
        Higher = "higher", "Larger numbers are better.";
    }
}

/// Where an outcome starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// Known value.
    Known(i64),
    /// Measured first, over one window, before any target is judged.
    Measure,
}

/// A measurable result with baseline and target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Id, unique in the contract.
    pub id: Id,
    /// What is measured.
    pub metric: Metric,
    /// Where a custom metric comes from.
    pub source: Option<String>,
    /// Unit of baseline and target.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// Where it starts; absent when the contract does not say (a lint error).
    pub baseline: Option<Baseline>,
    /// Where it should get; absent when the contract does not say (a lint error).
    pub target: Option<i64>,
    /// Time over which it is measured.
    pub window: Elapsed,
    /// Fewest handoffs a judgment needs.
    pub minimum_sample: u32,
    /// JSON Pointer of the outcome.
    pub at: String,
}

const AMOUNT: Shape = Shape::Integer {
    min: -9_007_199_254_740_991,
    max: 9_007_199_254_740_991,
};

pub(super) static SHAPE: Object = Object {
    name: "outcome",
    doc: "A measurable result the contract exists for.",
    fields: &[
        required(
            "id",
            Shape::Text(TextKind::Id),
            "Id, unique in the contract.",
        ),
        required("metric", Shape::Choice(Metric::WORDS), "What is measured."),
        optional(
            "source",
            Shape::Text(TextKind::Line),
            "Where a `custom` metric is measured.",
        ),
        required(
            "unit",
            Shape::Choice(Unit::WORDS),
            "Unit of baseline and target.",
        ),
        required(
            "direction",
            Shape::Choice(Direction::WORDS),
            "Which way is better.",
        ),
        optional(
            "baseline",
            Shape::WordOr(&[("measure", "Measure it first.")], &AMOUNT),
            "Value before the contract, or `measure` to measure it first.",
        ),
        optional("target", AMOUNT, "Value to reach."),
        required(
            "window",
            Shape::Text(TextKind::Elapsed),
            "Time over which it is measured.",
        ),
        optional(
            "minimum_sample",
            Shape::Integer {
                min: 1,
                max: 1_000_000,
            },
            "Fewest handoffs a judgment needs; 30 when left out.",
        ),
    ],
};

impl Outcome {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let baseline = fields.integer("baseline").map(Baseline::Known).or_else(|| {
            (fields.text("baseline").as_deref() == Some("measure")).then_some(Baseline::Measure)
        });
        Some(Self {
            id: fields.parse("id")?,
            metric: fields.word("metric", Metric::from_word)?,
            source: fields.text("source"),
            unit: fields.word("unit", Unit::from_word)?,
            direction: fields.word("direction", Direction::from_word)?,
            baseline,
            target: fields.integer("target"),
            window: fields.parse("window")?,
            minimum_sample: fields.number("minimum_sample").unwrap_or(30),
            at: fields.at(),
        })
    }
}
