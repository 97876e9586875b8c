//! The published JSON Schemas (2020-12) of what a check reads, for editors and for programs in other
//! languages. The readers decide; `tests/published_schemas.rs` holds that the schemas say the same.

/// JSON Schema of `package/v1`.
pub const PACKAGE: &str = include_str!("schemas/package-v1.schema.json");
/// JSON Schema of `waivers/v1`.
pub const WAIVERS: &str = include_str!("schemas/waivers-v1.schema.json");
/// JSON Schema of `history/v1`.
pub const HISTORY: &str = include_str!("schemas/history-v1.schema.json");
