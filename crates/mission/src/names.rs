//! The names a lifecycle speaks of: handoffs, principals, keys of requests, revisions, timers.
//!
//! A principal and a key are printable ASCII, so that no name looks like another in a different script; within it,
//! names that could pass for each other are one where people have to be different people.

use baton_terms::lookalike::Appearance;
use serde::{Deserialize, Serialize};

/// Bytes of the longest name.
pub const NAME_BYTES_MAX: usize = 200;

/// A text that is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read `{found}` as a name: expected 1 to 200 printable ASCII characters without blanks")]
pub struct NameError {
    found: String,
}

macro_rules! names {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let is_name = (1..=NAME_BYTES_MAX).contains(&text.len())
                    && text.bytes().all(|byte| byte.is_ascii_graphic());
                is_name.then(|| Self(text.to_owned())).ok_or_else(|| NameError {
                    found: text.chars().take(100).collect(),
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// A handoff, for as long as it exists.
    HandoffId;
    /// An account that answers for what it does: a person's, an agent's or a service's.
    Principal;
    /// What a caller names a request with, so that sending it twice does it once.
    Key;
}

impl Principal {
    /// Returns whether a reader could take one name for the other: where people have to be different
    /// people, `Ada` is `ada`, and `pauI` passes for `paul`.
    pub fn passes_for(&self, other: &Self) -> bool {
        self == other || Appearance::of(&self.0).looks_like(&Appearance::of(&other.0))
    }
}

/// How many events a handoff has; every command names the one it was made for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// Returns the revision with that number of events.
    pub const fn new(events: u64) -> Self {
        Self(events)
    }

    /// Returns the number of events.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_pass_for_each_other_are_told() {
        let name = |text: &str| text.parse::<Principal>().unwrap();
        assert!(name("ada").passes_for(&name("Ada")));
        assert!(name("paul").passes_for(&name("pauI")));
        assert!(!name("ada").passes_for(&name("bob")));
    }

    #[test]
    fn names_are_printable_ascii_within_their_length() {
        for (text, is_name) in [
            ("ada@example.org", true),
            ("h-1", true),
            ("", false),
            ("two words", false),
            ("line\nbreak", false),
            ("\u{430}da", false),
        ] {
            assert_eq!(text.parse::<Principal>().is_ok(), is_name, "{text}");
        }
        assert!("a".repeat(NAME_BYTES_MAX).parse::<Key>().is_ok());
        assert!("a".repeat(NAME_BYTES_MAX + 1).parse::<Key>().is_err());
    }
}
