//! What a token grants: who its holder is and what the token is good for.

use std::collections::BTreeSet;

use baton_mission::authority::{Actor, ActorKind, DELEGATION_MAX, ROLES_MAX, Scope};
use baton_mission::names::Principal;
use baton_terms::Id;
use serde::{Deserialize, Serialize};

/// Days a token lives at most.
pub const TOKEN_DAYS_MAX: u32 = 366;
/// Roles one token grants at most.
pub const ROLES_GRANTED_MAX: usize = ROLES_MAX;

/// Who the holder of a token is, and what it is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The account.
    pub principal: Principal,
    /// Its kind.
    pub kind: ActorKind,
    /// Whom it acts for, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_behalf_of: Vec<Principal>,
    /// Its team.
    pub team: Id,
    /// Its roles.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Id>,
    /// What the token is good for.
    pub scopes: BTreeSet<Scope>,
}

/// A grant that no token may carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("make the token: {why}")]
pub struct GrantError {
    why: String,
}

impl GrantError {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl Grant {
    /// Checks what every use of the token would be refused for.
    pub(super) fn check(&self) -> Result<(), GrantError> {
        if self.kind == ActorKind::Engine {
            return Err(GrantError::new("only Baton itself acts as the engine"));
        }
        if self.scopes.is_empty() {
            return Err(GrantError::new(
                "it would be good for nothing: give it a scope",
            ));
        }
        if self.kind == ActorKind::Agent && self.on_behalf_of.is_empty() {
            return Err(GrantError::new(
                "an agent acts for somebody: name whom, with on-behalf-of",
            ));
        }
        if self.roles.len() > ROLES_GRANTED_MAX {
            return Err(GrantError::new(format!(
                "it grants more than {ROLES_GRANTED_MAX} roles"
            )));
        }
        self.check_chain()
    }

    fn check_chain(&self) -> Result<(), GrantError> {
        let chain: Vec<&Principal> = std::iter::once(&self.principal)
            .chain(&self.on_behalf_of)
            .collect();
        if chain.len() > DELEGATION_MAX {
            return Err(GrantError::new(format!(
                "{} accounts stand behind each other; at most {DELEGATION_MAX} may",
                chain.len()
            )));
        }
        let repeated = chain.iter().enumerate().find(|(at, principal)| {
            let mut before = chain.iter().take(*at);
            before.any(|other| principal.passes_for(other))
        });
        repeated.map_or(Ok(()), |(_, principal)| {
            Err(GrantError::new(format!(
                "`{principal}` would act for itself, or for one that could pass for it"
            )))
        })
    }

    /// Returns the one who acts with the token.
    pub fn actor(&self) -> Actor {
        Actor {
            principal: self.principal.clone(),
            kind: self.kind,
            on_behalf_of: self.on_behalf_of.clone(),
            team: self.team.clone(),
            roles: self.roles.clone(),
            scopes: self.scopes.clone(),
        }
    }
}
