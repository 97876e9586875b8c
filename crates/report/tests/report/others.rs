//! Verification and contract tests for people and machines.

use baton_evidence::trace::{self, Coverage, Finding, Level, Replayed};
use baton_report::verify::{self, Replay, Verification};
use baton_report::{Appearance, tests};
use baton_simulation::suites::{CaseReport, ContractRef, Format, Outcome, Report, SuiteReport};
use baton_terms::Digest;

use crate::published::{validate, validate_junit};

fn verification(findings: Vec<Finding>) -> Verification {
    let report = trace::Report {
        level: Level::Chain,
        coverage: Coverage {
            origin: Some("baton.example/trace".to_owned()),
            sealed: 2,
            lines: 3,
            signers: vec!["log".to_owned()],
            ..Coverage::default()
        },
        findings,
    };
    let as_of = "2026-11-20T09:00:00Z".parse().unwrap();
    Verification::of_trace("decisions".to_owned(), as_of, &report)
}

// spec: EVIDENCE-66
#[test]
fn verification_says_what_it_covered_and_what_not() {
    let changed = Finding::EntryChanged { sequence: 1 };
    let unsealed = Finding::Unsealed { first: 2, last: 2 };
    for (findings, word, code, place) in [
        (vec![changed], "REFUSED", "E0741", "entries.jsonl, line 2"),
        (
            vec![unsealed],
            "VERIFIED IN PART",
            "E0747",
            "entries.jsonl, line 3",
        ),
        (
            vec![Finding::CheckpointMissing],
            "CONSISTENT, BUT SIGNER NOT TRUSTED",
            "E0748",
            "checkpoint",
        ),
        (Vec::new(), "VERIFIED", "", ""),
    ] {
        let model = verification(findings);
        let page = verify::text(&model, Appearance::Plain, 100);
        assert!(page.starts_with(&format!("{word} —")), "{page}");
        for part in [
            code,
            place,
            "2 of 3 entries: chain, Merkle root and the signature of log",
            "the blobs they name: give --audit",
        ] {
            assert!(page.contains(part), "{part}:\n{page}");
        }
        assert_eq!(model.is_pass(), word == "VERIFIED");
        validate(verify::SCHEMA, &verify::json(&model), word);
    }
}

#[test]
fn a_replay_passes_only_when_every_decision_is_identical() {
    let scorecard = Digest::of(b"scorecard");
    let identical = (
        0,
        Replayed::Identical {
            product: "scorecard",
            digest: scorecard,
        },
    );
    let different = Replayed::Different {
        recorded: scorecard,
        produced: Digest::of(b"other"),
    };
    let missing = Replayed::InputsMissing {
        names: vec!["package".parse().unwrap()],
    };
    let unknown = Replayed::UnknownSemantics {
        found: "9".to_owned(),
    };
    for (outcomes, word) in [
        (vec![identical.clone()], "IDENTICAL"),
        (Vec::new(), "NOTHING REPLAYED"),
        (vec![identical.clone(), (1, different)], "NOT IDENTICAL"),
        (vec![(1, missing)], "NOT IDENTICAL"),
        (vec![identical, (1, unknown)], "NOT IDENTICAL"),
    ] {
        let replay = Replay::new(&outcomes, b"");
        let page = verify::replay_text("decisions", &replay, Appearance::Plain, 100);
        assert!(page.starts_with(&format!("{word} —")), "{page}");
        let document = verify::replay_json("decisions", &replay);
        validate(verify::REPLAY_SCHEMA, &document, word);
        let mut model = verification(Vec::new());
        model.add_replay(replay);
        assert_eq!(model.is_pass(), word == "IDENTICAL");
        validate(verify::SCHEMA, &verify::json(&model), word);
    }
}

fn report(outcome: Outcome, not_covered: &[&str]) -> Report {
    let case = CaseReport {
        name: "a complete package is ready".to_owned(),
        condition: None,
        outcome,
        checks: 3,
        messages: match outcome {
            Outcome::Passed => Vec::new(),
            Outcome::Failed => vec!["posture: expected ready, found <review>".to_owned()],
        },
    };
    Report {
        baton: Format::V1,
        contract: ContractRef {
            name: "qa-to-release".to_owned(),
            version: "1.0.0".to_owned(),
            digest: Digest::of(b"contract"),
        },
        tests: Digest::of(b"tests"),
        conditions: vec![("pro-humanity-impact".to_owned(), Digest::of(b"condition"))],
        semantics: "1",
        suites: vec![SuiteReport {
            suite: baton_contract::model::Suite::Unit,
            cases: vec![case],
        }],
        not_covered: not_covered.iter().map(ToString::to_string).collect(),
        is_passed: outcome == Outcome::Passed && not_covered.is_empty(),
    }
}

#[test]
fn contract_tests_pass_only_as_a_whole() {
    for (report, word) in [
        (report(Outcome::Passed, &[]), "PASSED"),
        (report(Outcome::Failed, &[]), "FAILED"),
        (report(Outcome::Passed, &["simulation"]), "FAILED"),
    ] {
        let page = tests::text(&report, Appearance::Plain, 80);
        assert!(page.contains(&format!("{word} — 1 case")), "{page}");
        let documents = tests::json(std::slice::from_ref(&report));
        validate(tests::SCHEMA, &documents[0], word);
        let xml = tests::junit(&[report]);
        assert_eq!(
            xml.contains("failures=\"0\" errors=\"0\">\n  <testsuite "),
            word == "PASSED",
            "{xml}"
        );
        validate_junit(word, &xml);
    }
}
