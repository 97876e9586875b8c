//! What a shape is declared with.

use super::TextKind;

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// A JSON Schema: an object or a boolean.
    JsonSchema,
    /// `true` or `false`.
    Boolean,
    /// An integer within a closed range.
    Integer {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
    /// Text of one kind.
    Text(TextKind),
    /// One of a few words.
    Choice(&'static [Word]),
    /// A list.
    List {
        /// Shape of each item.
        item: &'static Shape,
        /// Fewest items.
        min: usize,
        /// Most items.
        max: usize,
    },
    /// A mapping from ids to values of one shape.
    Map {
        /// Shape of each value.
        value: &'static Shape,
        /// Most entries.
        max: usize,
    },
    /// A mapping from names as other systems write them to values of one shape.
    Table {
        /// Shape of each value.
        value: &'static Shape,
        /// Most entries.
        max: usize,
    },
    /// One value, or a list of one or more of them.
    OneOrList {
        /// Shape of the value, or of each item.
        item: &'static Shape,
        /// Most items.
        max: usize,
    },
    /// A mapping with named fields.
    Object(&'static Object),
    /// Either a word of a few, or another shape.
    WordOr(&'static [Word], &'static Shape),
}

/// A word with its meaning.
pub type Word = (&'static str, &'static str);

/// A mapping with named fields.
#[derive(Debug)]
pub struct Object {
    /// Name of the definition, unique, used in the JSON Schema and reference.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub doc: &'static str,
    /// Its fields in reading order.
    pub fields: &'static [Field],
}

/// One field of an object.
#[derive(Debug)]
pub struct Field {
    /// Key.
    pub name: &'static str,
    /// Whether it must be present.
    pub presence: Presence,
    /// What it says, in one sentence.
    pub doc: &'static str,
    /// What its value may be.
    pub shape: Shape,
}

/// Whether a field must be present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The object is refused without it.
    Required,
    /// It may be left out.
    Optional,
}

/// Returns a required field.
pub const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field {
        name,
        presence: Presence::Required,
        doc,
        shape,
    }
}

/// Returns an optional field.
pub const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field {
        name,
        presence: Presence::Optional,
        doc,
        shape,
    }
}
