//! Named conditions: files that set what is tried and which invariants must hold.

mod conditions_file;
mod invariants;
mod simulated_run;
mod trial;

pub use conditions_file::{ALL, Conditions, Parameters};
pub use invariants::Invariant;
pub use simulated_run::SimulatedRun;
pub use trial::Trial;
