//! SARIF 2.1.0 (OASIS): the log that code-scanning services and editors read.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::plain;

/// One result of a SARIF run.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Stable rule id.
    pub rule: String,
    /// `error`, `warning`, `note` or `none` (§3.27.10).
    pub level: &'static str,
    /// What is wrong, expected, found and how to mend it.
    pub message: String,
    /// File it is about, as a relative URI.
    pub uri: String,
    /// Region in that file: start line, start column, end line, end column, all from 1.
    pub region: Option<[usize; 4]>,
    /// JSON Pointer of the value concerned.
    pub pointer: String,
    /// Who or what excuses it; a result that is excused is suppressed (§3.35).
    pub excuse: Option<String>,
}

/// A rule that results refer to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleDescription {
    /// Stable id.
    pub id: String,
    /// What it insists on.
    pub summary: String,
    /// Why, and how to mend it; empty when there is no more to say.
    pub help: String,
}

/// One run of a tool.
#[derive(Debug, Clone)]
pub struct Run {
    /// Rules that results refer to.
    pub rules: Vec<RuleDescription>,
    /// Results, in order.
    pub findings: Vec<Finding>,
    /// Property bag of the run (§3.8): an object, or null for none.
    pub properties: Value,
}

/// Returns a SARIF log of one run; rules are listed once, in order of their id.
pub fn log(run: Run) -> Value {
    let Run {
        mut rules,
        findings,
        properties,
    } = run;
    rules.sort();
    rules.dedup_by(|a, b| a.id == b.id);
    let index = |id: &str| rules.iter().position(|rule| rule.id == id);
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(finding, index(&finding.rule)))
        .collect();
    let described: Vec<Value> = rules.iter().map(described).collect();
    let mut log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "baton",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    if let (true, Some(run)) = (properties.is_object(), log.pointer_mut("/runs/0")) {
        insert(run, "properties", properties);
    }
    log
}

fn described(rule: &RuleDescription) -> Value {
    let mut described =
        json!({"id": shown(&rule.id), "shortDescription": {"text": shown(&rule.summary)}});
    if !rule.help.is_empty() {
        insert(&mut described, "help", json!({"text": shown(&rule.help)}));
    }
    described
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// Returns text without control characters, and without what readers take for an embedded link
/// (§3.11.6).
fn shown(text: &str) -> String {
    plain(text).replace("](", "] (")
}

fn result(finding: &Finding, rule_index: Option<usize>) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&finding.uri)}});
    if let Some([line, column, end_line, end_column]) = finding.region {
        let region = json!({
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        });
        insert(&mut physical, "region", region);
    }
    let mut location = json!({"physicalLocation": physical});
    if !finding.pointer.is_empty() {
        let logical = json!([{"fullyQualifiedName": plain(&finding.pointer)}]);
        insert(&mut location, "logicalLocations", logical);
    }
    let mut result = json!({
        "ruleId": shown(&finding.rule),
        "level": finding.level,
        "message": {"text": shown(&finding.message)},
        "locations": [location],
    });
    if let Some(index) = rule_index {
        insert(&mut result, "ruleIndex", index.into());
    }
    if let Some(excuse) = &finding.excuse {
        let suppression = json!([{"kind": "external", "justification": shown(excuse)}]);
        insert(&mut result, "suppressions", suppression);
    }
    result
}

/// Percent-encodes what a relative URI reference can't hold (RFC 3986 §2).
fn uri(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if is_plain {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
