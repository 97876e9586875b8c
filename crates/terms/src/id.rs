//! Identifiers that people write in contracts: lower-case words joined by single hyphens.

use serde::{Deserialize, Serialize};

use crate::limits;

/// A kebab-case identifier: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

/// Text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "read `{found}` as an id: expected lower-case letters and digits in words joined by single hyphens, at most 64"
)]
pub struct IdError {
    found: String,
}

impl Id {
    /// The same rule as a regular expression, for the published schemas.
    pub const PATTERN: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";

    /// Returns the identifier's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let starts_with_letter = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if starts_with_letter && text.len() <= limits::ID_BYTES_MAX && text.split('-').all(is_word)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError {
                found: text.chars().take(100).collect(),
            })
        }
    }
}

impl TryFrom<String> for Id {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_words_joined_by_single_hyphens() {
        for text in ["a", "problem-stated", "v2-ready", "x1"] {
            assert_eq!(text.parse::<Id>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn refuses_everything_else() {
        let long = "a".repeat(65);
        for text in [
            "",
            "-a",
            "a-",
            "a--b",
            "A",
            "1a",
            "a_b",
            "a b",
            "é",
            "а-cyrillic",
            &long,
        ] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
