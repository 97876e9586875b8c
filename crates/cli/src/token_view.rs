//! Tokens as people and programs see them: everything but their secrets.

use std::fmt::Write as _;

use baton_engine::access::Token;
use baton_mission::authority::{ActorKind, Scope};
use baton_report::plain;
use baton_terms::Instant;
use serde_json::{Value, json};

/// What `baton token list --format json` prints.
pub(crate) const SCHEMA: &str = include_str!("token_list_v1.schema.json");

/// Whether a token counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenState {
    /// It does.
    Active,
    /// It ran out.
    Expired,
    /// It was taken back.
    Revoked,
}

/// Returns whether a token counts.
pub(crate) fn state_of(token: &Token, now: Instant) -> TokenState {
    match token.revoked {
        Some(_) => TokenState::Revoked,
        None if now >= token.expires => TokenState::Expired,
        None => TokenState::Active,
    }
}

fn word(state: TokenState) -> &'static str {
    match state {
        TokenState::Active => "active",
        TokenState::Expired => "expired",
        TokenState::Revoked => "revoked",
    }
}

fn kind_word(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Agent => "agent",
        ActorKind::Engine => "engine",
    }
}

fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Submit => "submit",
        Scope::Approve => "approve",
        Scope::Operate => "operate",
        Scope::Admin => "admin",
    }
}

/// Returns tokens one below the other.
pub(crate) fn table(tokens: &[Token], now: Instant) -> String {
    if tokens.is_empty() {
        return "no tokens\n".to_owned();
    }
    let mut text = String::new();
    for token in tokens {
        let grant = &token.grant;
        let scopes: Vec<&str> = grant.scopes.iter().copied().map(scope_word).collect();
        let roles: Vec<&str> = grant.roles.iter().map(baton_terms::Id::as_str).collect();
        let behind: Vec<&str> = grant
            .on_behalf_of
            .iter()
            .map(baton_mission::names::Principal::as_str)
            .collect();
        let behind = if behind.is_empty() {
            String::new()
        } else {
            format!(" for {}", behind.join(", "))
        };
        let roles = if roles.is_empty() {
            "no role".to_owned()
        } else {
            roles.join(", ")
        };
        let head = format!(
            "{}  {}  {} {}{behind}",
            token.id,
            word(state_of(token, now)),
            kind_word(grant.kind),
            grant.principal,
        );
        let rest = format!(
            "team {}, {roles}; may {}; expires {}",
            grant.team,
            scopes.join(", "),
            token.expires
        );
        let _ = writeln!(text, "{}\n  {}", plain(&head), plain(&rest));
    }
    text
}

/// Returns a token for programs.
pub(crate) fn json_of(token: &Token, now: Instant) -> Value {
    let grant = &token.grant;
    let scopes: Vec<&str> = grant.scopes.iter().copied().map(scope_word).collect();
    json!({
        "id": token.id.as_str(),
        "state": word(state_of(token, now)),
        "principal": grant.principal,
        "kind": kind_word(grant.kind),
        "on_behalf_of": grant.on_behalf_of,
        "team": grant.team,
        "roles": grant.roles,
        "scopes": scopes,
        "created": token.created,
        "expires": token.expires,
        "revoked": token.revoked,
    })
}
