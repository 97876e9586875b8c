//! What verification of a bundle found wrong, each naming the entry, blob, envelope or key.

use baton_terms::{Code, Diagnostic, Digest};

use crate::trace::{self, Weight};

/// The codes of problems in bundles; each has a page in `docs/errors`.
pub mod codes {
    use baton_terms::Code;

    /// The file is not JSON, or of another kind or version.
    pub const UNREADABLE: Code = Code::new(770);
    /// The bytes are not the canonical form.
    pub const NOT_CANONICAL: Code = Code::new(771);
    /// A part does not have its shape.
    pub const SHAPE: Code = Code::new(772);
    /// What the bundle says of itself is not so.
    pub const CLAIM_DIFFERS: Code = Code::new(773);
    /// A blob that no entry names.
    pub const BLOB_UNNAMED: Code = Code::new(774);
    /// An attestation does not verify.
    pub const ATTESTATION_REFUSED: Code = Code::new(775);
    /// An attestation is about nothing in the trace.
    pub const ATTESTATION_UNRELATED: Code = Code::new(776);
    /// A key that comes with the bundle is not a trusted one.
    pub const KEY_UNTRUSTED: Code = Code::new(777);
    /// A trusted key has another holder in the bundle.
    pub const KEY_DIFFERS: Code = Code::new(778);
    /// The page around the bundle is not the one this version writes.
    pub const PAGE_DIFFERS: Code = Code::new(779);
    /// No trusted keys were given.
    pub const NO_TRUSTED_KEYS: Code = Code::new(780);
}

/// One thing verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A finding about the trace inside.
    Trace(trace::Finding),
    /// Not a bundle at all.
    Unreadable {
        /// Why.
        why: String,
    },
    /// Equal in value and different in bytes.
    NotCanonical {
        /// The first byte that differs.
        offset: usize,
    },
    /// A part is not what it must be.
    Shape {
        /// JSON Pointer of the part.
        pointer: String,
        /// What is expected there.
        expected: String,
    },
    /// A claim is not true.
    ClaimDiffers {
        /// Name of the claim.
        claim: String,
        /// What it says.
        claimed: String,
        /// What is so.
        found: String,
    },
    /// Bytes that no entry names.
    BlobUnnamed {
        /// Their digest.
        digest: Digest,
    },
    /// An attestation does not verify.
    AttestationRefused {
        /// Which, from 1.
        number: usize,
        /// Code of the first reason.
        reason: Code,
        /// The first reason.
        why: String,
        /// Whether its signer is unknown, or its bytes are wrong.
        weight: Weight,
    },
    /// An attestation is about nothing that entries name.
    AttestationUnrelated {
        /// Which, from 1.
        number: usize,
    },
    /// A key in the bundle that is not trusted.
    KeyUntrusted {
        /// Its name in the bundle.
        name: String,
        /// Its id.
        key_id: String,
    },
    /// A trusted key under another name or holder.
    KeyDiffers {
        /// Its name in the bundle.
        name: String,
        /// Its id.
        key_id: String,
    },
    /// The page around the data is not covered.
    PageDiffers,
    /// Only the keys inside the bundle were there to verify with.
    NoTrustedKeys,
}

impl Finding {
    /// Returns how much the finding matters.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Trace(finding) => finding.weight(),
            Self::AttestationRefused { weight, .. } => *weight,
            Self::AttestationUnrelated { .. }
            | Self::BlobUnnamed { .. }
            | Self::KeyUntrusted { .. }
            | Self::PageDiffers => Weight::Uncovered,
            Self::NoTrustedKeys => Weight::Untrusted,
            Self::Unreadable { .. }
            | Self::NotCanonical { .. }
            | Self::Shape { .. }
            | Self::ClaimDiffers { .. }
            | Self::KeyDiffers { .. } => Weight::Broken,
        }
    }

    /// Returns the stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Trace(finding) => finding.code(),
            Self::Unreadable { .. } => codes::UNREADABLE,
            Self::NotCanonical { .. } => codes::NOT_CANONICAL,
            Self::Shape { .. } => codes::SHAPE,
            Self::ClaimDiffers { .. } => codes::CLAIM_DIFFERS,
            Self::BlobUnnamed { .. } => codes::BLOB_UNNAMED,
            Self::AttestationRefused { .. } => codes::ATTESTATION_REFUSED,
            Self::AttestationUnrelated { .. } => codes::ATTESTATION_UNRELATED,
            Self::KeyUntrusted { .. } => codes::KEY_UNTRUSTED,
            Self::KeyDiffers { .. } => codes::KEY_DIFFERS,
            Self::PageDiffers => codes::PAGE_DIFFERS,
            Self::NoTrustedKeys => codes::NO_TRUSTED_KEYS,
        }
    }

    /// Returns the finding as readers see it.
    pub fn diagnostic(&self) -> Diagnostic {
        if let Self::Trace(finding) = self {
            return finding.diagnostic();
        }
        let message = self.to_string();
        let problem = match self.weight() {
            Weight::Uncovered => Diagnostic::warning(self.code(), message),
            Weight::Untrusted | Weight::Broken => Diagnostic::error(self.code(), message),
        };
        let (pointer, expected, found) = self.detail();
        problem
            .pointing_to(pointer)
            .expected(expected)
            .found(found)
            .hint(self.hint())
    }

    /// Returns where the finding is, what was expected there, and what was found.
    fn detail(&self) -> (String, String, String) {
        let detail = |pointer: String, expected: &str, found: &str| {
            (pointer, expected.to_owned(), found.to_owned())
        };
        let attestation = |number: usize| format!("/attestations/{}", number.saturating_sub(1));
        match self {
            Self::Trace(_) => Default::default(),
            Self::Unreadable { why } => detail(String::new(), "a bundle (`bundle/v1`)", why),
            Self::NotCanonical { offset } => detail(
                String::new(),
                "the canonical form (RFC 8785)",
                &format!("another form from byte {offset} on"),
            ),
            Self::Shape { pointer, expected } => {
                detail(pointer.clone(), expected, "something else")
            }
            Self::ClaimDiffers {
                claim,
                claimed,
                found,
            } => detail(format!("/claims/{claim}"), claimed, found),
            Self::BlobUnnamed { digest } => detail(
                format!("/blobs/{}", digest.hex()),
                "blobs that entries name",
                "one that none names",
            ),
            Self::AttestationRefused { number, why, .. } => {
                detail(attestation(*number), "an attestation that verifies", why)
            }
            Self::AttestationUnrelated { number } => detail(
                attestation(*number),
                "a subject that an entry names",
                "other subjects only",
            ),
            Self::KeyUntrusted { key_id, .. } => {
                detail("/keyring".to_owned(), "keys that are trusted", key_id)
            }
            Self::KeyDiffers { key_id, .. } => detail(
                "/keyring".to_owned(),
                "the holder that the trusted keyring names",
                &format!("another holder of {key_id}"),
            ),
            Self::PageDiffers => detail(
                String::new(),
                "the page that this version writes",
                "another page",
            ),
            Self::NoTrustedKeys => detail(
                "/keyring".to_owned(),
                "trusted keys, given apart from the bundle",
                "the keys inside only",
            ),
        }
    }

    fn hint(&self) -> &'static str {
        match self.weight() {
            Weight::Uncovered => {
                "verification says nothing about it; export the bundle again, or trust the key"
            }
            Weight::Untrusted => {
                "give a keyring obtained from the signers, not from where the bundle came from"
            }
            Weight::Broken => "ask for the bundle again, and refuse this one",
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trace(finding) => finding.fmt(f),
            Self::Unreadable { why } => write!(f, "not a bundle: {why}"),
            Self::NotCanonical { offset } => {
                write!(f, "not in canonical form from byte {offset} on")
            }
            Self::Shape { pointer, expected } => write!(f, "`{pointer}` is not {expected}"),
            Self::ClaimDiffers { claim, .. } => {
                write!(f, "claim `{claim}` is not true of the bundle")
            }
            Self::BlobUnnamed { digest } => write!(f, "no entry names blob {digest}"),
            Self::AttestationRefused {
                number,
                reason,
                why,
                ..
            } => write!(f, "attestation {number} does not verify: {reason} {why}"),
            Self::AttestationUnrelated { number } => {
                write!(f, "attestation {number} is about nothing that entries name")
            }
            Self::KeyUntrusted { name, key_id } => {
                write!(
                    f,
                    "key `{name}` comes with the bundle only and is not trusted: {key_id}"
                )
            }
            Self::KeyDiffers { name, key_id } => {
                write!(
                    f,
                    "key `{name}` has another holder in the trusted keyring: {key_id}"
                )
            }
            Self::PageDiffers => write!(
                f,
                "the page around the bundle is not the one this version writes: only its data was verified"
            ),
            Self::NoTrustedKeys => write!(
                f,
                "consistent at best: no trusted keys were given, and those inside were chosen by whoever made the bundle"
            ),
        }
    }
}
