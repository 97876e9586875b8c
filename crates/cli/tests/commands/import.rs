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

const IMPORT_MAPPING: &str = "baton: mapping/v1\ncase: ticket\ntime: {column: updated_at}\n\
                              activity: state\nparty: team\n";

#[test]
fn a_log_written_as_parquet_reads_back_and_can_be_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    write("events.csv", EVENTS);
    write("mapping.yaml", IMPORT_MAPPING);
    let mapped = ["import", "events.csv", "--mapping", "mapping.yaml"];
    let export = [&mapped[..], &["--export", "log.parquet"]].concat();
    baton(&export).shows(10, &["3 events in 2 cases"]);
    let beside = ["--mapping", "log.parquet.mapping.yaml"];
    let back = [&["import", "log.parquet"], &beside[..]].concat();
    baton(&back).shows(0, &["3 events in 2 cases"]);
    let guess = baton(&["import", "log.parquet", "--guess"]);
    guess.shows(
        0,
        &["case: case #", "format: rfc3339", "activity: activity #"],
    );
    write("cut.parquet", "PAR1 and no more");
    let cut = [&["import", "cut.parquet"], &beside[..]].concat();
    baton(&cut).refuses(1, &["E1053", "cut off"]);
}

#[test]
fn a_database_of_ocel_is_read_from_its_bytes_alone() {
    let folder = tempfile::tempdir().unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    let path = folder.path().join("orders.sqlite");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
             CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
             CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
             CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
             CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
             CREATE TABLE event_Pay (ocel_id TEXT, ocel_time TIMESTAMP);
             CREATE TABLE object_Order (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT);
             INSERT INTO event_map_type VALUES ('pay', 'Pay');
             INSERT INTO object_map_type VALUES ('order', 'Order');
             INSERT INTO event VALUES ('e1', 'pay'), ('e2', 'pay');
             INSERT INTO object VALUES ('o1', 'order');
             INSERT INTO event_object VALUES ('e1', 'o1', ''), ('e2', 'o1', '');
             INSERT INTO event_Pay VALUES ('e1', '2026-01-05 09:00:00'), ('e2', '2026-01-05 10:00:00');",
        )
        .unwrap();
    database.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let guess = baton(&["import", "orders.sqlite", "--guess"]);
    guess.shows(0, &["case: \"object:order\""]);
    std::fs::write(folder.path().join("mapping.yaml"), &guess.answer).unwrap();
    let import = ["import", "orders.sqlite", "--mapping", "mapping.yaml"];
    baton(&import).shows(0, &["2 events in 1 case"]);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let beside = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(beside, 2, "nothing is put beside a database that is read");
}

/// Runs git in a folder; `false` when there is none.
fn git(folder: &std::path::Path, arguments: &[&str]) -> bool {
    let ran = std::process::Command::new("git")
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("GIT_AUTHOR_DATE", "2026-01-05T09:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-05T10:00:00Z")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@desk.example"])
        .args(arguments)
        .output();
    ran.is_ok_and(|output| output.status.success())
}

#[test]
fn the_history_of_a_repository_is_read_and_its_settings_run_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("work/repository");
    std::fs::create_dir_all(&repository).unwrap();
    if !git(&repository, &["init", "--quiet"]) {
        println!("skipped: no git on this machine");
        return;
    }
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    let guess = ["import", "work/repository", "--from", "git", "--guess"];
    baton(&guess).refuses(1, &["E0916", "a repository without a commit"]);
    for message in [
        "first: one",
        "second: two\n\nReviewed-by: Ben <ben@network.example>",
    ] {
        assert!(git(
            &repository,
            &["commit", "--quiet", "--allow-empty", "-m", message]
        ));
    }
    let trap = folder.path().join("trap");
    let command = format!("touch {}", trap.display());
    for name in [
        "core.pager",
        "core.fsmonitor",
        "gpg.program",
        "diff.external",
        "core.sshCommand",
    ] {
        assert!(git(&repository, &["config", name, &command]));
    }
    assert!(git(&repository, &["config", "log.showSignature", "true"]));
    let guessed = baton(&guess);
    guessed.shows(0, &["case: \"commit\"", "party: \"party\""]);
    std::fs::write(folder.path().join("mapping.yaml"), &guessed.answer).unwrap();
    let import = [
        "import",
        "work/repository",
        "--from",
        "git",
        "--mapping",
        "mapping.yaml",
    ];
    baton(&import).shows(0, &["repository: 5 events in 2 cases"]);
    assert!(!trap.exists());
    // A folder inside a repository, and one that is none.
    std::fs::create_dir(repository.join("inside")).unwrap();
    for folder in ["work/repository/inside", "work"] {
        let guess = ["import", folder, "--from", "git", "--guess"];
        baton(&guess).refuses(1, &["E0916", "not a git repository"]);
    }
}
