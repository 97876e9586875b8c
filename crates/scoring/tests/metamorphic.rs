//! What must hold between two checks, whatever the contract says.
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

use baton_evidence::json::{self, Limits};
use baton_scoring::package::Package;
use baton_scoring::wire::{FindingState, Scorecard};
use common::{Case, Parsed};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Returns a document as text with the keys of every object in reverse order.
fn backwards(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(backwards).collect();
            format!("[{}]", items.join(" ,\n"))
        }
        Value::Object(fields) => {
            let field = |(key, value)| format!("{} : {}", json!(key), backwards(value));
            let fields: Vec<String> = fields.iter().rev().map(field).collect();
            format!("{{{}}}", fields.join(",  "))
        }
        other => other.to_string(),
    }
}

/// Reverses the lists of a contract whose order carries no meaning.
fn permuted(case: &Case) -> Case {
    let mut case = case.clone();
    for list in ["clauses", "dimensions", "gates", "pending"] {
        if let Some(items) = case.contract[list].as_array_mut() {
            items.reverse();
        }
    }
    case.contract["inputs"]["evidence"]
        .as_array_mut()
        .unwrap()
        .reverse();
    case.waivers["waivers"].as_array_mut().unwrap().reverse();
    case
}

fn bytes(parsed: &Parsed) -> Vec<u8> {
    parsed.check().to_bytes().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // spec: SCORING-1
    // spec: SCORING-2
    #[test]
    fn order_that_carries_no_meaning_reaches_no_byte(case in common::cases()) {
        let first = case.parse();
        let permuted = permuted(&case);
        let mut second = permuted.parse();
        second.contract = common::compile(&backwards(&permuted.contract));
        let package = json::read(backwards(&case.package).as_bytes(), Limits::PACKAGE).unwrap();
        second.package = Package::read(package).unwrap();
        prop_assert_eq!(
            String::from_utf8(bytes(&first)).unwrap(),
            String::from_utf8(bytes(&second)).unwrap()
        );
    }

    // spec: SCORING-25
    #[test]
    fn a_failing_clause_more_never_improves_the_posture(
        case in common::cases(),
        severity in proptest::sample::select(vec!["blocker", "major", "minor", "note"]),
        weight in 1_u64..=100,
        dimension in 0_usize..2,
    ) {
        let before = case.parse();
        let before = before.check();
        // A dimension that becomes known is another matter: then more is checked than before.
        prop_assume!(before.dimensions[dimension].score.is_some());
        let mut more = case.clone();
        let parts = json!({
            "expect": "package.n > 5000", "severity": severity, "weight": weight,
            "dimension": before.dimensions[dimension].id,
        });
        more.contract["clauses"].as_array_mut().unwrap().push(common::clause("extra", &parts));
        let after = more.parse();
        let after = after.check();
        prop_assert!(after.posture >= before.posture);
        prop_assert!(after.risk >= before.risk);
        prop_assert!(after.score <= before.score);
    }

    // spec: SCORING-10
    #[test]
    fn what_cannot_be_evaluated_never_passes(
        case in common::cases(),
        error in proptest::sample::select(vec![
            "package.list[99] > 0",
            "10 / (package.n - package.n) == 1",
            "package.list.all(x, x / (package.n - package.n) > 0) && package.list[99] > 0",
            "9223372036854775807 + package.n * 0 + 1 > 0",
        ]),
        place in proptest::sample::select(vec!["expect", "graded", "when"]),
    ) {
        let mut case = case;
        for clause in case.contract["clauses"].as_array_mut().unwrap() {
            for field in ["check", "expect", "graded", "when"] {
                clause.as_object_mut().unwrap().remove(field);
            }
            match place {
                "graded" => clause["graded"] = json!(format!("{error} ? 10000 : 10000")),
                "when" => {
                    clause["when"] = json!(error);
                    clause["expect"] = json!("true");
                }
                _ => clause["expect"] = json!(error),
            }
        }
        let parsed = case.parse();
        for finding in &parsed.check().findings {
            let state = finding.would_be.unwrap_or(finding.state);
            prop_assert!(matches!(state, FindingState::Unknown | FindingState::Waived));
            prop_assert!(finding.state == FindingState::Waived || finding.value.get() == 0);
        }
    }

    // spec: SCORING-31
    // spec: SCORING-32
    #[test]
    fn scorecards_read_back_and_any_number_of_threads_agrees(case in common::cases()) {
        let parsed = case.parse();
        let first = bytes(&parsed);
        let read: Scorecard<'_> = serde_json::from_slice(&first).unwrap();
        prop_assert_eq!(&read, &parsed.check());
        for threads in [1, 2, 8] {
            let all = std::thread::scope(|scope| {
                let check = || scope.spawn(|| bytes(&parsed));
                let running: Vec<_> = std::iter::repeat_with(check).take(threads).collect();
                running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
            });
            prop_assert!(all.iter().all(|bytes| *bytes == first));
        }
    }
}

// spec: SCORING-32
#[test]
fn unknown_fields_and_versions_of_a_scorecard_are_refused() {
    let clause = common::clause("a", &json!({"expect": "true"}));
    let case = common::plain(
        common::contract(&json!([clause])),
        &json!({"n": 1, "flag": true, "list": []}),
    );
    let parsed = case.parse();
    let sound = serde_json::to_value(parsed.check()).unwrap();
    let refused = |key: &str, value: Value| {
        let mut changed = sound.clone();
        changed[key] = value;
        serde_json::from_value::<Scorecard<'_>>(changed).is_err()
    };
    assert!(refused("baton", json!("scorecard/v2")));
    assert!(refused("semantics", json!("2")));
    assert!(refused("verdict", json!("ready")));
    assert!(refused("risk", json!(10_001)));
    assert!(refused("score", json!(0.5)));
    assert!(!refused("risk", json!(0)));
}
