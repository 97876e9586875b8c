//! `baton compose`.

use super::{baton, edited};

const CHAIN: [&str; 4] = [
    "contracts/requirements-to-engineering",
    "contracts/engineering-to-qa",
    "contracts/qa-to-release",
    "contracts/release-to-support",
];

#[test]
fn the_shipped_chain_fits() {
    let [first, second, third, fourth] = CHAIN;
    let chain = ["compose", first, second, third, fourth];
    baton(&chain).shows(0, &["YES — every link", "own duty"]);
    let shown = baton(&[&chain[..], &["--format", "json"]].concat()).json(0, "composition");
    assert_eq!(shown["answer"], "yes");
    assert_eq!(shown["links"].as_array().unwrap().len(), 3);
}

#[test]
fn a_link_that_breaks_is_refused_with_its_reason() {
    let [first, second, third, _] = CHAIN;
    baton(&["compose", first, third]).shows(20, &["NO — 1 of 1 link", "/from/role"]);
    let shown = baton(&["compose", third, second, "--format", "json"]).json(20, "composition");
    assert_eq!(shown["answer"], "no");
    let checks = shown["links"][0]["checks"].as_array().unwrap();
    assert!(
        checks
            .iter()
            .any(|check| check.get("counterexample").is_some()),
        "{shown:#}"
    );
}

#[test]
fn what_is_not_promised_is_unknown() {
    let outputs = "  schema_file: outputs.schema.json\n";
    let (_folder, silent) = edited("engineering-to-qa", &[(outputs, "  evidence: []\n")]);
    let chain = ["compose", &silent, "contracts/qa-to-release"];
    baton(&chain).shows(
        10,
        &["UNKNOWN — 1 of 1 link not proven", "outputs have no schema"],
    );
    baton(&[&chain[..], &["--format", "json"]].concat()).json(10, "composition");
}

#[test]
fn a_chain_has_two_contracts_at_least() {
    baton(&["compose", "contracts/qa-to-release"]).refuses(2, &["2"]);
}
