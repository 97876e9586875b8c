//! The builder of `serde_json::Value`, the tree of packages and the hot path of every check.

use std::borrow::Cow;

use baton_terms::Span;
use serde_json::{Map, Number, Value};

use super::Build;

/// Builds a [`Value`] and forgets the spans.
pub(super) struct ValueBuilder;

impl Build for ValueBuilder {
    type Node = Value;
    type List = Vec<Value>;
    type Map = Map<String, Value>;

    fn null(&mut self, _: Span) -> Value {
        Value::Null
    }

    fn boolean(&mut self, value: bool, _: Span) -> Value {
        Value::Bool(value)
    }

    fn integer(&mut self, value: i64, _: Span) -> Value {
        Value::Number(value.into())
    }

    fn float(&mut self, value: f64, _: Span) -> Value {
        // The reader passes finite numbers only, for which `from_f64` never fails.
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }

    fn text(&mut self, value: Cow<'_, str>, _: Span) -> Value {
        Value::String(value.into_owned())
    }

    fn list(&mut self) -> Vec<Value> {
        Vec::new()
    }

    fn item(&mut self, list: &mut Vec<Value>, node: Value) {
        list.push(node);
    }

    fn list_end(&mut self, list: Vec<Value>, _: Span) -> Value {
        Value::Array(list)
    }

    fn map(&mut self) -> Map<String, Value> {
        Map::new()
    }

    fn entry(&mut self, map: &mut Map<String, Value>, key: (Cow<'_, str>, Span), node: Value) {
        map.insert(key.0.into_owned(), node);
    }

    fn map_end(&mut self, map: Map<String, Value>, _: Span) -> Value {
        Value::Object(map)
    }
}
