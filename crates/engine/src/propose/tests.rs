//! A small contract, a report with causes good and bad, and what is made of them.

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_report::proposals::Proposals;
use baton_rootcause::wire::MiningReport;
use baton_terms::Source;
use serde_json::{Value, json};

use super::*;
use crate::past;

const CONTRACT: &str = r#"baton: contract/v1
name: any
version: 1.0.0
title: Any work
purpose: Hand work over so that it can be taken up.
owner: {team: desk}
from: {role: resolver, kind: any}
to: {role: other, kind: any}
outcomes:
  - {id: bounced, metric: bounce-rate, unit: basis-points, direction: lower, baseline: measure, target: 500, window: 90d, minimum_sample: 20}
inputs:
  schema:
    type: object
    additionalProperties: false
    required: [from, to, named, back]
    properties:
      from: {type: string, maxLength: 100}
      to: {type: string, maxLength: 100}
      named: {type: boolean}
      back: {type: boolean}
      priority: {type: string, maxLength: 100}
      count: {type: integer, minimum: 0, maximum: 1000}
      urgent: {type: boolean}
dimensions:
  - {id: clarity, title: Clarity, weight: 1}
clauses:
  # Everything else reads these.
  - id: schema-valid
    title: The package can be read
    dimension: clarity
    weight: 5
    severity: blocker
    check: schema
    because: Other clauses read these fields.
    fix: Fill in the fields.
    effort: 1
  - id: unchanged
    title: What was approved is what is handed over
    dimension: clarity
    weight: 1
    severity: blocker
    check: unchanged-since-approval
    because: An approval counts for exactly the package that was looked at.
    fix: Ask for approval of this package.
    effort: 1

thresholds: {ready_min: 7000, review_min: 5000, review_risk: 6000, critical_risk: 8000}
gates:
  - id: human-impact
    kind: approval
    when: context.risk_tier == "high"
    approvers: [reviewer]
    quorum: 1
    separation: [not-sender]
    decided_by: people
    because: Work that can hurt people is looked at by somebody else.
"#;

const FIELDS: &str = "baton: package-fields/v1\ncontract: any\nrole: resolver\npayload:\n\
    \x20 from: {fact: from}\n  to: {fact: to}\n  back: {fact: is-return}\n  named: {present: who}\n\
    \x20 priority: {column: prio}\n  count: {latest: size}\n  urgent: {column: urgent}\n  cost: {column: cost}\n";

fn interval(value: f64) -> Value {
    json!({"value": value, "low": null, "high": null})
}

fn effect(cases: u64, failures: u64) -> Value {
    json!({
        "cases": cases, "failures": failures, "rate": interval(0.5), "other_rate": 0.1,
        "risk_ratio": interval(2.0), "risk_difference": interval(0.1), "excess_failures": interval(9.0),
        "share_of_failures": 0.2, "excess_cost": null, "saved_per_month": interval(1.0),
        "log10_p": -9, "log10_q": -8, "log10_q_strict": -7,
    })
}

/// Returns a cause of these conditions that nothing speaks against.
fn cause(id: &str, conditions: &Value, (cases, failures): (u64, u64)) -> Value {
    json!({
        "id": id, "rank": 1, "conditions": conditions, "aliases": [], "near_aliases": [],
        "modifiable": true, "strength": "replicated", "effect": effect(cases, failures), "explains": 1,
        "confirmation": "replicated", "later": effect(40, 30), "adjustment": null,
        "sensitivity": {"e_value": 1, "e_value_of_limit": 1, "strongest_driver": null},
        "stability": null, "examples": [], "periods": [],
    })
}

fn report(causes: &[Value]) -> MiningReport {
    let report = json!({
        "baton": "mining-report/v1", "engine": "0.1.0",
        "input": {
            "name": "log.csv", "digests": [],
            "mapping": {
                "person": "who",
                "columns": {
                    "size": {"kind": "number"}, "cost": {"kind": "number", "scale": 2},
                    "urgent": {"kind": "boolean"}, "solved": {"known": "end"}, "opened_by": {"person": true},
                },
            },
            "settings": {}, "outcome": "last.late", "outcome_name": "Late", "import": {}, "landmark": "first handover",
        },
        "overview": {
            "cases": 1000, "failures": 300, "span": null, "split": null, "cost_unit": null, "cost": null,
            "left_out": [], "periods": [],
        },
        "features": [],
        "excluded": [{"name": "flag", "why": "restates-outcome", "detail": ""}],
        "search": {
            "depth": 2, "support": [20, 5], "hypotheses": 9, "testable": 9, "alpha": 0.05, "log10_threshold": -4,
            "method": "tarone", "permutations": 0, "significant": 1, "productive": 1,
        },
        "causes": causes,
        "suspects": [{
            "rank": 1, "conditions": [{"test": "is", "feature": "prio", "value": "odd"}], "cases": 30, "failures": 9,
            "rate": interval(0.3), "other_rate": 0.1, "risk_ratio": interval(2.0), "log10_p": -3, "by_chance": 0.4,
        }],
        "coverage": [], "changes": [],
    "cautions": [], "fewer_failures": [], "drift": [{"feature": "steps", "over_all": 9, "within": 1}],
    });
    serde_json::from_value(report).unwrap()
}

fn proposed(contract: &str, causes: &[Value]) -> Result<Proposals, Vec<String>> {
    let recipe = past::read(&Source::new("fields.yaml", FIELDS)).unwrap();
    let document = Document {
        main: Source::new("contract.yaml", contract),
        files: BTreeMap::new(),
    };
    let report = report(causes);
    let asked = Asked {
        report: &report,
        recipe: &recipe,
        document: &document,
    };
    let codes = |problems: Vec<baton_terms::Diagnostic>| {
        problems
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.message))
            .collect()
    };
    propose(&asked).map_err(codes)
}

fn present(feature: &str) -> Value {
    json!({"test": "present", "feature": feature})
}

/// What is said of a package whose case meets these conditions, or the code of the refusal.
fn check(conditions: &Value, expected: &str) {
    let proposals = proposed(CONTRACT, &[cause("cause-1", conditions, (100, 60))]).unwrap();
    let found = match proposals.candidates.as_slice() {
        [candidate] => candidate.expect.clone(),
        _ => proposals.refused[0].code.clone(),
    };
    assert_eq!(found, expected, "{conditions}");
}

#[test]
fn what_cases_have_in_common_is_said_of_packages() {
    let is = |feature: &str, value: &str| json!({"test": "is", "feature": feature, "value": value});
    let between = |feature: &str, low: Value, high: Value| json!({"test": "between", "feature": feature, "low": low, "high": high, "unit": null});
    for (conditions, expected) in [
        (
            json!([present("handover without a person")]),
            "package.named",
        ),
        (
            json!([{"test": "absent", "feature": "handover without a person"}]),
            "!package.named",
        ),
        (
            json!([present("missing at handover: prio")]),
            "has(package.priority)",
        ),
        (
            json!([{"test": "missing", "feature": "prio"}]),
            "has(package.priority)",
        ),
        (json!([present("ping-pong")]), "!package.back"),
        (
            json!([present("handover: A → \"B\"")]),
            r#"!(package.from == "A" && package.to == "\"B\"")"#,
        ),
        (
            json!([is("prio", "high"), is("first handed over by", "A")]),
            r#"!(has(package.priority) && package.priority == "high" && package.from == "A")"#,
        ),
        (
            json!([{"test": "in", "feature": "prio", "values": ["a", "b"]}]),
            r#"!(has(package.priority) && package.priority in ["a", "b"])"#,
        ),
        (
            json!([is("urgent", "false")]),
            "!(has(package.urgent) && !package.urgent)",
        ),
        (
            json!([between("size", json!(2.5), json!(7))]),
            "!(has(package.count) && package.count >= 3 && package.count < 7)",
        ),
        // What no field says, what knows the end, and what names people.
        (json!([is("unknown", "x")]), "E1405"),
        (json!([between("cost", json!(1), json!(null))]), "E1405"),
        (json!([present("activity: Resolved")]), "E1405"),
        (json!([is("solved", "x")]), "E1403"),
        (json!([is("flag", "x")]), "E1403"),
        (json!([is("opened_by", "ana")]), "E1402"),
        (json!([is("who", "ana")]), "E1402"),
        (
            json!([is("first handed over by", "(small groups)")]),
            "E1402",
        ),
        (json!([present("handover: A → (small groups)")]), "E1402"),
        (json!([is("prio", "(person)")]), "E1402"),
        // Is it from `A` to `B → C`, or from `A → B` to `C`?
        (json!([present("handover: A → B → C")]), "E1405"),
        // The schema of the contract knows no such field.
        (json!([{"test": "missing", "feature": "cost"}]), "E1406"),
    ] {
        check(&conditions, expected);
    }
}

#[test]
fn causes_that_should_bind_nobody_are_refused_with_the_reason() {
    let good = json!([present("ping-pong")]);
    let changed = |key: &str, value: Value| {
        let mut cause = cause("cause-1", &good, (100, 60));
        cause[key] = value;
        cause
    };
    let reversed = json!({
        "drivers": [], "risk_ratio": interval(0.8), "log10_heterogeneity": null, "simpson": true,
        "confounded": true, "heterogeneous": false, "strata": [],
    });
    let drifting = json!([present("ping-pong"), {"test": "is", "feature": "steps", "value": "x"}]);
    for (cause, expected) in [
        (changed("confirmation", json!("weaker")), "E1401"),
        (changed("confirmation", json!("untested")), "E1401"),
        (changed("strength", json!("associated")), "E1401"),
        (changed("adjustment", reversed), "E1404"),
        (cause("cause-1", &drifting, (100, 60)), "E1404"),
        (cause("cause-1", &good, (19, 19)), "E1402"),
    ] {
        let proposals = proposed(CONTRACT, &[cause]).unwrap();
        assert!(proposals.candidates.is_empty());
        assert_eq!(proposals.refused[0].code, expected);
        // The suspect never becomes a clause.
        assert_eq!(proposals.refused[1].code, "E1407");
    }
}

#[test]
fn clauses_come_in_the_order_of_failures_caught_for_each_good_case_held_up() {
    let all = [
        cause("cause-a", &json!([present("ping-pong")]), (100, 60)),
        cause(
            "cause-b",
            &json!([present("handover without a person")]),
            (50, 50),
        ),
        cause(
            "cause-c",
            &json!([{"test": "is", "feature": "prio", "value": "high"}]),
            (40, 30),
        ),
    ];
    let proposals = proposed(CONTRACT, &all).unwrap();
    let found: Vec<_> = proposals
        .candidates
        .iter()
        .map(|c| (c.rank, c.cause.as_str(), c.severity))
        .collect();
    assert_eq!(
        found,
        [
            (1, "cause-b", "major"),
            (2, "cause-c", "minor"),
            (3, "cause-a", "minor")
        ]
    );
    let per: Vec<_> = proposals
        .candidates
        .iter()
        .map(|c| c.evidence.caught_per_blocked)
        .collect();
    let per: Vec<_> = per
        .iter()
        .map(|per| per.map(baton_rootcause::wire::Fixed::millionths))
        .collect();
    assert_eq!(per, [None, Some(3_000_000), Some(1_500_000)]);
}

#[test]
fn what_a_sender_can_give_is_asked_for_where_the_rest_holds() {
    let missing = json!({"test": "missing", "feature": "prio"});
    let from = json!({"test": "is", "feature": "first handed over by", "value": "A"});
    let cause = cause("cause-1", &json!([from, missing]), (100, 60));
    let proposals = proposed(CONTRACT, &[cause]).unwrap();
    let asked = &proposals.candidates[0];
    assert_eq!(asked.when.as_deref(), Some(r#"package.from == "A""#));
    assert_eq!(asked.expect, "has(package.priority)");
    assert_eq!(asked.severity, "major");
    for line in [
        "+    title: \"`priority` is given where first handed over by is “A”\"",
        "+    when: >-",
        "+      package.from == \"A\"",
        "+      has(package.priority)",
    ] {
        assert!(asked.diff.contains(line), "{line}\n{}", asked.diff);
    }
}

#[test]
fn fields_that_a_package_may_lack_are_asked_for_first() {
    let optional = CONTRACT.replace("[from, to, named, back]", "[from]");
    for (feature, expected) in [
        (
            "handover without a person",
            "has(package.named) && package.named",
        ),
        ("ping-pong", "!(has(package.back) && package.back)"),
        (
            "handover: A → B",
            r#"!(package.from == "A" && has(package.to) && package.to == "B")"#,
        ),
    ] {
        let cause = cause("cause-1", &json!([present(feature)]), (100, 60));
        let proposals = proposed(&optional, &[cause]).unwrap();
        assert_eq!(proposals.candidates[0].expect, expected);
    }
}

#[test]
fn what_the_contract_demands_already_is_no_clause() {
    let demanded = CONTRACT.replace("named, back]", "named, back, priority]");
    let missing = json!([{"test": "missing", "feature": "prio"}]);
    let proposals = proposed(&demanded, &[cause("cause-1", &missing, (100, 60))]).unwrap();
    assert_eq!(proposals.refused[0].code, "E1405");
}

#[test]
fn clauses_have_names_of_their_own_and_an_order_of_their_own() {
    let good = json!([present("ping-pong")]);
    let mut all = [
        cause("cause-a", &good, (100, 60)),
        cause("cause-b", &good, (100, 60)),
    ];
    let first = proposed(CONTRACT, &all).unwrap();
    let names: Vec<_> = first.candidates.iter().map(|c| &*c.clause).collect();
    assert_eq!(names, ["ping-pong-occurs", "ping-pong-occurs-2"]);
    all.reverse();
    let again = proposed(CONTRACT, &all).unwrap();
    let order = |proposals: &Proposals| -> Vec<_> {
        let all = proposals.candidates.iter();
        all.map(|c| (c.rank, c.cause.clone())).collect()
    };
    assert_eq!(order(&again), order(&first));
}

#[test]
fn the_change_is_one_clause_behind_the_last_one() {
    let proposals = proposed(
        CONTRACT,
        &[cause(
            "cause-1",
            &json!([present("handover without a person")]),
            (100, 60),
        )],
    );
    assert_eq!(
        proposals.unwrap().candidates[0].diff,
        "--- contract.yaml\n+++ contract.yaml\n@@ -43,6 +43,16 @@\n\
         \x20    because: An approval counts for exactly the package that was looked at.\n     fix: Ask for approval of this package.\n     effort: 1\n\
         +  - id: handover-without-a-person-occurs\n+    title: \"`named` is given\"\n+    dimension: clarity\n\
         +    weight: 5\n+    severity: major\n+    expect: >-\n+      package.named\n\
         +    because: \"Late: 60 of 100 such cases, against 240 of 900 others. An association, not proof.\"\n\
         +    fix: \"Give `named` before handing over, or say why it can't be known.\"\n+    effort: 1\n\
         \x20\n thresholds: {ready_min: 7000, review_min: 5000, review_risk: 6000, critical_risk: 8000}\n gates:\n"
    );
}

#[test]
fn a_contract_for_other_packages_or_without_a_place_is_refused() {
    let one = [cause("cause-1", &json!([present("ping-pong")]), (100, 60))];
    let other = CONTRACT.replace("name: any", "name: other");
    assert!(proposed(&other, &one).unwrap_err()[0].starts_with("E1406"));
    let flow = CONTRACT.replace("clauses:\n", "clauses: # as follows\n");
    assert!(proposed(&flow, &one).unwrap_err()[0].starts_with("E1408"));
    let broken = CONTRACT.replace("dimension: clarity", "dimension: other");
    assert!(proposed(&broken, &one).is_err());
}

#[test]
fn the_proposed_contract_has_the_chosen_clauses_and_the_version_that_tells_of_them() {
    let all = [
        cause("cause-a", &json!([present("ping-pong")]), (100, 60)),
        cause(
            "cause-b",
            &json!([present("handover without a person")]),
            (50, 50),
        ),
    ];
    let proposals = proposed(CONTRACT, &all).unwrap();
    let apply = |contract: &str, clauses: &[&str]| {
        let document = Document {
            main: Source::new("contract.yaml", contract),
            files: BTreeMap::new(),
        };
        let clauses: Vec<String> = clauses.iter().map(|&clause| clause.to_owned()).collect();
        apply(&document, &proposals, &clauses).map_err(|problems| problems[0].code)
    };
    let named = "\n  - id: handover-without-a-person-occurs\n";
    let returned = "\n  - id: ping-pong-occurs\n";
    let both = apply(CONTRACT, &[]).unwrap();
    assert!(both.contains(named) && both.contains(returned), "{both}");
    assert!(both.contains("\nversion: 2.0.0\n"), "{both}");
    assert_eq!(both.matches("\ngates:\n").count(), 1);
    let one = apply(CONTRACT, &["ping-pong-occurs"]).unwrap();
    assert!(!one.contains(named) && one.contains(returned), "{one}");
    // A version stays quoted, and before 1.0.0 the second number tells.
    let early = CONTRACT.replace("version: 1.0.0", "version: \"0.4.2\"");
    let early = apply(&early, &[]).unwrap();
    assert!(early.contains("\nversion: \"0.5.0\"\n"), "{early}");
    assert_eq!(apply(CONTRACT, &["unheard-of"]), Err(NOT_PROPOSED));
}
