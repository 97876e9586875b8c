//! Proposals as readers see them.

use baton_rootcause::wire::{Condition, Fixed, Interval, Strength};

use super::*;
use crate::Appearance;

fn fixed(number: f64) -> Fixed {
    Fixed::round(number).unwrap()
}

fn proposals(hostile: &str) -> Proposals {
    let interval = |value| Interval {
        value: Some(fixed(value)),
        low: Some(fixed(value - 0.1)),
        high: Some(fixed(value + 0.1)),
    };
    let conditions = vec![Condition::Is {
        feature: "priority".to_owned(),
        value: hostile.to_owned(),
    }];
    Proposals {
        format: FORMAT,
        outcome: "SLA missed".to_owned(),
        landmark: "first handover".to_owned(),
        log: vec![format!("sha256:{}", "0".repeat(64))],
        contract: "incident".to_owned(),
        version: "1.0.0".to_owned(),
        candidates: vec![Candidate {
            rank: 1,
            clause: "priority-is-high".to_owned(),
            cause: "cause-1".to_owned(),
            conditions: conditions.clone(),
            when: None,
            expect: "!(package.priority == \"high\")".to_owned(),
            severity: "minor",
            evidence: Evidence {
                cases: 233,
                failures_caught: 227,
                good_blocked: 6,
                caught_per_blocked: Some(fixed(37.833_333)),
                rate: interval(0.9),
                other_rate: fixed(0.5),
                share_of_failures: fixed(0.05),
                risk_ratio: interval(1.8),
                adjusted_risk_ratio: Some(interval(1.5)),
                later: Some((70, 68)),
                strength: Strength::Adjusted,
            },
            diff: format!("--- a\n+++ b\n@@ -1,1 +1,2 @@\n x\n+  # {hostile}\n"),
        }],
        refused: vec![Refused {
            cause: None,
            conditions,
            code: "E1407".to_owned(),
            reason: "it is a suspect".to_owned(),
            hint: "mine again".to_owned(),
        }],
    }
}

#[test]
fn a_clause_comes_with_what_speaks_for_it() {
    let text = text(&proposals("high"), Appearance::Plain, 100);
    for expected in [
        "SLA missed: one clause proposed for incident 1.0.0",
        "1. priority-is-high",
        "Of 233 such cases 227 failed",
        "37.8 for each good case held up (6 of",
        "for other drivers (risk ratio 1.50): 68 of",
        "+  # high",
        "it is a suspect [E1407].",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn nothing_from_a_log_breaks_out_of_a_page() {
    let hostile = "```\n# <b>\u{1b}[31m";
    let text = text(&proposals(hostile), Appearance::Plain, 100);
    assert!(!text.contains('\u{1b}'));
    let page = markdown(&proposals(hostile));
    assert!(page.contains("\n````diff\n"), "{page}");
}

#[test]
fn the_document_is_what_its_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = json(&proposals("high")).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
}
