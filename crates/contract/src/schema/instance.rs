//! Lets the validator read documents as they are kept: values of a `baton_evidence::json::Tree`.

use std::borrow::Cow;

use baton_evidence::json::View;
use baton_evidence::json::tree::{Entries, Items, Kind};
use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Number, Value};

/// Documents kept as trees of flat pools.
pub(super) struct Trees;

/// What the validator looks at: a value of a document, or the name of a field.
#[derive(Clone, Copy)]
pub(super) enum Instance<'i> {
    Value(View<'i>),
    Name(&'i str),
}

/// A number of a document.
pub(super) enum Numeric {
    Integer(i64),
    Float(f64),
}

impl Json for Trees {
    type Node<'i> = Instance<'i>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> Box<str> {
        Box::from(key)
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Self::Node<'_>) -> T) -> T {
        f(Instance::Name(string))
    }
}

impl<'i> Instance<'i> {
    #[inline]
    fn kind(self) -> Kind<'i> {
        match self {
            Self::Value(view) => view.kind(),
            Self::Name(name) => Kind::Text(name),
        }
    }
}

impl<'i> Node<'i, Trees> for Instance<'i> {
    type Object = Entries<'i>;
    type Array = Items<'i>;
    type Number = Numeric;

    fn as_object(&self) -> Option<Entries<'i>> {
        match self.kind() {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Items<'i>> {
        match self.kind() {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'i, str>> {
        match self.kind() {
            Kind::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Numeric> {
        match self.kind() {
            Kind::Integer(value) => Some(Numeric::Integer(value)),
            Kind::Float(value) => Some(Numeric::Float(value)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.kind(), Kind::Null)
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Integer(_) | Kind::Float(_) => JsonType::Number,
            Kind::Text(_) => JsonType::String,
            Kind::List(_) => JsonType::Array,
            Kind::Map(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.kind(), expected) {
            (Kind::Text(text), Value::String(expected)) => text == expected,
            (Kind::Text(_), _) | (_, Value::String(_)) => false,
            _ => jsonschema::json::cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'i, Value> {
        Cow::Owned(match self {
            Self::Value(view) => view.to_value(),
            Self::Name(name) => Value::String((*name).to_owned()),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            Self::Value(view) => view
                .address()
                .map(|(tree, place)| NodeIdentity::tagged(tree, place)),
            Self::Name(_) => None,
        }
    }
}

impl<'i> Object<'i, Trees> for Entries<'i> {
    type Node = Instance<'i>;
    type MemberName = &'i str;
    type MembersIter = Members<'i>;

    fn len(&self) -> usize {
        Entries::len(*self)
    }

    fn get(&self, key: &Box<str>) -> Option<Instance<'i>> {
        Entries::get(*self, key).map(Instance::Value)
    }

    fn members(&self) -> Members<'i> {
        Members { of: *self, at: 0 }
    }
}

impl<'i> Array<'i, Trees> for Items<'i> {
    type Node = Instance<'i>;
    type ElementsIter = Elements<'i>;

    fn len(&self) -> usize {
        Items::len(*self)
    }

    fn elements(&self) -> Elements<'i> {
        Elements { of: *self, at: 0 }
    }
}

/// The entries of a map, one after the other.
pub(super) struct Members<'i> {
    of: Entries<'i>,
    at: usize,
}

impl<'i> Iterator for Members<'i> {
    type Item = (&'i str, Instance<'i>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, view) = self.of.at(self.at)?;
        self.at += 1;
        Some((key, Instance::Value(view)))
    }
}

/// The items of a list, one after the other.
pub(super) struct Elements<'i> {
    of: Items<'i>,
    at: usize,
}

impl<'i> Iterator for Elements<'i> {
    type Item = Instance<'i>;

    fn next(&mut self) -> Option<Instance<'i>> {
        let view = self.of.get(self.at)?;
        self.at += 1;
        Some(Instance::Value(view))
    }
}

impl JsonNumber for Numeric {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(value) => u64::try_from(*value).ok(),
            Self::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Float(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Number::from(*value).as_f64(),
            Self::Float(value) => Some(*value),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_number().to_string())
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(match self {
            Self::Integer(value) => Number::from(*value),
            Self::Float(value) => Number::from_f64(*value).unwrap_or_else(|| Number::from(0)),
        })
    }

    fn is_integer(&self) -> bool {
        // The reader keeps a number without a fraction as an integer, however it is spelled.
        match self {
            Self::Integer(_) => true,
            Self::Float(value) => value.fract() == 0.0,
        }
    }
}
