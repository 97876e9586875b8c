//! What a condition sets for runs of the whole engine: when they begin, how short everything is, and what must hold to their end.

use baton_contract::shape::{Fields, Object, Shape, TextKind, required};
use baton_contract::syntax;
use baton_terms::Instant;

/// Parameters and invariants of simulated runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedRun {
    /// When a run begins.
    pub start: Instant,
    /// Open handoffs that the contract lets a team have.
    pub open_max: u64,
    /// How much each receiving team can hold beside the others, in the order in which the contract names them.
    pub capacities: Vec<u32>,
    /// Packages that say whom they may hurt, of a thousand.
    pub harmful_per_mille: u64,
    /// Calls of the store that go wrong, of a thousand.
    pub faults_per_mille: u64,
    /// Steps at which the clock goes back, of a thousand.
    pub clock_back_per_mille: u64,
    /// Names of what must hold.
    pub invariants: Vec<String>,
}

const PER_MILLE: Shape = Shape::Integer { min: 0, max: 1_000 };

pub(super) static SIMULATION: Object = Object {
    name: "simulation",
    doc: "Runs of the whole engine under virtual time.",
    fields: &[
        required(
            "start",
            Shape::Text(TextKind::Instant),
            "When a run begins.",
        ),
        required(
            "open_max",
            Shape::Integer { min: 1, max: 100 },
            "Open handoffs that a team may have.",
        ),
        required(
            "capacities",
            Shape::List {
                item: &Shape::Integer { min: 1, max: 1_000 },
                min: 1,
                max: 20,
            },
            "How much each receiving team can hold beside the others.",
        ),
        required(
            "harmful_per_mille",
            PER_MILLE,
            "Packages that say whom they may hurt.",
        ),
        required(
            "faults_per_mille",
            PER_MILLE,
            "Calls of the store that go wrong.",
        ),
        required(
            "clock_back_per_mille",
            PER_MILLE,
            "Steps at which the clock goes back.",
        ),
        required(
            "invariants",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 1,
                max: 50,
            },
            "What must hold.",
        ),
    ],
};

impl SimulatedRun {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let capacities = fields.node("capacities").map(syntax::Node::items);
        let capacities = capacities.unwrap_or_default().iter();
        Some(Self {
            start: fields.parse("start")?,
            open_max: fields.number("open_max")?,
            capacities: capacities
                .filter_map(|item| u32::try_from(item.integer()?).ok())
                .collect(),
            harmful_per_mille: fields.number("harmful_per_mille")?,
            faults_per_mille: fields.number("faults_per_mille")?,
            clock_back_per_mille: fields.number("clock_back_per_mille")?,
            invariants: fields.texts("invariants", |name| Some(name.to_owned())),
        })
    }
}
