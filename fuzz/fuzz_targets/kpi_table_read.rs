//! Any bytes as a KPI table: refused with places inside it, or localised to the same bytes twice.

#![no_main]

use baton_rootcause::localise::{Columns, Settings, localise, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match read(bytes, &Columns::default()) {
        Ok(table) => {
            // Time is bounded by the limits of a table; here by a smaller one, for many runs.
            if table.rows() > 2_000 {
                return;
            }
            let answer = localise(&table, Settings::default());
            let written = serde_json::to_string(&answer).expect("an answer has a JSON form");
            let again = localise(&table, Settings::default());
            assert_eq!(serde_json::to_string(&again).ok(), Some(written));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                if let Some(span) = problem.place.span {
                    assert!(span.start <= bytes.len());
                }
            }
        }
    }
});
