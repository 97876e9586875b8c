//! Public keys and their ids.

use baton_terms::{Digest, DigestError};
use ed25519_dalek::{
    Signature, VerifyingKey,
    pkcs8::{DecodePublicKey as _, EncodePublicKey as _, spki::der::pem::LineEnding},
};

/// DER of an Ed25519 `SubjectPublicKeyInfo` up to the key itself (RFC 8410 section 4).
const SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// Text or bytes that are not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a public key in PEM.
    #[error("read a public key: expected an Ed25519 key in PEM (`BEGIN PUBLIC KEY`)")]
    NotPublicPem,
    /// Not a private key in PEM.
    #[error("read a private key: expected an unencrypted Ed25519 key in PEM (`BEGIN PRIVATE KEY`)")]
    NotPrivatePem,
    /// Bytes that are no point of the curve, or one of small order for which anybody can sign.
    #[error("read a public key: the bytes are not a usable point of the curve")]
    NotUsable,
    /// Not a verifier key of a signed note.
    #[error("read a verifier key: expected `<name>+<hash>+<base64>` with the hash of that key")]
    NotVerifierKey,
    /// A name that cannot stand in a signed note.
    #[error("read a verifier key: expected a name without spaces, control characters or `+`")]
    NotNoteName,
}

/// The id of a key: the digest of its SPKI DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Digest);

impl KeyId {
    /// Returns the digest that is the id.
    pub fn digest(self) -> Digest {
        self.0
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for KeyId {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// An Ed25519 public key that is safe to verify with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(
    // INVARIANT: never of small order.
    VerifyingKey,
);

impl PublicKey {
    /// Returns the key whose compressed point is given.
    ///
    /// # Errors
    /// When the bytes are no point, or a point of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        VerifyingKey::from_bytes(bytes)
            .ok()
            .filter(|key| !key.is_weak())
            .map(Self)
            .ok_or(KeyError::NotUsable)
    }

    /// Returns the public half of a signing key, which is never of small order.
    pub(super) fn of(key: &ed25519_dalek::SigningKey) -> Self {
        Self(key.verifying_key())
    }

    /// Reads a key in PEM (`BEGIN PUBLIC KEY`, RFC 7468 section 13).
    ///
    /// # Errors
    /// When the text is anything else, or the key is not usable.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_public_key_pem(text).map_err(|_| KeyError::NotPublicPem)?;
        Self::from_bytes(key.as_bytes())
    }

    /// Returns the key in PEM, with line feeds.
    pub fn to_pem(&self) -> String {
        // Encoding 44 fixed bytes cannot fail; an empty text would be refused by every reader.
        self.0.to_public_key_pem(LineEnding::LF).unwrap_or_default()
    }

    /// Returns the compressed point.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Returns the key's id.
    pub fn id(&self) -> KeyId {
        let der: Vec<u8> = SPKI_PREFIX.iter().chain(self.as_bytes()).copied().collect();
        KeyId(Digest::of(&der))
    }

    /// Returns whether `signature` is this key's signature of `message`, by the strict rules.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}
