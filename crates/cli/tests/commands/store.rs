//! Tokens, `baton store` and `baton doctor` on a store in a file.

use std::path::Path;

use assert_cmd::Command;
use rusqlite::Connection;

use super::{Ran, baton_in};

const ANA: &[&str] = &[
    "token",
    "create",
    "--principal",
    "ana@example.org",
    "--team",
    "payments",
    "--role",
    "engineer",
    "--scope",
    "read",
    "--scope",
    "submit",
];

fn token(folder: &Path) -> String {
    let made = baton_in(folder, ANA);
    made.shows(0, &["baton_"]);
    made.answer.trim().to_owned()
}

fn baton_as(folder: &Path, token: &str, arguments: &[&str]) -> Ran {
    let output = Command::cargo_bin("baton")
        .unwrap()
        .current_dir(folder)
        .env_clear()
        .env("BATON_TOKEN", token)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        answer: text(output.stdout),
        problems: text(output.stderr),
    }
}

#[test]
fn a_store_begins_with_its_first_token_and_with_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    baton_in(folder.path(), &["token", "list"]).refuses(1, &["error[E0919]", ".baton/baton.db"]);
    assert!(!folder.path().join(".baton").exists());
    let text = token(folder.path());
    let listed = baton_in(folder.path(), &["token", "list", "--format", "json"]);
    let listed = listed.json(0, "token-list");
    let id = listed["tokens"][0]["id"].as_str().unwrap();
    assert!(text.contains(id));
    let shown = baton_in(folder.path(), &["token", "list"]);
    shown.shows(
        0,
        &[
            "person ana@example.org",
            "team payments, engineer; may read, submit",
        ],
    );
    assert!(!shown.answer.contains(&text));
    baton_in(folder.path(), &["token", "revoke", id]).shows(0, &["is revoked since"]);
    baton_in(folder.path(), &["token", "list"]).shows(0, &["no tokens"]);
    baton_in(folder.path(), &["token", "list", "--all"]).shows(0, &["revoked"]);
    let agent = ["--kind", "agent"];
    let arguments: Vec<&str> = ANA.iter().chain(&agent).copied().collect();
    baton_in(folder.path(), &arguments).refuses(1, &["error[E1341]", "acts for somebody"]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_a_token_or_the_folder_of_a_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let arguments: Vec<&str> = ANA.iter().chain(&["--out", "me.token"]).copied().collect();
    let made = baton_in(folder.path(), &arguments);
    made.shows(0, &["kept in     me.token"]);
    assert!(!made.answer.contains("baton_"));
    let permissions = |name: &str| {
        let found = std::fs::metadata(folder.path().join(name)).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!(
        (permissions("me.token"), permissions(".baton")),
        (0o600, 0o700)
    );
    baton_in(folder.path(), &arguments).refuses(1, &["error[E0905]"]);
}

#[test]
fn a_token_makes_no_stronger_one() {
    let folder = tempfile::tempdir().unwrap();
    let text = token(folder.path());
    baton_as(folder.path(), &text, ANA).refuses(1, &["error[E1343]"]);
    baton_as(folder.path(), "baton_nonsense", ANA).refuses(1, &["error[E1340]"]);
}

#[test]
fn a_restored_backup_is_told_from_the_store_it_was_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let key = [
        "keys",
        "generate",
        "--name",
        "seal",
        "--kind",
        "service",
        "--keyring",
        "keys.json",
    ];
    baton_in(at, &key).shows(0, &[]);
    let settings = "keyring = \"keys.json\"\n[seal]\nkey = \"seal.secret.pem\"\norigin = \"example.org/baton\"\ncheckpoint = \"elsewhere/checkpoint\"\n";
    std::fs::write(at.join("baton.toml"), settings).unwrap();
    token(at);
    baton_in(at, &["doctor"]).shows(0, &["SOUND", "0 of them sealed"]);
    baton_in(at, &["store", "seal"]).shows(0, &["sealed 1 records", "1 entries"]);
    baton_in(at, &["store", "backup", "copy.db"]).shows(0, &["checked the copy"]);
    baton_in(at, &["store", "backup", "copy.db"]).refuses(1, &["error[E0905]"]);
    token(at);
    baton_in(at, &["store", "seal"]).shows(0, &["2 entries"]);
    let sound = baton_in(at, &["doctor", "--format", "json"]).json(0, "examination");
    assert_eq!(sound["store"]["sealed"], 2);
    baton_in(at, &["store", "restore", "copy.db"]).refuses(1, &["error[E0905]"]);
    for name in ["baton.db", "baton.db-wal", "baton.db-shm"] {
        let _ = std::fs::remove_file(at.join(".baton").join(name));
    }
    baton_in(at, &["store", "restore", "copy.db"]).shows(0, &["restored"]);
    let old = baton_in(at, &["doctor"]);
    old.shows(20, &["NOT SOUND", "E07"]);
    // What somebody took out of the store is missed too.
    std::fs::remove_file(at.join("elsewhere/checkpoint")).unwrap();
    baton_in(at, &["doctor"]).shows(0, &["SOUND"]);
    let store = Connection::open(at.join(".baton/baton.db")).unwrap();
    store
        .execute_batch("delete from entries; delete from streams")
        .unwrap();
    drop(store);
    baton_in(at, &["doctor"]).shows(20, &["it is gone: the register sealed 1 entries of it"]);
}

#[test]
fn settings_are_read_strictly_and_shown_with_where_they_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let write = |text: &str| std::fs::write(at.join("baton.toml"), text).unwrap();
    write(
        "store = \"kept/here.db\"\n[node]\nlease = \"2m\"\n[[receivers]]\nto = [\"payments\"]\ncommand = [\"/bin/true\"]\n",
    );
    token(at);
    baton_in(at, &["doctor"]).shows(
        0,
        &[
            "store       kept/here.db (the file of settings)",
            "lease       120 s (the file of settings)",
            "receiver    payments: command /bin/true",
        ],
    );
    baton_in(at, &["doctor", "--store", "other.db"]).refuses(1, &["error[E0919]", "other.db"]);
    let receiver = "[[receivers]]\nto = [\"payments\"]\n";
    for (text, found) in [
        ("stor = 1\n".to_owned(), "line 1: unknown field `stor`"),
        (
            "\n[node]\nlease = \"soon\"\n".to_owned(),
            "line 3: read `soon` as an elapsed time",
        ),
        (receiver.to_owned(), "receiver 1: expected one of"),
        (format!("{receiver}command = [\"true\"]\n"), "absolute path"),
        (
            format!("{receiver}url = \"http://a.example/\"\n"),
            "without TLS",
        ),
        (
            format!("{receiver}command = [\"/bin/true\"]\ntimeout = \"1h\"\n"),
            "`timeout` is not between",
        ),
        (
            format!("{receiver}url = \"https://a.example/\"\nauthorization_from = \"env:NONE\"\n"),
            "the variable `NONE` is not set",
        ),
        (
            "[egress]\nallow = [\"10.0.0.0/40\"]\n".to_owned(),
            "range of addresses",
        ),
    ] {
        write(&text);
        baton_in(at, &["doctor"]).refuses(1, &["error[E0918]", found]);
    }
}
