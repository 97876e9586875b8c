//! The two parties of a handoff: who sends and who receives.

use baton_terms::Id;

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// Who acts for a party.
    PartyKind {
        Human = "human", "People act for this party.";
        Agent = "agent", "An AI agent acts for this party, on behalf of a named principal.";
        Any = "any", "People or agents may act for this party.";
    }
}

/// One side of the handoff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Role that acts, such as `product-manager`.
    pub role: Id,
    /// Teams that may act; empty means any team.
    pub teams: Vec<Id>,
    /// Whether people, agents or both act.
    pub kind: PartyKind,
    /// JSON Pointer of the section.
    pub at: String,
}

pub(super) static SHAPE: Object = Object {
    name: "party",
    doc: "One side of the handoff.",
    fields: &[
        required(
            "role",
            Shape::Text(TextKind::Id),
            "Role that acts for this party.",
        ),
        optional(
            "teams",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 1,
                max: 200,
            },
            "Teams that may act; any team when left out.",
        ),
        optional(
            "kind",
            Shape::Choice(PartyKind::WORDS),
            "Whether people or AI agents act; `human` when left out.",
        ),
    ],
};

impl Party {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        Some(Self {
            role: fields.parse("role")?,
            teams: fields.texts("teams", |team| team.parse().ok()),
            kind: fields
                .word("kind", PartyKind::from_word)
                .unwrap_or(PartyKind::Human),
            at: fields.at(),
        })
    }
}
