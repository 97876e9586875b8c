//! Equality of documents: by value, as of `serde_json::Value`.

use super::view::{Kind, View};

impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.kind(), other.kind()) {
            (Kind::Null, Kind::Null) => true,
            (Kind::Bool(left), Kind::Bool(right)) => left == right,
            (Kind::Integer(left), Kind::Integer(right)) => left == right,
            // The reader lets in no number whose bits could differ and its value not.
            (Kind::Float(left), Kind::Float(right)) => left.total_cmp(&right).is_eq(),
            (Kind::Text(left), Kind::Text(right)) => left == right,
            (Kind::List(left), Kind::List(right)) => left.iter().eq(right.iter()),
            (Kind::Map(left), Kind::Map(right)) => left.iter().eq(right.iter()),
            _ => false,
        }
    }
}
