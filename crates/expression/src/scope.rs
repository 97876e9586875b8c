//! The variables an expression may name, with their types: data given by the caller.

use std::collections::BTreeSet;

use super::compiled::Expression;
use super::types::Type;

/// Variables by name, and the optional fields already known to be present.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    variables: Vec<(String, Type)>,
    established: BTreeSet<String>,
}

impl Scope {
    /// Returns a scope without variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable, or replaces the one of this name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, kind: Type) -> Self {
        let name = name.into();
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, kind));
        self
    }

    /// Takes everything `condition` asks with `has()` as present: for an expression that is
    /// evaluated only where `condition` holds.
    #[must_use]
    pub fn assuming(mut self, condition: &Expression) -> Self {
        self.established
            .extend(condition.established().iter().cloned());
        self
    }

    /// Returns the type of the variable called `name`.
    pub fn variable(&self, name: &str) -> Option<&Type> {
        self.variables
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, kind)| kind)
    }

    /// Returns the names of all variables.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the chains taken as present.
    pub(super) fn established(&self) -> &BTreeSet<String> {
        &self.established
    }
}
