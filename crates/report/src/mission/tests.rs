//! Reports of missions.

use baton_scoring::wire::Posture;

use super::*;
use crate::Appearance;

fn report(ended: &str) -> OutcomeReport {
    let digest = baton_terms::Digest::of(b"it");
    OutcomeReport {
        baton: REPORT_FORMAT.to_owned(),
        engine: "0.1.0".to_owned(),
        run: "check-it-0123456789ab".to_owned(),
        mission: MissionLine {
            id: "check-it".to_owned(),
            title: "Check <it>".to_owned(),
            digest,
            capability: "handoff-contracting".to_owned(),
            scope: "Everything".to_owned(),
            autonomy: "autonomous".to_owned(),
            oversight: "operations".to_owned(),
            flag: None,
        },
        ended: ended.to_owned(),
        posture: Some(Posture::Review),
        inputs: vec![Input {
            name: "log".to_owned(),
            digest,
        }],
        missing: Vec::new(),
        outcomes: vec![
            outcome("met", Some(9_100), Some(true)),
            outcome("few", Some(100), None),
        ],
        scorecard: vec![Dimension {
            id: "data".to_owned(),
            title: "Data".to_owned(),
            value: 10_000,
            posture: Posture::Ready,
            why: "all rows".to_owned(),
        }],
        handoffs: Some(handoffs()),
        mining: None,
        steps: vec![StepLine {
            id: "gather".to_owned(),
            output: digest,
            posture: Posture::Ready,
        }],
        steps_in_all: 3,
        failures: 0,
        escalation: (ended == "escalated").then(|| Escalation {
            why: "It stopped at its budget: `rows` is capped at 5.".to_owned(),
            owner: "operations".parse().unwrap(),
            caps: vec!["rows".to_owned()],
            entries: vec![TraceMark {
                entry: 2,
                kind: "escalated".to_owned(),
            }],
            choices: vec!["withdraw".to_owned()],
        }),
        baseline: None,
        links: std::collections::BTreeMap::new(),
        follow_ups: vec![FollowUp {
            kind: "risk".to_owned(),
            task: "look".to_owned(),
            owner: "operations".parse().unwrap(),
        }],
    }
}

fn handoffs() -> HandoffFindings {
    let digest = baton_terms::Digest::of(b"it");
    let counts = ClauseCounts {
        met: 3,
        failed: 5,
        unknown: 1,
        left_out: 0,
    };
    HandoffFindings {
        contract: "any".to_owned(),
        version: "1.0.0".to_owned(),
        digest,
        compare_from: None,
        refused: 1,
        refused_because: vec!["no `role`".to_owned()],
        now: Counts {
            checked: 9,
            met: 3,
            ready: 4,
            review: 3,
            critical: 2,
        },
        before: Counts::default(),
        clauses: vec![ClauseLine {
            id: "named".to_owned(),
            title: "Somebody is named".to_owned(),
            severity: "major".to_owned(),
            fix: "Name them.".to_owned(),
            now: counts,
            before: ClauseCounts::default(),
        }],
        seams: vec![SeamLine {
            from: "a".to_owned(),
            to: "b".to_owned(),
            checked: 4,
            met: 1,
        }],
        decisions: digest,
    }
}

fn outcome(id: &str, value: Option<i64>, is_met: Option<bool>) -> OutcomeLine {
    OutcomeLine {
        id: id.to_owned(),
        title: format!("Goal {id}"),
        unit: "basis-points".to_owned(),
        direction: "higher".to_owned(),
        baseline: Some(5_000),
        target: 9_000,
        value,
        sample: 9,
        minimum_sample: 20,
        is_met,
    }
}

#[test]
fn every_rendering_says_how_it_ended() {
    let completed = report("completed");
    let text = text(&completed, Appearance::Plain, 100);
    for part in [
        "Check <it>: 1 of 2 outcomes met",
        "3 of 9 handoffs would have met every clause",
        "not known",
        "33.3%",
        "a to b, of 4",
    ] {
        assert!(text.contains(part), "`{part}` is missing from:\n{text}");
    }
    let page = html(&completed);
    assert!(page.contains("Check &lt;it&gt;: 1 of 2 outcomes met"));
    assert!(!page.contains("<script") && !page.contains("http://") && page.contains("Name them."));
    assert!(markdown(&completed).contains("| Somebody is named | major | 33.3% |"));
}

#[test]
fn a_blocked_mission_names_cap_and_entries() {
    let blocked = report("escalated");
    for shown in [
        text(&blocked, Appearance::Plain, 100),
        html(&blocked),
        markdown(&blocked),
    ] {
        assert!(shown.contains("rows"), "{shown}");
        assert!(shown.contains("escalated"), "{shown}");
    }
}

#[test]
fn the_documents_are_as_published() {
    let valid = |schema: &str, document: &serde_json::Value| {
        let schema = serde_json::from_str(schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let problems: Vec<_> = validator.iter_errors(document).collect();
        assert!(problems.is_empty(), "{problems:?}");
    };
    for ended in ["completed", "escalated"] {
        let report = report(ended);
        let document = serde_json::to_value(&report).unwrap();
        valid(SCHEMA, &document);
        assert_eq!(
            serde_json::from_value::<OutcomeReport>(document).unwrap(),
            report
        );
    }
    let packet = IncidentPacket {
        baton: PACKET_FORMAT.to_owned(),
        run: "check-it-0123456789ab".to_owned(),
        trace: "mission/check-it/check-it-0123456789ab".to_owned(),
        phase: "escalated".to_owned(),
        posture: None,
        escalation: report("escalated").escalation.unwrap(),
        steps: (1, 3),
        budget: vec![UsedLine {
            cap: "rows".to_owned(),
            limit: 5,
            used: 9,
        }],
        baseline: None,
        entries_left_out: 0,
    };
    valid(PACKET_SCHEMA, &serde_json::to_value(&packet).unwrap());
}
