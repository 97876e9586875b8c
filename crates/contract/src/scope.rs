//! What the expressions of a contract may name: one place, so that lint and scoring agree.

use crate::expression::{Known, Scope, Type};
use crate::model::Contract;

/// The scopes of a contract's expressions.
#[derive(Debug, Clone)]
pub struct Scopes {
    /// For the `when` of evidence, which can't depend on the evidence.
    pub evidence: Scope,
    /// For `when`, `expect` and `graded` of clauses.
    pub clauses: Scope,
    /// For `when` and `expect` of gates.
    pub gates: Scope,
}

impl Scopes {
    /// Returns the scopes that follow from what `contract` declares; without an input schema the
    /// package may be anything.
    pub fn of(contract: &Contract) -> Self {
        let schema = contract.inputs.schema.as_ref();
        let package = schema.map_or(Type::Any, |schema| Type::from_schema(&schema.value));
        let evidence = contract.inputs.evidence.iter();
        let evidence: Vec<_> = evidence.map(|asked| asked.id.as_str()).collect();
        let clauses = contract.clauses.iter();
        let clauses: Vec<_> = clauses.map(|clause| clause.id.as_str()).collect();
        let known = Known {
            package: &package,
            evidence: &evidence,
            clauses: &clauses,
        };
        Self {
            evidence: Scope::of_clauses(&Known {
                evidence: &[],
                ..known
            }),
            clauses: Scope::of_clauses(&known),
            gates: Scope::of_gates(&known),
        }
    }
}
