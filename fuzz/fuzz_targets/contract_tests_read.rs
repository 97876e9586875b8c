//! Any text as the tests of a contract: a file of tests, or diagnostics that lie inside the text.

#![no_main]

use baton_simulation::suites::TestFile;
use baton_terms::Source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(problems) = TestFile::read(&Source::new("contract-tests.yaml", text)) {
        assert!(!problems.is_empty(), "refused without a reason");
        for span in problems.iter().filter_map(|problem| problem.place.span) {
            assert!(text.get(span.start..span.end).is_some(), "{problems:?}");
        }
    }
});
