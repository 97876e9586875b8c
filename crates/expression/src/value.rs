//! A value during evaluation: scalars by value, text and containers borrowed from the document or
//! from the compiled expression wherever they exist there.

use std::borrow::Cow;
use std::rc::Rc;

use baton_evidence::json::tree::{Entries, Items, Kind};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::bindings::Document;
use super::number;

/// A value of an expression.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Double(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A point in time.
    Timestamp(Timestamp),
    /// A length of time.
    Duration(SignedDuration),
    /// A list.
    List(List<'a>),
    /// A map from text to values.
    Map(Map<'a>),
}

/// A list value.
#[derive(Debug, Clone)]
pub enum List<'a> {
    /// An array of the document.
    Json(&'a [Json]),
    /// A list of a document in flat pools.
    Tree(Items<'a>),
    /// A list the expression names.
    Constant(&'a [Constant]),
    /// A list made during evaluation.
    Built(Rc<[Value<'a>]>),
}

/// A map value.
#[derive(Debug, Clone)]
pub enum Map<'a> {
    /// An object of the document.
    Json(&'a serde_json::Map<String, Json>),
    /// A map of a document in flat pools.
    Tree(Entries<'a>),
    /// A map the expression names.
    Constant(&'a [(Box<str>, Constant)]),
    /// A map made during evaluation.
    Built(Rc<[(Cow<'a, str>, Value<'a>)]>),
}

/// A value that a compiled expression owns.
#[derive(Debug, Clone)]
pub enum Constant {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Double(f64),
    /// Text.
    Text(Box<str>),
    /// A point in time.
    Timestamp(Timestamp),
    /// A length of time.
    Duration(SignedDuration),
    /// A list.
    List(Box<[Self]>),
    /// A map.
    Map(Box<[(Box<str>, Self)]>),
}

impl<'a> Value<'a> {
    /// Returns the value of a JSON value; nothing is copied.
    pub(super) fn from_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(value) => number::from_json(value),
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            Json::Array(items) => Self::List(List::Json(items)),
            Json::Object(fields) => Self::Map(Map::Json(fields)),
        }
    }

    /// Returns the value of a document's value; nothing is copied.
    #[inline]
    pub(super) fn from_document(document: Document<'a>) -> Self {
        let view = match document {
            Document::Json(json) => return Self::from_json(json),
            Document::Tree(view) => view,
        };
        match view.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(value),
            Kind::Integer(value) => Self::Int(value),
            Kind::Float(value) => Self::Double(value),
            Kind::Text(text) => Self::Text(Cow::Borrowed(text)),
            Kind::List(items) => Self::List(List::Tree(items)),
            Kind::Map(entries) => Self::Map(Map::Tree(entries)),
        }
    }

    /// Returns the value of a constant; nothing is copied.
    pub(super) fn from_constant(constant: &'a Constant) -> Self {
        match constant {
            Constant::Null => Self::Null,
            Constant::Bool(value) => Self::Bool(*value),
            Constant::Int(value) => Self::Int(*value),
            Constant::Double(value) => Self::Double(*value),
            Constant::Text(text) => Self::Text(Cow::Borrowed(text)),
            Constant::Timestamp(value) => Self::Timestamp(*value),
            Constant::Duration(value) => Self::Duration(*value),
            Constant::List(items) => Self::List(List::Constant(items)),
            Constant::Map(entries) => Self::Map(Map::Constant(entries)),
        }
    }

    /// Returns an owned copy, for folding.
    pub(super) fn to_constant(&self) -> Constant {
        match self {
            Self::Null => Constant::Null,
            Self::Bool(value) => Constant::Bool(*value),
            Self::Int(value) => Constant::Int(*value),
            Self::Double(value) => Constant::Double(*value),
            Self::Text(text) => Constant::Text(Box::from(text.as_ref())),
            Self::Timestamp(value) => Constant::Timestamp(*value),
            Self::Duration(value) => Constant::Duration(*value),
            Self::List(list) => {
                let items = (0..list.len()).filter_map(|at| list.get(at));
                Constant::List(items.map(|item| item.to_constant()).collect())
            }
            Self::Map(map) => {
                let entry = |key: &str| Some((Box::from(key), map.get(key)?.to_constant()));
                Constant::Map(map.keys().iter().filter_map(|key| entry(key)).collect())
            }
        }
    }

    /// Returns the name of the value's type, as diagnostics print types.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Text(_) => "text",
            Self::Timestamp(_) => "timestamp",
            Self::Duration(_) => "duration",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// Returns the truth value, when this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the whole number, when this is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the text, when this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> List<'a> {
    /// Returns the number of items.
    pub fn len(&self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Tree(items) => items.len(),
            Self::Constant(items) => items.len(),
            Self::Built(items) => items.len(),
        }
    }

    /// Returns whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the item at `at`, from 0.
    pub fn get(&self, at: usize) -> Option<Value<'a>> {
        match self {
            Self::Json(items) => items.get(at).map(Value::from_json),
            Self::Tree(items) => items.get(at).map(|view| Value::from_document(view.into())),
            Self::Constant(items) => items.get(at).map(Value::from_constant),
            Self::Built(items) => items.get(at).cloned(),
        }
    }
}

impl<'a> Map<'a> {
    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        match self {
            Self::Json(fields) => fields.len(),
            Self::Tree(entries) => entries.len(),
            Self::Constant(entries) => entries.len(),
            Self::Built(entries) => entries.len(),
        }
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of `key`.
    pub fn get(&self, key: &str) -> Option<Value<'a>> {
        match self {
            Self::Json(fields) => fields.get(key).map(Value::from_json),
            Self::Tree(entries) => entries
                .get(key)
                .map(|view| Value::from_document(view.into())),
            Self::Constant(entries) => entries
                .iter()
                .find(|(known, _)| known.as_ref() == key)
                .map(|(_, value)| Value::from_constant(value)),
            Self::Built(entries) => entries
                .iter()
                .find(|(known, _)| known == key)
                .map(|(_, value)| value.clone()),
        }
    }

    /// Returns the keys in byte order, whatever order the document has them in.
    pub fn keys(&self) -> Vec<Cow<'a, str>> {
        let mut keys: Vec<Cow<'a, str>> = match self {
            Self::Json(fields) => fields
                .keys()
                .map(|key| Cow::Borrowed(key.as_str()))
                .collect(),
            Self::Tree(entries) => entries.keys().map(Cow::Borrowed).collect(),
            Self::Constant(entries) => {
                let names = entries.iter().map(|(key, _)| Cow::Borrowed(key.as_ref()));
                names.collect()
            }
            Self::Built(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
        };
        keys.sort_unstable();
        keys
    }
}
