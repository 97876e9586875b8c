//! The data an expression is evaluated on: one parsed document per variable, borrowed.

use baton_evidence::json::View;
use serde_json::Value as Json;

/// Values of variables. Text is read as a time or duration where the scope's type says so.
#[derive(Debug, Clone, Default)]
pub struct Bindings<'a> {
    values: Vec<(&'a str, Document<'a>)>,
}

/// A value of a document, in either of the forms that documents are kept in.
#[derive(Debug, Clone, Copy)]
pub enum Document<'a> {
    /// Of a tree of allocations.
    Json(&'a Json),
    /// Of a tree of flat pools.
    Tree(View<'a>),
}

impl<'a> From<&'a Json> for Document<'a> {
    fn from(value: &'a Json) -> Self {
        Self::Json(value)
    }
}

impl<'a> From<View<'a>> for Document<'a> {
    fn from(value: View<'a>) -> Self {
        Self::Tree(value)
    }
}

impl<'a> Bindings<'a> {
    /// Returns bindings without variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds the variable `name`; a variable that stays unbound is an error where it is read.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: impl Into<Document<'a>>) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value.into()));
        self
    }

    /// Returns the value of the variable `name`.
    pub fn get(&self, name: &str) -> Option<Document<'a>> {
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
}
