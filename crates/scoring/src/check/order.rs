//! Canonical clause order, so that the order in a file carries no meaning.

use baton_contract::model::Clause;

/// Compares clauses in canonical order: severity (blocker first), weight descending, id.
pub(super) fn canonical_order(a: &Clause, b: &Clause) -> std::cmp::Ordering {
    let key = |clause: &Clause| (clause.severity, std::cmp::Reverse(clause.weight));
    key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
}
