//! Why there is no report.

use baton_terms::{Diagnostic, Id, Instant};

use super::codes;
use crate::handoff::Failure;
use crate::port::StoreError;

/// Why there is no report on outcomes.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OutcomesFailure {
    /// There is more than one report counts.
    #[error("count outcomes: more than {limit} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// No handoff of that contract was opened by then.
    #[error("find the contract `{contract}`")]
    NoSuchContract {
        /// Its name.
        contract: Id,
        /// By when.
        as_of: Instant,
        /// Contracts that there are.
        known: Vec<Id>,
    },
    /// The store or what it holds cannot be read.
    #[error(transparent)]
    Store(Failure),
}

impl OutcomesFailure {
    /// Returns the failure as a diagnostic.
    pub fn to_diagnostic(&self) -> Diagnostic {
        match self {
            Self::Store(failure) => failure.to_diagnostic(),
            Self::TooMuch { what, limit } => {
                Diagnostic::error(codes::TOO_MUCH, format!("failed to {self}"))
                    .expected(format!("at most {limit} {what} in one report"))
                    .found("more")
                    .hint("ask for fewer weeks")
            }
            Self::NoSuchContract { as_of, known, .. } => {
                let known: Vec<&str> = known.iter().map(Id::as_str).collect();
                let found = if known.is_empty() {
                    format!("no handoff at all by {as_of}")
                } else {
                    format!("handoffs of {} by {as_of}", known.join(", "))
                };
                Diagnostic::error(codes::NO_SUCH_CONTRACT, format!("failed to {self}"))
                    .expected("a contract under which a handoff was opened")
                    .found(found)
                    .hint("name one of these, or none for all of them")
            }
        }
    }
}

impl From<Failure> for OutcomesFailure {
    fn from(failure: Failure) -> Self {
        Self::Store(failure)
    }
}

impl From<StoreError> for OutcomesFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}
