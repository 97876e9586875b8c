//! Any JSON as a package: it is refused with reasons, or checked against a shipped contract into a
//! scorecard that is the same for the same package, reads back, and explains itself.

#![no_main]

use std::{collections::BTreeMap, sync::LazyLock};

use baton_contract::document::Document;
use baton_evidence::{
    json::{Limits, read},
    keys::Keyring,
};
use baton_scoring::{
    CheckedContract, Inputs,
    evidence::{Artifact, Available},
    explain,
    facts::{Context, History},
    package::Package,
    waivers::Waivers,
    wire::{Posture, Scorecard},
};
use baton_terms::{Instant, Source};

static CONTRACT: LazyLock<CheckedContract> = LazyLock::new(|| {
    let text = include_str!("../../contracts/requirements-to-engineering/contract.yaml");
    let mut document = Document::alone(Source::new("contract.yaml", text));
    for (name, text) in [
        (
            "package.schema.json",
            include_str!("../../contracts/requirements-to-engineering/package.schema.json"),
        ),
        (
            "outputs.schema.json",
            include_str!("../../contracts/requirements-to-engineering/outputs.schema.json"),
        ),
    ] {
        document
            .files
            .insert(name.to_owned(), Source::new(name, text));
    }
    CheckedContract::compile(&document.read()).expect("the shipped contract is sound")
});
static KEYS: LazyLock<Keyring> = LazyLock::new(|| Keyring::new([]));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = read(bytes, Limits::PACKAGE) else {
        return;
    };
    match Package::read(document) {
        Ok(package) => check(&package),
        Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
    }
});

fn check(package: &Package) {
    let as_of: Instant = "2026-11-16T09:00:00Z".parse().expect("an instant");
    let artifacts: BTreeMap<String, Artifact> = package
        .evidence()
        .iter()
        .map(|evidence| (evidence.id.to_string(), Artifact::Bytes(b"{}".to_vec())))
        .collect();
    let available = Available {
        artifacts: &artifacts,
        keyring: &KEYS,
        as_of,
    };
    let context = Context::at(as_of);
    let inputs = Inputs {
        package,
        evidence: &CONTRACT.evidence_index(package, &context, &available),
        waivers: &Waivers::default(),
        history: &History::default(),
        context: &context,
    };
    let Ok(scorecard) = CONTRACT.check(&inputs) else {
        assert!(
            !CONTRACT.accept(package).is_empty(),
            "refused without a reason"
        );
        return;
    };
    let bytes = scorecard
        .to_bytes()
        .expect("a scorecard has a canonical form");
    let again: Scorecard<'_> = serde_json::from_slice(&bytes).expect("a scorecard reads back");
    assert_eq!(again, scorecard);
    let path = explain::shortest_path(&scorecard, &CONTRACT);
    let is_ready = scorecard.posture == Posture::Ready;
    assert_eq!(scorecard.causes.is_empty(), is_ready, "{path:?}");
}
