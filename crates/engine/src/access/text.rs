//! What a holder keeps: the text of a token.

use baton_terms::Digest;

/// How every token begins, for people and for scanners that look for leaked ones.
const PREFIX: &str = "baton_";
/// Characters of an id.
const ID_LENGTH: usize = 16;
/// Characters of a secret.
const SECRET_LENGTH: usize = 64;

/// Random bytes for one token, from whoever may draw them: 8 for its id, 32 for its secret.
pub type Entropy = [u8; 40];

/// The name of a token; no secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenId(String);

/// A token as its holder keeps it: never shown but by [`TokenText::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText {
    id: TokenId,
    secret: String,
}

impl TokenId {
    /// Returns the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for TokenId {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        is_hex(text, ID_LENGTH)
            .then(|| Self(text.to_owned()))
            .ok_or(NotAToken)
    }
}

/// A text that is no token; it is not repeated, for it may be one with a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("read the token: expected `baton_`, 16 hexadecimal digits, `_` and 64 of them")]
pub struct NotAToken;

impl TokenText {
    pub(super) fn draw(entropy: &Entropy) -> Self {
        let hex = hex(entropy);
        let (id, secret) = hex.split_at_checked(ID_LENGTH).unwrap_or_default();
        Self {
            id: TokenId(id.to_owned()),
            secret: secret.to_owned(),
        }
    }

    /// Returns its id.
    pub fn id(&self) -> &TokenId {
        &self.id
    }

    /// Returns the whole text, for the one who is to hold it.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, self.secret)
    }

    /// Returns what the store keeps of its secret.
    pub(super) fn digest(&self) -> Digest {
        Digest::of(self.secret.as_bytes())
    }
}

impl std::str::FromStr for TokenText {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let rest = text.strip_prefix(PREFIX).ok_or(NotAToken)?;
        let (id, secret) = rest.split_once('_').ok_or(NotAToken)?;
        if !is_hex(secret, SECRET_LENGTH) {
            return Err(NotAToken);
        }
        Ok(Self {
            id: id.parse()?,
            secret: secret.to_owned(),
        })
    }
}

impl std::fmt::Debug for TokenText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenText({}, redacted)", self.id)
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == length && text.bytes().all(is_digit)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::new();
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_is_shown_and_never_shown_by_accident() {
        let token = TokenText::draw(&[0xab; 40]);
        let text = token.reveal();
        assert_eq!(text.len(), PREFIX.len() + ID_LENGTH + 1 + SECRET_LENGTH);
        assert_eq!(text.parse::<TokenText>().unwrap(), token);
        assert_eq!(
            format!("{token:?}"),
            "TokenText(abababababababab, redacted)"
        );
        for bad in [
            "",
            "baton_",
            "baton_ab_cd",
            &text.to_uppercase(),
            &format!("{text} "),
        ] {
            assert!(bad.parse::<TokenText>().is_err(), "{bad}");
        }
    }
}
