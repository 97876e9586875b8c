//! Which optional fields a condition proves to be present.

use std::collections::BTreeSet;

use super::super::ast::{Ast, Kind};

/// The truth value a condition is assumed to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
}

/// Adds the chains that are present whenever `tree` has the truth value.
pub(super) fn facts(tree: &Ast, truth: Truth, found: &mut BTreeSet<String>) {
    match (&tree.kind, truth) {
        (Kind::And(operands), Truth::Yes) | (Kind::Or(operands), Truth::No) => {
            for operand in operands {
                facts(operand, truth, found);
            }
        }
        (Kind::Not(operand), Truth::Yes) => facts(operand, Truth::No, found),
        (Kind::Not(operand), Truth::No) => facts(operand, Truth::Yes, found),
        (Kind::Call(call), Truth::Yes) if call.name == "has" && call.target.is_none() => {
            let chain = call
                .arguments
                .first()
                .and_then(Ast::chain)
                .unwrap_or_default();
            // `has(a.b.c)` has a value only where `a.b` is there too.
            for end in 2..=chain.len() {
                found.insert(key(chain.get(..end).unwrap_or_default()));
            }
        }
        _ => {}
    }
}

/// Returns the name of a chain in sets of facts.
pub(super) fn key(chain: &[&str]) -> String {
    chain.join("\u{0}")
}
