//! Any text as a contract file: the YAML and JSON reader returns a value or diagnostics whose places
//! lie inside the text, and a value it returns reads back the same from its canonical JSON.

#![no_main]

use baton_contract::syntax::parse;
use baton_evidence::canonical;
use baton_terms::{Level, Source};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let source = Source::new("contract.yaml", text);
    let parsed = parse(&source);
    for problem in &parsed.diagnostics {
        if let Some(span) = problem.place.span {
            assert!(
                text.get(span.start..span.end).is_some(),
                "{problem:?} lies outside the text"
            );
        }
    }
    let is_refused = parsed
        .diagnostics
        .iter()
        .any(|problem| problem.level == Level::Error);
    let Some(node) = parsed.node.filter(|_| !is_refused) else {
        assert!(is_refused, "neither a value nor an error");
        return;
    };
    let value = node.to_json();
    let written = String::from_utf8(canonical::to_bytes(&value)).expect("canonical JSON is UTF-8");
    let again = parse(&Source::new("contract.json", written));
    if let Some(again) = again.node.filter(|_| again.diagnostics.is_empty()) {
        assert_eq!(
            again.to_json(),
            value,
            "the canonical form reads as another value"
        );
    }
});
