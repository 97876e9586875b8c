//! The codes of problems with a simulation; each has a page in `docs/errors`.

use baton_terms::Code;

/// A log too short to hold weeks out.
pub const TOO_SHORT: Code = Code::new(1420);
/// A log in which no team hands work to another.
pub const NO_HANDOVERS: Code = Code::new(1421);
/// A scenario that names a team the simulation does not show.
pub const UNKNOWN_TEAM: Code = Code::new(1422);
/// A scenario that changes nothing, or says something in two ways.
pub const UNCLEAR: Code = Code::new(1423);
/// Working hours without any time in them.
pub const NO_HOURS: Code = Code::new(1424);
