//! The problems of one document.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, Source};

/// The problems of one document, with the texts they point into.
#[derive(Debug)]
pub struct Problems<'a> {
    /// The main file.
    pub main: &'a Source,
    /// Files beside it.
    pub files: &'a BTreeMap<String, Source>,
    /// The problems, in the order to show them.
    pub diagnostics: &'a [Diagnostic],
    /// Problems left out beyond the limit.
    pub left_out: usize,
}

impl<'a> Problems<'a> {
    /// Returns the source a diagnostic points into.
    pub(super) fn source(&self, diagnostic: &Diagnostic) -> &'a Source {
        let named = diagnostic
            .place
            .file
            .as_ref()
            .and_then(|file| self.files.get(file));
        named.unwrap_or(self.main)
    }
}
