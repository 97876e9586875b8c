//! What a caller demands of an attestation before it counts.

use std::num::NonZero;

use baton_terms::Digest;

use crate::keys::{Entry, KeyId};

/// What an attestation must be about, of which kind, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Each of these must be a subject of the statement; with none, nothing verifies.
    pub subjects: Vec<ExpectedSubject>,
    /// Accepted predicate types; none is accepted when the list is empty.
    pub predicate_types: Vec<String>,
    /// Distinct signers needed.
    pub threshold: NonZero<usize>,
    /// Who may sign; `None` for any holder of a key in the keyring.
    pub signer: Option<SignerPattern>,
}

/// Bytes that the statement must be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedSubject {
    /// The name it must have in the statement; `None` for any.
    pub name: Option<String>,
    /// The digest of the bytes.
    pub digest: Digest,
}

/// A key id, or an identity in which each `*` stands for any characters: `*@example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerPattern {
    /// One key.
    Key(KeyId),
    /// Identities of a form.
    Identity(String),
}

impl SignerPattern {
    /// Reads a pattern: `sha256:` and 64 hex digits are a key id, everything else an identity.
    pub fn new(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Identity(text.to_owned()), Self::Key)
    }

    /// Returns whether the holder of a key may sign.
    pub fn matches(&self, entry: &Entry) -> bool {
        match self {
            Self::Key(id) => entry.public_key.id() == *id,
            Self::Identity(pattern) => is_like(pattern, &entry.identity),
        }
    }
}

impl std::fmt::Display for SignerPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(id) => id.fmt(f),
            Self::Identity(pattern) => f.write_str(pattern),
        }
    }
}

/// Returns whether `text` has the form of `pattern`, in time linear in the text per `*`.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((head, pattern)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(head) else {
        return false;
    };
    let (middles, tail) = pattern.rsplit_once('*').unwrap_or(("", pattern));
    for middle in middles.split('*') {
        // The first place is always good enough: it leaves most for the parts that follow.
        match rest.split_once(middle) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_characters() {
        for (pattern, text, expected) in [
            ("ana@example.com", "ana@example.com", true),
            ("ana@example.com", "bana@example.com", false),
            ("*@example.com", "ana@example.com", true),
            ("*@example.com", "ana@example.com.evil.org", false),
            ("*", "", true),
            ("", "x", false),
            ("ci/*/release", "ci/app/release", true),
            ("ci/*/release", "ci/release", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXcYb", false),
            ("a*a", "a", false),
            ("**x", "yx", true),
        ] {
            assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
        }
    }
}
