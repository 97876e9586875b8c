//! `baton diff`.

use super::{baton, edited, repository};

const OLD: &str = "contracts/qa-to-release";

/// Makes a version of the contract that asks for more, called `version`.
fn stricter(version: &str) -> (tempfile::TempDir, String) {
    let text = std::fs::read_to_string(repository().join(OLD).join("contract.yaml")).unwrap();
    let quorum = text
        .lines()
        .find(|line| line.trim_start().starts_with("quorum: "))
        .unwrap();
    let raised = "    quorum: 7";
    let version = format!("version: {version}");
    edited(
        "qa-to-release",
        &[("version: 1.0.0", &version), (quorum, raised)],
    )
}

#[test]
fn a_version_that_tells_the_truth_is_accepted() {
    let (_folder, new) = stricter("2.0.0");
    baton(&["diff", OLD, &new]).shows(
        0,
        &[
            "qa-to-release 1.0.0 → 2.0.0",
            "stricter for sender (1)",
            "/quorum: raised",
            "take",
        ],
    );
    let shown = baton(&["diff", OLD, &new, "--format", "json"]).json(0, "diff");
    assert_eq!(shown["step"], "major");
    assert_eq!(shown["is_truthful"], true);
    baton(&["diff", OLD, OLD]).shows(0, &["Nothing changed."]);
}

#[test]
fn a_version_that_does_not_is_refused() {
    for (version, code) in [("1.0.0", "E0601"), ("1.1.0", "E0602")] {
        let (_folder, new) = stricter(version);
        baton(&["diff", OLD, &new]).shows(20, &[&format!("error[{code}]"), "set `version: 2.0.0`"]);
        let shown = baton(&["diff", OLD, &new, "--format", "json"]).json(20, "diff");
        assert_eq!(shown["problem"]["code"], code);
        let markdown = baton(&["diff", OLD, &new, "--format", "markdown"]);
        markdown.shows(20, &[&format!("**{code}: "), "### Stricter for sender (1)"]);
    }
    let other = "contracts/engineering-to-qa";
    baton(&["diff", OLD, other]).shows(20, &["error[E0603]"]);
    baton(&["diff", OLD, other, "--format", "json"]).json(20, "diff");
}

#[test]
fn what_is_not_soundly_written_is_not_compared() {
    let broken = "corpus/contracts/twelve-mistakes.contract.yaml";
    baton(&["diff", OLD, broken]).refuses(20, &["E0205", "twelve-mistakes.contract.yaml"]);
    baton(&["diff", OLD]).refuses(2, &["<NEW>"]);
}
