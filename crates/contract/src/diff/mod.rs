//! What changed between two versions of a contract, whom it makes things stricter for, and which
//! semantic-version step (`SemVer` 2.0.0) that takes.

mod change;
mod comparison;
mod defaults;
mod judge;
mod meaning;
mod order;
mod step;
mod walk;

pub use change::{Change, Class};
pub use comparison::{Comparison, diff};
pub use meaning::Side;
pub use step::{NOT_ABOVE, OTHER_CONTRACT, Step, UNDERSTATED, check_step, step_needed};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
