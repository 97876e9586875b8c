//! `baton digest`.

use super::{baton, baton_in};

#[test]
fn a_digest_is_that_of_the_bytes_or_of_the_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let digest = |of: &str, name: &str| baton_in(folder.path(), &["digest", "--of", of, name]);
    write("abc", "abc");
    baton_in(folder.path(), &["digest", "abc"]).shows(
        0,
        &["sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"],
    );
    write("a.json", r#"{"b": 1.0, "a": "x"}"#);
    write("b.json", r#"{"a":"x","b":1}"#);
    let spelled = digest("json", "a.json");
    spelled.shows(0, &["sha256:"]);
    assert_eq!(spelled.answer, digest("bytes", "b.json").answer);
    assert_ne!(spelled.answer, digest("bytes", "a.json").answer);
    digest("package", "a.json").refuses(20, &["E0503", "E0502"]);
    digest("keyring", "a.json").refuses(1, &["E0701"]);
    digest("bytes", "nothing").refuses(1, &["E0901"]);
}

#[test]
fn a_check_names_the_same_digests() {
    let example = "contracts/qa-to-release/examples/complete.json";
    let check = [
        "check",
        "--contract",
        "contracts/qa-to-release",
        "--package",
        example,
        "--format",
        "json",
        "--as-of",
        "2026-11-20T09:00:00Z",
    ];
    let scorecard = baton(&check).answer;
    let named = |of: &str, file: &str| {
        let ran = baton(&["digest", "--of", of, file]);
        ran.shows(0, &["sha256:"]);
        assert!(scorecard.contains(ran.answer.trim()), "{of} {}", ran.answer);
    };
    named("contract", "contracts/qa-to-release");
    named("package", example);
}
