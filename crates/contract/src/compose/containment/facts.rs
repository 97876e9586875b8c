//! What is known of every value in one case of a schema: always true of the values, never complete.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::decimal::Decimal;

/// JSON Pointer of a subschema.
pub(super) type At = String;

/// Kinds of values, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    /// Integers and all other numbers.
    pub(super) const NUMBER: Self = Self(4 | 8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ALL: Self = Self(127);
    /// One set per kind that is looked at alone.
    pub(super) const GROUPS: [Self; 6] = [
        Self::NULL,
        Self::BOOLEAN,
        Self::NUMBER,
        Self::STRING,
        Self::ARRAY,
        Self::OBJECT,
    ];

    /// Reads the value of `type`.
    pub(super) fn read(value: &Value) -> Self {
        let one = |name: &Value| match name.as_str() {
            Some("null") => 1,
            Some("boolean") => 2,
            Some("integer") => 4,
            Some("number") => 12,
            Some("string") => 16,
            Some("array") => 32,
            Some("object") => 64,
            _ => 0,
        };
        match value {
            Value::Array(names) => Self(names.iter().fold(0, |kinds, name| kinds | one(name))),
            name => Self(one(name)),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub(super) fn meets(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }
}

/// An end of a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub value: Decimal,
    pub is_exclusive: bool,
}

/// The items that one subschema describes.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    pub positions: Vec<At>,
    pub rest: Option<At>,
}

/// The properties that one subschema describes.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    pub named: BTreeMap<String, At>,
    pub patterns: Vec<(String, At)>,
    pub other: Option<At>,
}

/// A `contains` with its counts.
#[derive(Debug, Clone)]
pub(super) struct Contains {
    pub at: At,
    pub least: u64,
}

/// Facts about every value of a case.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub kinds: Kinds,
    /// All values the case may hold, when they can be listed.
    pub finite: Option<Vec<Value>>,
    pub lower: Option<Bound>,
    pub upper: Option<Bound>,
    /// Values of `multipleOf`.
    pub steps: Vec<Value>,
    pub length_min: u64,
    pub length_max: Option<u64>,
    pub patterns: BTreeSet<String>,
    pub formats: BTreeSet<String>,
    pub items: Vec<Items>,
    pub items_min: u64,
    pub items_max: Option<u64>,
    pub is_unique: bool,
    pub contains: Vec<Contains>,
    pub properties: Vec<Properties>,
    pub required: BTreeSet<String>,
    pub dependent: BTreeMap<String, BTreeSet<String>>,
    pub names: Vec<At>,
    pub properties_min: u64,
    pub properties_max: Option<u64>,
    /// Every subschema that the values satisfy.
    pub members: BTreeSet<At>,
}

impl Facts {
    /// Nothing known.
    pub(super) fn any() -> Self {
        Self {
            kinds: Kinds::ALL,
            finite: None,
            lower: None,
            upper: None,
            steps: Vec::new(),
            length_min: 0,
            length_max: None,
            patterns: BTreeSet::new(),
            formats: BTreeSet::new(),
            items: Vec::new(),
            items_min: 0,
            items_max: None,
            is_unique: false,
            contains: Vec::new(),
            properties: Vec::new(),
            required: BTreeSet::new(),
            dependent: BTreeMap::new(),
            names: Vec::new(),
            properties_min: 0,
            properties_max: None,
            members: BTreeSet::new(),
        }
    }

    /// Returns the facts for the values of one kind.
    pub(super) fn only(&self, kinds: Kinds) -> Self {
        let mut facts = self.clone();
        facts.kinds = self.kinds.and(kinds);
        if facts.finite.is_none() {
            facts.finite = match kinds {
                Kinds::NULL => Some(vec![Value::Null]),
                Kinds::BOOLEAN => Some(vec![Value::Bool(false), Value::Bool(true)]),
                _ => None,
            };
        }
        if facts.kinds == Kinds::INTEGER {
            facts.round_bounds();
        }
        let required = u64::try_from(facts.required.len()).unwrap_or(u64::MAX);
        facts.properties_min = facts.properties_min.max(required);
        facts
    }

    /// Returns whether no value can satisfy the facts; `false` when in doubt.
    pub(super) fn are_impossible(&self) -> bool {
        let is_crossed = |least: u64, most: Option<u64>| most.is_some_and(|most| least > most);
        self.kinds.is_empty()
            || self.finite.as_ref().is_some_and(Vec::is_empty)
            || self.kinds.is_within(Kinds::NUMBER) && is_empty_range(self.lower, self.upper)
            || self.kinds.is_within(Kinds::STRING) && is_crossed(self.length_min, self.length_max)
            || self.kinds.is_within(Kinds::ARRAY) && is_crossed(self.items_min, self.items_max)
            || self.kinds.is_within(Kinds::OBJECT)
                && is_crossed(self.properties_min, self.properties_max)
    }

    pub(super) fn raise_lower(&mut self, bound: Bound) {
        let is_tighter = self.lower.is_none_or(|old| {
            bound.value > old.value || bound.value == old.value && bound.is_exclusive
        });
        if is_tighter {
            self.lower = Some(bound);
        }
    }

    pub(super) fn lower_upper(&mut self, bound: Bound) {
        let is_tighter = self.upper.is_none_or(|old| {
            bound.value < old.value || bound.value == old.value && bound.is_exclusive
        });
        if is_tighter {
            self.upper = Some(bound);
        }
    }

    /// Between integers an exclusive or fractional bound is the next integer.
    fn round_bounds(&mut self) {
        let whole = |value: i128| Bound {
            value: Decimal::whole(value),
            is_exclusive: false,
        };
        self.lower = self.lower.map(|bound| {
            if bound.is_exclusive {
                whole(bound.value.floor() + 1)
            } else {
                whole(bound.value.ceil())
            }
        });
        self.upper = self.upper.map(|bound| {
            if bound.is_exclusive {
                whole(bound.value.ceil() - 1)
            } else {
                whole(bound.value.floor())
            }
        });
    }
}

/// Returns whether no number lies between the bounds.
pub(super) fn is_empty_range(lower: Option<Bound>, upper: Option<Bound>) -> bool {
    lower.zip(upper).is_some_and(|(lower, upper)| {
        lower.value > upper.value
            || lower.value == upper.value && (lower.is_exclusive || upper.is_exclusive)
    })
}
