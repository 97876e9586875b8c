//! The signed note around a checkpoint: text, blank line, signature lines (C2SP signed-note).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::keys::{KeyError, SigningKey, VerifierKey};

/// Bytes in a signed note.
const NOTE_BYTES_MAX: usize = 64 << 10;
/// Signatures on a note; the specification asks verifiers to accept at least 16.
const SIGNATURES_MAX: usize = 64;
/// What a signature line starts with: an em dash and a space.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A text with the signatures on it, none of them verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    // INVARIANT: ends with a newline and holds no other control character.
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name the key signs under.
    pub name: String,
    /// The key id.
    pub key_id: [u8; 4],
    /// The signature itself; its length depends on the signature type.
    pub signature: Vec<u8>,
}

/// A private key with the name it signs notes under.
pub struct NoteSigner<'a> {
    public: VerifierKey,
    key: &'a SigningKey,
}

impl<'a> NoteSigner<'a> {
    /// Returns a signer called `name`.
    ///
    /// # Errors
    /// When no note may be signed under this name.
    pub fn new(name: &str, key: &'a SigningKey) -> Result<Self, KeyError> {
        Ok(Self {
            public: VerifierKey::new(name, key.public_key())?,
            key,
        })
    }

    /// Returns the public half.
    pub fn public(&self) -> &VerifierKey {
        &self.public
    }
}

/// What a set of known keys says about one signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureState {
    /// A known key made it.
    Verified,
    /// A known key is named, and did not make it.
    Wrong,
    /// No known key has this name and id.
    Unknown,
}

/// Why bytes are not a signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// More bytes than a note may have.
    #[error("read the signed note: longer than {NOTE_BYTES_MAX} bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("read the signed note: not UTF-8")]
    NotUtf8,
    /// A control character other than a newline.
    #[error("read the signed note: a control character other than a newline")]
    ControlCharacter,
    /// No blank line between text and signatures.
    #[error("read the signed note: no blank line between text and signatures")]
    NoBlankLine,
    /// Nothing after the blank line.
    #[error("read the signed note: no signature")]
    NoSignature,
    /// A signature line is not written as the specification asks.
    #[error("read the signed note: signature {number} is not `\u{2014} name base64`")]
    SignatureLine {
        /// Which signature, from 1.
        number: usize,
    },
    /// More signatures than a note may have.
    #[error("read the signed note: more than {SIGNATURES_MAX} signatures")]
    TooManySignatures,
}

impl SignedNote {
    /// Returns the note in `bytes`.
    ///
    /// # Errors
    /// When the bytes depart in any way from C2SP signed-note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::ControlCharacter);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoBlankLine)?;
        if lines.is_empty() {
            return Err(NoteError::NoSignature);
        }
        let count = lines.split('\n').count();
        let mut signatures = Vec::new();
        for (at, line) in lines.split_inclusive('\n').enumerate() {
            let line = line
                .strip_suffix('\n')
                .and_then(read_signature)
                .ok_or(NoteError::SignatureLine { number: at + 1 })?;
            signatures.push(line);
        }
        if count > SIGNATURES_MAX + 1 {
            return Err(NoteError::TooManySignatures);
        }
        Ok(Self {
            text: format!("{text}\n"),
            signatures,
        })
    }

    /// Returns `text`, which must end with a newline, signed by each of `signers`.
    pub(super) fn sign(text: String, signers: &[NoteSigner<'_>]) -> Self {
        let signatures = signers
            .iter()
            .map(|signer| NoteSignature {
                name: signer.public().name().to_owned(),
                key_id: signer.public().hash(),
                signature: signer.key.sign(text.as_bytes()).to_vec(),
            })
            .collect();
        Self { text, signatures }
    }

    /// Returns the signed text with its final newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the signatures in the order they stand.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Returns what the known keys say about each signature, in the order they stand.
    pub fn states(&self, known: &[VerifierKey]) -> Vec<SignatureState> {
        self.signatures
            .iter()
            .map(|signature| self.state(signature, known))
            .collect()
    }

    fn state(&self, signature: &NoteSignature, known: &[VerifierKey]) -> SignatureState {
        let mut named = known
            .iter()
            .filter(|key| key.name() == signature.name && key.hash() == signature.key_id)
            .peekable();
        if named.peek().is_none() {
            SignatureState::Unknown
        } else if named.any(|key| {
            key.key()
                .verifies(self.text.as_bytes(), &signature.signature)
        }) {
            SignatureState::Verified
        } else {
            SignatureState::Wrong
        }
    }
}

impl std::fmt::Display for SignedNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let bytes = [signature.key_id.as_slice(), &signature.signature].concat();
            writeln!(
                f,
                "{SIGNATURE_MARK}{} {}",
                signature.name,
                STANDARD.encode(bytes)
            )?;
        }
        Ok(())
    }
}

fn read_signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (key_id, signature) = bytes.split_first_chunk::<4>()?;
    (is_key_name(name) && !signature.is_empty()).then(|| NoteSignature {
        name: name.to_owned(),
        key_id: *key_id,
        signature: signature.to_vec(),
    })
}

/// Whether C2SP signed-note allows a key of this name.
fn is_key_name(name: &str) -> bool {
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(is_foreign)
}
