//! The keys a verifier trusts, whose they are, and their state at an instant.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, Id, Instant};

use super::{KeyId, PublicKey, wire};

/// What kind of party holds a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person.
    Human,
    /// An AI agent.
    Agent,
    /// A machine without judgement, such as a build service.
    Service,
}

impl Kind {
    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
            Self::Service => "service",
        }
    }
}

/// Whether a key counts at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// Its time has not come.
    NotYetValid {
        /// First instant at which it counts.
        from: Instant,
    },
    /// It counts.
    Valid,
    /// Its time is over.
    Expired {
        /// First instant at which it no longer counts.
        until: Instant,
    },
    /// It was taken back, whatever its times say.
    Revoked {
        /// When it was taken back.
        at: Instant,
    },
}

/// A key and its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What people call the key, such as `ana-laptop`.
    pub name: Id,
    /// Who holds it, such as `ana@example.com`.
    pub identity: String,
    /// The key.
    pub public_key: PublicKey,
    /// What kind of party holds it.
    pub kind: Kind,
    /// Roles the holder signs in.
    pub roles: Vec<Id>,
    /// First instant at which it counts; `None` for always.
    pub valid_from: Option<Instant>,
    /// First instant at which it no longer counts; `None` for never.
    pub valid_until: Option<Instant>,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
}

impl Entry {
    /// Returns the key's state at an instant. Revocation wins, because a signature carries no time
    /// that its holder could not have forged.
    pub fn state(&self, at: Instant) -> KeyState {
        if let Some(revoked) = self.revoked_at.filter(|revoked| *revoked <= at) {
            return KeyState::Revoked { at: revoked };
        }
        if let Some(from) = self.valid_from.filter(|from| at < *from) {
            return KeyState::NotYetValid { from };
        }
        match self.valid_until.filter(|until| *until <= at) {
            Some(until) => KeyState::Expired { until },
            None => KeyState::Valid,
        }
    }
}

/// Trusted keys by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyring {
    // INVARIANT: each entry stands under the id of its key.
    entries: BTreeMap<KeyId, Entry>,
}

impl Keyring {
    /// Reads a `keyring/v1` file.
    ///
    /// # Errors
    /// With every problem found.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        wire::parse(bytes)
    }

    /// Returns a keyring of entries; of two with the same key, the later one counts.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        let keyed = entries.into_iter();
        Self {
            entries: keyed.map(|entry| (entry.public_key.id(), entry)).collect(),
        }
    }

    /// Returns the file's canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::to_bytes(self)
    }

    /// Returns the entry of a key.
    pub fn get(&self, id: KeyId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Returns the entries in the order of their ids.
    pub fn entries(&self) -> impl Iterator<Item = (KeyId, &Entry)> {
        self.entries.iter().map(|(id, entry)| (*id, entry))
    }
}
