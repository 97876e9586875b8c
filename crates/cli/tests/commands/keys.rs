//! `baton keys`.

use super::baton_in;

#[test]
fn a_key_is_made_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    let generate = [
        "keys",
        "generate",
        "--name",
        "release-lead",
        "--keyring",
        "keyring.json",
    ];
    baton(&generate).shows(0, &["release-lead"]);
    let secret = folder.path().join("release-lead.secret.pem");
    let text = std::fs::read_to_string(&secret).unwrap();
    assert!(text.contains("PRIVATE KEY"));
    baton(&["keys", "show", "release-lead.public.pem"]).shows(0, &["PUBLIC KEY"]);
    let shown = baton(&["keys", "show", "release-lead.secret.pem"]);
    shown.shows(0, &["PUBLIC KEY"]);
    assert!(!shown.answer.contains("PRIVATE"), "{}", shown.answer);
    let list = [
        "keys",
        "list",
        "keyring.json",
        "--as-of",
        "2030-01-01T00:00:00Z",
    ];
    baton(&list).shows(0, &["release-lead"]);
    let revoke = [
        "keys",
        "revoke",
        "keyring.json",
        "--name",
        "release-lead",
        "--at",
        "2029-01-01T00:00:00Z",
    ];
    baton(&revoke).shows(0, &["release-lead"]);
    baton(&list).shows(0, &["revoked"]);
    // A second key of that name would stand for the first.
    baton(&generate).refuses(1, &["error[E0907]", "a key of that name"]);
    baton(&["keys", "generate", "--name", "release-lead"]).refuses(1, &["error[E0905]"]);
}

#[test]
fn a_key_that_can_not_be_kept_whole_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let files = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let generate = |name: &str, out: &str| {
        let arguments = [
            "keys",
            "generate",
            "--name",
            name,
            "--keyring",
            "keyring.json",
            "--out",
            out,
        ];
        baton_in(folder.path(), &arguments)
    };
    generate("ana", "a").shows(0, &["ana"]);
    let before = files();
    // The name clashes with one in the keyring, though its files would find a place.
    generate("ana", "b").refuses(1, &["error[E0907]"]);
    generate("an-a1", "b").shows(0, &["an-a1"]);
    generate("an-al", "c").refuses(1, &["error[E0706]", "an-al"]);
    assert!(!folder.path().join("c").exists());
    // The public half has no place.
    std::fs::create_dir_all(folder.path().join("d/bo.public.pem")).unwrap();
    generate("bo", "d").refuses(1, &["error[E0905]"]);
    assert!(!folder.path().join("d/bo.secret.pem").exists());
    let listed = baton_in(folder.path(), &["keys", "list", "keyring.json"]);
    assert!(!listed.answer.contains("bo"), "{}", listed.answer);
    assert_eq!(before, ["a", "keyring.json", "keyring.json.lock"]);
}

#[test]
fn a_public_key_is_trusted_once_and_a_secret_one_never() {
    let folder = tempfile::tempdir().unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    baton(&["keys", "generate", "--name", "lab"]).shows(0, &["lab"]);
    let trust = |key: &str, name: &str| {
        let arguments = [
            "keys",
            "trust",
            key,
            "--name",
            name,
            "--identity",
            "lab@example.org",
            "--kind",
            "service",
            "--role",
            "research-lab",
            "--keyring",
            "trusted.json",
        ];
        baton(&arguments)
    };
    trust("lab.secret.pem", "lab").refuses(1, &["error[E0901]", "a secret key"]);
    assert!(!folder.path().join("trusted.json").exists());
    trust("lab.public.pem", "lab").shows(0, &["key id   sha256:", "trusted.json"]);
    let list = [
        "keys",
        "list",
        "trusted.json",
        "--as-of",
        "2030-01-01T00:00:00Z",
    ];
    baton(&list).shows(0, &["lab  lab@example.org, service (research-lab): valid"]);
    trust("lab.public.pem", "other").refuses(1, &["error[E0907]", "under the name `lab`"]);
    trust("lab.public.pem", "lab").refuses(1, &["error[E0907]", "a key of that name"]);
}
