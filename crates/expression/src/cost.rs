//! Worst-case cost of an expression, from the sizes its lists are declared to have.
//!
//! Lists without a declared bound count as one element: for them the limit holds when evaluated.

use super::program::{Node, Operation};

/// Returns the steps an evaluation takes when every bounded list is full.
pub(super) fn estimate(node: &Node) -> u64 {
    let own = match &node.operation {
        Operation::Path(path) => 1 + count(path.steps.len()),
        _ => 1,
    };
    let below = match &node.operation {
        Operation::Loop(each) => {
            let body = estimate(&each.body);
            let filter = each.filter.as_ref().map_or(0, estimate);
            let once = body.saturating_add(filter);
            estimate(&each.range).saturating_add(once.saturating_mul(each.items_max.unwrap_or(1)))
        }
        _ => node
            .below()
            .into_iter()
            .map(estimate)
            .fold(0, u64::saturating_add),
    };
    below.saturating_add(own)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
