//! One way in which an instance breaks a schema, in words a product manager reads.

/// Why an instance is not valid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaProblem {
    /// JSON Pointer of the value concerned, in the instance.
    pub instance_pointer: String,
    /// JSON Pointer of the keyword, in the schema.
    pub schema_pointer: String,
    /// The keyword.
    pub keyword: String,
    /// What was expected, as in "text of at least 40 characters".
    pub expected: String,
    /// What was found, as in "12 characters".
    pub found: String,
}
