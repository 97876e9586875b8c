//! A document that is refused, with every problem found in it.

use std::collections::BTreeMap;
use std::fmt;

use baton_contract::document::Document;
use baton_contract::syntax;
use baton_report::lint::{Appearance, Problems, text};
use baton_terms::{Diagnostic, Source, limits};

/// A refused document: an answer about the input, not a failed operation.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    main: Source,
    files: BTreeMap<String, Source>,
    diagnostics: Vec<Diagnostic>,
}

impl Refusal {
    /// Returns the refusal of a contract.
    pub(crate) fn of_contract(document: &Document, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            main: document.main.clone(),
            files: document.files.clone(),
            diagnostics,
        }
    }

    /// Returns the refusal of another document; problems known by their JSON Pointer get the place
    /// in the text that the pointer names.
    pub(crate) fn of_source(main: Source, mut diagnostics: Vec<Diagnostic>) -> Self {
        if let Some(root) = syntax::parse(&main).node {
            for diagnostic in &mut diagnostics {
                let span = root.nearest(&diagnostic.place.pointer).span;
                diagnostic.place.span.get_or_insert(span);
            }
        }
        Self {
            main,
            files: BTreeMap::new(),
            diagnostics,
        }
    }

    /// Returns the refusal of a table, whose problems know their places.
    pub(crate) fn of_table(main: Source, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            main,
            files: BTreeMap::new(),
            diagnostics,
        }
    }

    /// Returns the first problem in one line, and how many more there are.
    pub(crate) fn first(&self) -> String {
        let more = match self.diagnostics.len() {
            0 | 1 => String::new(),
            count => format!(" (and {} more problems)", count - 1),
        };
        let first = self.diagnostics.first();
        first.map_or_else(
            || self.to_string(),
            |problem| {
                format!(
                    "`{}`: {} at {}, expected {}, found {}{more}",
                    self.main.name(),
                    problem.message,
                    problem.place.pointer,
                    problem.expected,
                    problem.found
                )
            },
        )
    }

    /// Returns the problems with their places underlined.
    pub(crate) fn text(&self, appearance: Appearance, width: usize) -> String {
        let shown = self.diagnostics.len().min(limits::DIAGNOSTICS_MAX);
        let (shown, left_out) = self.diagnostics.split_at(shown);
        let problems = Problems {
            main: &self.main,
            files: &self.files,
            diagnostics: shown,
            left_out: left_out.len(),
        };
        text(&problems, appearance, width)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is refused: {} problems",
            self.main.name(),
            self.diagnostics.len()
        )
    }
}

impl std::error::Error for Refusal {}
