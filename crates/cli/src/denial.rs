//! What was asked is refused: an answer about what was asked, not a failed operation.

use baton_engine::handoff::Failure as HandoffFailure;
use baton_terms::{Diagnostic, limits};

use crate::failure::Failure;

/// A refusal with every reason.
#[derive(Debug, Clone)]
pub(crate) struct Denial(Vec<Diagnostic>);

impl Denial {
    /// Returns the refusal for these reasons.
    pub(crate) fn of(reasons: Vec<Diagnostic>) -> Self {
        Self(reasons)
    }

    /// Returns the reasons, as many as are shown.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().take(limits::DIAGNOSTICS_MAX)
    }

    /// Returns how many reasons are not shown.
    pub(crate) fn left_out(&self) -> usize {
        self.0.len().saturating_sub(limits::DIAGNOSTICS_MAX)
    }
}

impl std::fmt::Display for Denial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused for {} reasons", self.0.len())
    }
}

impl std::error::Error for Denial {}

/// Returns what a use case did not do, as its user sees it: refused, or failed.
pub(crate) fn of_handoff(failure: HandoffFailure) -> anyhow::Error {
    match failure {
        HandoffFailure::Contract(problems) | HandoffFailure::Package(problems)
            if !problems.is_empty() =>
        {
            Denial(problems).into()
        }
        HandoffFailure::Store(_) | HandoffFailure::Contended { .. } => {
            let mut problem = failure.to_diagnostic();
            if let Some(rest) = problem
                .message
                .strip_prefix("failed to ")
                .map(str::to_owned)
            {
                problem.message = rest;
            }
            Failure(Box::new(problem)).into()
        }
        other => Denial(vec![other.to_diagnostic()]).into(),
    }
}
