//! What the sample says of itself.

use std::fmt::Write as _;

use serde_json::json;

use super::files::{AS_OF, FORMAT, HANDOFF, Seed};
use super::packages::MadePackage;

/// Returns the page that opens the sample.
pub(super) fn page(seed: Seed, packages: &[MadePackage], causes: &[String]) -> String {
    let seed = seed.0;
    let mut page = format!(
        "# A made-up organization\n\n\
         `baton sample --seed {seed}` made everything in this folder up. No person, team, work item or event in it is real, and the\n\
         signatures under `packages` are made with demonstration keys that anyone has. The same seed gives the same bytes everywhere.\n\n\
         ## Check packages\n\n"
    );
    for package in packages {
        let state = match &package.defect {
            None => "ready".to_owned(),
            Some(defect) => defect.to_string(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "- `{}`: {state}", package.path);
    }
    if let Some(package) = packages.iter().find(|package| package.defect.is_some()) {
        let _ = write!(
            page,
            "\n```console\n$ baton check --contract {} --package {} --keyring keyring.json --as-of {AS_OF}\n```\n",
            package.contract, package.path
        );
    }
    page.push_str(
        "\n## Find out why work fails\n\n```console\n$ baton import events.csv --mapping events.yaml\n\
         $ baton mine events.csv --mapping events.yaml\n```\n\nTwo causes are planted, and nothing else makes work fail:\n\n",
    );
    for cause in causes {
        let _ = writeln!(page, "- {cause}");
    }
    page.push_str(
        "\nUrgent work comes back more often too, but only since most of what comes in over that channel is urgent.\n\n\
         ## Ask for more before work is handed over\n\n```console\n\
         $ baton mine events.csv --mapping events.yaml --format json --out why.json\n",
    );
    // Writing to a string cannot fail.
    let _ = writeln!(
        page,
        "$ baton propose why.json --contract {HANDOFF} --fields {HANDOFF}/fields.yaml\n```"
    );
    page
}

/// Returns what is planted, for machines.
pub(super) fn planted(seed: Seed, packages: &[MadePackage], causes: &[String]) -> Vec<u8> {
    let package = |package: &MadePackage| {
        json!({
            "path": package.path,
            "contract": package.contract,
            "defect": package.defect.as_ref().map(ToString::to_string),
        })
    };
    let document = json!({
        "baton": FORMAT,
        "made_up": true,
        "seed": seed.0,
        "as_of": AS_OF,
        "packages": packages.iter().map(package).collect::<Vec<_>>(),
        "causes": causes,
    });
    let mut text = format!("{document:#}");
    text.push('\n');
    text.into_bytes()
}
