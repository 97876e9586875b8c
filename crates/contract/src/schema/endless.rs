//! Finds references that lead in a circle without consuming any of the value.
//!
//! Recursion through `properties` or `items` ends with the value; recursion in place never would.

use baton_terms::Diagnostic;

use super::codes::ENDLESS_REFERENCE;
use super::scan::{Applies, Scan};

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Returns one problem per circle found.
pub(super) fn circles(scan: &Scan) -> Vec<Diagnostic> {
    let mut marks = vec![Mark::New; scan.nodes.len()];
    let mut problems = Vec::new();
    for start in 0..scan.nodes.len() {
        // Depth-first with an explicit stack: (node, next edge); a chain of references may be long.
        let mut stack = Vec::new();
        if marks.get(start) == Some(&Mark::New) {
            set(&mut marks, start, Mark::Open);
            stack.push((start, 0));
        }
        while let Some((node, edge)) = stack.pop() {
            let here = scan.nodes.get(node);
            let Some(next) = here.and_then(|here| here.edges.get(edge)) else {
                set(&mut marks, node, Mark::Done);
                continue;
            };
            stack.push((node, edge + 1));
            if next.applies != Applies::Here {
                continue;
            }
            match marks.get(next.to) {
                Some(Mark::New) => {
                    set(&mut marks, next.to, Mark::Open);
                    stack.push((next.to, 0));
                }
                Some(Mark::Open) => problems.push(problem(scan, &stack, next.to)),
                _ => {}
            }
        }
    }
    problems
}

fn set(marks: &mut [Mark], at: usize, mark: Mark) {
    if let Some(slot) = marks.get_mut(at) {
        *slot = mark;
    }
}

fn problem(scan: &Scan, stack: &[(usize, usize)], back_to: usize) -> Diagnostic {
    let pointer = |node: usize| {
        let found = scan.nodes.get(node).map(|node| node.pointer.as_str());
        format!("#{}", found.unwrap_or_default())
    };
    let circle = stack.iter().skip_while(|(node, _)| *node != back_to);
    let mut path: Vec<String> = circle.take(8).map(|(node, _)| pointer(*node)).collect();
    path.push(pointer(back_to));
    let at = stack.last().map(|(node, _)| *node).unwrap_or_default();
    Diagnostic::error(ENDLESS_REFERENCE, "references lead in a circle")
        .pointing_to(pointer(at).trim_start_matches('#'))
        .expected("recursion only through `properties`, `items` or another part of the value")
        .found(path.join(" → "))
        .hint("remove one of the references, or put a property or item between them")
}
