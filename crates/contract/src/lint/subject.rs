//! What a rule looks at, and how it says where a problem is.

use std::collections::BTreeMap;

use baton_terms::{Code, Diagnostic, Level, Source, Span};

use crate::document::Reading;
use crate::model::{BuiltIn, Contract};
use crate::syntax::{Node, Value};

/// A lint rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code, with a page under `docs/errors/`. Rules that pass on the codes of another module have its first.
    pub code: Code,
    /// Its name, kebab-case.
    pub name: &'static str,
    /// What it insists on, in one sentence.
    pub summary: &'static str,
    /// Returns every problem it finds.
    pub check: fn(&Subject<'_>) -> Vec<Diagnostic>,
}

/// The contract under a rule's eyes.
#[derive(Debug)]
pub struct Subject<'a> {
    reading: &'a Reading,
    main: &'a Source,
    files: &'a BTreeMap<String, Source>,
    root: &'a Node,
}

impl<'a> Subject<'a> {
    /// Returns the subject of a reading; one without a tree has nothing to lint, and gets an empty one.
    pub(super) fn new(
        reading: &'a Reading,
        main: &'a Source,
        files: &'a BTreeMap<String, Source>,
    ) -> Self {
        static NOTHING: Node = Node {
            span: Span { start: 0, end: 0 },
            value: Value::Null,
        };
        Self {
            reading,
            main,
            files,
            root: reading.node.as_ref().unwrap_or(&NOTHING),
        }
    }

    /// Returns the contract as far as it could be read.
    pub fn contract(&self) -> &'a Contract {
        &self.reading.contract
    }

    /// Returns the root of the contract's tree, for rules about the way things are written.
    pub fn root(&self) -> &'a Node {
        self.root
    }

    /// Returns the tree of a file beside the contract.
    pub fn file(&self, name: &str) -> Option<&'a Node> {
        self.reading.files.get(name)
    }

    /// Returns whether the mapping at `pointer` has `field`, however it is written.
    pub fn has(&self, pointer: &str, field: &str) -> bool {
        self.root.nearest(pointer).get(field).is_some()
    }

    /// Returns the text under `field` of each item of the list called `section`, as written: also
    /// of items that could not be read whole.
    pub fn texts(&self, section: &str, field: &str) -> Vec<&'a str> {
        let items = self.root.get(section).map(Node::items).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item.get(field)?.text())
            .collect()
    }

    /// Returns whether a clause has `check: built_in`. A clause whose check could not be read has
    /// the benefit of the doubt: that it can't be read has been reported.
    pub fn is_checked(&self, built_in: BuiltIn) -> bool {
        let clauses = self.root.get("clauses").map(Node::items);
        let mut clauses = clauses.unwrap_or_default().iter().enumerate();
        clauses.any(|(index, clause)| {
            let check = clause.get("check").and_then(Node::text);
            let at = format!("/clauses/{index}/check");
            check == Some(built_in.word()) || (check.is_some() && self.is_refused(&at))
        })
    }

    /// Returns whether reading the contract refused the value `pointer` names, so that a rule need
    /// not say so again in other words.
    pub fn is_refused(&self, pointer: &str) -> bool {
        let refused = self.reading.diagnostics.iter();
        refused
            .filter(|problem| problem.level == Level::Error)
            .any(|problem| problem.place.pointer == pointer)
    }

    /// Returns an error placed at the value `pointer` names (or the nearest that exists).
    pub fn error(&self, code: Code, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message)
            .at(underlined(self.root, self.main, pointer))
            .pointing_to(pointer)
    }

    /// Returns a warning placed at the value `pointer` names (or the nearest that exists).
    pub fn warning(&self, code: Code, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(code, message)
            .at(underlined(self.root, self.main, pointer))
            .pointing_to(pointer)
    }

    /// Moves a diagnostic whose pointer is relative to the value at `pointer` to its place in the file.
    pub fn inside_value(&self, pointer: &str, diagnostic: Diagnostic) -> Diagnostic {
        let pointer = format!("{pointer}{}", diagnostic.place.pointer);
        diagnostic
            .at(underlined(self.root, self.main, &pointer))
            .pointing_to(pointer)
    }

    /// Moves a diagnostic about part of the text at `pointer` (its span counts bytes of that text)
    /// to the place in the file.
    pub fn inside_text(&self, pointer: &str, diagnostic: Diagnostic) -> Diagnostic {
        let node = self.root.nearest(pointer);
        let part = diagnostic.place.span;
        let span = part.map_or(node.span, |part| node.text_span(self.main, part));
        diagnostic.at(span).pointing_to(pointer)
    }

    /// Moves a diagnostic whose pointer is relative to the schema of `section` (`inputs` or
    /// `outputs`) to the place where that schema stands, inline or in a file beside the contract.
    pub fn inside_schema(&self, section: &str, diagnostic: Diagnostic) -> Diagnostic {
        let inner = diagnostic.place.pointer.clone();
        let named = self
            .root
            .get(section)
            .and_then(|s| s.get("schema_file"))
            .and_then(Node::text);
        let beside = named.and_then(|name| Some((name, self.file(name)?, self.files.get(name)?)));
        match beside {
            Some((name, node, source)) => diagnostic
                .at(underlined(node, source, &inner))
                .in_file(name),
            None => {
                let pointer = format!("/{section}/schema{inner}");
                let span = underlined(self.root, self.main, &pointer);
                diagnostic.at(span).pointing_to(pointer)
            }
        }
    }

    /// Returns the contract's tree and those of its files, each with its source and the name of
    /// the file when it is one beside the contract, for rules about any text.
    pub fn written(&self) -> Vec<(Option<&'a str>, &'a Source, Option<&'a Node>)> {
        let beside = self
            .files
            .iter()
            .map(|(name, source)| (Some(name.as_str()), source, self.file(name)));
        std::iter::once((None, self.main, Some(self.root)))
            .chain(beside)
            .collect()
    }
}

/// Returns what to underline for the value `pointer` names, or the nearest that exists: the value
/// itself when it stands on one line and has no id, else the id or key it goes by.
fn underlined(root: &Node, source: &Source, pointer: &str) -> Span {
    let mut name = text_of(root, "name").unwrap_or(root.span);
    let mut node = root;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let step = match &node.value {
            Value::List(items) => {
                let item = token.parse().ok().and_then(|at: usize| items.get(at));
                item.map(|item| {
                    let first = item.entries().first();
                    (item, first.map_or(item.span, |entry| entry.key_span))
                })
            }
            _ => node
                .entries()
                .iter()
                .find(|entry| entry.key == token)
                .map(|entry| (&entry.node, entry.key_span)),
        };
        match step {
            Some(step) => (node, name) = step,
            None => break,
        }
    }
    if std::ptr::eq(node, root) {
        return name;
    }
    match text_of(node, "id").or_else(|| text_of(node, "clause")) {
        Some(id) => id,
        None if source.slice(node.span).contains('\n') => name,
        None => node.span,
    }
}

fn text_of(node: &Node, field: &str) -> Option<Span> {
    let value = node.get(field)?;
    value.text().map(|_| value.span)
}
