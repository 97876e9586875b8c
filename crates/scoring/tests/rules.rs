//! The rules of findings, waivers, gates and risk, each on the smallest contract that shows it.
#![expect(
    clippy::unwrap_used,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(
    clippy::panic,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(clippy::indexing_slicing, reason = "documents here have a known form")]

mod common;

use baton_contract::expression::ReadPath;
use baton_scoring::explain::{Path, shortest_path};
use baton_scoring::wire::{FindingState, Posture};
use common::Case;
use serde_json::{Value, json};

/// A case with one clause `a` of these parts, on `n = 3`.
fn one(parts: &Value) -> Case {
    let clause = common::clause("a", parts);
    common::plain(
        common::contract(&json!([clause])),
        &json!({"n": 3, "flag": true, "list": []}),
    )
}

/// State and value of the clause `a`, with what it would be when pending.
#[track_caller]
fn check(case: &Case, expected: &str) {
    let parsed = case.parse();
    let scorecard = parsed.check();
    let finding = scorecard.finding("a").unwrap();
    let would_be = finding
        .would_be
        .map(|state| format!(" ({})", state.word()))
        .unwrap_or_default();
    let found = format!("{} {}{would_be}", finding.state.word(), finding.value.get());
    assert_eq!(found, expected);
}

// spec: SCORING-4
#[test]
fn when_decides_whether_a_clause_applies() {
    for (when, expected) in [
        ("package.n > 2", "passed 10000"),
        ("package.n > 3", "not-applicable 0"),
        ("10 / (package.n - 3) > 1", "unknown 0"),
    ] {
        check(&one(&json!({"expect": "true", "when": when})), expected);
    }
}

#[test]
fn clauses_see_which_contract_they_are_part_of() {
    for (expect, expected) in [
        ("contract.name == 'generated'", "passed 10000"),
        ("contract.version == '1.2.0'", "passed 10000"),
        ("contract.title == 'Generated'", "passed 10000"),
        ("contract.title == 'Another'", "failed 0"),
        (
            "has(contract.domain) && contract.domain == 'safety'",
            "passed 10000",
        ),
    ] {
        let mut case = one(&json!({"expect": expect}));
        case.contract["domain"] = json!("safety");
        check(&case, expected);
    }
    let unsaid = one(&json!({"expect": "has(contract.domain)"}));
    check(&unsaid, "failed 0");
}

// spec: SCORING-6
#[test]
fn graded_values_count_within_their_range_only() {
    for (graded, expected) in [
        ("package.n * 0 + 10000", "passed 10000"),
        ("package.n * 3333", "failed 9999"),
        ("package.n - 3", "failed 0"),
        ("package.n - 4", "unknown 0"),
        ("package.n * 0 + 10001", "unknown 0"),
        ("10000 / (package.n - 3)", "unknown 0"),
    ] {
        check(&one(&json!({"graded": graded})), expected);
    }
    let parsed = one(&json!({"graded": "package.n * 3333", "severity": "major"})).parse();
    assert_eq!(parsed.check().risk.get(), 2500);
}

#[test]
fn places_are_pointers_into_the_package_however_a_clause_is_written() {
    for (condition, expected) in [
        ("package.n > 3", "/payload/n"),
        ("context.sender.team == 'others'", "/sender/team"),
        ("context.risk_tier == 'high'", "/risk_tier"),
        ("context.work_item == 'W-2'", "/work_item"),
        ("context.receiver_pressure > 0", ""),
        ("history.handoffs > 0", ""),
        ("evidence.report.present", "/evidence"),
        (
            "evidence.doc.present && evidence.doc.state == 'stale'",
            "/evidence/0",
        ),
    ] {
        let digest = baton_terms::Digest::of(b"text").to_string();
        for parts in [
            json!({"expect": condition}),
            json!({"graded": format!("{condition} ? 10000 : 0")}),
        ] {
            let mut case = one(&parts);
            case.package["evidence"] = json!([{"id": "doc", "digest": digest, "media_type": "text/plain", "created_at": common::AS_OF}]);
            let parsed = case.parse();
            let scorecard = parsed.check();
            let places = &scorecard.finding("a").unwrap().places;
            assert_eq!(places.join(" "), expected, "{parts}");
        }
    }
}

// spec: SCORING-9
#[test]
fn unchanged_since_approval_looks_at_the_digest() {
    let mut case = one(&json!({"check": "unchanged-since-approval"}));
    check(&case, "not-applicable 0");
    case.context["approved_package"] = json!("same");
    check(&case, "passed 10000");
    case.context["approved_package"] = json!(baton_terms::Digest::of(b"other").to_string());
    check(&case, "failed 0");
}

// spec: SCORING-11
// spec: SCORING-12
#[test]
fn pending_clauses_wait_until_their_time() {
    let with = |expect: &str, until: &Value| {
        let mut case = one(&json!({"expect": expect, "severity": "blocker"}));
        let mut entry = until.clone();
        entry["clause"] = json!("a");
        case.contract["pending"] = json!([entry]);
        case
    };
    let later = json!({"until": "2026-11-20T09:00:01Z"});
    let now = json!({"until": common::AS_OF});
    let first_met = json!({"until_first_met": true});
    check(&with("false", &later), "pending 0 (failed)");
    check(&with("true", &later), "pending 0 (passed)");
    check(
        &with("10 / (package.n - 3) > 1", &later),
        "pending 0 (unknown)",
    );
    check(&with("false", &now), "failed 0");
    check(&with("false", &first_met), "pending 0 (failed)");
    check(&with("true", &first_met), "passed 10000");
    let mut met = with("false", &first_met);
    met.history["met"] = json!(["a"]);
    check(&met, "failed 0");
    assert_eq!(with("false", &later).parse().check().risk.get(), 0);
}

// spec: SCORING-13
// spec: SCORING-14
#[test]
fn waivers_excuse_what_is_not_met_or_are_refused_with_the_reason() {
    let sound = json!({
        "id": "w-2", "contract": "generated", "clause": "a", "scope": {"team": "makers"},
        "reason": "Agreed.", "owner": "cleo", "approver": "bo", "expires": "2026-11-20T09:00:01Z",
    });
    let with = |expect: &str, change: (&str, Value)| {
        let mut case = one(&json!({"expect": expect}));
        case.contract["budget"] = json!({"waivers": 1});
        let mut waiver = sound.clone();
        waiver[change.0] = change.1;
        case.waivers["waivers"] = json!([waiver]);
        case
    };
    let none = || ("id", json!("w-2"));
    check(&with("false", none()), "waived 10000");
    check(&with("10 / (package.n - 3) > 1", none()), "waived 10000");
    check(&with("true", none()), "passed 10000");
    check(&with("false", ("contract", json!("other"))), "failed 0");
    check(
        &with("false", ("scope", json!({"work_item": "W-2"}))),
        "failed 0",
    );
    for (field, value, reason) in [
        ("clause", json!("b"), "unknown-clause"),
        ("reason", json!(" "), "reason-missing"),
        ("expires", json!(common::AS_OF), "expired"),
        ("approver", json!("Cleo"), "approver-is-owner"),
        ("approver", json!("ana"), "approver-is-sender"),
    ] {
        let case = with("false", (field, value));
        check(&case, "failed 0");
        let parsed = case.parse();
        let refused = serde_json::to_value(parsed.check().waivers_refused).unwrap();
        assert_eq!(refused[0]["reason"], reason);
    }
    let mut unnamed = with("false", none());
    unnamed.package["sender"]
        .as_object_mut()
        .unwrap()
        .remove("actor");
    check(&unnamed, "failed 0");
    let parsed = unnamed.parse();
    let refused = serde_json::to_value(parsed.check().waivers_refused).unwrap();
    assert_eq!(refused[0]["reason"], "sender-unnamed");
    let mut two = with("false", none());
    let mut earlier = sound.clone();
    earlier["id"] = json!("w-1");
    two.waivers["waivers"].as_array_mut().unwrap().push(earlier);
    let parsed = two.parse();
    assert_eq!(
        parsed.check().finding("a").unwrap().waiver.as_deref(),
        Some("w-1")
    );
}

// spec: SCORING-16
// spec: SCORING-17
// spec: SCORING-19
#[test]
fn gates_that_do_not_hold_stand_in_the_way() {
    let both = |id: &str, dimension: &str| {
        common::clause(id, &json!({"expect": "true", "dimension": dimension}))
    };
    for (gate, state, posture) in [
        (
            json!({"kind": "policy", "expect": "package.n == 3"}),
            "passed",
            Posture::Ready,
        ),
        (
            json!({"kind": "policy", "expect": "package.n == 4"}),
            "failed",
            Posture::Review,
        ),
        (
            json!({"kind": "policy", "expect": "10 / (package.n - 3) > 1"}),
            "open",
            Posture::Review,
        ),
        (
            json!({"kind": "policy", "expect": "findings[\"a\"] == \"passed\""}),
            "passed",
            Posture::Ready,
        ),
        (
            json!({"kind": "policy", "expect": "actor.team == \"makers\""}),
            "passed",
            Posture::Ready,
        ),
        (
            json!({"kind": "approval", "approvers": ["lead"], "quorum": 1}),
            "open",
            Posture::Review,
        ),
        (
            json!({"kind": "approval", "approvers": ["lead"], "when": "package.n > 3"}),
            "not-applicable",
            Posture::Ready,
        ),
        (
            json!({"kind": "policy", "expect": "true", "when": "10 / (package.n - 3) > 1"}),
            "open",
            Posture::Review,
        ),
    ] {
        let mut case = one(&json!({"expect": "true"}));
        case.contract["clauses"] = json!([both("a", "one"), both("b", "two")]);
        let mut gate = gate;
        gate["id"] = json!("g");
        gate["because"] = json!("It matters.");
        case.contract["gates"] = json!([gate]);
        let parsed = case.parse();
        let scorecard = parsed.check();
        let found = serde_json::to_value(scorecard.gates[0].state).unwrap();
        assert_eq!(
            (found, scorecard.posture),
            (json!(state), posture),
            "{gate}"
        );
    }
}

// spec: SCORING-20
// spec: SCORING-24
#[test]
fn only_applicable_clauses_count_and_every_risk_term_is_listed() {
    let clause = |id: &str, severity: &str, expect: &str| {
        common::clause(id, &json!({"expect": expect, "severity": severity}))
    };
    let mut away = clause("away", "blocker", "false");
    away["when"] = json!("false");
    let mut case = one(&json!({"expect": "true"}));
    case.contract["clauses"] = json!([
        clause("note", "note", "false"),
        clause("minor", "minor", "10 / (package.n - 3) > 1"),
        clause("major", "major", "false"),
        clause("met", "blocker", "true"),
        away,
    ]);
    case.contract["budget"] = json!({"resource_pressure_cap": 8000});
    case.context["receiver_pressure"] = json!(8100);
    case.package["risk_tier"] = json!("medium");
    let parsed = case.parse();
    let scorecard = parsed.check();
    assert_eq!(scorecard.dimensions[1].score.unwrap().get(), 2500);
    let terms = serde_json::to_value(&scorecard.risk_terms).unwrap();
    assert_eq!(
        terms,
        json!([
            {"source": "clause", "clause": "major", "points": 2500},
            {"source": "clause", "clause": "minor", "points": 500},
            {"source": "risk-tier", "points": 2000},
            {"source": "receiver-pressure", "points": 100},
        ])
    );
    assert_eq!(scorecard.risk.get(), 5100);
}

#[test]
fn risk_that_no_fix_takes_away_stands_in_the_way() {
    let mut case = one(&json!({"expect": "false", "severity": "major"}));
    case.contract["dimensions"] = json!([{"id": "one", "weight": 100}]);
    case.contract["budget"] = json!({"resource_pressure_cap": 8000});
    case.context["receiver_pressure"] = json!(9000);
    let in_the_way = json!({"risk-without-clauses": {"found": 1000, "limit": 1000}});
    for (limit, expected) in [(1000, Some(json!([in_the_way]))), (1001, None)] {
        case.contract["thresholds"] = json!({"review_risk": limit});
        let parsed = case.parse();
        let obstacles = match shortest_path(&parsed.check(), &parsed.contract) {
            Path::None { obstacles } => Some(json!(obstacles)),
            Path::Fixes { .. } => None,
        };
        assert_eq!(obstacles, expected);
    }
}

#[test]
fn whoever_decides_a_gate_decides_on_what_it_and_every_clause_looks_at() {
    let mut case = one(&json!({"expect": "package.n > 3", "when": "package.flag"}));
    let gate = |id: &str, reads: &str| json!({"id": id, "kind": "policy", "expect": reads, "because": "It matters."});
    case.contract["gates"] = json!([
        gate("one", "context.risk_tier == 'low'"),
        gate("two", "context.work_item == 'W-1'"),
    ]);
    let contract = case.parse().contract;
    for (gate, expected) in [
        ("one", "context/risk_tier package/flag package/n"),
        ("two", "context/work_item package/flag package/n"),
        ("three", "package/flag package/n"),
    ] {
        let reads = contract.reads_behind(&gate.parse().unwrap());
        let told = |read: &ReadPath| format!("{}{}", read.variable, read.pointer);
        assert_eq!(
            reads.iter().map(told).collect::<Vec<_>>().join(" "),
            expected
        );
    }
}

#[test]
fn evidence_without_a_reason_is_named_by_its_state_alone() {
    let mut case = one(&json!({"check": "evidence"}));
    case.evidence["doc"]["state"] = json!("missing");
    let parsed = case.parse();
    let scorecard = parsed.check();
    let finding = scorecard.finding("a").unwrap();
    assert_eq!(finding.details[0].found, "missing");
}

// spec: SCORING-40
#[test]
fn pending_clauses_are_no_part_of_a_path() {
    let clause = |id: &str, dimension: &str| {
        common::clause(
            id,
            &json!({"expect": "false", "dimension": dimension, "severity": "blocker"}),
        )
    };
    let mut case = one(&json!({"expect": "true"}));
    let clauses = json!([
        clause("a", "one"),
        clause("b", "two"),
        clause("later", "two")
    ]);
    case.contract["clauses"] = clauses;
    case.contract["pending"] = json!([{"clause": "later", "until": "2027-01-01T00:00:00Z"}]);
    let parsed = case.parse();
    let Path::Fixes { fixes, .. } = shortest_path(&parsed.check(), &parsed.contract) else {
        panic!("there is a path");
    };
    let fixed: Vec<_> = fixes.iter().map(|fix| fix.clause.as_str()).collect();
    assert_eq!(fixed, ["a", "b"]);
}

// spec: PACKAGE-20
// spec: SCORING-10
#[test]
fn a_history_that_was_not_given_is_unknown_and_not_empty() {
    let state = |clause: Value, history: Value| {
        let mut case = common::plain(
            common::contract(&json!([common::clause("one", &clause)])),
            &json!({"n": 1, "flag": false, "list": []}),
        );
        case.history = history;
        let parsed = case.parse();
        let scorecard = parsed.check();
        assert_eq!(
            common::verdict(&scorecard, &parsed.contract),
            case.by_reference()
        );
        scorecard.findings[0].state
    };
    let not_given = json!({"baton": "history/v1"});
    let empty = json!({
        "baton": "history/v1", "handoffs": 0, "accepted": 0, "needs_input": 0, "declined": 0,
        "reopened": 0, "met": [],
    });
    for (clause, when_empty) in [
        (
            json!({"expect": "history.reopened == 0"}),
            FindingState::Passed,
        ),
        (
            json!({"expect": "!('one' in history.met)"}),
            FindingState::Passed,
        ),
        (
            json!({"expect": "history.met.all(id, id == 'two')"}),
            FindingState::Passed,
        ),
        (
            json!({"expect": "history.accepted > 0"}),
            FindingState::Failed,
        ),
        (
            json!({"expect": "package.flag", "when": "history.handoffs > 0"}),
            FindingState::NotApplicable,
        ),
    ] {
        assert_eq!(state(clause.clone(), empty.clone()), when_empty, "{clause}");
        assert_eq!(
            state(clause.clone(), not_given.clone()),
            FindingState::Unknown,
            "{clause}"
        );
    }
}
