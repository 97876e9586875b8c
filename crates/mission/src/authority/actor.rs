//! The one who acts, as the credential says it. No command carries an actor: a caller can't claim one.

use std::collections::BTreeSet;

use baton_terms::Id;
use serde::{Deserialize, Serialize};

use crate::names::Principal;

/// Principals in the longest chain of delegation, the actor included.
pub const DELEGATION_MAX: usize = 4;
/// Roles of one actor.
pub const ROLES_MAX: usize = 100;

/// What a credential is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Looking.
    Read,
    /// Acting for a party: sending and answering.
    Submit,
    /// Deciding gates and waivers.
    Approve,
    /// Running the lifecycle: checks, offers, timers, escalation, rollback.
    Operate,
    /// Everything that operating leaves out, such as releasing from quarantine.
    Admin,
}

/// What kind of account acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A person.
    Person,
    /// An AI agent, acting for a named principal.
    Agent,
    /// Baton itself.
    Engine,
}

/// The one who acts: taken from the credential by whoever checked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub principal: Principal,
    /// Its kind.
    pub kind: ActorKind,
    /// Whom it acts for, nearest first; the last one answers for it. Agents have at least one.
    pub on_behalf_of: Vec<Principal>,
    /// Its team.
    pub team: Id,
    /// Its roles.
    pub roles: BTreeSet<Id>,
    /// What the credential is good for.
    pub scopes: BTreeSet<Scope>,
}

/// What is recorded of an actor beside everything it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// The account.
    pub principal: Principal,
    /// Its kind.
    pub kind: ActorKind,
    /// Whom it acted for, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_behalf_of: Vec<Principal>,
    /// Its team.
    pub team: Id,
}

impl Actor {
    /// Returns what is recorded of it.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            principal: self.principal.clone(),
            kind: self.kind,
            on_behalf_of: self.on_behalf_of.clone(),
            team: self.team.clone(),
        }
    }
}

impl Stamp {
    /// Returns everyone who stands behind an act: the account and all it acted for.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        std::iter::once(&self.principal).chain(&self.on_behalf_of)
    }

    /// Returns whom the act counts for: the end of the delegation, or the account itself.
    pub fn answerable(&self) -> &Principal {
        self.on_behalf_of.last().unwrap_or(&self.principal)
    }

    /// Returns whether one of those behind this act is behind the other, or could pass for one.
    pub fn shares_principal_with(&self, other: &Self) -> bool {
        self.principals()
            .any(|own| other.principals().any(|theirs| own.passes_for(theirs)))
    }
}
