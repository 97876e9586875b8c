//! Commands a rollout does not take.

use baton_terms::{Code, Digest};

/// A rollout does not take a command where it stands.
pub const ROLLOUT_REFUSED: Code = Code::new(1391);

/// Why a command is not taken; the rollout stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The command has no meaning where the rollout stands.
    #[error("apply `{command}` to a rollout that is `{phase}`")]
    IllegalTransition {
        /// Where the rollout stands.
        phase: &'static str,
        /// What was asked.
        command: &'static str,
    },
    /// The validation report is missing, or speaks of another version.
    #[error("start without a validation report for {needed}: {}", found.map_or("none".to_owned(), |found| format!("found one for {found}")))]
    NotValidated {
        /// The version that is rolled out.
        needed: Digest,
        /// The version the report speaks of.
        found: Option<Digest>,
    },
    /// A person's decision needs a reason.
    #[error("take `{command}` without a reason")]
    NoReason {
        /// What was asked.
        command: &'static str,
    },
    /// The command is older than what was decided last.
    #[error("decide at an instant before the last decision")]
    Early,
}

impl Refusal {
    /// Returns the code whose page explains the refusal.
    pub fn code(&self) -> Code {
        ROLLOUT_REFUSED
    }
}
