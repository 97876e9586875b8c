//! Limits of schemas.

/// Nesting depth of a schema.
pub const SCHEMA_DEPTH_MAX: usize = baton_terms::limits::DEPTH_MAX;
/// Subschemas in one schema.
pub const SUBSCHEMAS_MAX: usize = 5_000;
/// Values in one enumeration.
pub const ENUM_VALUES_MAX: usize = 1_000;
/// Bytes of a compiled pattern.
pub const PATTERN_COMPILED_BYTES_MAX: usize = 1 << 20;
/// Bytes of a pattern's text.
pub const PATTERN_BYTES_MAX: usize = 2_048;
/// Subschemas that may be applied to any one value of an instance, in the worst case.
pub const WORK_PER_VALUE_MAX: u64 = 20_000;
/// Steps the estimate of that work may itself take.
pub(super) const ESTIMATE_STEPS_MAX: u64 = 5_000_000;
