//! Checks documents against the keywords that schemas mostly consist of, in one pass over the tree.
//!
//! `jsonschema` serves every form of document and every keyword through one interface, and looks up
//! every field by name. Here the fields of a map, which a tree keeps in the order of their bytes, run
//! beside the described ones. Only *whether* a document is valid is answered; what else is written in
//! a subschema goes to `jsonschema`, as does every question for the reason. That both give the same
//! answer is held by tests with generated schemas and documents.

mod check;
mod compile;

#[cfg(test)]
mod tests;

use jsonschema::Validator;
use regex::Regex;

use super::instance::Trees;

/// A schema compiled for direct checks.
#[derive(Debug)]
pub(super) struct Direct {
    // INVARIANT: the root first; every index below leads to a subschema.
    subschemas: Vec<Subschema>,
}

/// A subschema by its place among all of them.
type At = usize;

#[derive(Debug)]
enum Subschema {
    /// `false`.
    Never,
    Rules(Box<Rules>),
    /// Holds keywords that are not checked here.
    Other(Box<Validator<Trees>>),
}

/// The keywords of one subschema.
#[derive(Debug)]
struct Rules {
    types: Types,
    /// Texts of `enum` or `const`; nothing else fits.
    options: Option<Box<[Box<str>]>>,
    text: TextRules,
    number: NumberRules,
    list: ListRules,
    map: MapRules,
    /// What applies to the same value.
    here: Vec<Here>,
}

/// Types of values as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Types(u8);

#[derive(Debug)]
struct TextRules {
    characters: Bounds,
    pattern: Option<Regex>,
}

/// Smallest and largest count allowed.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    least: usize,
    most: usize,
}

/// Limits a double holds exactly.
#[derive(Debug, Default)]
struct NumberRules {
    least: Option<i64>,
    most: Option<i64>,
    above: Option<i64>,
    below: Option<i64>,
}

#[derive(Debug)]
struct ListRules {
    items: Option<At>,
    count: Bounds,
}

#[derive(Debug)]
struct MapRules {
    /// Fields that are described or required, in the order of their names' bytes.
    fields: Box<[Field]>,
    others: Others,
    count: Bounds,
}

#[derive(Debug)]
struct Field {
    name: Box<str>,
    is_required: bool,
    /// What it must be; nothing when it is only required.
    described: Option<At>,
}

/// Fields that are not described.
#[derive(Debug, Clone, Copy)]
enum Others {
    Any,
    None,
    Like(At),
}

/// Subschemas that apply to the same value.
#[derive(Debug)]
enum Here {
    All(Box<[At]>),
    Any(Box<[At]>),
    One(Box<[At]>),
    Not(At),
    If(At, Option<At>, Option<At>),
}

impl Types {
    const NULL: Self = Self(1);
    const BOOL: Self = Self(2);
    const INTEGER: Self = Self(4);
    const NUMBER: Self = Self(8);
    const TEXT: Self = Self(16);
    const LIST: Self = Self(32);
    const MAP: Self = Self(64);
    const ALL: Self = Self(127);

    fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }
}

impl Bounds {
    const NONE: Self = Self {
        least: 0,
        most: usize::MAX,
    };

    fn allow(self, count: usize) -> bool {
        self.least <= count && count <= self.most
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            types: Types::ALL,
            options: None,
            text: TextRules {
                characters: Bounds::NONE,
                pattern: None,
            },
            number: NumberRules::default(),
            list: ListRules {
                items: None,
                count: Bounds::NONE,
            },
            map: MapRules {
                fields: Box::default(),
                others: Others::Any,
                count: Bounds::NONE,
            },
            here: Vec::new(),
        }
    }
}
