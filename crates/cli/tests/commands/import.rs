//! `baton import`.

use super::baton_in;

const EVENTS: &str = "ticket,updated_at,state,team
7,2026-01-01T09:00:00Z,New,desk
7,2026-01-01T10:00:00Z,Closed,network
8,2026-01-02T09:00:00Z,New,desk
,2026-01-02T10:00:00Z,Closed,desk
";

#[test]
fn a_proposed_mapping_reads_the_export_and_every_refused_row_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    write("events.csv", EVENTS);
    let guess = baton(&["import", "events.csv", "--guess"]);
    guess.shows(0, &["case: ticket #", "activity: state #", "party: team #"]);
    write("mapping.yaml", &guess.answer);
    let import = ["import", "events.csv", "--mapping", "mapping.yaml"];
    baton(&import).shows(
        10,
        &["3 events in 2 cases", "E1013", "line 5, `ticket`", "hint: "],
    );
    let mut as_json = import.to_vec();
    as_json.extend(["--format", "json"]);
    let report = baton(&as_json).json(10, "import-report");
    assert_eq!(report["refused"][0]["rows"], 1);
    assert_eq!(report["files"][0]["taken"], 3);
}

#[test]
fn what_a_mapping_gets_wrong_is_shown_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    write("events.csv", EVENTS);
    write(
        "mapping.yaml",
        "baton: mapping/v1\ncase: tickets\ntime: {column: updated_at}\nactivity: state\n",
    );
    let import = ["import", "events.csv", "--mapping", "mapping.yaml"];
    baton(&import).refuses(20, &["E1002", "case: tickets", "did you mean `ticket`?"]);
    baton(&["import", "events.csv"]).refuses(1, &["E0907", "--guess"]);
    baton(&["import", "events.xls", "--guess"]).refuses(1, &["E09"]);
}
