//! Where well-known tools fail open, and what Baton does there instead: one test per row that needs
//! no server. The full list is part of the design of handoff contracting.
#![expect(
    clippy::unwrap_used,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(
    clippy::panic,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(clippy::indexing_slicing, reason = "documents here have a known form")]

mod common;

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_contract::model::{GateExpiry, NoData};
use baton_evidence::json::{self, Limits};
use baton_evidence::keys::Keyring;
use baton_scoring::CheckedContract;
use baton_scoring::attest;
use baton_scoring::evidence::{Artifact, Available, State};
use baton_scoring::package::Package;
use baton_scoring::wire::{FindingState, GateState, Posture, Rule, Scorecard};
use baton_terms::{Digest, Source};
use serde_json::{Value, json};

fn payload() -> Value {
    json!({"n": 1, "flag": false, "list": []})
}

/// Codes of everything that keeps a contract from being used.
fn problems(contract: &Value) -> Vec<String> {
    let reading = Document::alone(Source::new("contract", contract.to_string())).read();
    let problems = CheckedContract::compile(&reading).err().unwrap_or_default();
    problems
        .iter()
        .map(|p| format!("{} {}", p.place.pointer, p.found))
        .collect()
}

fn rollout() -> Value {
    json!({
        "flag": "generated", "stages": [{"percent": 100}],
        "bucketing": {"unit": "team", "algorithm": "sha256-modulo-v1"},
        "analysis": [{"metric": "bounce-rate", "bound": "not-worse-by", "margin": 0, "minimum_sample": 30}],
    })
}

// spec: SCORING-26
#[test]
fn pact_broker_nothing_checked_is_never_a_pass() {
    let mut contract = common::contract(&json!([]));
    contract["thresholds"] = json!({"ready_min": 0, "review_min": 0});
    let never = common::clause(
        "never",
        &json!({"expect": "true", "when": "package.n > 5000"}),
    );
    let mut inapplicable = contract.clone();
    inapplicable["clauses"] = json!([never]);
    for contract in [contract, inapplicable] {
        let parsed = common::plain(contract, &payload()).parse();
        let scorecard = parsed.check();
        assert_eq!(
            (scorecard.posture, scorecard.score),
            (Posture::Review, None)
        );
        assert!(
            scorecard
                .causes
                .iter()
                .any(|cause| cause.rule == Rule::NothingChecked)
        );
    }
}

#[test]
fn argo_no_data_holds() {
    assert_eq!(NoData::from_word("advance"), None);
    let words: Vec<_> = NoData::WORDS.iter().map(|(word, _)| *word).collect();
    assert_eq!(words, ["hold", "roll-back"]);
    let mut contract = common::contract(&json!([]));
    contract["rollout"] = rollout();
    let compiled = common::compile(&contract.to_string());
    assert_eq!(
        compiled.contract().rollout.as_ref().unwrap().no_data,
        NoData::Hold
    );
    contract["rollout"]["no_data"] = json!("advance");
    assert!(problems(&contract)[0].starts_with("/rollout/no_data"));
}

#[test]
fn wave_expiry_cannot_approve() {
    assert_eq!(GateExpiry::from_word("approve"), None);
    let mut contract = common::contract(&json!([]));
    contract["gates"] = json!([{
        "id": "go", "kind": "approval", "because": "It matters.", "approvers": ["lead"],
        "quorum": 1, "expires": "3bd", "on_expiry": "approve",
    }]);
    assert_eq!(problems(&contract), ["/gates/0/on_expiry text `approve`"]);
}

// spec: SCORING-18
#[test]
fn github_environments_quorum_and_separation_are_explicit() {
    let mut contract = common::contract(&json!([]));
    contract["gates"] = json!([{
        "id": "go", "kind": "approval", "because": "It matters.", "approvers": ["lead", "legal"],
        "quorum": 2, "of": 3, "separation": ["not-sender", "not-sender-team"],
    }]);
    let parsed = common::plain(contract, &payload()).parse();
    let gate = serde_json::to_value(&parsed.check().gates[0]).unwrap();
    assert_eq!(gate["state"], "open");
    assert_eq!((&gate["quorum"], &gate["of"]), (&json!(2), &json!(3)));
    assert_eq!(gate["separation"], json!(["not-sender", "not-sender-team"]));
    assert_eq!(gate["decided_by"], "people");
}

// spec: SCORING-60
#[test]
fn camunda_the_decision_names_what_was_decided_on_what() {
    let clause = common::clause("a", &json!({"expect": "true"}));
    let parsed = common::plain(common::contract(&json!([clause])), &payload()).parse();
    let scorecard = parsed.check();
    let statement = attest::decision(&scorecard).unwrap();
    assert_eq!(
        statement.subjects[0].digest(),
        Some(parsed.package.digest())
    );
    let digest = scorecard.digest().unwrap().to_string();
    assert_eq!(statement.predicate["scorecard"]["digest"], json!(digest));
    assert_eq!(statement.predicate["posture"], "review");
    let digest = parsed.contract.digest().to_string();
    assert_eq!(statement.predicate["contract"]["digest"], json!(digest));
}

// spec: SCORING-30
// spec: SCORING-32
#[test]
fn temporal_pinned_digest_and_semantics_version() {
    let clause = common::clause("a", &json!({"expect": "package.n > 0"}));
    let mut contract = common::contract(&json!([clause]));
    let first = common::plain(contract.clone(), &payload()).parse();
    let scorecard = serde_json::to_value(first.check()).unwrap();
    assert_eq!(scorecard["semantics"], "1");
    contract["clauses"][0]["expect"] = json!("package.n > 1");
    let second = common::plain(contract, &payload()).parse();
    assert_ne!(first.contract.digest(), second.contract.digest());
    assert_eq!(
        scorecard["contract"]["digest"],
        json!(first.contract.digest())
    );
    let mut newer = scorecard;
    newer["semantics"] = json!("2");
    assert!(serde_json::from_value::<Scorecard<'_>>(newer).is_err());
}

#[test]
fn flagd_bucketing_algorithm_is_stored() {
    let mut contract = common::contract(&json!([]));
    contract["rollout"] = rollout();
    let compiled = common::compile(&contract.to_string());
    let rollout = compiled.contract().rollout.as_ref().unwrap();
    assert_eq!(rollout.bucketing_algorithm.as_str(), "sha256-modulo-v1");
    contract["rollout"]["bucketing"] = json!({"unit": "team"});
    assert!(problems(&contract)[0].starts_with("/rollout/bucketing"));
}

#[test]
fn jcs_colliding_keys_are_refused() {
    for text in [
        r#"{"baton": "package/v1", "risk_tier": "high", "risk_tier": "low"}"#,
        r#"{"risk_tier": "high", "risk\u005ftier": "low"}"#,
        r#"{"amount": 9007199254740993}"#,
    ] {
        assert!(
            json::read(text.as_bytes(), Limits::PACKAGE).is_err(),
            "{text}"
        );
    }
}

#[test]
fn datacontract_cli_evaluation_has_no_io() {
    for expression in [
        "env(\"TOKEN\") != \"\"",
        "file(\"/etc/passwd\").size() > 0",
        "http.get(\"http://169.254.169.254/\") != \"\"",
        "now() > context.as_of",
    ] {
        let clause = common::clause("a", &json!({"expect": expression}));
        let found = problems(&common::contract(&json!([clause])));
        assert!(
            found[0].starts_with("/clauses/0/expect"),
            "{expression}: {found:?}"
        );
    }
    let mut contract = common::contract(&json!([]));
    contract["inputs"]["schema"] = json!({"$ref": "https://example.org/schema.json"});
    assert!(problems(&contract)[0].starts_with("/inputs/schema"));
    // An address in a package is shown, never visited.
    let mut document = common::package(&payload());
    document["evidence"] = json!([{
        "id": "doc", "media_type": "text/plain", "digest": Digest::of(b"x").to_string(),
        "created_at": "2026-11-01T00:00:00Z", "uri": "http://169.254.169.254/latest",
    }]);
    let package = Package::read(document).unwrap();
    let parsed = common::plain(common::contract(&json!([])), &payload()).parse();
    let (artifacts, keyring) = (BTreeMap::new(), Keyring::default());
    let available = Available {
        artifacts: &artifacts,
        keyring: &keyring,
        as_of: parsed.context.as_of,
    };
    let index = parsed
        .contract
        .evidence_index(&package, &parsed.context, &available);
    assert_eq!(index.get("doc").unwrap().state, State::Unverifiable);
}

// spec: SCORING-27
#[test]
fn agent_sdks_the_sender_does_not_decide() {
    let mut document = common::package(&payload());
    document["posture"] = json!("ready");
    assert_eq!(
        Package::read(document).unwrap_err()[0].place.pointer,
        "/posture"
    );
    let clause = common::clause(
        "a",
        &json!({"expect": "package.n > 5", "severity": "blocker"}),
    );
    let claims =
        json!({"n": 1, "flag": true, "list": [], "posture": "ready", "verdict": "accepted"});
    let parsed = common::plain(common::contract(&json!([clause])), &claims).parse();
    let scorecard = parsed.check();
    assert_eq!(scorecard.posture, Posture::Critical);
    let rules: Vec<_> = scorecard.causes.iter().map(|cause| cause.rule).collect();
    assert_eq!(
        rules,
        [
            Rule::RiskAtCritical,
            Rule::ScoreBelowReviewMin,
            Rule::RiskAtReview,
            Rule::ScoreBelowReadyMin,
            Rule::DimensionUnknown,
        ]
    );
}

#[test]
fn manual_approval_authority_only_from_the_contract() {
    let mut contract = common::contract(&json!([]));
    contract["gates"] = json!([{
        "id": "go", "kind": "approval", "because": "It matters.", "approvers": ["lead"], "quorum": 1,
    }]);
    let claims = json!({"n": 1, "flag": true, "list": [], "approvers": ["ana"], "approved": true});
    let parsed = common::plain(contract, &claims).parse();
    let gate = &parsed.check().gates[0];
    assert_eq!(gate.approvers, ["lead"]);
    assert_eq!(gate.state, GateState::Open);
    let mut document = common::package(&claims);
    document["approvers"] = json!(["ana"]);
    assert_eq!(
        Package::read(document).unwrap_err()[0].place.pointer,
        "/approvers"
    );
}

// spec: SCORING-8
#[test]
fn in_toto_mismatch_is_a_failure_not_a_warning() {
    let clause = common::clause(
        "evidence",
        &json!({"check": "evidence", "severity": "blocker"}),
    );
    let mut case = common::plain(common::contract(&json!([clause])), &payload());
    case.package["evidence"] = json!([{
        "id": "doc", "media_type": "text/plain", "digest": Digest::of(b"promised").to_string(),
        "created_at": "2026-11-01T00:00:00Z",
    }]);
    let mut parsed = case.parse();
    let artifacts = BTreeMap::from([("doc".to_owned(), Artifact::Bytes(b"delivered".to_vec()))]);
    let keyring = Keyring::default();
    let available = Available {
        artifacts: &artifacts,
        keyring: &keyring,
        as_of: parsed.context.as_of,
    };
    let index = parsed
        .contract
        .evidence_index(&parsed.package, &parsed.context, &available);
    assert_eq!(index.get("doc").unwrap().state, State::Mismatched);
    parsed.evidence = index;
    let scorecard = parsed.check();
    assert_eq!(scorecard.findings[0].state, FindingState::Failed);
    assert_eq!(scorecard.findings[0].places, ["/evidence/0"]);
    assert_eq!(scorecard.posture, Posture::Critical);
}

// spec: SCORING-15
#[test]
fn waivers_are_never_more_than_the_contract_allows() {
    let clause = |id: &str| common::clause(id, &json!({"expect": "false", "severity": "blocker"}));
    let mut case = common::plain(
        common::contract(&json!([clause("a"), clause("b")])),
        &payload(),
    );
    let waiver = |id: &str, clause: &str| {
        json!({
            "id": id, "contract": "generated", "clause": clause, "scope": {"team": "makers"},
            "reason": "Agreed.", "owner": "cleo", "approver": "bo", "expires": "2027-01-01T00:00:00Z",
        })
    };
    case.waivers["waivers"] = json!([waiver("w-1", "a"), waiver("w-2", "b")]);
    for (budget, waived) in [(None, 0), (Some(1), 0), (Some(2), 2)] {
        case.contract["budget"] = budget.map_or(json!({}), |budget| json!({"waivers": budget}));
        let parsed = case.parse();
        let scorecard = parsed.check();
        let found = scorecard
            .findings
            .iter()
            .filter(|f| f.state == FindingState::Waived);
        assert_eq!(found.count(), waived, "{budget:?}");
        assert_eq!(scorecard.waivers_refused.len(), 2 - waived, "{budget:?}");
    }
}
