//! Why an evaluation gives no value. Every reason means *unknown* to the caller, never a pass.

use baton_terms::Span;

use super::Value;

/// An evaluation gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("evaluate the expression: {reason}")]
pub struct EvaluationError {
    /// The part of the expression that failed.
    pub span: Span,
    /// What went wrong there.
    pub reason: Reason,
}

/// An error on its way up. Boxed, because every step of an evaluation moves its result.
pub(in super::super) type Failure = Box<EvaluationError>;

/// What went wrong in an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A variable has no value.
    #[error("variable `{variable}` has no value")]
    Unbound {
        /// Its name.
        variable: String,
    },
    /// A field or key is not in the data; `*` stands for the element of a loop.
    #[error("`{path}` is missing")]
    Missing {
        /// Where it was looked for.
        path: String,
    },
    /// A value is of another type than needed.
    #[error("expected {expected}, found {found}")]
    Mismatch {
        /// The type needed.
        expected: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// A list has no element at this index.
    #[error("index {index} is out of range")]
    OutOfRange {
        /// The index asked for.
        index: i64,
    },
    /// Text does not spell what is needed.
    #[error("expected {expected}, found `{found}`")]
    Malformed {
        /// What is needed.
        expected: &'static str,
        /// The text, shortened.
        found: String,
    },
    /// A result does not fit its type.
    #[error("the result is out of range")]
    Overflow,
    /// Division or remainder by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The evaluation took more steps than allowed.
    #[error(
        "the evaluation takes more than {} steps",
        baton_terms::limits::EXPRESSION_COST_MAX
    )]
    Cost,
}

impl Reason {
    /// Returns the mismatch of a value with the type `expected`.
    pub(in super::super) fn mismatch(expected: &'static str, found: &Value<'_>) -> Self {
        Self::Mismatch {
            expected,
            found: found.type_name(),
        }
    }

    /// Returns the error for text that spells nothing `expected`.
    pub(in super::super) fn malformed(expected: &'static str, found: &str) -> Self {
        Self::Malformed {
            expected,
            found: found.chars().take(60).collect(),
        }
    }

    /// Returns the error of this reason at `span`.
    #[cold]
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "the box keeps the results of every step small"
    )]
    pub(in super::super) fn at(self, span: Span) -> Failure {
        Box::new(EvaluationError { span, reason: self })
    }
}
