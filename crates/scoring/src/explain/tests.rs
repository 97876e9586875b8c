//! Tests of the explanation as a whole, on one small contract.

use baton_contract::document::Document;
use baton_terms::Source;
use serde_json::{Value, json};

use super::{InputChange, Obstacle, Path, changes, shortest_path, why};
use crate::attest;
use crate::check::{CheckedContract, Inputs};
use crate::evidence::EvidenceIndex;
use crate::facts::{Context, History};
use crate::package::Package;
use crate::waivers::Waivers;
use crate::wire::{Posture, Rule, Scorecard};

const CONTRACT: &str = "
baton: contract/v1
name: small
version: 1.2.0
title: Small
purpose: To be explained.
owner: {team: owners}
from: {role: sender}
to: {role: receiver}
outcomes: []
inputs:
  schema:
    type: object
    required: [items]
    properties:
      items: {type: array, maxItems: 9, items: {type: object, required: [name], properties: {name: {type: string}, done: {type: boolean}}}}
      score: {type: integer}
dimensions: [{id: one, weight: 40}, {id: two, weight: 60}]
clauses:
  - {id: valid, dimension: one, weight: 10, severity: blocker, check: schema, because: B., fix: Mend the fields., effort: 2}
  - {id: some-items, dimension: two, weight: 10, severity: major, expect: package.items.size() >= 2, because: B., fix: Add items., effort: 4}
  - {id: named, dimension: two, weight: 10, severity: major, expect: 'package.items.all(i, i.name != \"\")', because: B., fix: Name the items., effort: 1}
  - {id: known-score, dimension: two, weight: 5, severity: minor, expect: 'has(package.score) && package.score > 3', because: B., fix: Raise the score., effort: 1}
gates:
  - {id: looks, kind: policy, expect: 'findings[\"valid\"] == \"passed\"', because: G.}
  - {id: people, kind: approval, when: 'context.risk_tier == \"medium\"', approvers: [lead], quorum: 1, because: G.}
  - {id: small, kind: policy, expect: package.items.size() < 5, because: G.}
";

fn compile() -> CheckedContract {
    let reading = Document::alone(Source::new("small.yaml", CONTRACT)).read();
    CheckedContract::compile(&reading).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Checks a payload and hands the scorecard to `look`.
fn with<T>(
    payload: &Value,
    tier: &str,
    look: impl FnOnce(&Scorecard<'_>, &CheckedContract) -> T,
) -> T {
    let contract = compile();
    let package = Package::read(json!({
        "baton": "package/v1", "contract": {"name": "small", "version": "1.1.0"},
        "work_item": "W-1", "sender": {"role": "sender", "team": "makers"},
        "risk_tier": tier, "payload": payload,
    }))
    .unwrap();
    let inputs = Inputs {
        package: &package,
        evidence: &EvidenceIndex::default(),
        waivers: &Waivers::default(),
        history: &History::default(),
        context: &Context::at("2026-11-20T09:00:00Z".parse().unwrap()),
    };
    look(&contract.check(&inputs).unwrap(), &contract)
}

fn good() -> Value {
    json!({"items": [{"name": "a"}, {"name": "b"}], "score": 5})
}

fn bad() -> Value {
    json!({"items": [{"name": ""}]})
}

// spec: SCORING-7
// spec: SCORING-5
#[test]
fn findings_say_where_and_what() {
    with(&bad(), "low", |scorecard, _| {
        let named = scorecard.finding("named").unwrap();
        assert_eq!(named.places, ["/payload/items/0/name"]);
        assert_eq!(named.found, "package/items/0/name is \"\"");
        assert_eq!(named.fix.as_deref(), Some("Name the items."));
        let few = scorecard.finding("some-items").unwrap();
        assert_eq!(few.places, ["/payload/items"]);
        assert_eq!(few.expected, "package.items.size() >= 2");
        let passed = scorecard.finding("valid").unwrap();
        assert!(passed.fix.is_none() && passed.found.is_empty() && passed.places.is_empty());
    });
    with(&json!({"items": 3}), "low", |scorecard, _| {
        let valid = scorecard.finding("valid").unwrap();
        assert_eq!(valid.places, ["/payload/items"]);
        assert_eq!(
            (valid.found.as_str(), valid.details.len()),
            ("1 problem", 1)
        );
        assert_eq!(scorecard.finding("named").unwrap().state.word(), "unknown");
    });
}

// spec: SCORING-27
#[test]
fn every_rule_is_told_with_its_numbers() {
    with(&bad(), "low", |scorecard, contract| {
        // Score: one 10000, two 0 of 25 weights: floor(40 * 10000 / 100).
        assert_eq!(scorecard.posture, Posture::Critical);
        let told = why(scorecard, &contract.contract().thresholds);
        let applying: Vec<_> = told
            .iter()
            .filter(|check| check.applies)
            .map(|c| c.rule)
            .collect();
        assert_eq!(
            applying,
            [Rule::ScoreBelowReviewMin, Rule::ScoreBelowReadyMin]
        );
        let risk = told
            .iter()
            .find(|check| check.rule == Rule::RiskAtReview)
            .unwrap();
        assert_eq!(
            (risk.found.unwrap().get(), risk.limit.unwrap().get()),
            (5500, 6200)
        );
    });
}

// spec: SCORING-41
// spec: SCORING-44
// spec: SCORING-45
#[test]
fn the_path_names_fixes_in_order_and_what_is_then_needed() {
    with(&bad(), "medium", |scorecard, contract| {
        // The tier leaves 4199 points; one fix of weight 10 makes 6400, two of 10 and 5 make 7600.
        let Path::Fixes {
            fixes,
            effort,
            approvals,
            rechecks,
        } = shortest_path(scorecard, contract)
        else {
            panic!("there is a path");
        };
        let order: Vec<_> = fixes.iter().map(|fix| fix.clause.as_str()).collect();
        assert_eq!(order, ["named", "known-score"]);
        assert_eq!(effort, 2);
        assert_eq!(approvals, ["people"]);
        assert_eq!(rechecks, ["looks"]);
    });
    with(&good(), "low", |scorecard, contract| {
        assert_eq!(scorecard.posture, Posture::Ready);
        assert!(matches!(
            shortest_path(scorecard, contract),
            Path::Fixes { effort: 0, .. }
        ));
    });
}

// spec: SCORING-43
#[test]
fn what_fixes_cannot_change_is_named() {
    let many: Vec<Value> = (0..6).map(|at| json!({"name": format!("{at}")})).collect();
    with(&json!({"items": many}), "low", |scorecard, contract| {
        let closed = Obstacle::GateClosed("small".to_owned());
        assert_eq!(
            shortest_path(scorecard, contract),
            Path::None {
                obstacles: vec![closed]
            }
        );
    });
}

// spec: SCORING-50
#[test]
fn changes_name_what_moved_the_posture() {
    with(&bad(), "low", |before, _| {
        with(&good(), "low", |now, _| {
            let changes = changes(before, now);
            assert_eq!(changes.posture, (Posture::Critical, Posture::Ready));
            assert_eq!(changes.inputs, [InputChange::Package]);
            assert_eq!(changes.moved_by, ["named", "some-items", "known-score"]);
            assert_eq!(changes.findings.len(), 3);
        });
        let same = changes(before, before);
        assert!(same.inputs.is_empty() && same.findings.is_empty() && same.moved_by.is_empty());
    });
    with(&good(), "low", |before, _| {
        with(&good(), "medium", |now, _| {
            let changes = changes(before, now);
            assert_eq!(changes.posture, (Posture::Ready, Posture::Review));
            assert_eq!(changes.moved_by, ["people"]);
        });
    });
}

// spec: SCORING-61
#[test]
fn a_verification_result_lists_only_what_passed() {
    with(&bad(), "low", |scorecard, _| {
        let statement = attest::verification_result(scorecard, "https://example.org/baton");
        let expected = json!(["BATON_CLAUSE_VALID", "BATON_POSTURE_CRITICAL"]);
        assert_eq!(statement.predicate["properties"], expected);
        assert_eq!(
            statement.subjects[0].digest(),
            Some(scorecard.package.digest)
        );
    });
}

// spec: SCORING-33
#[test]
fn packages_for_other_contracts_are_not_checked() {
    let contract = compile();
    for (name, version, pointers) in [
        ("small", None, vec![]),
        ("small", Some("1.0.0"), vec![]),
        ("small", Some("1.2.0"), vec![]),
        ("small", Some("1.3.0"), vec!["/contract/version"]),
        ("small", Some("2.0.0"), vec!["/contract/version"]),
        (
            "other",
            Some("0.9.0"),
            vec!["/contract/name", "/contract/version"],
        ),
    ] {
        let mut document = json!({
            "baton": "package/v1", "contract": {"name": name}, "work_item": "W-1",
            "sender": {"role": "sender", "team": "makers"}, "risk_tier": "low", "payload": {},
        });
        if let Some(version) = version {
            document["contract"]["version"] = json!(version);
        }
        let problems = contract.accept(&Package::read(document).unwrap());
        let found: Vec<_> = problems.iter().map(|p| p.place.pointer.as_str()).collect();
        assert_eq!(found, pointers, "{name} {version:?}");
    }
}
