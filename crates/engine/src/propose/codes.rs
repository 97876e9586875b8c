//! Why no clause is made of a cause.

use baton_terms::Code;

/// Later cases do not show the cause again.
pub const NOT_SEEN_AGAIN: Code = Code::new(1401);
/// The cause is about single people, or a group too small to be named.
pub const NAMES_PEOPLE: Code = Code::new(1402);
/// The cause is about what was known only later.
pub const KNOWS_LATER: Code = Code::new(1403);
/// The cause says when work failed rather than why, or turns round once others are adjusted for.
pub const DRIFTS: Code = Code::new(1404);
/// The cause cannot be said of a package.
pub const NOT_SAYABLE: Code = Code::new(1405);
/// The contract does not accept the clause.
pub const NOT_ACCEPTED: Code = Code::new(1406);
/// It is a suspect, which is not claimed.
pub const SUSPECT: Code = Code::new(1407);
/// The contract has no block of clauses that another can be added to.
pub const NO_PLACE: Code = Code::new(1408);
/// It is to be written, and was not proposed.
pub const NOT_PROPOSED: Code = Code::new(1409);
