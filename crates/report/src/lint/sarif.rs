//! Diagnostics as SARIF 2.1.0.

use std::fmt::Write as _;

use baton_terms::{Diagnostic, Level};
use serde_json::Value;

use super::Problems;
use crate::sarif::{Finding, RuleDescription, Run, log};

/// Returns the problems of several documents as one SARIF log.
pub fn sarif(documents: &[Problems<'_>]) -> Value {
    let findings: Vec<_> = documents.iter().flat_map(findings).collect();
    let rules = documents
        .iter()
        .flat_map(|problems| problems.diagnostics)
        .map(|d| RuleDescription {
            id: d.code.to_string(),
            summary: d.message.clone(),
            help: String::new(),
        })
        .collect();
    log(Run {
        rules,
        findings,
        properties: Value::Null,
    })
}

fn findings(problems: &Problems<'_>) -> Vec<Finding> {
    let finding = |diagnostic: &Diagnostic| {
        let source = problems.source(diagnostic);
        let region = diagnostic.place.span.map(|span| {
            let (start, end) = (source.line_column(span.start), source.line_column(span.end));
            [start.line, start.column, end.line, end.column]
        });
        Finding {
            rule: diagnostic.code.to_string(),
            level: match diagnostic.level {
                Level::Error => "error",
                Level::Warning => "warning",
            },
            message: sentence(diagnostic),
            uri: source.name().to_owned(),
            region,
            pointer: diagnostic.place.pointer.clone(),
            excuse: None,
        }
    };
    problems.diagnostics.iter().map(finding).collect()
}

fn sentence(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for (label, part) in [
        ("expected", &diagnostic.expected),
        ("found", &diagnostic.found),
        ("hint", &diagnostic.hint),
    ] {
        if !part.is_empty() {
            // Writing to a String can't fail.
            let _ = write!(text, "; {label}: {part}");
        }
    }
    text
}
