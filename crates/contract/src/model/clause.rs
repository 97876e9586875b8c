//! Clauses: the checkable expectations of a contract, and those that only warn for now.

use baton_terms::{Id, Instant};

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// How much it matters that a clause is not met.
    Severity {
        Blocker = "blocker", "The handoff must not go on; 10000 risk points.";
        Major = "major", "A serious gap; 2500 risk points.";
        Minor = "minor", "A gap worth mending; 500 risk points.";
        Note = "note", "Worth knowing; no risk points.";
    }
}

impl Severity {
    /// Returns the points an unmet clause adds to the risk.
    pub const fn points(self) -> u64 {
        match self {
            Self::Blocker => 10_000,
            Self::Major => 2500,
            Self::Minor => 500,
            Self::Note => 0,
        }
    }
}

choices! {
    /// An expectation Baton checks itself.
    BuiltIn {
        Schema = "schema", "The payload is valid under the input schema.";
        Evidence = "evidence", "All required evidence is present.";
        UnchangedSinceApproval = "unchanged-since-approval", "The package is the one that was approved.";
    }
}

/// How a clause is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// A boolean CEL expression that must hold.
    Expect(String),
    /// An integer CEL expression from 0 to 10000: the share that is met.
    Graded(String),
    /// A check Baton carries out itself.
    BuiltIn(BuiltIn),
}

/// One checkable expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Id, unique in the contract.
    pub id: Id,
    /// Name for readers.
    pub title: String,
    /// Dimension it counts into.
    pub dimension: Id,
    /// Weight inside its dimension.
    pub weight: u32,
    /// How much it matters.
    pub severity: Severity,
    /// How it is checked.
    pub check: Check,
    /// Expression that decides whether it applies; always when absent.
    pub when: Option<String>,
    /// Why the clause exists.
    pub because: String,
    /// What to do when it is not met.
    pub fix: String,
    /// Effort of that fix, 1 (minutes) to 5 (weeks).
    pub effort: u32,
    /// JSON Pointer of the clause.
    pub at: String,
}

/// A clause that only warns for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The clause.
    pub clause: Id,
    /// When it starts to count.
    pub until: PendingUntil,
    /// JSON Pointer of the entry.
    pub at: String,
}

/// When a pending clause starts to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingUntil {
    /// From this instant on.
    Instant(Instant),
    /// Once this sender has met it.
    FirstMet,
}

pub(super) static SHAPE: Object = Object {
    name: "clause",
    doc: "One checkable expectation.",
    fields: &[
        required(
            "id",
            Shape::Text(TextKind::Id),
            "Id, unique in the contract.",
        ),
        optional(
            "title",
            Shape::Text(TextKind::Line),
            "Name for readers; the id when left out.",
        ),
        required(
            "dimension",
            Shape::Text(TextKind::Id),
            "Dimension it counts into.",
        ),
        required(
            "weight",
            Shape::Integer { min: 1, max: 100 },
            "Weight inside its dimension.",
        ),
        required(
            "severity",
            Shape::Choice(Severity::WORDS),
            "How much it matters.",
        ),
        optional(
            "expect",
            Shape::Text(TextKind::Expression),
            "Boolean CEL expression that must hold.",
        ),
        optional(
            "check",
            Shape::Choice(BuiltIn::WORDS),
            "A check Baton carries out itself.",
        ),
        optional(
            "graded",
            Shape::Text(TextKind::Expression),
            "Integer CEL expression from 0 to 10000: the share that is met.",
        ),
        optional(
            "when",
            Shape::Text(TextKind::Expression),
            "Boolean CEL expression: the clause applies only where it holds.",
        ),
        required(
            "because",
            Shape::Text(TextKind::Prose),
            "Why the clause exists.",
        ),
        required(
            "fix",
            Shape::Text(TextKind::Prose),
            "What to do when it is not met.",
        ),
        required(
            "effort",
            Shape::Integer { min: 1, max: 5 },
            "Effort of the fix, from 1 (minutes) to 5 (weeks).",
        ),
    ],
};

pub(super) static PENDING: Object = Object {
    name: "pending clause",
    doc: "A clause that only warns for now.",
    fields: &[
        required("clause", Shape::Text(TextKind::Id), "Id of the clause."),
        optional(
            "until",
            Shape::Text(TextKind::Instant),
            "Instant from which on it counts.",
        ),
        optional(
            "until_first_met",
            Shape::Boolean,
            "It counts for a sender once that sender has met it.",
        ),
    ],
};

impl Clause {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let id: Id = fields.parse("id")?;
        let check = (fields.text("expect").map(Check::Expect))
            .or_else(|| fields.text("graded").map(Check::Graded))
            .or_else(|| fields.word("check", BuiltIn::from_word).map(Check::BuiltIn))?;
        Some(Self {
            title: fields.text("title").unwrap_or_else(|| id.to_string()),
            id,
            dimension: fields.parse("dimension")?,
            weight: fields.number("weight").unwrap_or(1),
            severity: fields.word("severity", Severity::from_word)?,
            check,
            when: fields.text("when"),
            because: fields.text("because").unwrap_or_default(),
            fix: fields.text("fix").unwrap_or_default(),
            effort: fields.number("effort").unwrap_or(1),
            at: fields.at(),
        })
    }
}

impl Pending {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let first_met = || {
            fields
                .boolean("until_first_met")
                .filter(|is_set| *is_set)
                .map(|_| PendingUntil::FirstMet)
        };
        let until = fields
            .parse("until")
            .map(PendingUntil::Instant)
            .or_else(first_met)?;
        Some(Self {
            clause: fields.parse("clause")?,
            until,
            at: fields.at(),
        })
    }
}
