//! Verifier keys of signed notes (c2sp.org/signed-note), one line of text: `<name>+<hash>+<base64>`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use super::{KeyError, PublicKey};

/// The signature type of plain Ed25519.
const ED25519: u8 = 0x01;

/// A public key under the name it signs notes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    // INVARIANT: not empty, without white space, control characters or `+`.
    name: String,
    key: PublicKey,
}

impl VerifierKey {
    /// Returns the key under a name.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn new(name: impl Into<String>, key: PublicKey) -> Result<Self, KeyError> {
        let name = name.into();
        let is_foreign = |letter: char| letter.is_whitespace() || letter.is_control();
        if name.is_empty() || name.contains('+') || name.contains(is_foreign) {
            return Err(KeyError::NotNoteName);
        }
        Ok(Self { name, key })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Returns the key hash: the first 4 bytes of SHA-256 over name, line feed, type and key.
    pub fn hash(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(self.key.as_bytes());
        let digest: [u8; 32] = hasher.finalize().into();
        digest.first_chunk().copied().unwrap_or_default()
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(self.key.as_bytes());
        let hash = u32::from_be_bytes(self.hash());
        let encoded = BASE64_STANDARD.encode(typed);
        write!(f, "{}+{hash:08x}+{encoded}", self.name)
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The base64 part may hold `+` itself, so only the first two separate.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(KeyError::NotVerifierKey);
        };
        let typed = BASE64_STANDARD
            .decode(encoded)
            .map_err(|_| KeyError::NotVerifierKey)?;
        let Some((&ED25519, bytes)) = typed.split_first() else {
            return Err(KeyError::NotVerifierKey);
        };
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyError::NotVerifierKey)?;
        let verifier = Self::new(name, PublicKey::from_bytes(bytes)?)?;
        if format!("{:08x}", u32::from_be_bytes(verifier.hash())) != hash {
            return Err(KeyError::NotVerifierKey);
        }
        Ok(verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the signed-note implementation's published examples.
    const EXAMPLE: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    // spec: EVIDENCE-37
    #[test]
    fn the_published_example_reads_and_prints_the_same() {
        let verifier: VerifierKey = EXAMPLE.parse().unwrap();
        assert_eq!(verifier.name(), "PeterNeumann");
        assert_eq!(verifier.hash(), [0xc7, 0x4f, 0x20, 0xa3]);
        assert_eq!(verifier.to_string(), EXAMPLE);
    }

    // spec: EVIDENCE-37
    #[test]
    fn other_lines_are_refused() {
        for text in [
            "",
            "PeterNeumann",
            "PeterNeumann+c74f20a3",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq",
        ] {
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
        }
    }
}
