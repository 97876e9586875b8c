//! Codes of reports on outcomes.

use baton_terms::Code;

/// More than one report counts.
pub const TOO_MUCH: Code = Code::new(1450);
/// No handoff of that contract was opened by then.
pub const NO_SUCH_CONTRACT: Code = Code::new(1451);
