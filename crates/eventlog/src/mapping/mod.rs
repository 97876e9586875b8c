//! The mapping file: which column of an export is what, and how its texts are read.
//!
//! A mapping is declared once (`shape`), so that the checks, the published schema and the
//! reference can't differ; reading one reports every problem with its place.

pub mod codes;
mod model;
mod pattern;
mod read;
mod shape;
mod text;
mod time;

pub use model::{
    CaseKey, CasesTable, ColumnRule, Delimiter, Header, Known, Mapping, Outcome, Quote, Table,
    TimeColumn, ValueKind,
};
pub use pattern::Pattern;
pub use read::{Reading, read};
pub use shape::{FORMAT, json_schema, reference};
pub use time::{Moment, TimeFormat, TimeFormatError, Zone};
