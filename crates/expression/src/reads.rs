//! The static read set of an expression: every place of the data its value can depend on.

use std::collections::BTreeSet;

use super::program::{Loop, Node, Operation, Path, Root, Step};

/// A variable and a JSON Pointer (RFC 6901) into it, with `*` for every element of a list or map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadPath {
    /// Name of the variable.
    pub variable: String,
    /// Pointer to the value read, empty for the whole variable.
    pub pointer: String,
}

impl std::fmt::Display for ReadPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.variable, self.pointer)
    }
}

/// Returns the read set of `node`, sorted, without repetition.
pub(super) fn reads(node: &Node) -> Vec<ReadPath> {
    let mut reader = Reader {
        found: BTreeSet::new(),
        elements: Vec::new(),
    };
    reader.visit(node);
    reader.found.into_iter().collect()
}

/// Returns `pointer` extended by `steps`, escaped as RFC 6901 §3 says.
pub(super) fn extended(pointer: &str, steps: &[Step]) -> String {
    let mut pointer = pointer.to_owned();
    for step in steps {
        pointer.push('/');
        match step {
            Step::Field(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
            Step::Item(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

struct Reader {
    found: BTreeSet<ReadPath>,
    /// Where the element of each enclosing loop stands, and whether anything below it was read;
    /// the place is unknown for computed ranges.
    elements: Vec<(Option<ReadPath>, bool)>,
}

impl Reader {
    fn visit(&mut self, node: &Node) {
        match &node.operation {
            Operation::Path(path) => {
                if let Some(place) = self.place(path) {
                    self.found.insert(place);
                }
            }
            Operation::Has { operand, field } => match &operand.operation {
                // Presence is decided by the field alone.
                Operation::Path(path) => {
                    let mut path = path.clone();
                    path.steps.push(Step::Field(field.clone()));
                    if let Some(place) = self.place(&path) {
                        self.found.insert(place);
                    }
                }
                _ => self.visit(operand),
            },
            Operation::Loop(each) => self.visit_loop(each),
            _ => node.below().into_iter().for_each(|node| self.visit(node)),
        }
    }

    fn visit_loop(&mut self, each: &Loop) {
        let range = match &each.range.operation {
            Operation::Path(path) => self.place(path),
            _ => None,
        };
        if range.is_none() {
            self.visit(&each.range);
        }
        let element = range.clone().map(|range| ReadPath {
            pointer: format!("{}/*", range.pointer),
            ..range
        });
        self.elements.push((element, false));
        for node in each.filter.iter().chain([&each.body]) {
            self.visit(node);
        }
        let was_read = self.elements.pop().is_some_and(|(_, was_read)| was_read);
        // `filter` yields the elements themselves; a body that reads none still counts them.
        let yields = matches!(each.kind, super::program::LoopKind::Filter);
        if !was_read || yields {
            self.found.extend(range);
        }
    }

    fn place(&mut self, path: &Path) -> Option<ReadPath> {
        let base = match &path.root {
            Root::Variable(name) => ReadPath {
                variable: name.to_string(),
                pointer: String::new(),
            },
            Root::Element(depth) => {
                let (place, was_read) = self.elements.get_mut(*depth)?;
                *was_read = true;
                place.clone()?
            }
        };
        Some(ReadPath {
            pointer: extended(&base.pointer, &path.steps),
            ..base
        })
    }
}
