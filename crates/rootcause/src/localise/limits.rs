//! Limits of localisation.

/// Bytes in a KPI table.
pub const KPI_TABLE_BYTES_MAX: usize = 256 << 20;
/// Rows in a KPI table.
pub const KPI_TABLE_ROWS_MAX: usize = 1_000_000;
/// Attributes in a KPI table.
pub const ATTRIBUTES_MAX: usize = 32;
/// Causes in one answer.
pub const CAUSES_MAX: usize = 4;
/// Conditions of one cause.
pub const CONDITIONS_MAX: usize = 3;
/// Leaves times sets of attributes that are looked at; above it causes have fewer conditions, which
/// the answer says.
pub const CELLS_MAX: usize = 50_000_000;
