//! The data that stands behind a decision on a gate: what the clauses look at, and the gate itself.

use std::collections::BTreeSet;

use baton_contract::expression::{Expression, ReadPath};
use baton_contract::model::BuiltIn;
use baton_terms::Id;

use super::compile::{CheckedCheck, CheckedClause, CheckedContract};

impl CheckedContract {
    /// Returns every place of the data that the clauses, the conditions of the evidence and one gate
    /// look at. Whoever decides the gate decides on all of it.
    pub fn reads_behind(&self, gate: &Id) -> BTreeSet<ReadPath> {
        let evidence = self.evidence.iter().filter_map(|asked| asked.when.as_ref());
        let gates = self.gates.iter().filter(|checked| checked.gate.id == *gate);
        let gates = gates.flat_map(|checked| checked.when.iter().chain(&checked.expect));
        let mut reads: BTreeSet<_> = (evidence.chain(gates))
            .flat_map(Expression::reads)
            .cloned()
            .collect();
        reads.extend(self.clauses.iter().flat_map(reads_of));
        reads
    }
}

fn reads_of(checked: &CheckedClause) -> Vec<ReadPath> {
    let whole = |variable: &str| ReadPath {
        variable: variable.to_owned(),
        pointer: String::new(),
    };
    let mut reads = match &checked.check {
        CheckedCheck::Expect(check) | CheckedCheck::Graded(check) => check.reads().to_vec(),
        CheckedCheck::BuiltIn(BuiltIn::Schema) => vec![whole("package")],
        CheckedCheck::BuiltIn(BuiltIn::Evidence) => vec![whole("evidence")],
        CheckedCheck::BuiltIn(BuiltIn::UnchangedSinceApproval) => {
            vec![whole("package"), whole("evidence"), whole("context")]
        }
    };
    reads.extend(checked.when.iter().flat_map(Expression::reads).cloned());
    reads
}
