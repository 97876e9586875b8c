//! Readers of foreign formats: bytes in, records by column name out.
//!
//! A reader knows its format and nothing of mappings; it holds no more of a file than its limits
//! say, refuses what it can't read record by record, and never panics.

pub mod codes;
mod collect;
mod columns;
pub mod git;
pub mod github;
pub mod jira;
mod json;
pub mod limits;
pub mod ocel;
pub mod parquet;
mod sink;
mod time;
pub mod xes;
mod xml;

pub use collect::{Collected, Record};
pub use sink::{Broken, Field, Hint, Refusal, Sink, shown};
