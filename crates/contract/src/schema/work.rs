//! Bounds the work of checking one value: how often subschemas may be applied to it in the worst case.
//!
//! Alternatives and references multiply: ten levels of `anyOf` with two references each apply a
//! thousand subschemas to one value, and recursion through two alternatives doubles with every level of
//! the instance. The estimate counts, for each subschema, the applications to one value at most `d`
//! levels down, per property name and item position, and grows `d` up to the deepest instance allowed.

use std::collections::BTreeMap;

use baton_terms::Diagnostic;

use super::codes::TOO_MUCH_WORK;
use super::limits::{ESTIMATE_STEPS_MAX, SCHEMA_DEPTH_MAX, WORK_PER_VALUE_MAX};
use super::scan::{Applies, Scan};

/// Which child of a value is meant; the names and positions that no schema mentions are one child each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Child {
    Property(String),
    Position(usize),
    OtherProperty,
    OtherItem,
    Name,
}

/// Applications per child.
type Load = BTreeMap<Child, u64>;

/// Returns the problem of a schema whose worst case exceeds [`WORK_PER_VALUE_MAX`].
///
/// The schema must have no circles in place.
pub(super) fn excess(scan: &Scan) -> Option<Diagnostic> {
    let order = innermost_first(scan);
    let mut steps = 0;
    let mut work = in_place(scan, &order);
    for _ in 0..=SCHEMA_DEPTH_MAX {
        if let Some(at) = work.iter().position(|count| *count > WORK_PER_VALUE_MAX) {
            return Some(problem(scan, at));
        }
        let Some(next) = one_level_more(scan, &order, (&work, &mut steps)) else {
            return Some(problem(scan, 0));
        };
        if next == work {
            return None;
        }
        work = next;
    }
    None
}

fn problem(scan: &Scan, at: usize) -> Diagnostic {
    let pointer = scan.nodes.get(at).map(|node| node.pointer.clone());
    Diagnostic::error(TOO_MUCH_WORK, "schema could take too much work")
        .pointing_to(pointer.unwrap_or_default())
        .expected(format!(
            "at most {WORK_PER_VALUE_MAX} subschemas applied to any one value"
        ))
        .found("more in the worst case")
        .hint("alternatives and references multiply: merge alternatives, or tell them apart by a field with `const`")
}

/// Returns the nodes so that whatever a node applies in place comes before it.
fn innermost_first(scan: &Scan) -> Vec<usize> {
    let mut order = Vec::with_capacity(scan.nodes.len());
    let mut seen = vec![false; scan.nodes.len()];
    for start in 0..scan.nodes.len() {
        let mut stack = vec![(start, 0)];
        while let Some((node, edge)) = stack.pop() {
            let Some(mark) = seen.get_mut(node) else {
                continue;
            };
            if edge == 0 && std::mem::replace(mark, true) {
                continue;
            }
            match scan.nodes.get(node).and_then(|node| node.edges.get(edge)) {
                Some(next) => {
                    stack.push((node, edge + 1));
                    if next.applies == Applies::Here {
                        stack.push((next.to, 0));
                    }
                }
                None => order.push(node),
            }
        }
    }
    order
}

/// Applications to one value of everything each node applies in place, itself included.
fn in_place(scan: &Scan, order: &[usize]) -> Vec<u64> {
    let mut work = vec![1_u64; scan.nodes.len()];
    for node in order {
        let edges = scan.nodes.get(*node).map(|node| node.edges.as_slice());
        let here = edges.unwrap_or_default().iter();
        let total = here
            .filter(|edge| edge.applies == Applies::Here)
            .filter_map(|edge| work.get(edge.to))
            .fold(1_u64, |total, more| total.saturating_add(*more));
        if let Some(slot) = work.get_mut(*node) {
            *slot = total;
        }
    }
    work
}

/// Returns the work per node when instances may be one level deeper; nothing past the step limit.
fn one_level_more(
    scan: &Scan,
    order: &[usize],
    (work, steps): (&[u64], &mut u64),
) -> Option<Vec<u64>> {
    let mut loads: Vec<Load> = vec![Load::new(); scan.nodes.len()];
    let mut next = work.to_vec();
    for node in order {
        let mut load = Load::new();
        let edges = scan.nodes.get(*node).map(|node| node.edges.as_slice())?;
        for edge in edges {
            let more = match edge.applies {
                Applies::Here => loads.get(edge.to).cloned()?,
                _ => own(&edge.applies, edges, *work.get(edge.to)?),
            };
            *steps += add(&mut load, &more);
            if *steps > ESTIMATE_STEPS_MAX {
                return None;
            }
        }
        let heaviest = load.values().copied().max().unwrap_or_default();
        let slot = next.get_mut(*node)?;
        *slot = heaviest.max(*slot);
        *loads.get_mut(*node)? = load;
    }
    Some(next)
}

/// Returns the load of one edge that leads to a child.
fn own(applies: &Applies, beside: &[super::scan::Edge], work: u64) -> Load {
    let named = beside.iter().filter_map(|edge| match &edge.applies {
        Applies::Property(name) => Some((Child::Property(name.clone()), 0)),
        _ => None,
    });
    let positions = beside.iter().filter_map(|edge| match &edge.applies {
        Applies::Position(at) => Some((Child::Position(*at), 0)),
        _ => None,
    });
    match applies {
        Applies::Here => Load::new(),
        Applies::Property(name) => Load::from([
            (Child::Property(name.clone()), work),
            (Child::OtherProperty, 0),
        ]),
        // Where it does not apply is said by a zero, so that the default is not taken instead.
        Applies::OtherProperties => named.chain([(Child::OtherProperty, work)]).collect(),
        Applies::AnyProperty => Load::from([(Child::OtherProperty, work)]),
        Applies::Name => Load::from([(Child::Name, work)]),
        Applies::Position(at) => Load::from([(Child::Position(*at), work), (Child::OtherItem, 0)]),
        Applies::ItemsFrom(_) => positions.chain([(Child::OtherItem, work)]).collect(),
        Applies::AnyItem => Load::from([(Child::OtherItem, work)]),
    }
}

/// Adds `more` to `load` and returns the steps taken; a child that only one of them mentions takes the other's default.
fn add(load: &mut Load, more: &Load) -> u64 {
    let mut steps = 1;
    let default = |load: &Load, child: &Child| {
        let default = match child {
            Child::Property(_) | Child::OtherProperty => &Child::OtherProperty,
            Child::Position(_) | Child::OtherItem => &Child::OtherItem,
            Child::Name => &Child::Name,
        };
        load.get(default).copied().unwrap_or_default()
    };
    // Children that only `load` mentions grow only by a default, which most often is nothing.
    if [Child::OtherProperty, Child::OtherItem]
        .iter()
        .any(|child| default(more, child) > 0)
    {
        for (child, count) in load
            .iter_mut()
            .filter(|(child, _)| !more.contains_key(child))
        {
            *count = count.saturating_add(default(more, child));
            steps += 1;
        }
    }
    let before = (
        default(load, &Child::OtherProperty),
        default(load, &Child::OtherItem),
    );
    for (child, count) in more {
        let fallback = match child {
            Child::Property(_) => before.0,
            Child::Position(_) => before.1,
            _ => 0,
        };
        let slot = load.entry(child.clone()).or_insert(fallback);
        *slot = slot.saturating_add(*count);
        steps += 1;
    }
    steps
}
