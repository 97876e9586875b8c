//! Diagnostic codes of schemas, E0310 to E0329.

use baton_terms::Code;

/// A keyword's value has the wrong type, or a schema is neither an object nor a boolean.
pub const BAD_KEYWORD_VALUE: Code = Code::new(310);
/// A keyword is not part of JSON Schema 2020-12.
pub const UNKNOWN_KEYWORD: Code = Code::new(311);
/// A reference leads outside the schema.
pub const REMOTE_REFERENCE: Code = Code::new(312);
/// The schema names another dialect.
pub const OTHER_DIALECT: Code = Code::new(313);
/// The schema requires a vocabulary nobody here knows.
pub const UNKNOWN_VOCABULARY: Code = Code::new(314);
/// A format is unknown and could not be asserted.
pub const UNKNOWN_FORMAT: Code = Code::new(315);
/// A pattern cannot be compiled for the linear-time engine.
pub const BAD_PATTERN: Code = Code::new(316);
/// The schema is nested too deeply.
pub const TOO_DEEP: Code = Code::new(317);
/// The schema has too many subschemas.
pub const TOO_MANY_SUBSCHEMAS: Code = Code::new(318);
/// An enumeration is too large.
pub const ENUM_TOO_LARGE: Code = Code::new(319);
/// Checking one value could take more work than the limit.
pub const TOO_MUCH_WORK: Code = Code::new(320);
/// References lead in a circle without consuming any of the value.
pub const ENDLESS_REFERENCE: Code = Code::new(321);
/// A local reference points to nothing, or to no schema.
pub const UNRESOLVED_REFERENCE: Code = Code::new(322);
/// An anchor is given twice.
pub const DUPLICATE_ANCHOR: Code = Code::new(323);
/// An `$id` stands inside a schema, or is not a plain absolute URI.
pub const UNUSABLE_ID: Code = Code::new(324);
/// The validator refused the schema for a reason of its own.
pub const REFUSED_SCHEMA: Code = Code::new(325);
/// A keyword describes a check that JSON Schema does not assert.
pub const UNASSERTED_KEYWORD: Code = Code::new(326);
