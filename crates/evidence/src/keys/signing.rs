//! Private keys, which sign and never show themselves.

use ed25519_dalek::{
    Signer as _,
    pkcs8::{
        DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, spki::der::pem::LineEnding,
    },
};

use super::{KeyError, PublicKey};

/// An Ed25519 private key; `Debug` shows only the id of its public key.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Returns the key of a 32-byte seed (RFC 8032 section 5.1.5), which the caller drew at random.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads an unencrypted key in PEM (`BEGIN PRIVATE KEY`, RFC 8410 section 7).
    ///
    /// # Errors
    /// When the text is anything else, or its public half is not that of its private half.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        ed25519_dalek::SigningKey::from_pkcs8_pem(text)
            .map(Self)
            .map_err(|_| KeyError::NotPrivatePem)
    }

    /// Returns the key in PEM. The text is the secret itself: write it where only its owner reads.
    ///
    /// The public half is left out, because many readers know only that first version of PKCS #8.
    pub fn to_secret_pem(&self) -> String {
        let bytes = KeypairBytes {
            secret_key: self.0.to_bytes(),
            public_key: None,
        };
        // Encoding 48 fixed bytes cannot fail; an empty text would be refused by every reader.
        bytes
            .to_pkcs8_pem(LineEnding::LF)
            .map(|pem| pem.to_string())
            .unwrap_or_default()
    }

    /// Returns the public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::of(&self.0)
    }

    /// Returns the signature of `message`; the same bytes every time (RFC 8032 section 5.1.6).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey(secret of {})", self.public_key().id())
    }
}
