//! `baton init`.

use super::{baton, baton_in};

#[test]
fn a_new_contract_lints_clean_and_passes_its_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    let create = [
        "init",
        "design-to-build",
        "--owner",
        "product",
        "--from",
        "designer",
        "--to",
        "engineer",
        "--zone",
        "Europe/Berlin",
        "--no-questions",
    ];
    baton_in(folder.path(), &create).shows(
        0,
        &["Created design-to-build", "baton lint design-to-build"],
    );
    baton_in(folder.path(), &["lint", "design-to-build"]).shows(0, &["contract.yaml: no problems"]);
    baton_in(folder.path(), &["test", "design-to-build"]).shows(0, &[]);
    // What is there is never overwritten.
    baton_in(folder.path(), &create).refuses(1, &["error[E0905]"]);
}

#[test]
fn what_is_not_given_is_named() {
    baton(&["init", "--no-questions"]).refuses(1, &["error[E0907]", "NAME"]);
    baton(&["init", "Bad Name"]).refuses(2, &["Bad Name"]);
}
