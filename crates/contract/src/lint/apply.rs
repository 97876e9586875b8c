//! Every rule applied to one document: its problems in the order of their place, without repeats.

use baton_terms::{Diagnostic, Level, limits};

use super::{Subject, rules};
use crate::document::{Document, Reading};

/// The result of linting one document.
#[derive(Debug)]
pub struct Lint {
    /// What the document says.
    pub reading: Reading,
    /// Every problem, in the order of its place, at most [`limits::DIAGNOSTICS_MAX`].
    pub diagnostics: Vec<Diagnostic>,
    /// Problems left out beyond that limit.
    pub left_out: usize,
}

impl Lint {
    /// Returns whether nothing found refuses the contract.
    pub fn is_accepted(&self) -> bool {
        self.reading.node.is_some() && self.diagnostics.iter().all(|d| d.level != Level::Error)
    }
}

/// Reads a document and applies every rule to it.
pub fn lint(document: &Document) -> Lint {
    let mut reading = document.read();
    let mut diagnostics = reading.diagnostics.clone();
    if reading.node.is_some() {
        let subject = Subject::new(&reading, &document.main, &document.files);
        for rule in rules::ALL {
            diagnostics.extend((rule.check)(&subject));
        }
    }
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.place.file.clone(), d.place.span, d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
    reading.diagnostics.clone_from(&diagnostics);
    let left_out = diagnostics.len().saturating_sub(limits::DIAGNOSTICS_MAX);
    diagnostics.truncate(limits::DIAGNOSTICS_MAX);
    Lint {
        reading,
        diagnostics,
        left_out,
    }
}
