//! Tuning as readers see it.

use baton_rootcause::wire::{Fixed, Interval};
use baton_terms::Digest;

use super::*;
use crate::Appearance;
use crate::backtest::{Answer, Outcome, Source, Tally};

fn interval(value: f64) -> Interval {
    let fixed = |number: f64| Fixed::round(number);
    Interval {
        value: fixed(value),
        low: fixed(value / 2.0),
        high: fixed(value * 1.5),
    }
}

fn change(because: &str) -> Proposed {
    let moved = Moved {
        held_failed: 30,
        held_fine: 4,
        ..Moved::default()
    };
    Proposed {
        at: "/thresholds/ready_min".to_owned(),
        from: 7_000,
        to: 8_100,
        earlier: moved,
        later: moved,
        held_rate: interval(0.5),
        freed_rate: Interval {
            value: None,
            low: None,
            high: None,
        },
        because: because.to_owned(),
    }
}

fn tuning(hostile: &str) -> Tuning {
    let tally = Tally {
        packages: 50,
        failed: 30,
        fine: 10,
        unknown: 0,
    };
    Tuning {
        format: FORMAT,
        contract: "request".to_owned(),
        version: "1.0.0".to_owned(),
        digest: Digest::of(b"contract"),
        source: Source::Log,
        inputs: Vec::new(),
        outcome: Outcome {
            name: hostile.to_owned(),
            failed: "last.late".to_owned(),
        },
        worth: 1,
        later_from: "2026-01-01T09:00:00Z".parse().unwrap(),
        earlier: tally,
        later: tally,
        clauses: vec![Quality {
            clause: "named".to_owned(),
            severity: "major".to_owned(),
            applied: 100,
            unmet: 40,
            waived: 3,
            unmet_share: interval(0.4),
            flagged: tally,
            rate: interval(0.75),
            other_rate: interval(0.25),
            adjusted_risk_ratio: interval(2.0),
            answer: Answer::Catches,
        }],
        recommended: vec![change("")],
        unconfirmed: vec![change("later cases that it lets go may fail")],
        retire: vec![Retirement {
            clause: "area".to_owned(),
            because: "all 500 packages met it".to_owned(),
        }],
        confidence: 9_875,
    }
}

#[test]
fn readers_learn_what_to_change_and_what_is_not_confirmed() {
    let text = text(&tuning("Late"), Appearance::Plain, 200);
    for expected in [
        "request 1.0.0: one change is recommended, one clause may go",
        "/thresholds/ready_min: 8100 instead of 7000. Earlier cases: holds up 30 that failed and 4",
        "Not recommended: later cases that it lets go may fail.",
        "area: all 500 packages met it",
        "named (major): not met by 40 of 100 packages (40.0%, 20.0% to 60.0%), waived for 3",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn the_document_is_what_its_schema_says_and_nothing_breaks_out_of_a_page() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let hostile = "<b>\u{1b}[31m";
    let document = json(&tuning(hostile)).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!markdown(&tuning(hostile)).contains("<b>"));
    let page = html(&tuning(hostile));
    assert!(!page.contains("<b>") && !page.contains('\u{1b}'));
    assert!(page.contains("/thresholds/ready_min</span>: 8100 instead of 7000"));
    assert!(!text(&tuning(hostile), Appearance::Plain, 100).contains('\u{1b}'));
}
