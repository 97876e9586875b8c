//! How findings become a score and a posture: dimensions, thresholds and declared risk.

use baton_terms::{BasisPoints, Id};

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// How much harm the work can do, as its sender declares it.
    RiskTier {
        Low = "low", "Adds nothing to the risk.";
        Medium = "medium", "Adds 2000 points to the risk.";
        High = "high", "Adds 4500 points to the risk.";
    }
}

impl RiskTier {
    /// Returns the points the tier adds to the risk.
    pub const fn points(self) -> u64 {
        match self {
            Self::Low => 0,
            Self::Medium => 2000,
            Self::High => 4500,
        }
    }
}

/// One side of quality that is scored on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Id, unique in the contract.
    pub id: Id,
    /// Name for readers.
    pub title: String,
    /// Weight in the overall score.
    pub weight: u32,
    /// JSON Pointer of the dimension.
    pub at: String,
}

/// Where one posture ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Smallest score that can be `ready`.
    pub ready_min: BasisPoints,
    /// Smallest score that is not `critical`.
    pub review_min: BasisPoints,
    /// Smallest risk that needs `review`.
    pub review_risk: BasisPoints,
    /// Smallest risk that is `critical`.
    pub critical_risk: BasisPoints,
}

impl Default for Thresholds {
    fn default() -> Self {
        let points = BasisPoints::saturating;
        Self {
            ready_min: points(7400),
            review_min: points(5400),
            review_risk: points(6200),
            critical_risk: points(8100),
        }
    }
}

const POINTS: Shape = Shape::Integer {
    min: 0,
    max: 10_000,
};

pub(super) static DIMENSION: Object = Object {
    name: "dimension",
    doc: "One side of quality that is scored on its own.",
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
            "weight",
            Shape::Integer { min: 1, max: 100 },
            "Weight in the overall score.",
        ),
    ],
};

pub(super) static THRESHOLDS: Object = Object {
    name: "thresholds",
    doc: "Where one posture ends and the next begins, in basis points.",
    fields: &[
        optional(
            "ready_min",
            POINTS,
            "Smallest score that can be `ready`; 7400 when left out.",
        ),
        optional(
            "review_min",
            POINTS,
            "Smallest score that is not `critical`; 5400 when left out.",
        ),
        optional(
            "review_risk",
            POINTS,
            "Smallest risk that needs `review`; 6200 when left out.",
        ),
        optional(
            "critical_risk",
            POINTS,
            "Smallest risk that is `critical`; 8100 when left out.",
        ),
    ],
};

impl Dimension {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let id: Id = fields.parse("id")?;
        Some(Self {
            title: fields.text("title").unwrap_or_else(|| id.to_string()),
            id,
            weight: fields.number("weight")?,
            at: fields.at(),
        })
    }

    /// Returns the dimensions of a contract that names none: evidence 25, readiness 15, safety 40, impact 20.
    pub fn defaults() -> Vec<Self> {
        [
            ("evidence", "Evidence", 25),
            ("readiness", "Readiness", 15),
            ("safety", "Safety", 40),
            ("impact", "Impact", 20),
        ]
        .into_iter()
        .filter_map(|(id, title, weight)| {
            let id = id.parse().ok()?;
            Some(Self {
                id,
                title: title.to_owned(),
                weight,
                at: String::new(),
            })
        })
        .collect()
    }
}

impl Thresholds {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        let defaults = Self::default();
        let points = |name: &str, default| {
            fields
                .integer(name)
                .and_then(|value| BasisPoints::new(value).ok())
                .unwrap_or(default)
        };
        Self {
            ready_min: points("ready_min", defaults.ready_min),
            review_min: points("review_min", defaults.review_min),
            review_risk: points("review_risk", defaults.review_risk),
            critical_risk: points("critical_risk", defaults.critical_risk),
        }
    }
}
