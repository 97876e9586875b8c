//! Handovers of an event log as packages: what each receiver would have been handed, so that a
//! contract can be held against the past before anybody has to keep it.
//!
//! A recipe (`package-fields/v1`) says which field of the payload comes from where in the log. Only
//! what was known at the handover is used: values known later are refused, persons are never named.

mod convert;
mod read;
mod recipe;

pub use convert::{Past, PastHandover};
pub use read::read;
pub use recipe::{FIELD, FORMAT, Fact, Field, Origin, Recipe, json_schema};

#[cfg(test)]
mod tests;
