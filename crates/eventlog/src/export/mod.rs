//! Exporters: a log in a format that other programs read, the same bytes for the same log.
//!
//! Values are written as what they are: numbers, times and truth values in one spelling, texts as
//! they came, without guarding against programs that take a text for a formula. What is read back
//! with the mapping of [`Exported::mapping`] is the same log.

mod csv;
mod ocel;
mod parquet;
mod plan;
mod write;
mod xes;
mod xml_text;

pub use write::{ExportError, Exported, Format, write};
