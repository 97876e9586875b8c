//! Gates: decisions needed before a handoff may go on.

use baton_terms::Id;

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// What decides a gate.
    GateKind {
        Policy = "policy", "An expression decides.";
        Approval = "approval", "Approvers decide.";
    }
}

choices! {
    /// Whom an approver must not be.
    Separation {
        NotSender = "not-sender", "The approver is not the sender.";
        NotSenderTeam = "not-sender-team", "The approver is not in the sender's team.";
    }
}

choices! {
    /// What happens when an open gate expires. Approving is not among the words, by design.
    GateExpiry {
        Reject = "reject", "The handoff is rejected.";
        Escalate = "escalate", "The handoff is escalated.";
    }
}

choices! {
    /// Who may decide an approval gate.
    DecidedBy {
        People = "people", "Only people.";
        Anyone = "anyone", "People or agents.";
    }
}

/// A decision needed before the handoff may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Id, unique in the contract.
    pub id: Id,
    /// Name for readers.
    pub title: String,
    /// What decides it.
    pub kind: GateKind,
    /// Expression that decides whether it applies; always when absent.
    pub when: Option<String>,
    /// Expression that must hold for a policy gate.
    pub expect: Option<String>,
    /// Roles that may approve.
    pub approvers: Vec<Id>,
    /// Number of approvals needed.
    pub quorum: Option<u32>,
    /// Number of people asked.
    pub of: Option<u32>,
    /// Whom approvers must not be.
    pub separation: Vec<Separation>,
    /// Who may decide.
    pub decided_by: DecidedBy,
    /// How long it may stay open.
    pub expires: Option<String>,
    /// What happens then.
    pub on_expiry: GateExpiry,
    /// Why the gate exists.
    pub because: String,
    /// JSON Pointer of the gate.
    pub at: String,
}

pub(super) static SHAPE: Object = Object {
    name: "gate",
    doc: "A decision needed before the handoff may go on.",
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
        required("kind", Shape::Choice(GateKind::WORDS), "What decides it."),
        optional(
            "when",
            Shape::Text(TextKind::Expression),
            "The gate applies only where this holds.",
        ),
        optional(
            "expect",
            Shape::Text(TextKind::Expression),
            "What must hold for a policy gate.",
        ),
        optional(
            "approvers",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 1,
                max: 50,
            },
            "Roles that may approve.",
        ),
        optional(
            "quorum",
            Shape::Integer { min: 1, max: 50 },
            "Number of approvals needed.",
        ),
        optional(
            "of",
            Shape::Integer { min: 1, max: 50 },
            "Number of approvers asked.",
        ),
        optional(
            "separation",
            Shape::List {
                item: &Shape::Choice(Separation::WORDS),
                min: 1,
                max: 2,
            },
            "Whom approvers must not be.",
        ),
        optional(
            "decided_by",
            Shape::Choice(DecidedBy::WORDS),
            "Who may decide an approval gate; `people` when left out.",
        ),
        optional(
            "expires",
            Shape::Text(TextKind::Span),
            "How long it may stay open.",
        ),
        optional(
            "on_expiry",
            Shape::Choice(GateExpiry::WORDS),
            "What happens then; `escalate` when left out. Expiry can't approve.",
        ),
        required(
            "because",
            Shape::Text(TextKind::Prose),
            "Why the gate exists.",
        ),
    ],
};

impl Gate {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let id: Id = fields.parse("id")?;
        Some(Self {
            title: fields.text("title").unwrap_or_else(|| id.to_string()),
            id,
            kind: fields.word("kind", GateKind::from_word)?,
            when: fields.text("when"),
            expect: fields.text("expect"),
            approvers: fields.texts("approvers", |role| role.parse().ok()),
            quorum: fields.number("quorum"),
            of: fields.number("of"),
            separation: fields.texts("separation", Separation::from_word),
            decided_by: fields
                .word("decided_by", DecidedBy::from_word)
                .unwrap_or(DecidedBy::People),
            expires: fields.text("expires"),
            on_expiry: fields
                .word("on_expiry", GateExpiry::from_word)
                .unwrap_or(GateExpiry::Escalate),
            because: fields.text("because").unwrap_or_default(),
            at: fields.at(),
        })
    }
}
