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
    // A second key of that name would overwrite the first.
    baton(&generate).refuses(1, &["error[E0905]"]);
}
