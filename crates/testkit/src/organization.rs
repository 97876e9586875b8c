//! A small organization around one contract: people, packages and the contract they work under.

use baton_contract::document::Document;
use baton_engine::handoff::ContractForm;
use baton_mission::authority::{Actor, ActorKind, Scope};
use baton_terms::Source;
use serde_json::{Value, json};

/// The contract of the lifecycle's own tests: two gates, deadlines, a calendar, a ladder, retries and rollback.
pub const CONTRACT: &str = include_str!("../../mission/tests/handoff/contract.yaml");
/// Approvals that each gate of [`CONTRACT`] needs.
pub const QUORUMS: [(&str, usize); 2] = [("product", 1), ("safety", 2)];
/// A Monday morning.
pub const START: &str = "2026-11-23T09:00:00Z";

/// Returns the normal form of a contract.
///
/// # Panics
/// When the contract cannot be read.
#[expect(
    clippy::expect_used,
    reason = "a test with a broken contract should stop"
)]
pub fn form(contract: &str) -> ContractForm {
    let reading = Document::alone(Source::new("contract", contract)).read();
    ContractForm::of(&reading.normal_form().expect("a contract that can be read"))
}

/// Returns an actor from `name/kind/team/roles/scopes`, lists separated by `+`; further names are those acted for.
///
/// # Panics
/// When the card is not of that form.
#[expect(
    clippy::expect_used,
    reason = "a test that writes a card wrongly should stop"
)]
pub fn actor(card: &str) -> Actor {
    let mut parts = card.split('/');
    let mut list = || -> Vec<String> {
        let items = parts.next().unwrap_or_default().split('+');
        let items = items.filter(|item| !item.is_empty());
        items.map(str::to_owned).collect()
    };
    let (names, kind, team, roles, scopes) = (list(), list(), list(), list(), list());
    let mut names = names.iter().map(|name| name.parse().expect("a name"));
    Actor {
        principal: names.next().expect("a name"),
        on_behalf_of: names.collect(),
        kind: match kind.concat().as_str() {
            "agent" => ActorKind::Agent,
            "engine" => ActorKind::Engine,
            _ => ActorKind::Person,
        },
        team: team.concat().parse().expect("a team"),
        roles: roles
            .iter()
            .map(|role| role.parse().expect("a role"))
            .collect(),
        scopes: scopes.iter().map(|scope| scope_of(scope)).collect(),
    }
}

fn scope_of(word: &str) -> Scope {
    match word {
        "submit" => Scope::Submit,
        "approve" => Scope::Approve,
        "operate" => Scope::Operate,
        "admin" => Scope::Admin,
        _ => Scope::Read,
    }
}

/// Returns a package of a title for a work item, complete but for what `changes` say otherwise about its payload.
pub fn package(work_item: &str, title: &str, changes: &Value) -> Vec<u8> {
    let mut payload = json!({"title": title, "states": ["empty", "full", "error"]});
    if let (Some(payload), Some(changes)) = (payload.as_object_mut(), changes.as_object()) {
        payload.extend(changes.clone());
    }
    let document = json!({
        "baton": "package/v1",
        "contract": {"name": "design-to-build"},
        "work_item": work_item,
        "sender": {"role": "designer", "team": "design", "kind": "human"},
        "risk_tier": "low",
        "payload": payload,
    });
    document.to_string().into_bytes()
}
