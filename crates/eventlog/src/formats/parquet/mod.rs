//! Apache Parquet: flat columns, one record per row, a batch of rows at a time.
//!
//! The `parquet` crate decodes footers, levels and values. It trusts what a file says of its own
//! sizes, so everything that makes it ask for memory is read and bounded here first: the schema,
//! the headers of pages, what they unpack to, and the counts inside delta encodings.

mod cells;
mod delta;
mod footer;
mod pages;
mod read;
mod thrift;

pub use read::read;
