//! Deadlines: by when a party acts, in its own business time.

use baton_terms::Id;

use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// Whose clock runs.
    ClockOf {
        Sender = "from", "The sender's clock.";
        Receiver = "to", "The receiver's clock.";
    }
}

choices! {
    /// What happens when a deadline passes. Approving is not among the words, by design.
    DeadlineExpiry {
        Reject = "reject", "The handoff is rejected.";
        Escalate = "escalate", "The handoff is escalated.";
        RollBack = "roll-back", "The work item returns to its baseline.";
    }
}

/// By when one step must be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Time allowed, such as `2bd`, as written.
    pub within: String,
    /// Calendar that counts business time.
    pub calendar: Option<Id>,
    /// Whose clock runs.
    pub clock: ClockOf,
    /// What happens when it passes.
    pub on_expiry: DeadlineExpiry,
    /// JSON Pointer of the deadline.
    pub at: String,
}

/// The deadlines of a handoff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deadlines {
    /// Until the receiver acknowledges.
    pub acknowledge: Option<Deadline>,
    /// Until the receiver gives a verdict.
    pub verdict: Option<Deadline>,
    /// Until the work is complete.
    pub complete: Option<Deadline>,
}

static DEADLINE: Object = Object {
    name: "deadline",
    doc: "By when one step must be done.",
    fields: &[
        required("within", Shape::Text(TextKind::Span), "Time allowed."),
        optional(
            "calendar",
            Shape::Text(TextKind::Id),
            "Calendar that counts business time.",
        ),
        optional(
            "clock",
            Shape::Choice(ClockOf::WORDS),
            "Whose clock runs; `to` when left out. It stops while the other party holds the ball.",
        ),
        optional(
            "on_expiry",
            Shape::Choice(DeadlineExpiry::WORDS),
            "What happens when it passes; `escalate` when left out. A deadline can't approve.",
        ),
    ],
};

pub(super) static SHAPE: Object = Object {
    name: "deadlines",
    doc: "By when each step of the handoff must be done.",
    fields: &[
        optional(
            "acknowledge",
            Shape::Object(&DEADLINE),
            "Until the receiver acknowledges.",
        ),
        optional(
            "verdict",
            Shape::Object(&DEADLINE),
            "Until the receiver gives a verdict.",
        ),
        optional(
            "complete",
            Shape::Object(&DEADLINE),
            "Until the work is complete.",
        ),
    ],
};

impl Deadlines {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        let deadline = |name| fields.child(name).as_ref().and_then(Deadline::read);
        Self {
            acknowledge: deadline("acknowledge"),
            verdict: deadline("verdict"),
            complete: deadline("complete"),
        }
    }

    /// Returns the deadlines given, with their names, in the order the handoff meets them.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Deadline)> {
        [
            ("acknowledge", &self.acknowledge),
            ("verdict", &self.verdict),
            ("complete", &self.complete),
        ]
        .into_iter()
        .filter_map(|(name, deadline)| deadline.as_ref().map(|deadline| (name, deadline)))
    }
}

impl Deadline {
    fn read(fields: &Fields<'_>) -> Option<Self> {
        Some(Self {
            within: fields.text("within")?,
            calendar: fields.parse("calendar"),
            clock: fields
                .word("clock", ClockOf::from_word)
                .unwrap_or(ClockOf::Receiver),
            on_expiry: fields
                .word("on_expiry", DeadlineExpiry::from_word)
                .unwrap_or(DeadlineExpiry::Escalate),
            at: fields.at(),
        })
    }
}
