//! Reads a document in whichever of the two notations it is written.

use baton_evidence::json::Limits;
use baton_terms::{Code, Diagnostic, Source, limits};

use super::{Node, json, yaml};

/// A document is larger than its limit.
pub const TOO_LARGE: Code = Code::new(138);

/// The tree of a document, as far as it could be read, and every problem met on the way.
#[derive(Debug)]
pub struct Parsed {
    /// The tree, absent when the syntax is broken beyond reading on.
    pub node: Option<Node>,
    /// Problems in the order of their place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads `source` as JSON when its first character is `{` or `[`, else as YAML.
///
/// # Limits
/// [`limits::CONTRACT_BYTES_MAX`] bytes, [`limits::DEPTH_MAX`] levels, [`limits::CONTRACT_NODES_MAX`] nodes.
pub fn parse(source: &Source) -> Parsed {
    let text = source.text();
    if text.len() > limits::CONTRACT_BYTES_MAX {
        let diagnostic = Diagnostic::error(TOO_LARGE, "document is too large")
            .expected(format!("at most {} bytes", limits::CONTRACT_BYTES_MAX))
            .found(format!("{} bytes", text.len()))
            .hint("split examples and data out of the contract");
        return Parsed {
            node: None,
            diagnostics: vec![diagnostic],
        };
    }
    match text.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => json::parse(text, Limits::CONTRACT),
        _ => yaml::parse(text),
    }
}

/// Reads a document as a trace records it: canonical JSON, which may be longer than what its author
/// wrote.
///
/// # Limits
/// [`limits::RECORDED_BYTES_MAX`] bytes, [`limits::DEPTH_MAX`] levels.
pub fn parse_recorded(source: &Source) -> Parsed {
    json::parse(source.text(), Limits::RECORDED)
}
