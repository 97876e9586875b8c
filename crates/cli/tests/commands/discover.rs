//! `baton discover`.

use std::fmt::Write as _;

use super::baton_in;

const MAPPING: &str = "baton: mapping/v1
case: ticket
time: {column: at}
activity: state
party: team
people: vouched
columns:
  late: {kind: boolean}
outcomes:
  late: {title: Late, failed: last.late}
  odd: {title: Odd, failed: last.lat}
";

/// Forty cases of `desk`; half of them go to `net` and come back late.
fn events() -> String {
    let mut text = "ticket,at,state,team,late\n".to_owned();
    for case in 0..60 {
        let (team, late) = if case % 2 == 0 {
            ("net", "yes")
        } else {
            ("lab", "no")
        };
        for (hour, team) in [(1, "desk"), (2, team), (3, "desk")] {
            let at = format!("2026-01-{:02}T{hour:02}:00:00Z", case % 28 + 1);
            writeln!(text, "{case},{at},updated,{team},{late}").unwrap();
        }
    }
    text
}

#[test]
fn the_map_is_shown_in_every_form_and_drafts_pass_lint() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    write("events.csv", &events());
    write("mapping.yaml", MAPPING);
    let with = |more: &[&'static str]| {
        let mut arguments = vec!["discover", "events.csv", "--mapping", "mapping.yaml"];
        arguments.extend(more);
        arguments
    };
    baton(&with(&[])).shows(0, &["120 handovers in 60 of 60 cases", "desk → net"]);
    baton(&with(&["--outcome", "late"])).shows(0, &["Late: 50% of 60 cases", "100%"]);
    let map = baton(&with(&["--format", "json"])).json(0, "handover-map");
    assert_eq!(map["totals"]["handovers"], 120);
    baton(&with(&["--format", "svg"])).shows(0, &["<svg xmlns", "of 3 parties"]);
    let drafts = ["--outcome", "late", "--drafts", "drafts"];
    baton(&with(&drafts)).shows(0, &["desk → net"]);
    baton(&["lint", "drafts/desk-to-net"]).shows(0, &[]);
    let text = std::fs::read_to_string(folder.path().join("drafts/desk-to-net/contract.yaml"));
    assert!(text.unwrap().contains("# Late: 30 of 30 cases (100%)"));
    // What is there is not written over.
    baton(&with(&drafts)).refuses(1, &["E0905"]);
}

#[test]
fn an_outcome_that_is_not_there_or_not_sound_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    write("events.csv", &events());
    write("mapping.yaml", MAPPING);
    let discover = [
        "discover",
        "events.csv",
        "--mapping",
        "mapping.yaml",
        "--outcome",
    ];
    let with = |outcome| [&discover[..], &[outcome]].concat();
    baton(&with("slow")).refuses(1, &["E0907", "one of late, odd"]);
    baton(&with("odd")).refuses(20, &["failed: last.lat", "`late`"]);
}
