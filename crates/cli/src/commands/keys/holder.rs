//! Who holds a key, as arguments say it.

use baton_evidence::keys::{Entry, Kind, PublicKey};
use baton_terms::{Id, Instant};
use clap::{Args, ValueEnum};

/// A key's name and holder.
#[derive(Debug, Args)]
pub(super) struct Holder {
    /// What people call the key.
    #[arg(long)]
    pub(super) name: Id,
    /// Who holds it; the name when left out.
    #[arg(long)]
    identity: Option<String>,
    /// What kind of party holds it.
    #[arg(long, value_enum, default_value_t = HolderKind::Human)]
    kind: HolderKind,
    /// Roles the holder signs in.
    #[arg(long = "role")]
    roles: Vec<Id>,
    /// First instant at which it no longer counts.
    #[arg(long)]
    valid_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HolderKind {
    /// A person.
    Human,
    /// An AI agent.
    Agent,
    /// A machine without judgment, such as a build service.
    Service,
}

impl From<HolderKind> for Kind {
    fn from(kind: HolderKind) -> Self {
        match kind {
            HolderKind::Human => Self::Human,
            HolderKind::Agent => Self::Agent,
            HolderKind::Service => Self::Service,
        }
    }
}

impl Holder {
    /// Returns the keyring's entry of the holder's key.
    pub(super) fn entry(&self, public_key: PublicKey) -> Entry {
        let identity = self.identity.clone();
        Entry {
            name: self.name.clone(),
            identity: identity.unwrap_or_else(|| self.name.to_string()),
            public_key,
            kind: self.kind.into(),
            roles: self.roles.clone(),
            valid_from: None,
            valid_until: self.valid_until,
            revoked_at: None,
        }
    }
}
