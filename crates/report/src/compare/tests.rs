//! Tests of what is shown of a comparison.
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "small numbers of tests"
)]

use baton_rootcause::compare::{Became, CauseChange, Comparison, Size, Split, SplitGroup, Window};
use baton_rootcause::wire::{ChangePoint, Condition, Fixed, Interval};

use super::*;
use crate::Appearance;

fn fixed(number: f64) -> Fixed {
    Fixed::round(number).unwrap()
}

fn interval(value: f64) -> Interval {
    Interval {
        value: Some(fixed(value)),
        low: Some(fixed(value - 0.01)),
        high: Some(fixed(value + 0.01)),
    }
}

fn window(name: &str, failures: u64) -> Window {
    Window {
        name: name.to_owned(),
        span: None,
        digests: vec![format!("sha256:{}", "0".repeat(64))],
        cases: 1_000,
        failures,
        rate: interval(failures as f64 / 1_000.0),
    }
}

fn comparison(hostile: &str) -> Comparison {
    let size = |failures| {
        Some(Size {
            cases: 200,
            failures,
            excess: fixed(failures as f64 - 10.0),
            risk_ratio: Some(fixed(failures as f64 / 10.0)),
        })
    };
    Comparison {
        baton: "comparison/v1".to_owned(),
        engine: "0.1.0".to_owned(),
        outcome_name: "SLA missed".to_owned(),
        before: window("old.csv", 100),
        after: window(hostile, 150),
        change: fixed(0.05),
        log10_p: Some(fixed(-3.2)),
        splits: vec![Split {
            by: "team".to_owned(),
            rate: fixed(0.06),
            mix: fixed(-0.01),
            groups: vec![SplitGroup {
                name: hostile.to_owned(),
                before: (1_000, 100),
                after: (1_000, 150),
                rate: fixed(0.06),
                mix: fixed(-0.01),
            }],
        }],
        alpha: fixed(0.05),
        tests: 1_234,
        causes: vec![CauseChange {
            conditions: vec![Condition::Is {
                feature: "team".to_owned(),
                value: hostile.to_owned(),
            }],
            became: Became::Grew,
            rank_before: Some(2),
            rank_after: Some(1),
            before: size(20),
            after: size(60),
            log10_p: Some(fixed(-4.5)),
        }],
        changes: vec![ChangePoint {
            day: "2016-03-01".to_owned(),
            before: interval(0.1),
            after: interval(0.15),
            log10_p: fixed(-2.5),
        }],
        cautions: vec!["The two windows overlap.".to_owned()],
    }
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let shown = json(&comparison("new.csv")).unwrap();
    let problems: Vec<_> = validator.iter_errors(&shown).collect();
    assert!(problems.is_empty(), "{problems:?} in {shown:#}");
}

#[test]
fn text_tells_the_change_its_causes_and_its_days() {
    let expected = "“SLA missed” rose from 10.0% to 15.0%
Before: old.csv, 100 failures in 1,000 cases (rate 9.0% to 11.0%).
After: new.csv, 150 failures in 1,000 cases (rate 14.0% to 16.0%).
The rate changed by +5.00 percentage points; by chance alone with probability 10^−3.2.
  ! The two windows overlap.

What became of the causes
  grew: team is “new.csv”
      before  20 of 200 (10.0%), 2.00 times the others, excess 10
      after   60 of 200 (30.0%), 6.00 times the others, excess 50
      p at most 10^−4.5
  1,234 patterns were tested for a change; where none changed, any is called changed with
  probability 5.0% at most.

The change, split (percentage points)
  team
      Failing more or less within groups adds +6.00, a shift of cases between groups −1.00; most of
      it: new.csv (rate +6.00, mix −1.00).

When the rate changed
  On 2016-03-01 the failure rate changed from 10.0% to 15.0%; by chance alone with probability 0.003
  at most, after all days looked at.
";
    assert_eq!(
        text(&comparison("new.csv"), Appearance::Plain, 100),
        expected
    );
}

#[test]
fn no_rendering_obeys_what_a_log_says() {
    let hostile = "<b>x</b> [a](https://e.example) @team \u{1b}[31m\u{202e}";
    let comparison = comparison(hostile);
    for shown in [
        text(&comparison, Appearance::Plain, 80),
        markdown(&comparison),
        html(&comparison),
    ] {
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
    for shown in [markdown(&comparison), html(&comparison)] {
        assert!(!shown.contains("<b>"), "{shown}");
    }
    assert!(!markdown(&comparison).contains("](https"));
}
