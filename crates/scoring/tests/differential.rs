//! The check against the executable specification, on generated contracts, packages, evidence,
//! waivers, pending clauses and gates.
#![expect(
    clippy::unwrap_used,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(
    clippy::panic,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(
    clippy::indexing_slicing,
    reason = "generated documents have a known form"
)]

mod common;

use proptest::prelude::*;

/// Cases in each of the two tests, which run side by side.
const CASES: u32 = 5000;

fn agrees(case: &common::Case) {
    let parsed = case.parse();
    let found = common::verdict(&parsed.check(), &parsed.contract);
    assert_eq!(found, case.by_reference());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    // spec: SCORING-3
    // spec: SCORING-15
    // spec: SCORING-22
    #[test]
    fn agrees_with_the_executable_specification(case in common::cases()) {
        agrees(&case);
    }

    // spec: SCORING-41
    // spec: SCORING-43
    #[test]
    fn agrees_on_further_cases(case in common::cases()) {
        agrees(&case);
    }
}
