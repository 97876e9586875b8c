//! Any text as a contract: every rule runs, its diagnostics lie inside the text, and what is accepted
//! has a normal form that is accepted too, has the same digest, and does not differ from itself.

#![no_main]

use baton_contract::{
    diff::diff,
    document::{Document, Reading},
    lint::lint,
};
use baton_evidence::canonical;
use baton_scoring::CheckedContract;
use baton_terms::Source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut document = Document::alone(Source::new("contract.yaml", text));
    // Every file a contract names holds the same small schema, so that the rules behind it run.
    for name in Document::files_named_in(&document.main) {
        let schema = Source::new(name.clone(), r#"{"type": "object"}"#);
        document.files.insert(name, schema);
    }
    let checked = lint(&document);
    for problem in &checked.diagnostics {
        let is_here = problem
            .place
            .file
            .as_ref()
            .is_none_or(|file| file == document.main.name());
        if let Some(span) = problem.place.span.filter(|_| is_here) {
            assert!(
                text.get(span.start..span.end).is_some(),
                "{problem:?} lies outside the text"
            );
        }
    }
    if checked.is_accepted() {
        accepted(&checked.reading);
    }
});

fn accepted(reading: &Reading) {
    let form = reading
        .normal_form()
        .expect("an accepted contract has a normal form");
    let written = String::from_utf8(canonical::to_bytes(&form)).expect("canonical JSON is UTF-8");
    let again = Document::alone(Source::new("contract.json", written)).read();
    assert_eq!(
        again.digest(),
        reading.digest(),
        "the normal form is another contract"
    );
    assert_eq!(
        diff(reading, &again),
        Some(Vec::new()),
        "the normal form differs from itself"
    );
    if let Err(problems) = CheckedContract::compile(reading) {
        assert!(!problems.is_empty(), "refused without a reason");
    }
}
