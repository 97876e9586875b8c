//! Access paths: from a variable or the element of a loop down to a place of the data.

use baton_evidence::json::tree::Kind;
use baton_terms::Span;
use serde_json::Value as Json;

use super::super::bindings::Document;
use super::super::program::{Node, Operation, Path, Reading, Root, Step};
use super::super::reads;
use super::super::value::{Constant, Value};
use super::{Element, Evaluated, Failure, Machine, Reason, read};

impl<'a> Machine<'a, '_> {
    /// Returns what a path leads to.
    pub(super) fn path(&mut self, path: &'a Path, span: Span) -> Evaluated<'a> {
        let value = match self.document(path, span)? {
            Some(found) => Value::from_document(found),
            None => self.walk_element(path).map_err(|reason| reason.at(span))?,
        };
        if path.reading == Reading::Plain {
            return Ok(value);
        }
        read(value, path.reading).map_err(|reason| reason.at(span))
    }

    /// Returns the place of the data beside the constant, where a relation is between these two,
    /// and counts getting at both. No value is made of either.
    #[inline]
    pub(super) fn beside_constant(
        &mut self,
        operands: &'a (Node, Node),
    ) -> Result<Option<(Document<'a>, &'a Constant)>, Failure> {
        let (left, right) = operands;
        let (Operation::Path(path), Operation::Constant(constant)) =
            (&left.operation, &right.operation)
        else {
            return Ok(None);
        };
        if path.reading != Reading::Plain || !self.starts_in_document(path) {
            return Ok(None);
        }
        self.step(left)?;
        let found = self.document(path, left.span)?;
        self.step(right)?;
        Ok(found.map(|found| (found, constant)))
    }

    fn starts_in_document(&self, path: &Path) -> bool {
        match &path.root {
            Root::Variable(_) => true,
            Root::Element(depth) => {
                matches!(self.elements.get(*depth), Some(Element::Document(_)))
            }
        }
    }

    /// Returns the place of the data a path leads to, and counts its steps; nothing when it starts
    /// at a value that was made during the evaluation.
    fn document(&mut self, path: &'a Path, span: Span) -> Result<Option<Document<'a>>, Failure> {
        self.meter
            .charge_length(path.steps.len())
            .map_err(|reason| reason.at(span))?;
        let mut found = match &path.root {
            Root::Variable(name) => self.bindings.get(name).ok_or_else(|| {
                let variable = name.to_string();
                Reason::Unbound { variable }.at(span)
            })?,
            Root::Element(depth) => match self.elements.get(*depth) {
                Some(Element::Document(document)) => *document,
                Some(Element::Value(_)) => return Ok(None),
                None => return Err(missing(path, 0).at(span)),
            },
        };
        for (at, step) in path.steps.iter().enumerate() {
            let next = child(found, step).map_err(|reason| reason.at(span))?;
            found = next.ok_or_else(|| missing(path, at).at(span))?;
        }
        Ok(Some(found))
    }

    fn walk_element(&self, path: &'a Path) -> Result<Value<'a>, Reason> {
        match &path.root {
            Root::Element(depth) => match self.elements.get(*depth) {
                Some(Element::Value(value)) => walk_value(value.clone(), path),
                _ => Err(missing(path, 0)),
            },
            Root::Variable(_) => Err(missing(path, 0)),
        }
    }
}

/// Returns what a step leads to, `None` where nothing is there.
#[inline]
fn child<'a>(from: Document<'a>, step: &Step) -> Result<Option<Document<'a>>, Reason> {
    match (from, step) {
        (Document::Json(Json::Object(fields)), Step::Field(name)) => {
            Ok(fields.get(name.as_ref()).map(Document::Json))
        }
        (Document::Json(Json::Array(items)), Step::Item(index)) => {
            Ok(items.get(*index).map(Document::Json))
        }
        (Document::Tree(view), step) => match (view.kind(), step) {
            (Kind::Map(entries), Step::Field(name)) => Ok(entries.get(name).map(Document::Tree)),
            (Kind::List(items), Step::Item(index)) => Ok(items.get(*index).map(Document::Tree)),
            _ => Err(Reason::mismatch(
                container(step),
                &Value::from_document(from),
            )),
        },
        _ => Err(Reason::mismatch(
            container(step),
            &Value::from_document(from),
        )),
    }
}

fn walk_value<'a>(mut value: Value<'a>, path: &Path) -> Result<Value<'a>, Reason> {
    for (at, step) in path.steps.iter().enumerate() {
        let next = match (&value, step) {
            (Value::Map(map), Step::Field(name)) => map.get(name),
            (Value::List(list), Step::Item(index)) => list.get(*index),
            (other, step) => return Err(Reason::mismatch(container(step), other)),
        };
        value = next.ok_or_else(|| missing(path, at))?;
    }
    Ok(value)
}

fn container(step: &Step) -> &'static str {
    match step {
        Step::Field(_) => "map",
        Step::Item(_) => "list",
    }
}

/// Returns the error for step `at` of `path` finding nothing.
fn missing(path: &Path, at: usize) -> Reason {
    let root = match &path.root {
        Root::Variable(name) => name,
        Root::Element(_) => "*",
    };
    let steps = path.steps.get(..=at).unwrap_or_default();
    Reason::Missing {
        path: reads::extended(root, steps),
    }
}
