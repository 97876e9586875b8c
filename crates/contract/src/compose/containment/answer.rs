//! The question and its three answers.

use baton_evidence::json::Tree;
use baton_terms::{Code, Diagnostic};
use serde_json::Value;

use super::judge::Judge;
use super::sample::counterexample;
use super::side::Side;
use crate::schema::PackageSchema;

/// The narrow schema allows a value that the wide one refuses.
pub const NOT_CONTAINED: Code = Code::new(660);
/// Containment could neither be proven nor refuted.
pub const UNDECIDED: Code = Code::new(661);

/// Whether every value valid under one schema validates under another.
#[derive(Debug, Clone, PartialEq)]
pub enum Containment {
    /// Proven.
    Yes,
    /// Refuted by a value that both validators were asked about.
    No {
        /// Valid under the narrow schema, refused by the wide one.
        counterexample: Value,
        /// JSON Pointer, in the wide schema, of the keyword that refuses it.
        pointer: String,
        /// What that keyword expects and what it found.
        because: String,
    },
    /// Neither proven nor refuted.
    Unknown {
        /// What could not be shown.
        because: String,
        /// JSON Pointer, in the wide schema, where the proof stopped.
        pointer: String,
    },
}

impl Containment {
    /// Returns the answer as a diagnostic, unless it is yes; pointers are relative to the wide schema.
    pub fn to_diagnostic(&self) -> Option<Diagnostic> {
        match self {
            Self::Yes => None,
            Self::No {
                counterexample,
                pointer,
                because,
            } => Some(
                Diagnostic::error(NOT_CONTAINED, "outputs do not satisfy the next inputs")
                    .pointing_to(pointer)
                    .expected("every output to be an accepted input")
                    .found(format!("{because}; for example {counterexample}"))
                    .hint("tighten the outputs of the one contract or widen the inputs of the next"),
            ),
            Self::Unknown { because, pointer } => Some(
                Diagnostic::error(UNDECIDED, "outputs cannot be shown to satisfy the next inputs")
                    .pointing_to(pointer)
                    .expected("schemas whose containment can be decided")
                    .found(because.clone())
                    .hint("state the same keyword on both sides, or split alternatives by a field with `const`"),
            ),
        }
    }
}

/// Returns whether every value valid under `narrow` validates under `wide`.
///
/// A `No` is returned only with a value that the validator accepts under `narrow` and refuses under
/// `wide`. Work is bounded; what exceeds it is unknown.
pub fn contains(narrow: &Value, wide: &Value) -> Containment {
    let unusable = |which: &str, problems: &[Diagnostic]| Containment::Unknown {
        because: format!(
            "the {which} schema is refused: {}",
            problems
                .first()
                .map_or_else(String::new, |problem| problem.message.clone())
        ),
        pointer: String::new(),
    };
    let narrow_schema = match PackageSchema::compile(narrow) {
        Ok(schema) => schema,
        Err(problems) => return unusable("narrow", &problems),
    };
    let wide_schema = match PackageSchema::compile(wide) {
        Ok(schema) => schema,
        Err(problems) => return unusable("wide", &problems),
    };
    if narrow == wide {
        return Containment::Yes;
    }
    let (Some(narrow_side), Some(wide_side)) = (Side::new(narrow), Side::new(wide)) else {
        return Containment::Unknown {
            because: "the schemas are too large to compare".to_owned(),
            pointer: String::new(),
        };
    };
    // The search comes first: a found value is certain, whatever the proof would say.
    if let Some(value) = counterexample(&narrow_side, &wide_side, (&narrow_schema, &wide_schema)) {
        let problem = wide_schema
            .validate(Tree::from(&value).root())
            .into_iter()
            .next();
        if let Some(problem) = problem {
            let place = match problem.instance_pointer.as_str() {
                "" => "the value".to_owned(),
                pointer => format!("`{pointer}`"),
            };
            return Containment::No {
                counterexample: value,
                pointer: problem.schema_pointer,
                because: format!(
                    "{place} should be {}, but may be {}",
                    problem.expected, problem.found
                ),
            };
        }
    }
    match Judge::new(&narrow_side, &wide_side).prove() {
        Ok(()) => Containment::Yes,
        Err(gap) => Containment::Unknown {
            because: gap.because,
            pointer: gap.pointer,
        },
    }
}
