//! The data an expression is evaluated on: one parsed JSON value per variable, borrowed.

use serde_json::Value as Json;

/// Values of variables. Text is read as a time or duration where the scope's type says so.
#[derive(Debug, Clone, Default)]
pub struct Bindings<'a> {
    values: Vec<(&'a str, &'a Json)>,
}

impl<'a> Bindings<'a> {
    /// Returns bindings without variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds the variable `name`; a variable that stays unbound is an error where it is read.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &'a Json) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value));
        self
    }

    /// Returns the value of the variable `name`.
    pub fn get(&self, name: &str) -> Option<&'a Json> {
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
}
