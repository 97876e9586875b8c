//! Mission files, good and bad.

use baton_terms::Source;

use super::*;

const GOOD: &str = "baton: mission/v1
id: check-it
title: Check it
capability: handoff-contracting
scope: Everything
oversight: operations
flag: check-on
inputs: {log: l.csv, mapping: m.yaml, contract: c, fields: f.yaml, flags: x.json}
budget: {rows: 10, time: 5m, resource_pressure_cap: 8000}
rollback: {on: [critical-posture]}
goals:
  - {id: met, title: Met, measure: share-met, direction: higher, baseline: measure, target: 9000}
  - {id: one, title: One, measure: clause-met, clause: named, direction: higher, baseline: 10, target: 9000}
links: {trace: \"https://t.example/{trace_id}\"}
";

#[track_caller]
fn check(edits: &[(&str, &str)], expected: &[(&str, &str)]) {
    let mut text = GOOD.to_owned();
    for (before, after) in edits {
        assert!(text.contains(before), "{before}");
        text = text.replacen(before, after, 1);
    }
    let problems = read(&Source::new("m.yaml", text)).err().unwrap_or_default();
    let found: Vec<_> = problems
        .iter()
        .map(|p| (p.code.to_string(), p.place.pointer.clone()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, at)| ((*code).to_owned(), (*at).to_owned()))
        .collect();
    assert_eq!(found, expected, "{problems:#?}");
    assert!(problems.iter().all(|p| p.place.span.is_some()));
}

// spec: MISSION-20
#[test]
fn a_mission_file_is_read_whole() {
    let mission = read(&Source::new("m.yaml", GOOD)).unwrap();
    assert_eq!(mission.id.as_str(), "check-it");
    assert_eq!(mission.budget.rows, Some(10));
    assert_eq!(mission.goals[0].baseline, None);
    assert_eq!(mission.goals[1].baseline, Some(10));
    assert_eq!(mission.links["trace"], "https://t.example/{trace_id}");
    assert_eq!(
        mission.required_inputs(),
        [
            InputName::Log,
            InputName::Mapping,
            InputName::Contract,
            InputName::Fields,
            InputName::Flags
        ]
    );
}

// spec: MISSION-20
#[test]
fn every_problem_is_told_at_once_with_its_place() {
    check(&[], &[]);
    check(
        &[
            ("scope: Everything\n", ""),
            ("target: 9000}\n  - ", "target: nine}\n  - "),
        ],
        &[("E0202", ""), ("E0203", "/goals/0/target")],
    );
    check(
        &[("clause: named, ", ""), ("id: one", "id: met")],
        &[("E1358", "/goals/1"), ("E1358", "/goals/1/id")],
    );
    check(
        &[("handoff-contracting", "failure-root-cause-mining")],
        &[
            ("E1358", "/inputs/contract"),
            ("E1358", "/inputs/fields"),
            ("E1358", "/goals/0/measure"),
            ("E1358", "/goals/1/measure"),
        ],
    );
    check(
        &[(
            "check-it",
            "a-name-that-is-much-too-long-for-a-mission-of-any-kind",
        )],
        &[("E1358", "/id")],
    );
    check(&[("oversight", "oversigth")], &[("E0201", "/oversigth")]);
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let schema = json_schema();
    assert_eq!(
        schema["$id"],
        "https://baton.dev/schemas/mission-v1.schema.json"
    );
}
