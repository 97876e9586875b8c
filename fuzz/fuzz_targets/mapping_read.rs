//! Mapping files: never a panic; what is refused says why, and what is read reads again.
#![no_main]

use baton_eventlog::mapping;
use baton_terms::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let reading = mapping::read(&Source::new("mapping.yaml", text));
    match reading.mapping() {
        None => assert!(!reading.diagnostics().is_empty()),
        Some(read) => {
            let again = Source::new("mapping.json", read.json.to_string());
            assert_eq!(mapping::read(&again).mapping(), Some(read));
        }
    }
});
