//! Tests of what is shown of a simulation.

use baton_network::wire::Simulation;
use serde_json::json;

use super::*;
use crate::Appearance;

fn answer(team: &str) -> Simulation {
    let range =
        |low: i64, middle: i64, high: i64| json!({"low": low, "middle": middle, "high": high});
    let check = |actual: i64, low: i64, high: i64| json!({"actual": actual, "simulated": range(low, i64::midpoint(low, high), high), "holds": (low..=high).contains(&actual)});
    let compared = |from: Option<&str>, to: Option<&str>, median: i64| json!({"from": from, "to": to, "count": check(90, 80, 100), "median": check(median, 3_600, 7_200), "p90": check(432_000, 400_000, 440_000)});
    let change = |team: Option<&str>, measure: &str, low: i64, high: i64| {
        json!({"team": team, "measure": measure, "base": range(100, 7_200, 9_000), "scenario": range(100, 9_000, 9_900),
               "difference": range(low, i64::midpoint(low, high), high), "is_clear": low > 0 || high < 0})
    };
    let span = |first: &str, last: &str, weeks: i64| json!({"first_day": first, "last_day": last, "weeks": weeks});
    serde_json::from_value(json!({
        "baton": "simulation/v1",
        "engine": "0.1.0",
        "input": {"name": team, "digests": [format!("sha256:{}", "0".repeat(64))]},
        "seed": 1,
        "replications": 200,
        "weeks": {"fit": span("2026-01-05", "2026-02-08", 5), "held_out": span("2026-02-09", "2026-03-08", 4), "left_out": 2},
        "fit": {
            "cases": 1_000, "without_team": 3, "visits": 2_000, "open_visits": 20, "disordered": 1, "backlog": 40,
            "arrivals": [100, 110, 120],
            "arrivals_trend": {"per_week": 10, "probability": 0.333_333, "is_carried_on": false},
            "waiting_drift": {"per_week": -60.5, "probability": 0.01, "is_carried_on": false},
            "teams": [{"name": team, "in_work_most": 12, "open_hours": 50, "has_own_hours": true}],
            "folded": 2
        },
        "validation": {
            "reproduces_waiting": true,
            "waiting": compared(None, None, 5_400),
            "lead": compared(None, None, 5_400),
            "open": check(40, 50, 60),
            "teams": [compared(None, Some(team), 9_000)],
            "team_coverage": {"compared": 1, "medians": 0, "p90s": 1},
            "edges": [compared(Some("desk"), Some(team), 5_400)],
            "edge_coverage": {"compared": 1, "medians": 1, "p90s": 1}
        },
        "scenarios": [{
            "name": "one", "title": team, "document": {"name": "one"},
            "overall": [change(None, "waiting-median", 600, 1_200), change(None, "late", -200, 300)],
            "teams": [change(Some(team), "waiting-p90", -7_200, -3_600)],
            "teams_left_out": 3, "unfinished_most": 2
        }],
        "assumptions": ["Capacity: assumed."],
        "cautions": [team]
    }))
    .unwrap()
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let shown = json(&answer("lab")).unwrap();
    let problems: Vec<_> = validator.iter_errors(&shown).collect();
    assert!(problems.is_empty(), "{problems:?} in {shown:#}");
}

#[test]
fn text_says_what_holds_and_what_does_not() {
    let shown = text(&answer("lab"), Appearance::Plain, 100);
    let words: Vec<&str> = shown.split_whitespace().collect();
    let words = words.join(" ");
    for part in [
        "The simulation reproduces the waiting of the held-out weeks",
        "4 weeks (2026-02-09 to 2026-03-08) were simulated 200 times",
        "2 weeks before were left out",
        "Median waiting 1.5 hours 1 hour to 2 hours holds",
        "Cases open at the end 40 50 to 60 does not hold",
        "Of 1 team with at least 20 handovers, 0 have their median in its range",
        "- lab: median waiting 2.5 hours, simulated 1 hour to 2 hours",
        "Median waiting 2 hours → 2.5 hours +10 minutes to +20 minutes more",
        "Late 72% → 90% −2% to +3% not clear",
        "lab: nine in ten waited at most 2 hours → 2.5 hours −2 hours to −1 hour less",
        "3 measures of teams changed clearly besides",
        "2 handovers were still waiting a year later",
        "median waiting of the fitted weeks: falling (probability 0.01)",
    ] {
        assert!(words.contains(part), "{part:?} in\n{shown}");
    }
}

#[test]
fn no_rendering_obeys_what_a_log_says() {
    let hostile = "<b>x</b> <script> \u{1b}[31m\u{202e}";
    let answer = answer(hostile);
    for shown in [text(&answer, Appearance::Plain, 80), html(&answer)] {
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
    let page = html(&answer);
    assert!(!page.contains("<b>") && !page.contains("<script"));
    assert!(page.contains("role=\"img\"") && page.contains("Does it reproduce"));
}
