//! From a contract as read to one that checks: expressions and schema compiled, order made canonical.

use std::collections::{BTreeMap, BTreeSet};

use baton_contract::document::Reading;
use baton_contract::expression::{Expression, Scope, Type};
use baton_contract::model::{
    BuiltIn, Check, Clause, Contract, Dimension, EvidenceRequirement, Gate, PendingUntil, Presence,
};
use baton_contract::schema::PackageSchema;
use baton_contract::scope::Scopes;
use baton_evidence::canonical;
use baton_terms::{Code, Diagnostic, Digest, limits};
use serde_json::{Map, Value};

use super::order::canonical_order;
use crate::codes;

/// A contract ready to check packages; every part of it is known to be evaluable.
#[derive(Debug)]
pub struct CheckedContract {
    pub(super) contract: Contract,
    pub(super) version: String,
    pub(super) digest: Digest,
    pub(super) facts: Value,
    pub(super) schema: Option<PackageSchema>,
    /// In canonical order.
    pub(super) clauses: Vec<CheckedClause>,
    /// By weight descending, then id.
    pub(super) dimensions: Vec<Dimension>,
    /// By id.
    pub(super) gates: Vec<CheckedGate>,
    /// By id.
    pub(super) evidence: Vec<CheckedEvidence>,
    /// Variables that any expression of a clause or gate reads.
    pub(super) reads: BTreeSet<String>,
    /// Clauses whose state any expression of a gate reads, as indexes in canonical order.
    pub(super) findings_read: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct CheckedClause {
    pub(super) clause: Clause,
    /// Index into the dimensions.
    pub(super) dimension: usize,
    pub(super) when: Option<Expression>,
    pub(super) check: CheckedCheck,
    pub(super) pending: Option<PendingUntil>,
}

#[derive(Debug)]
pub(super) enum CheckedCheck {
    Expect(Expression),
    Graded(Expression),
    BuiltIn(BuiltIn),
}

#[derive(Debug)]
pub(super) struct CheckedGate {
    pub(super) gate: Gate,
    pub(super) when: Option<Expression>,
    pub(super) expect: Option<Expression>,
}

#[derive(Debug)]
pub(super) struct CheckedEvidence {
    pub(super) asked: EvidenceRequirement,
    pub(super) when: Option<Expression>,
}

impl CheckedContract {
    /// Compiles a contract.
    ///
    /// # Errors
    /// With every problem that keeps it from being carried out.
    pub fn compile(reading: &Reading) -> Result<Self, Vec<Diagnostic>> {
        let (Some(contract), Some(normal_form)) = (reading.contract(), reading.normal_form())
        else {
            return Err(reading.diagnostics().to_vec());
        };
        if !is_within(&normal_form, limits::DEPTH_MAX) {
            let problem = Diagnostic::error(
                codes::NOT_CHECKABLE,
                "contract with its schemas is nested too deeply to be recorded",
            );
            let problem = problem
                .pointing_to("/inputs/schema_file")
                .expected(format!("at most {} levels", limits::DEPTH_MAX))
                .found("more, where the schema is put into the contract")
                .hint("nest the schema less; `$defs` hold parts of it side by side");
            return Err(vec![problem]);
        }
        Compiler::new(contract).compile(canonical::digest(&normal_form))
    }

    /// Returns the contract as written.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Returns the digest of the contract's normal form.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns whether a gate's expressions look at findings.
    pub(crate) fn gate_reads_findings(&self, id: &str) -> bool {
        let gate = self
            .gates
            .iter()
            .find(|checked| checked.gate.id.as_str() == id);
        let expressions = gate
            .into_iter()
            .flat_map(|gate| gate.when.iter().chain(&gate.expect));
        expressions
            .flat_map(Expression::reads)
            .any(|read| read.variable == "findings")
    }

    /// Returns the clauses in canonical order.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().map(|checked| &checked.clause)
    }
}

/// Whether lists and maps are nested at most `levels` deep, so that what is recorded is read again.
fn is_within(value: &Value, levels: usize) -> bool {
    let is_inner_within = |inner: &Value| {
        levels
            .checked_sub(1)
            .is_some_and(|rest| is_within(inner, rest))
    };
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(is_inner_within),
        Value::Object(fields) => levels > 0 && fields.values().all(is_inner_within),
        _ => true,
    }
}

struct Compiler<'c> {
    contract: &'c Contract,
    problems: Vec<Diagnostic>,
    reads: BTreeSet<String>,
}

impl<'c> Compiler<'c> {
    fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            problems: Vec::new(),
            reads: BTreeSet::new(),
        }
    }

    fn compile(mut self, digest: Digest) -> Result<CheckedContract, Vec<Diagnostic>> {
        let contract = self.contract;
        let schema = self.schema();
        let ids = |ids: &mut dyn Iterator<Item = &'c str>| -> Vec<&'c str> { ids.collect() };
        let evidence_ids = ids(&mut contract.inputs.evidence.iter().map(|e| e.id.as_str()));
        let clause_ids = ids(&mut contract.clauses.iter().map(|clause| clause.id.as_str()));
        let gate_ids = ids(&mut contract.gates.iter().map(|gate| gate.id.as_str()));
        let dimension_ids = ids(&mut contract.dimensions.iter().map(|d| d.id.as_str()));
        for (list, ids) in [
            ("inputs/evidence", &evidence_ids),
            ("clauses", &clause_ids),
            ("gates", &gate_ids),
            ("dimensions", &dimension_ids),
        ] {
            self.refuse_repeated(list, ids);
        }
        let scopes = Scopes::of(contract);
        let evidence = self.evidence(&scopes.evidence);
        let dimensions = self.dimensions();
        let clauses = self.clauses(&scopes.clauses, &dimensions);
        let gates = self.gates(&scopes.gates);
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(CheckedContract {
            contract: contract.clone(),
            version: contract.version.to_string(),
            digest,
            facts: contract_facts(contract),
            schema,
            findings_read: findings_read(&clauses, &gates),
            clauses,
            dimensions,
            gates,
            evidence,
            reads: self.reads,
        })
    }

    fn schema(&mut self) -> Option<PackageSchema> {
        let schema = self.contract.inputs.schema.as_ref()?;
        let place = |problem: Diagnostic| {
            let pointer = format!("/inputs/schema{}", problem.place.pointer);
            problem.pointing_to(pointer)
        };
        match PackageSchema::compile(&schema.value) {
            Ok(schema) => Some(schema),
            Err(problems) => {
                self.problems.extend(problems.into_iter().map(place));
                None
            }
        }
    }

    fn refuse_repeated(&mut self, list: &str, ids: &[&str]) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.iter().enumerate() {
            if !seen.insert(id) {
                let at = format!("/{list}/{index}/id");
                self.problem(codes::ID_REPEATED, at, ("an id of its own", id));
            }
        }
    }

    fn problem(&mut self, code: Code, pointer: String, (expected, found): (&str, &str)) {
        let message = match code {
            codes::ID_REPEATED => "id is used twice",
            codes::DIMENSION_UNDECLARED => "clause counts into a dimension that is not there",
            _ => "contract can't be carried out as written",
        };
        self.problems.push(
            Diagnostic::error(code, message)
                .pointing_to(pointer)
                .expected(expected)
                .found(format!("`{found}`"))
                .hint("run `baton lint` on the contract"),
        );
    }

    /// Compiles the expression at a pointer; its problems keep no span, since it counts within the text.
    fn expression(
        &mut self,
        text: &str,
        pointer: &str,
        (scope, expected): (&Scope, &Type),
    ) -> Option<Expression> {
        match Expression::compile(text, scope, expected) {
            Ok(expression) => {
                let variables = expression.reads().iter().map(|read| read.variable.clone());
                self.reads.extend(variables);
                Some(expression)
            }
            Err(problems) => {
                self.problems
                    .extend(problems.into_iter().map(|mut problem| {
                        problem.place.span = None;
                        problem.pointing_to(pointer)
                    }));
                None
            }
        }
    }

    /// Compiles a `when` and returns it with the scope of what is evaluated where it holds.
    fn condition(
        &mut self,
        when: Option<&String>,
        at: &str,
        scope: &Scope,
    ) -> (Option<Expression>, Scope) {
        let when = when
            .and_then(|when| self.expression(when, &format!("{at}/when"), (scope, &Type::Bool)));
        let scope = match &when {
            Some(when) => scope.clone().assuming(when),
            None => scope.clone(),
        };
        (when, scope)
    }

    fn evidence(&mut self, scope: &Scope) -> Vec<CheckedEvidence> {
        let mut evidence = Vec::new();
        for asked in &self.contract.inputs.evidence {
            let when = match &asked.presence {
                Presence::When(when) => {
                    self.expression(when, &format!("{}/when", asked.at), (scope, &Type::Bool))
                }
                Presence::Required | Presence::Optional => None,
            };
            evidence.push(CheckedEvidence {
                asked: asked.clone(),
                when,
            });
        }
        evidence.sort_by(|a, b| a.asked.id.cmp(&b.asked.id));
        evidence
    }

    fn dimensions(&self) -> Vec<Dimension> {
        let mut dimensions = self.contract.dimensions.clone();
        dimensions.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.id.cmp(&b.id)));
        dimensions
    }

    fn clauses(&mut self, scope: &Scope, dimensions: &[Dimension]) -> Vec<CheckedClause> {
        let pending = self.pending();
        let mut clauses = Vec::new();
        for clause in &self.contract.clauses {
            let (when, scope) = self.condition(clause.when.as_ref(), &clause.at, scope);
            let check = self.check(clause, &scope);
            let dimension = dimensions.iter().position(|d| d.id == clause.dimension);
            if dimension.is_none() {
                let declared: Vec<&str> = dimensions.iter().map(|d| d.id.as_str()).collect();
                let expected = format!("one of: {}", declared.join(", "));
                let at = format!("{}/dimension", clause.at);
                let texts = (expected.as_str(), clause.dimension.as_str());
                self.problem(codes::DIMENSION_UNDECLARED, at, texts);
            }
            if let (Some(check), Some(dimension)) = (check, dimension) {
                clauses.push(CheckedClause {
                    clause: clause.clone(),
                    dimension,
                    when,
                    check,
                    pending: pending.get(clause.id.as_str()).copied(),
                });
            }
        }
        clauses.sort_by(|a, b| canonical_order(&a.clause, &b.clause));
        clauses
    }

    fn check(&mut self, clause: &Clause, scope: &Scope) -> Option<CheckedCheck> {
        let mut compile = |text: &str, field: &str, expected: &Type| {
            self.expression(text, &format!("{}/{field}", clause.at), (scope, expected))
        };
        match &clause.check {
            Check::Expect(text) => compile(text, "expect", &Type::Bool).map(CheckedCheck::Expect),
            Check::Graded(text) => compile(text, "graded", &Type::Int).map(CheckedCheck::Graded),
            Check::BuiltIn(BuiltIn::Schema) if self.contract.inputs.schema.is_none() => {
                let at = format!("{}/check", clause.at);
                self.problem(codes::NOT_CHECKABLE, at, ("an input schema", "no schema"));
                None
            }
            Check::BuiltIn(built_in) => Some(CheckedCheck::BuiltIn(*built_in)),
        }
    }

    fn pending(&mut self) -> BTreeMap<&'c str, PendingUntil> {
        let mut pending = BTreeMap::new();
        for entry in &self.contract.pending {
            let clause = entry.clause.as_str();
            let at = format!("{}/clause", entry.at);
            if self.contract.clause(clause).is_none() {
                self.problem(
                    codes::NOT_CHECKABLE,
                    at,
                    ("a clause of the contract", clause),
                );
            } else if pending.insert(clause, entry.until).is_some() {
                self.problem(codes::ID_REPEATED, at, ("one entry per clause", clause));
            }
        }
        pending
    }

    fn gates(&mut self, scope: &Scope) -> Vec<CheckedGate> {
        let mut gates = Vec::new();
        for gate in &self.contract.gates {
            let (when, scope) = self.condition(gate.when.as_ref(), &gate.at, scope);
            let expect = gate.expect.as_ref().and_then(|text| {
                self.expression(text, &format!("{}/expect", gate.at), (&scope, &Type::Bool))
            });
            gates.push(CheckedGate {
                gate: gate.clone(),
                when,
                expect,
            });
        }
        gates.sort_by(|a, b| a.gate.id.cmp(&b.gate.id));
        gates
    }
}

/// Returns which clauses the gates look at: those they name, or all when one reads `findings` whole.
fn findings_read(clauses: &[CheckedClause], gates: &[CheckedGate]) -> Vec<usize> {
    let expressions = gates
        .iter()
        .flat_map(|gate| gate.when.iter().chain(&gate.expect));
    let names: Vec<&str> = expressions
        .flat_map(Expression::reads)
        .filter(|read| read.variable == "findings")
        .map(|read| read.pointer.split('/').nth(1).unwrap_or("*"))
        .collect();
    let is_read = |checked: &CheckedClause| {
        names
            .iter()
            .any(|name| *name == "*" || *name == checked.clause.id.as_str())
    };
    let read = clauses
        .iter()
        .enumerate()
        .filter(|(_, checked)| is_read(checked));
    read.map(|(at, _)| at).collect()
}

/// Returns what expressions see as `contract`.
fn contract_facts(contract: &Contract) -> Value {
    let mut facts = Map::new();
    facts.insert("name".to_owned(), contract.name.as_str().into());
    facts.insert("version".to_owned(), contract.version.to_string().into());
    facts.insert("title".to_owned(), contract.title.as_str().into());
    if let Some(domain) = &contract.domain {
        facts.insert("domain".to_owned(), domain.as_str().into());
    }
    Value::Object(facts)
}
