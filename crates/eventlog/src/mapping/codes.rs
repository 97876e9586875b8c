//! The codes of problems in a mapping; each has a page in `docs/errors`.

use baton_terms::Code;

/// A time format that can't be read.
pub const TIME_FORMAT: Code = Code::new(1030);
/// Fields of a rule that don't fit each other.
pub const RULE: Code = Code::new(1031);
/// A column that has two meanings.
pub const TWICE: Code = Code::new(1032);
