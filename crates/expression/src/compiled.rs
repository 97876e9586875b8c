//! A compiled expression, the one public way from text to values.

use std::collections::BTreeSet;

use baton_terms::{Diagnostic, Span};

use super::bindings::Bindings;
use super::check;
use super::evaluate::{EvaluationError, Machine};
use super::explain::{Observation, explain};
use super::parse::parse;
use super::program::Node;
use super::reads::{ReadPath, reads};
use super::scope::Scope;
use super::types::Type;
use super::value::Value;

/// An expression that passed every check, ready to evaluate any number of times.
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    root: Node,
    reads: Vec<ReadPath>,
    warnings: Vec<Diagnostic>,
    established: BTreeSet<String>,
}

impl Expression {
    /// Compiles `text` for the variables of `scope`, its value to be of type `expected`.
    ///
    /// # Errors
    /// All problems found, warnings included when there is an error; spans count from the start
    /// of `text`.
    pub fn compile(text: &str, scope: &Scope, expected: &Type) -> Result<Self, Vec<Diagnostic>> {
        let tree = parse(text)?;
        let (root, diagnostics) = check::check(&tree, scope, expected);
        let Some(root) = root else {
            return Err(diagnostics);
        };
        Ok(Self {
            text: text.to_owned(),
            reads: reads(&root),
            root,
            warnings: diagnostics,
            established: check::established(&tree),
        })
    }

    /// Returns the text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the part of the text at `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Returns the warnings found while compiling.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Returns every place of the data the value can depend on, sorted.
    pub fn reads(&self) -> &[ReadPath] {
        &self.reads
    }

    /// Returns the value for `bindings`.
    ///
    /// # Errors
    /// When the data gives no value; this means *unknown*, never a pass.
    pub fn evaluate<'a>(&'a self, bindings: &Bindings<'a>) -> Result<Value<'a>, EvaluationError> {
        Machine::new(bindings)
            .evaluate(&self.root)
            .map_err(|failure| *failure)
    }

    /// Returns the smallest parts that keep a condition from being true, and what the data has
    /// there; nothing when it is true.
    pub fn explain<'a>(&'a self, bindings: &Bindings<'a>) -> Vec<Observation> {
        explain(&self.root, &self.text, bindings)
    }

    /// Returns the chains whose presence a true value proves.
    pub(super) fn established(&self) -> &BTreeSet<String> {
        &self.established
    }
}
