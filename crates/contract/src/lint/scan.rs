//! Looking through everything written in a contract: the raw text with its comments, and the texts
//! as they read once escapes are resolved, so that `"\u202E"` hides nothing.

use baton_terms::{Code, Diagnostic, Source, Span};

use super::Subject;
use crate::syntax::{Node, Value};

/// Something found in a text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Bytes of the text.
    pub(super) span: Span,
    /// What it is, in the words of a diagnostic.
    pub(super) what: String,
}

/// Returns an error for everything `find` finds in the contract and the files beside it.
pub(super) fn scan(
    subject: &Subject<'_>,
    (code, message): (Code, &str),
    find: &dyn Fn(&str) -> Vec<Found>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (file, source, tree) in subject.written() {
        let mut found = find(source.text());
        if let Some(tree) = tree {
            escaped(tree, source, find, &mut found);
        }
        for Found { span, what } in found {
            let diagnostic = Diagnostic::error(code, message).at(span).found(what);
            diagnostics.push(match file {
                Some(file) => diagnostic.in_file(file),
                None => diagnostic,
            });
        }
    }
    diagnostics
}

/// Adds what `find` finds in texts written with escapes, underlining the whole value.
fn escaped(node: &Node, source: &Source, find: &dyn Fn(&str) -> Vec<Found>, out: &mut Vec<Found>) {
    let mut look = |text: &str, span: Span| {
        let written = source.slice(span);
        if written.contains('\\') && find(written).is_empty() {
            out.extend(
                find(text)
                    .into_iter()
                    .map(|Found { what, .. }| Found { span, what }),
            );
        }
    };
    match &node.value {
        Value::Text(text) => look(text, node.span),
        Value::List(items) => {
            for item in items {
                escaped(item, source, find, out);
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                look(&entry.key, entry.key_span);
            }
            for entry in entries {
                escaped(&entry.node, source, find, out);
            }
        }
        _ => {}
    }
}
