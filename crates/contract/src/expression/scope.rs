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

    /// Returns the scope of clause expressions: `package`, `evidence`, `contract`, `context` and
    /// `history`.
    pub fn of_clauses(known: &Known<'_>) -> Self {
        let evidence = known.evidence.iter().map(|id| (*id, evidence_record()));
        Self::new()
            .with("package", known.package.clone())
            .with("evidence", Type::record(evidence))
            .with("contract", contract())
            .with("context", context())
            .with("history", history())
    }

    /// Returns the scope of gate expressions: that of clauses, `findings` and `actor`.
    pub fn of_gates(known: &Known<'_>) -> Self {
        let findings = known.clauses.iter().map(|id| (*id, finding()));
        let actor = Type::record([
            ("role", Type::Text),
            ("team", Type::Text),
            ("kind", party_kind()),
        ]);
        Self::of_clauses(known)
            .with("findings", Type::record(findings))
            .with("actor", actor)
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
