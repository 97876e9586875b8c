//! Streams: the trace of one handoff or mission, with what a list of them shows.

use baton_terms::{Digest, Instant};

/// Bytes in the name of a stream, a job, a node or an idempotency key.
pub(crate) const NAME_BYTES_MAX: usize = 200;

/// The name of a stream, such as `handoff/release-2026-47`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(String);

/// A text that cannot be a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "use `{found}` as a name: expected 1 to {NAME_BYTES_MAX} bytes of letters, digits and `-_./:@`"
)]
pub struct NameError {
    found: String,
}

impl StreamId {
    /// Returns the stream of that name.
    ///
    /// # Errors
    /// When the text is empty, too long or holds anything but ASCII letters, digits and `-_./:@`.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        checked(name.into()).map(Self)
    }

    /// Returns the name under which a refusal speaks of the register.
    pub(super) fn register() -> Self {
        Self("register".to_owned())
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for StreamId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Returns the text when it can stand as a name in a key, a log line and an address.
pub(super) fn checked(name: String) -> Result<String, NameError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte);
    if name.is_empty() || name.len() > NAME_BYTES_MAX || !name.bytes().all(is_plain) {
        return Err(NameError {
            found: name.chars().take(100).collect(),
        });
    }
    Ok(name)
}

/// One entry of a stream: its canonical line, without a newline, and its place from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The place in the stream.
    pub sequence: u64,
    /// The line (`trace-entry/v1`).
    pub bytes: Vec<u8>,
}

/// What a list of streams shows of one, kept with every transition so that a list replays nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The state's name, such as `offered`.
    pub state: String,
    /// Whose turn it is: a team or role, or nobody when it has ended.
    pub turn: Option<String>,
    /// When the party whose turn it is must have acted.
    pub due: Option<Instant>,
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The stream.
    pub stream: StreamId,
    /// How many entries it has.
    pub entries: u64,
    /// The leaf hash of its last entry.
    pub leaf: Digest,
    /// What a list shows.
    pub summary: Summary,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_bounded() {
        for good in ["handoff/a", "H-1:2@team_x.y", &"a".repeat(NAME_BYTES_MAX)] {
            assert_eq!(StreamId::new(good).unwrap().as_str(), good);
        }
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for bad in ["", "a b", "a\n", "käse", "a'", "a\\", "a%", long.as_str()] {
            assert!(StreamId::new(bad).is_err(), "{bad}");
        }
    }
}
