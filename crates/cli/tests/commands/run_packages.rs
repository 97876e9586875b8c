//! Missions on folders of packages: a signed approval and a validation report count for exactly what they are about.

use std::path::Path;

use super::run::sample;
use super::{Ran, baton, baton_in};

const MISSION: &str = "baton: mission/v1
id: qa
title: QA
capability: handoff-contracting
scope: Builds
oversight: lead
as_of: 2026-11-20T09:00:00Z
inputs:
  contract: sample/contracts/engineering-to-qa
  packages: sample/packages/engineering-to-qa
  keyring: sample/keyring.json
  validation: validation.json
needs: {validation: true, approvals: [{role: lead, signer: \"lea@*\"}]}
goals: [{id: ready, title: Ready, measure: share-ready, direction: higher, baseline: 0, target: 10, minimum_sample: 1}]
";

/// The made-up organization with a mission, and two people who have keys.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self { folder: sample() };
        world.write("qa.yaml", MISSION);
        for name in ["lea", "max"] {
            let identity = format!("--identity={name}@example.org");
            let arguments = [
                "keys",
                "generate",
                "--name",
                name,
                &identity,
                "--keyring=sample/keyring.json",
            ];
            baton_in(world.path(), &arguments).shows(0, &[]);
        }
        world
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn sign(&self, mission: &str, (name, role): (&str, &str), to: &str) {
        let key = format!("--key={name}.secret.pem");
        let arguments = ["run", mission, &key, "--role", role, "--sign-approval", to];
        baton_in(self.path(), &arguments).shows(0, &[]);
    }

    /// Runs the mission with an approval; long lines are not wrapped in what is returned.
    fn run(&self, approval: &str) -> Ran {
        let approval = format!("--approval={approval}");
        let ran = baton_in(self.path(), &["run", "qa.yaml", "--out=out", &approval]);
        let words: Vec<&str> = ran.answer.split_whitespace().collect();
        Ran {
            answer: words.join(" "),
            ..ran
        }
    }
}

#[test]
fn an_approval_and_a_validation_count_for_exactly_what_they_are_about() {
    let world = World::new();
    world.sign("qa.yaml", ("lea", "lead"), "lea.json");
    world.sign("qa.yaml", ("max", "lead"), "max.json");
    world.sign("qa.yaml", ("lea", "owner"), "owner.json");
    world.write("other.yaml", &format!("{MISSION}budget: {{rows: 9}}\n"));
    world.sign("other.yaml", ("lea", "lead"), "other.json");
    let tested = baton(&["test", "contracts/engineering-to-qa", "--format=json"]).answer;
    world.write("validation.json", &tested);
    for (approval, why) in [
        ("max.json", "may not sign"),
        ("owner.json", "another role than `lead`"),
        ("other.json", "about something else"),
        ("validation.json", "no approval given counts"),
    ] {
        let ran = world.run(approval);
        ran.shows(20, &["1 thing missing", "approval by `lead`", why]);
    }
    let failed = tested.replace("\"is_passed\": true", "\"is_passed\": false");
    let in_part = tested.replace("\"regression\"", "\"unit\"");
    for (report, why) in [
        (failed.as_str(), "did not pass"),
        (&in_part, "does not cover regression"),
        ("{}", "no report in it is about this digest"),
    ] {
        world.write("validation.json", report);
        let ran = world.run("lea.json");
        ran.shows(20, &["1 thing missing", "validation report", why]);
    }
    world.write("validation.json", &tested);
    let ran = world.run("lea.json");
    ran.shows(0, &["1 of 3 handoffs would have met", "1 of 1 outcome met"]);
    // What was approved is not what would be run now.
    let contract = "sample/contracts/engineering-to-qa/contract.yaml";
    let text = std::fs::read_to_string(world.path().join(contract)).unwrap();
    world.write(contract, &text.replace("max_age: 3d", "max_age: 4d"));
    let ran = world.run("lea.json");
    ran.shows(
        20,
        &[
            "2 things missing",
            "approval by `lead`",
            "about this digest",
        ],
    );
}
