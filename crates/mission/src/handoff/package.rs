//! What the lifecycle keeps of a package.

use baton_scoring::package::{Package, SenderKind};
use baton_terms::{Digest, Id};
use serde::{Deserialize, Serialize};

use super::read_set::{self, Fingerprint};
use super::terms::Terms;
use crate::authority::{Actor, ActorKind};

/// What a package says about itself, and digests of every place an approval may rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageFacts {
    /// Digest of its canonical form.
    pub digest: Digest,
    /// Contract it is for.
    pub contract: Id,
    /// Work item it belongs to.
    pub work_item: String,
    /// Role its sender claims.
    pub role: Id,
    /// Team its sender claims.
    pub team: Id,
    /// Kind of sender it claims.
    pub kind: ActorKind,
    /// Account it names as sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Principal it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Digest of every place that approvals under this contract rest on.
    pub places: Fingerprint,
}

impl PackageFacts {
    /// Returns what is kept of a package under a contract.
    pub fn of(package: &Package, terms: &Terms) -> Self {
        let sender = package.sender();
        let kind = match sender.kind {
            SenderKind::Human => ActorKind::Person,
            SenderKind::Agent => ActorKind::Agent,
        };
        Self {
            digest: package.digest(),
            contract: package.contract().clone(),
            work_item: package.work_item().to_owned(),
            role: sender.role.clone(),
            team: sender.team.clone(),
            kind,
            actor: sender.actor.clone(),
            on_behalf_of: sender.on_behalf_of.clone(),
            places: read_set::fingerprint(package.document(), terms.places()),
        }
    }

    /// Returns the first thing the package says about its sender that the credential does not bear out.
    pub fn misattributed(&self, actor: &Actor) -> Option<(&'static str, String)> {
        let names_other = |named: &Option<String>, is: &str| {
            named
                .as_deref()
                .filter(|named| *named != is)
                .map(str::to_owned)
        };
        let principal = actor.on_behalf_of.last().map_or("", |last| last.as_str());
        if !actor.roles.contains(&self.role) {
            Some(("role", self.role.to_string()))
        } else if self.team != actor.team {
            Some(("team", self.team.to_string()))
        } else if self.kind != actor.kind {
            Some(("kind", format!("{:?}", self.kind).to_lowercase()))
        } else if let Some(named) = names_other(&self.actor, actor.principal.as_str()) {
            Some(("actor", named))
        } else {
            names_other(&self.on_behalf_of, principal).map(|named| ("on_behalf_of", named))
        }
    }
}
