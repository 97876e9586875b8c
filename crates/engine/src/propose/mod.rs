//! From the causes of a mining report to clauses of a contract: what would have flagged the failing
//! work, as a change to read and argue about.
//!
//! A cause that was not seen again, names people, knows the answer, only says when, or cannot be said
//! of a package is refused with its reason. Nothing here changes a contract.

mod apply;
mod codes;
mod edit;
mod making;
mod saying;

pub use apply::apply;
pub use codes::{
    DRIFTS, KNOWS_LATER, NAMES_PEOPLE, NO_PLACE, NOT_ACCEPTED, NOT_PROPOSED, NOT_SAYABLE,
    NOT_SEEN_AGAIN, SUSPECT,
};
pub use making::{Asked, propose};

#[cfg(test)]
mod tests;
