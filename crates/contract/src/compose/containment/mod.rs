//! Structural containment of JSON Schemas: does every value valid under one schema validate under another?
//!
//! Three answers: yes, proven; no, with a value that shows it; unknown, with the place where the proof
//! stopped. The proof over-approximates the narrow schema by facts, case by case, and checks each
//! keyword of the wide schema against them (docs/spec, COMPOSE-*).

mod answer;
mod cases;
mod child;
mod decimal;
mod disjoint;
mod facts;
mod judge;
mod language;
mod pools;
mod sample;
mod sample_values;
mod side;
mod wide_array;
mod wide_object;
mod wide_value;

pub use answer::{Containment, NOT_CONTAINED, UNDECIDED, contains};

#[cfg(test)]
mod tests;
