//! Budgets: what a mission may cost, and which cap it has reached.

mod meter;

pub use meter::{Cap, Charge, Meter, Reached};
