//! The handover map: which party gives cases to which, how long they wait there, how often they come
//! back, and how the cases end.

mod build;
mod map;
mod seam;
#[cfg(test)]
pub(crate) mod tests;
mod worst;

pub use build::{Failures, build};
pub use map::{Count, Edge, FORMAT, Folded, Map, Outcome, Party, SCHEMA, Split, Totals, Waiting};
pub use seam::{Seam, seams_into};
pub use worst::worst;
