//! The codes of problems of outcomes and landmarks.

use baton_terms::Code;

/// A landmark that can't be read.
pub(super) const LANDMARK: Code = Code::new(1101);
/// A landmark, cluster or outcome that names something the log does not have.
pub(super) const NOT_IN_LOG: Code = Code::new(1102);
/// No case is left to learn from.
pub(super) const NO_CASES: Code = Code::new(1103);
