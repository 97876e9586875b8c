//! Why nothing can be tuned.

use baton_terms::Code;

/// Too few cases with a known outcome.
pub const TOO_LITTLE: Code = Code::new(1440);
