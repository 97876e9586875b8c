//! What the expressions of a contract may name: one place, so that lint and scoring agree.

use crate::expression::{Scope, Type};
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
        Self::that_know(&Known {
            package: &package,
            evidence: &evidence,
            clauses: &clauses,
        })
    }

    /// Returns the scopes that follow from what is `known`.
    pub fn that_know(known: &Known<'_>) -> Self {
        Self {
            evidence: of_clauses(&Known {
                evidence: &[],
                ..*known
            }),
            clauses: of_clauses(known),
            gates: of_gates(known),
        }
    }
}

/// What a contract declares, from which its scopes follow.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// Type of the package, from its schema.
    pub package: &'k Type,
    /// Ids of the declared evidence.
    pub evidence: &'k [&'k str],
    /// Ids of the clauses, for gates.
    pub clauses: &'k [&'k str],
}

/// Returns the scope of clause expressions: `package`, `evidence`, `contract`, `context` and
/// `history`.
fn of_clauses(known: &Known<'_>) -> Scope {
    let evidence = known.evidence.iter().map(|id| (*id, evidence_record()));
    Scope::new()
        .with("package", known.package.clone())
        .with("evidence", Type::record(evidence))
        .with("contract", contract())
        .with("context", context())
        .with("history", history())
}

/// Returns the scope of gate expressions: that of clauses, `findings` and `actor`.
fn of_gates(known: &Known<'_>) -> Scope {
    let findings = known.clauses.iter().map(|id| (*id, finding()));
    let actor = Type::record([
        ("role", Type::Text),
        ("team", Type::Text),
        ("kind", party_kind()),
    ]);
    of_clauses(known)
        .with("findings", Type::record(findings))
        .with("actor", actor)
}

fn choice(values: &[&str]) -> Type {
    Type::TextOf(values.iter().map(|&value| value.to_owned()).collect())
}

fn party_kind() -> Type {
    choice(&["human", "agent"])
}

fn finding() -> Type {
    choice(&[
        "passed",
        "failed",
        "unknown",
        "pending",
        "waived",
        "not-applicable",
    ])
}

fn evidence_record() -> Type {
    let states = choice(&["present", "missing", "stale", "mismatched", "unverifiable"]);
    let mut record = Type::record([
        ("state", states),
        ("present", Type::Bool),
        ("age", Type::Duration),
        ("media_type", Type::Text),
        ("predicate_type", Type::Text),
        ("signer", Type::Text),
        ("result", Type::Text),
        ("properties", Type::list(Type::Text)),
    ]);
    // Only `state` and `present` are known of evidence that is not there.
    if let Type::Object(object) = &mut record {
        for (name, field) in &mut object.fields {
            field.required = matches!(name.as_str(), "state" | "present" | "properties");
        }
    }
    record
}

fn contract() -> Type {
    Type::record([
        ("name", Type::Text),
        ("version", Type::Text),
        ("title", Type::Text),
        ("domain", Type::Text),
    ])
}

fn context() -> Type {
    let sender = Type::record([
        ("role", Type::Text),
        ("team", Type::Text),
        ("kind", party_kind()),
        ("actor", Type::Text),
    ]);
    Type::record([
        ("as_of", Type::Timestamp),
        ("risk_tier", choice(&["low", "medium", "high"])),
        ("work_item", Type::Text),
        ("sender", sender),
        ("receiver_pressure", Type::Int),
    ])
}

fn history() -> Type {
    Type::record([
        ("handoffs", Type::Int),
        ("accepted", Type::Int),
        ("needs_input", Type::Int),
        ("declined", Type::Int),
        ("reopened", Type::Int),
        ("met", Type::list(Type::Text)),
    ])
}
