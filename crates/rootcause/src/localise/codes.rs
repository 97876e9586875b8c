//! The problems a KPI table can have.

use baton_terms::Code;

/// The bytes are not a table of comma-separated values.
pub const NOT_CSV: Code = Code::new(1201);
/// It is not clear which columns hold the numbers.
pub const AMBIGUOUS_COLUMNS: Code = Code::new(1202);
/// A number that can't be used.
pub const BAD_NUMBER: Code = Code::new(1203);
/// A value above its total.
pub const ABOVE_TOTAL: Code = Code::new(1204);
/// Names of columns that are empty or appear twice.
pub const BAD_HEADER: Code = Code::new(1205);
/// More than a limit allows.
pub const TOO_MUCH: Code = Code::new(1206);
/// A table in which no cause can be found.
pub const NOTHING_TO_LOCALISE: Code = Code::new(1207);
