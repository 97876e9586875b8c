//! Backtests as readers see them.

use baton_rootcause::wire::{Fixed, Interval};
use baton_terms::Digest;

use super::*;
use crate::Appearance;
use crate::mission::ClauseCounts;

fn interval(value: f64) -> Interval {
    let fixed = |number: f64| Fixed::round(number);
    Interval {
        value: fixed(value),
        low: fixed(value / 2.0),
        high: fixed(value * 1.5),
    }
}

const TALLY: Tally = Tally {
    packages: 50,
    failed: 30,
    fine: 10,
    unknown: 1,
};

fn decision(measure: Measure, answer: Answer) -> Decision {
    Decision {
        measure,
        before: Tally::default(),
        after: TALLY,
        gained: TALLY,
        lost: Tally::default(),
        caught: interval(0.6),
        blocked: interval(0.1),
        rate: interval(0.75),
        other_rate: interval(0.25),
        risk_ratio: interval(3.0),
        adjusted_risk_ratio: interval(2.0),
        answer,
    }
}

fn clause(id: &str, change: Change, flagged: Tally) -> ClauseLine {
    ClauseLine {
        id: id.to_owned(),
        title: id.to_owned(),
        severity: "major".to_owned(),
        change,
        before: ClauseCounts::default(),
        after: ClauseCounts::default(),
        waived: 0,
        flagged,
        gained: flagged,
        lost: Tally::default(),
        rate: interval(0.75),
        other_rate: interval(0.25),
        adjusted_risk_ratio: interval(2.0),
        answer: Answer::Catches,
    }
}

fn team(name: &str) -> TeamLine {
    TeamLine {
        team: name.to_owned(),
        packages: 130,
        worse: 50,
        better: 2,
        asked_more: TALLY,
        effort: -3,
    }
}

fn flip(name: &str) -> Flip {
    Flip {
        work_item: format!("{name}/1"),
        at: "2026-01-01T09:00:00Z".parse().unwrap(),
        team: name.to_owned(),
        before: Verdict::Ready,
        after: Verdict::Critical,
        newly_unmet: vec!["named".to_owned()],
        no_longer_unmet: Vec::new(),
        failed: Some(false),
    }
}

fn backtest(hostile: &str, answer: Answer) -> Backtest {
    let version = |number: &str| Version {
        version: number.to_owned(),
        digest: Digest::of(number.as_bytes()),
    };
    Backtest {
        format: FORMAT,
        contract: "request".to_owned(),
        before: version("1.0.0"),
        after: version("2.0.0"),
        source: Source::Log,
        inputs: vec![Input {
            name: "events".to_owned(),
            digest: Digest::of(b"log").to_string(),
        }],
        as_of: None,
        outcome: Some(Outcome {
            name: hostile.to_owned(),
            failed: "last.late".to_owned(),
        }),
        packages: 130,
        unreadable: 1,
        unreadable_because: vec![hostile.to_owned()],
        left_out: vec![LeftOut {
            reason: "the case was over at the handover".to_owned(),
            packages: 3,
        }],
        cases: Tally {
            packages: 130,
            failed: 50,
            fine: 70,
            unknown: 8,
        },
        verdicts: vec![VerdictCell {
            before: Verdict::Ready,
            after: Verdict::Critical,
            packages: 50,
            failed: 30,
            fine: 10,
        }],
        decisions: vec![
            decision(Measure::Flagged, answer),
            decision(Measure::HeldUp, answer),
        ],
        clauses: vec![
            clause("named", Change::Added, TALLY),
            clause("area", Change::Kept, Tally::default()),
        ],
        teams: vec![team(hostile)],
        effort: Effort {
            before: 60,
            after: 204,
            packages_with_more: 48,
        },
        flips: vec![flip(hostile)],
        flips_left_out: 100,
        checks: Digest::of(b"checks"),
    }
}

#[test]
fn readers_learn_what_it_catches_what_it_costs_and_what_is_not_known() {
    let text = text(&backtest("Late", Answer::Catches), Appearance::Plain, 100);
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "asks more of 30 cases that failed later, and of 10",
        "cases fail more often than the rest: 75.0% (37.5% to",
        "2.00 (1.00 to 3.00) times as often",
        "Could not be read, and is critical under both: 1 package (Late).",
        "a clause not met: gained  30        60.0% (30.0% to 90.0%)",
        "One clause is kept and says the same.",
        "204 points of effort under the new version, 144 more than",
        "ready becomes critical, went well",
        "and 100 more; `--flips N",
        "−3",
    ] {
        // Sentences are broken to the width, tables are not.
        let is_there = text.contains(expected) || flowing.contains(expected);
        assert!(is_there, "{expected}\n{text}");
    }
    assert!(!text.contains("area ("), "{text}");
    for (answer, expected) in [
        (Answer::Unknown, "whether that is good work is not known"),
        (Answer::Nothing, "no package is judged otherwise"),
        (Answer::TooFew, "too few cases to say whether asking helps"),
        (Answer::HitsGoodWork, "less often than the rest"),
    ] {
        let text = super::text(&backtest("Late", answer), Appearance::Plain, 200);
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn nothing_from_a_log_breaks_out_of_a_page() {
    let hostile = "<b>|\u{1b}[31m`";
    let backtest = backtest(hostile, Answer::Catches);
    let page = html(&backtest);
    assert!(!page.contains("<b>") && !page.contains('\u{1b}'));
    let page = markdown(&backtest);
    assert!(!page.contains("<b>"), "{page}");
    let text = text(&backtest, Appearance::Plain, 100);
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn the_document_is_what_its_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for outcome in [true, false] {
        let mut backtest = backtest("Late", Answer::Unclear);
        backtest.outcome = backtest.outcome.filter(|_| outcome);
        let document = json(&backtest).unwrap();
        let problems: Vec<_> = validator
            .iter_errors(&document)
            .map(|e| e.to_string())
            .collect();
        assert!(problems.is_empty(), "{problems:?}");
    }
}
