//! A compiled schema.

use std::sync::Arc;

use baton_evidence::json::View;
use baton_terms::{Diagnostic, limits::DIAGNOSTICS_MAX};
use jsonschema::json::{Json, SerdeJson};
use jsonschema::{
    Draft, PatternOptions, Retrieve, Uri, ValidationOptions, Validator, ValidatorMap,
};
use serde_json::Value;

use super::codes::REFUSED_SCHEMA;
use super::direct::Direct;
use super::instance::{Instance, Trees};
use super::limits::PATTERN_COMPILED_BYTES_MAX;
use super::problem::SchemaProblem;
use super::scan::Scan;
use super::{endless, wording, work};

/// A schema that was read whole, found sound, and compiled once.
#[derive(Debug)]
pub struct PackageSchema {
    // INVARIANT: `validator` was compiled from `schema`, which refers to nothing outside itself.
    schema: Value,
    validator: Validator<Trees>,
    /// Answers whether an instance is valid, where it can.
    direct: Option<Direct>,
}

/// Refuses every retrieval; the scan has already refused whatever would need one.
struct Refuse;

impl Retrieve for Refuse {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("`{uri}` is outside the schema").into())
    }
}

impl PackageSchema {
    /// Reads and compiles a JSON Schema 2020-12.
    ///
    /// # Errors
    /// Every problem of the schema at once; pointers are relative to the schema.
    pub fn compile(schema: &Value) -> Result<Self, Vec<Diagnostic>> {
        let scan = Scan::new(schema);
        let mut problems = endless::circles(&scan);
        if problems.is_empty() {
            problems.extend(work::excess(&scan));
        }
        problems.splice(0..0, scan.problems);
        if !problems.is_empty() {
            problems.truncate(DIAGNOSTICS_MAX);
            return Err(problems);
        }
        let validator = options::<Trees>()
            .build(schema)
            .map_err(|error| vec![refused(&error)])?;
        Ok(Self {
            schema: schema.clone(),
            validator,
            direct: Direct::compile(schema),
        })
    }

    /// Returns whether `instance` is valid; faster than listing the problems.
    pub fn is_valid(&self, instance: View<'_>) -> bool {
        match &self.direct {
            Some(direct) => direct.is_valid(instance),
            None => self.validator.is_valid(Instance::Value(instance)),
        }
    }

    /// Returns every problem of `instance`, in order of place, at most [`DIAGNOSTICS_MAX`].
    pub fn validate(&self, instance: View<'_>) -> Vec<SchemaProblem> {
        if self.is_valid(instance) {
            return Vec::new();
        }
        let mut problems: Vec<SchemaProblem> = self
            .validator
            .iter_errors(Instance::Value(instance))
            .take(DIAGNOSTICS_MAX)
            .flat_map(|error| wording::problems(&self.schema, &error))
            .collect();
        problems.sort();
        problems.dedup();
        problems.truncate(DIAGNOSTICS_MAX);
        problems
    }

    /// Returns the schema as it was given.
    pub fn schema(&self) -> &Value {
        &self.schema
    }
}

/// Returns a validator per subschema of a schema that [`PackageSchema::compile`] accepts.
pub(crate) fn validators(schema: &Value) -> Option<ValidatorMap> {
    options::<SerdeJson>().build_map(schema).ok()
}

pub(super) fn options<F: Json>() -> ValidationOptions<'static, Arc<dyn Retrieve>, F> {
    let patterns = PatternOptions::regex()
        .size_limit(PATTERN_COMPILED_BYTES_MAX)
        .dfa_size_limit(PATTERN_COMPILED_BYTES_MAX);
    jsonschema::options_for::<F>()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_retriever(Refuse)
        .with_pattern_options(patterns)
}

fn refused(error: &jsonschema::ValidationError<'_>) -> Diagnostic {
    Diagnostic::error(REFUSED_SCHEMA, "schema cannot be compiled")
        .pointing_to(error.instance_path().as_str())
        .expected("a JSON Schema 2020-12")
        .found(error.to_string().chars().take(200).collect::<String>())
        .hint("see the message for the keyword concerned")
}

#[cfg(test)]
mod tests;
