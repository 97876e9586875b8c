//! Mining reports in every rendering: a realistic one, one of hostile text, and one without causes.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests read a fixture of this folder and stop at what is not as expected"
)]

mod blameless;
mod privacy;
mod published;
mod reading;

use baton_report::Appearance;
use baton_report::mining::{Model, html, markdown, text};
use baton_rootcause::wire::MiningReport;
use serde_json::Value;

/// A made-up report with every kind of cause there is.
pub(crate) fn realistic() -> Value {
    serde_json::from_str(include_str!("realistic.json")).unwrap()
}

/// Markup, terminal sequences, direction changes, links and mentions in one.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=y>\u{1b}[31m\u{9b}2J\u{202e}gnp.exe\u{2066}[click](https://evil.example)@team #12 `code` **bold** \"quote\" ]]> --> &amp; | 10^−2 \r\n## heading";

/// The realistic report with hostile text wherever a log can bring text.
pub(crate) fn hostile() -> Value {
    let mut report = realistic();
    spoil(&mut report);
    report
}

fn spoil(value: &mut Value) {
    const OURS: [&str; 10] = [
        "baton",
        "test",
        "strength",
        "confirmation",
        "id",
        "unit",
        "digests",
        "origin",
        "why",
        "method",
    ];
    match value {
        Value::String(text) => *text = format!("{HOSTILE}{text}"),
        Value::Array(items) => items.iter_mut().for_each(spoil),
        Value::Object(fields) => {
            let ours = |key: &str| OURS.contains(&key);
            fields
                .iter_mut()
                .filter(|(key, _)| !ours(key))
                .for_each(|(_, value)| spoil(value));
        }
        _ => {}
    }
}

/// The realistic report without causes.
pub(crate) fn empty() -> Value {
    let mut report = realistic();
    for list in [
        "causes",
        "suspects",
        "fewer_failures",
        "drift",
        "coverage",
        "changes",
        "cautions",
        "excluded",
        "features",
    ] {
        report[list] = Value::Array(Vec::new());
    }
    report["overview"]["failures"] = 0.into();
    report["overview"]["cases"] = 0.into();
    report["overview"]["periods"] = Value::Array(Vec::new());
    report["input"]["import"] = Value::Null;
    report
}

pub(crate) fn report(value: &Value) -> MiningReport {
    serde_json::from_value(value.clone()).unwrap()
}

/// Returns every rendering of a report with its name.
pub(crate) fn renderings(value: &Value) -> Vec<(&'static str, String)> {
    let report = report(value);
    let model = Model {
        report: &report,
        map: None,
    };
    vec![
        ("text", text(&model, Appearance::Plain, 80)),
        ("markdown", markdown(&model)),
        ("html", html(&model)),
    ]
}
