//! Outcomes as readers see them.

use baton_terms::Digest;

use super::*;
use crate::Appearance;

fn reading(value: i64, sample: u64) -> Reading {
    Reading {
        value: Some(value),
        low: Some(value - 200),
        high: Some(value + 300),
        sample,
    }
}

fn line(id: &str) -> Line {
    Line {
        id: id.to_owned(),
        metric: "bounce-rate".to_owned(),
        source: None,
        unit: "basis-points".to_owned(),
        direction: "lower".to_owned(),
        window_seconds: 90 * 86_400,
        minimum_sample: 30,
        baseline: Some(Baseline {
            from: From::Declared,
            reading: Reading {
                value: Some(1_200),
                ..Reading::default()
            },
            since: None,
            until: None,
        }),
        target: Some(800),
        now: reading(500, 312),
        status: Status::Met,
        because: String::new(),
        is_clear: true,
        waiting: 7,
        waiting_beyond: 0,
        without_value: 2,
        weeks: vec![Reading::default(), reading(450, 40)],
    }
}

fn at(text: &str) -> baton_terms::Instant {
    text.parse().unwrap()
}

fn standing() -> Standing {
    Standing {
        open: 34,
        overdue: 3,
        turns: Turns {
            sender: 4,
            receiver: 30,
            ..Turns::default()
        },
        blocked: vec![Cause {
            cause: "overdue".to_owned(),
            handoffs: 2,
        }],
        waivers: 1,
        follow_ups: 5,
        follow_ups_overdue: 1,
    }
}

fn contract(title: &str) -> Contract {
    let unknown = Line {
        metric: "time-to-verdict-p50".to_owned(),
        unit: "minutes".to_owned(),
        status: Status::Unknown,
        because: "12 of the 30 handoffs it takes".to_owned(),
        is_clear: false,
        ..line("fast")
    };
    Contract {
        name: "request".to_owned(),
        title: title.to_owned(),
        version: "1.2.0".to_owned(),
        digest: Digest::of(b"contract"),
        versions: 2,
        handoffs: 400,
        since: at("2026-08-01T09:00:00Z"),
        outcomes: vec![line("bounced"), unknown],
        activity: vec![Activity::default(); 2],
        standing: standing(),
        waived: vec![Waived {
            clause: "named".to_owned(),
            in_force: 1,
            first_ends: at("2026-12-01T00:00:00Z"),
            since: at("2026-11-01T00:00:00Z"),
        }],
    }
}

fn mission(title: &str) -> Mission {
    Mission {
        run: "weekly-0123456789ab".to_owned(),
        title: title.to_owned(),
        ended: "completed".to_owned(),
        at: at("2026-11-20T09:00:00Z"),
        report: Digest::of(b"report"),
        outcomes: vec![MissionOutcome {
            id: "met".to_owned(),
            title: "Met".to_owned(),
            unit: "basis-points".to_owned(),
            baseline: None,
            target: 9_000,
            value: Some(9_100),
            sample: 80,
            status: Status::Met,
        }],
        follow_ups: 1,
    }
}

fn report(hostile: &str) -> Outcomes {
    let week = |name: &str, from: &str, until: &str| Week {
        name: name.to_owned(),
        from: at(from),
        until: at(until),
        is_whole: name == "2026-W46",
    };
    Outcomes {
        format: FORMAT,
        as_of: at("2026-11-21T22:00:00Z"),
        confidence: 9_500,
        weeks: vec![
            week("2026-W46", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"),
            week("2026-W47", "2026-11-16T00:00:00Z", "2026-11-21T22:00:00Z"),
        ],
        network: Network {
            handoffs: 400,
            outcomes: vec![line("bounced")],
            activity: vec![Activity::default(); 2],
            standing: standing(),
        },
        contracts: vec![contract(hostile)],
        missions: vec![mission(hostile)],
        missions_left_out: 0,
    }
}

#[test]
fn readers_learn_where_each_outcome_stands_and_what_it_rests_on() {
    let text = text(&report("Requests"), Appearance::Plain, 300);
    for expected in [
        "2 outcomes with a target: 1 met, 0 not met, 1 unknown",
        "request 1.2.0: Requests (2 versions counted together)",
        "bounced: met, clearly",
        "now 5.0% (3.0% to 8.0%); target at most 8.0%; baseline 12.0%",
        "312 handoffs over 90 days; 7 more without a value yet; 2 ended without one",
        "2026-W47 4.5% of 40",
        "fast: unknown: 12 of the 30 handoffs it takes",
        "now 8.3 h (5 h to 13.3 h); target at most 13.3 h",
        "34 handoffs are open: 4 wait for the sender and 30 wait for the receiver; 3 past a deadline.",
        "Blocked: 2 for `overdue`.",
        "named: waived once since 2026-11-01 00:00:00 UTC, next to end 2026-12-01 00:00:00 UTC",
        "5 follow-ups are open, 1 of them overdue.",
        "Requests (weekly-0123456789ab): completed since 2026-11-20 09:00:00 UTC",
        "Met: 91.0%, baseline none, target 90.0%, met",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn a_spreadsheet_has_a_row_per_outcome_and_week() {
    let table = csv(&report("Requests"));
    let expected = "\"request\",\"bounced\",\"bounce-rate\",\"basis-points\",\"2026-W47\",\"450\",\"250\",\"750\",\"40\",\"800\",\"\"\r\n";
    assert!(table.contains(expected), "{table}");
    assert_eq!(table.lines().count(), 1 + 3 * 4);
}

#[test]
fn the_document_is_what_its_schema_says_and_nothing_breaks_out_of_a_page() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let hostile = "<b>|\u{1b}[31m";
    let document = json(&report(hostile)).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!markdown(&report(hostile)).contains("<b>"));
    assert!(!html(&report(hostile)).contains("<b>"));
    assert!(!text(&report(hostile), Appearance::Plain, 100).contains('\u{1b}'));
}
