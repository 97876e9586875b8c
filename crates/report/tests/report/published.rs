//! What others read by machine is what their schemas, and ours, say.

use std::io::Write as _;
use std::process::{Command, Stdio};

use baton_report::lint::{self, Problems};
use baton_report::scorecard::{EXPLANATION_SCHEMA, Model, SCHEMA, explanation, json, junit, sarif};
use baton_scoring::wire::{Cause, FindingState, Posture, Rule, Scorecard};
use baton_terms::{BasisPoints, Code, Diagnostic, Source, Span};
use serde_json::Value;

use crate::fixture;

const SARIF: &str = include_str!("../schemas/sarif-2.1.0.json");
/// The published schema has a pattern that is no regular expression of ECMA-262 in Unicode mode;
/// this is what it means.
const LANGUAGE: (&str, &str) = (
    "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$",
    "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$",
);
const JUNIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/junit-10.xsd");

/// Calls `check` with a model of every scorecard there is to draw.
pub(crate) fn each(mut check: impl FnMut(&str, &Model<'_>)) {
    for checked in fixture::shipped() {
        let scorecard = checked.scorecard();
        check(&checked.name, &checked.model(&scorecard));
    }
    let (mixed, earlier) = (fixture::mixed(), fixture::earlier());
    check("mixed", &fixture::helped(&mixed, &earlier));
    let hostile = fixture::hostile(crate::escaping::HOSTILE);
    check("hostile", &fixture::helped(&hostile, &earlier));
    let empty = nothing_checked();
    check(
        "nothing checked",
        &Model::new(&empty, baton_contract::model::Thresholds::default()),
    );
}

fn nothing_checked() -> Scorecard<'static> {
    let mut scorecard = fixture::mixed();
    scorecard.score = None;
    scorecard.risk = BasisPoints::ZERO;
    scorecard.risk_terms.clear();
    scorecard
        .causes
        .retain(|cause| cause.rule == Rule::GateOpen);
    scorecard.causes.push(Cause {
        rule: Rule::NothingChecked,
        subject: None,
        found: None,
        limit: None,
    });
    for dimension in &mut scorecard.dimensions {
        dimension.score = None;
    }
    for finding in &mut scorecard.findings {
        finding.state = FindingState::NotApplicable;
    }
    scorecard
}

pub(crate) fn validate(schema: &str, document: &Value, name: &str) {
    let schema = schema.replace(LANGUAGE.0, LANGUAGE.1);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}");
}

#[test]
fn scorecards_and_explanations_are_valid_under_their_schemas() {
    each(|name, model| {
        validate(SCHEMA, &json(model), name);
        validate(EXPLANATION_SCHEMA, &explanation(model).unwrap(), name);
    });
}

#[test]
fn schemas_refuse_what_is_no_scorecard() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let scorecard = fixture::mixed();
    let document = json(&Model::new(
        &scorecard,
        baton_contract::model::Thresholds::default(),
    ));
    for (pointer, wrong) in [
        ("/posture", Value::from("fine")),
        ("/score", Value::from(10_001)),
        ("/findings/0/state", Value::from("skipped")),
        ("/contract/digest", Value::from("sha256:12")),
        ("/gates/0", serde_json::json!({"gate": "a"})),
    ] {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&document), "{pointer}");
    }
    let mut more = document;
    more["more"] = true.into();
    assert!(!validator.is_valid(&more));
}

#[test]
fn sarif_is_valid_and_names_everything_that_is_not_passed() {
    each(|name, model| {
        let log = sarif(model);
        validate(SARIF, &log, name);
        let results = log["runs"][0]["results"].as_array().unwrap();
        let told = |rule: &str| results.iter().any(|result| result["ruleId"] == rule);
        // Hostile clauses all bear one id.
        for finding in model
            .scorecard
            .findings
            .iter()
            .filter(|_| name != "hostile")
        {
            let is_silent = matches!(
                finding.state,
                FindingState::Passed | FindingState::NotApplicable
            );
            assert_eq!(
                told(&finding.clause),
                !is_silent,
                "{name}: {}",
                finding.clause
            );
        }
        assert!(
            model.scorecard.posture == Posture::Ready || !results.is_empty(),
            "{name}"
        );
    });
}

#[test]
fn sarif_of_lint_is_valid() {
    let source = Source::new("a folder/contract.yaml", "name: a\nverzion: 1.0.0\n");
    let diagnostics = [
        Diagnostic::error(Code::new(201), "contract has no such field").at(Span::new(8, 15)),
        Diagnostic::warning(Code::new(301), "a title")
            .pointing_to("/title")
            .hint("[a](b)"),
    ];
    let problems = Problems {
        main: &source,
        files: &std::collections::BTreeMap::new(),
        diagnostics: &diagnostics,
        left_out: 0,
    };
    let log = lint::sarif(&[problems]);
    validate(SARIF, &log, "lint");
    assert!(!log.to_string().contains("](b"));
}

#[test]
fn junit_is_never_greener_than_the_posture() {
    each(|name, model| {
        let xml = junit(model);
        let is_green = xml.contains("failures=\"0\" errors=\"0\">\n  <testsuite ");
        assert_eq!(
            is_green,
            model.scorecard.posture == Posture::Ready,
            "{name}:\n{xml}"
        );
        let unknown = model.scorecard.findings.iter();
        let unknown = unknown
            .filter(|finding| finding.state == FindingState::Unknown)
            .count();
        assert_eq!(
            xml.matches("<error type=\"unknown\"").count(),
            unknown,
            "{name}"
        );
    });
}

#[test]
fn junit_is_valid_under_the_schema_of_its_readers() {
    each(|name, model| validate_junit(name, &junit(model)));
}

/// Validates JUnit XML where `xmllint` is installed, and says so where it is not.
pub(crate) fn validate_junit(name: &str, xml: &str) {
    let started = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", JUNIT, "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut xmllint) = started else {
        eprintln!("skipped: xmllint is not installed");
        return;
    };
    xmllint
        .stdin
        .take()
        .unwrap()
        .write_all(xml.as_bytes())
        .unwrap();
    let output = xmllint.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {told}\n{xml}");
}
