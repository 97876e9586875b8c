//! One way to read a document of a kind: every problem in one run, each told once and in its place.

use baton_terms::{Diagnostic, Level, Source};

use super::check::{SEE_SCHEMA, check};
use super::declaration::{Object, Shape};
use crate::syntax::{self, Node};

/// A kind of document that stands in a file of its own.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What it may hold.
    pub object: &'static Object,
    /// The format that its first line names.
    pub format: &'static str,
    /// Where somebody who wrote it wrongly finds every field.
    pub hint: &'static str,
}

/// Reads a document, YAML or JSON. `make` turns its tree into what it says, and adds the problems that no shape can tell; the tree may
/// have departures from the shape, and what was made of it then is thrown away.
///
/// Returns what was made when nothing is an error, and every problem in the order of their places.
pub fn read<T>(
    source: &Source,
    kind: &Kind,
    make: impl FnOnce(&Node, &mut Vec<Diagnostic>) -> Option<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let parsed = syntax::parse(source);
    let mut problems = parsed.diagnostics;
    let mut content = None;
    if let Some(root) = &parsed.node {
        let mut departures = Vec::new();
        check(root, &Shape::Object(kind.object), "", &mut departures);
        // A value that could not be read is one mistake, whatever its stand-in looks like.
        departures.retain(|problem| {
            let is_same = |known: &Diagnostic| known.place.span == problem.place.span;
            !problems.iter().any(is_same)
        });
        problems.extend(departures);
        content = make(root, &mut problems);
    }
    for problem in &mut problems {
        reword(problem, kind);
    }
    problems.sort_by_key(|problem| problem.place.span);
    let is_sound = !problems.iter().any(|problem| problem.level == Level::Error);
    (content.filter(|_| is_sound), problems)
}

/// What reads and checks trees speaks of contracts, which most of its readers write.
fn reword(problem: &mut Diagnostic, kind: &Kind) {
    if problem.hint.contains(SEE_SCHEMA) {
        kind.hint.clone_into(&mut problem.hint);
    }
    if problem.code == syntax::EMPTY {
        problem.expected = format!("a mapping with `baton: {}`", kind.format);
        kind.hint.clone_into(&mut problem.hint);
    }
}
