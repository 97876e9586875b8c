//! `baton propose`, on what `baton mine` says of the generated log of `examples/requests`.

use std::path::Path;

use super::{Ran, baton_in, repository};

/// A contract of the requests' handovers; its teams hand over the area and the urgency.
const CONTRACT: &str = r#"baton: contract/v1
name: request
version: 1.0.0
title: Request to the next team
purpose: Hand a request to the next team so that it can be taken up.
owner: {team: product}
from: {role: team, kind: any}
to: {role: next, kind: any}
outcomes:
  - {id: bounced, metric: bounce-rate, unit: basis-points, direction: lower, baseline: measure, target: 500, window: 90d, minimum_sample: 20}
inputs:
  schema:
    type: object
    additionalProperties: false
    required: [from, to, returned]
    properties:
      from: {type: string, maxLength: 100}
      to: {type: string, maxLength: 100}
      returned: {type: boolean}
      area: {type: string, maxLength: 100}
      urgency: {type: string, maxLength: 100}
      criteria: {type: string, maxLength: 100}
dimensions:
  - {id: clarity, title: Clarity, weight: 1}
clauses:
  - id: schema-valid
    title: The package can be read
    dimension: clarity
    weight: 5
    severity: blocker
    check: schema
    because: Other clauses read these fields.
    fix: Fill in the fields.
    effort: 1
  - id: unchanged
    title: What was approved is what is handed over
    dimension: clarity
    weight: 1
    severity: blocker
    check: unchanged-since-approval
    because: An approval counts for exactly the package that was looked at.
    fix: Ask for approval of this package.
    effort: 1

thresholds: {ready_min: 7000, review_min: 5000, review_risk: 6000, critical_risk: 8000}
gates:
  - id: human-impact
    kind: approval
    when: context.risk_tier == "high"
    approvers: [reviewer]
    quorum: 1
    separation: [not-sender]
    decided_by: people
    because: Work that can hurt people is looked at by somebody else.
"#;

const FIELDS: &str = "baton: package-fields/v1\ncontract: request\nrole: team\npayload:\n\
    \x20 from: {fact: from}\n  to: {fact: to}\n  returned: {fact: was-here}\n  area: {column: area}\n  urgency: {column: urgency}\n\
    \x20 criteria: {column: criteria}\n";

fn propose(folder: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["propose", "why.json", "--contract", "contract.yaml"];
    arguments.extend(["--fields", "fields.yaml"]);
    arguments.extend(more);
    baton_in(folder, &arguments)
}

#[test]
fn a_mining_report_becomes_a_change_of_a_contract() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let example = repository().join("examples/requests");
    let log = example.join("requests.csv");
    let mapping = example.join("requests.yaml");
    let mut arguments = vec!["mine", log.to_str().unwrap()];
    arguments.extend(["--mapping", mapping.to_str().unwrap()]);
    arguments.extend(["--depth", "1", "--resamples", "0", "--at", "event=built"]);
    arguments.extend(["--format", "json", "--out", "why.json"]);
    baton_in(folder, &arguments).shows(0, &[]);
    std::fs::write(folder.join("contract.yaml"), CONTRACT).unwrap();
    std::fs::write(folder.join("fields.yaml"), FIELDS).unwrap();

    let found = propose(folder, &["--format", "json"]).json(0, "proposals");
    assert_eq!(found["contract"], "request");
    assert_eq!(found["candidates"][0]["expect"], "!package.returned");
    propose(folder, &[]).shows(0, &["--- contract.yaml", "+  - id: ", "association"]);
    let page = propose(folder, &["--format", "markdown"]);
    page.shows(0, &["```diff\n--- contract.yaml\n+++ contract.yaml\n@@ "]);
    assert_eq!(
        std::fs::read_to_string(folder.join("contract.yaml")).unwrap(),
        CONTRACT
    );

    let other = FIELDS.replace("contract: request", "contract: other");
    std::fs::write(folder.join("fields.yaml"), other).unwrap();
    propose(folder, &[]).refuses(20, &["E1406", "for `request`"]);
    std::fs::write(folder.join("why.json"), "{}").unwrap();
    propose(folder, &[]).refuses(1, &["E1210"]);
}
