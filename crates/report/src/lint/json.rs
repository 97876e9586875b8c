//! Diagnostics as JSON, format `diagnostics/v1`.

use baton_terms::{Diagnostic, LineColumn};
use serde::Serialize;
use serde_json::Value;

use super::Problems;

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("diagnostics-v1.schema.json");

#[derive(Serialize)]
struct Wire<'a> {
    baton: &'static str,
    diagnostics: Vec<Entry<'a>>,
    left_out: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: String,
    level: baton_terms::Level,
    message: &'a str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<LineColumn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<LineColumn>,
    pointer: &'a str,
    expected: &'a str,
    found: &'a str,
    hint: &'a str,
}

/// Returns the problems of several documents as one `diagnostics/v1` document.
pub fn json(documents: &[Problems<'_>]) -> Value {
    let entries = |problems| entries(problems);
    let wire = Wire {
        baton: "diagnostics/v1",
        diagnostics: documents.iter().flat_map(entries).collect(),
        left_out: documents.iter().map(|problems| problems.left_out).sum(),
    };
    // The structure holds only text and numbers, which always serialize.
    serde_json::to_value(wire).unwrap_or_default()
}

fn entries<'a>(problems: &Problems<'a>) -> Vec<Entry<'a>> {
    let entry = |diagnostic: &'a Diagnostic| {
        let source = problems.source(diagnostic);
        let span = diagnostic.place.span;
        Entry {
            code: diagnostic.code.to_string(),
            level: diagnostic.level,
            message: &diagnostic.message,
            file: source.name(),
            start: span.map(|span| source.line_column(span.start)),
            end: span.map(|span| source.line_column(span.end)),
            pointer: &diagnostic.place.pointer,
            expected: &diagnostic.expected,
            found: &diagnostic.found,
            hint: &diagnostic.hint,
        }
    };
    problems.diagnostics.iter().map(entry).collect()
}
