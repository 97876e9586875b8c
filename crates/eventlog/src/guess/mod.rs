//! Proposes a mapping for a table: from names, from what the values look like, and from how they
//! change within a case. Every line says why; a person reads it before it is used.

mod foreign;
mod profile;
mod propose;
mod roles;
mod sample;
mod words;
mod yaml;

pub use foreign::guess_database;
pub use propose::{ROWS_MAX, guess};
