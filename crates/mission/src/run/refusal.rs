//! Commands a mission does not take, with both sides named.

use baton_terms::{Code, Id};

use crate::budget::Reached;
use crate::compensation::NotAllowed;

/// A mission does not take a command where it stands.
pub const COMMAND_REFUSED: Code = Code::new(1355);
/// There is nothing that a rollback may land on.
pub const NO_BASELINE: Code = Code::new(1353);
/// A mission cannot go on within its budget.
pub const CAP_REACHED: Code = Code::new(1356);

/// Why a command is not taken; the mission stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The command has no meaning where the mission stands.
    #[error("apply `{command}` to a mission that is `{phase}`")]
    IllegalTransition {
        /// Where the mission stands.
        phase: &'static str,
        /// What was asked.
        command: &'static str,
    },
    /// The command speaks of a step or attempt that is not under way.
    #[error("take the result of step `{step}`, attempt {attempt}: it is not under way")]
    NotUnderWay {
        /// The step.
        step: Id,
        /// The attempt.
        attempt: u32,
    },
    /// A step that is done was reported again with another result.
    #[error("take another result of step `{step}`: it is done, with a different digest")]
    Contradiction {
        /// The step.
        step: Id,
    },
    /// The mission cannot go on within its budget.
    #[error("go on within the budget: {0}")]
    CapStillReached(Reached),
    /// The mission may have changed something, so that it has to be rolled back instead.
    #[error("withdraw a mission that has begun to change something: roll it back")]
    RollBackInstead,
    /// There is nothing a rollback could land on.
    #[error("roll back a mission without a baseline")]
    NoBaseline,
    /// A person's decision needs a reason.
    #[error("take `{command}` without a reason")]
    NoReason {
        /// What was asked.
        command: &'static str,
    },
    /// The unwinding does not take the command.
    #[error(transparent)]
    Unwinding(#[from] NotAllowed),
}

impl Refusal {
    /// Returns the code whose page explains the refusal.
    pub fn code(&self) -> Code {
        match self {
            Self::NoBaseline => NO_BASELINE,
            Self::CapStillReached(_) => CAP_REACHED,
            _ => COMMAND_REFUSED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_a_page() {
        for (refusal, code) in [
            (Refusal::NoBaseline, "E1353"),
            (Refusal::RollBackInstead, "E1355"),
            (Refusal::NoReason { command: "confirm" }, "E1355"),
        ] {
            assert_eq!(refusal.code().to_string(), code, "{refusal}");
        }
    }
}
