//! What a rollback may land on: only what was once fully accepted and still stands.

use baton_terms::{Code, Digest, Instant};
use serde::{Deserialize, Serialize};

/// There is nothing that a rollback may land on.
pub const NO_BASELINE: Code = Code::new(1353);

/// How far something that may become a baseline came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// Fully accepted: quorum, separation and every blocker clause, on this very digest.
    Accepted,
    /// Offered, and not fully accepted.
    Proposed,
    /// Once accepted, and since rolled back or withdrawn.
    RolledBack,
}

/// One version of a package, contract or report in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Its digest.
    pub digest: Digest,
    /// Since when it stands so.
    pub since: Instant,
    /// How far it came.
    pub kept: Kept,
}

/// Returns the last version that was fully accepted and not rolled back, other than `failing`.
///
/// What is rolled back now is never its own baseline, and neither is a digest that was rolled back
/// after it had been accepted, whatever the order in which that was written down.
pub fn last_stable(history: &[Baseline], failing: Option<&Digest>) -> Option<Baseline> {
    let was_rolled_back = |digest: &Digest, since: Instant| {
        history.iter().any(|other| {
            other.kept == Kept::RolledBack && other.digest == *digest && other.since >= since
        })
    };
    let stable = history.iter().filter(|version| {
        version.kept == Kept::Accepted
            && failing != Some(&version.digest)
            && !was_rolled_back(&version.digest, version.since)
    });
    // The last of equal instants: the order of the history decides.
    stable.max_by_key(|version| version.since).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, hour: u8, kept: Kept) -> Baseline {
        Baseline {
            digest: Digest::of(name.as_bytes()),
            since: format!("2026-01-12T{hour:02}:00:00Z").parse().unwrap(),
            kept,
        }
    }

    // spec: ROLLBACK-1
    #[test]
    fn only_what_was_fully_accepted_and_still_stands_is_landed_on() {
        use Kept::{Accepted, Proposed, RolledBack};
        for (history, failing, expected) in [
            (&[][..], None, None),
            (&[("one", 1, Proposed)], None, None),
            (&[("one", 1, Accepted)], None, Some("one")),
            (&[("one", 1, Accepted)], Some("one"), None),
            (
                &[("one", 1, Accepted), ("two", 2, Proposed)],
                None,
                Some("one"),
            ),
            (
                &[("one", 1, Accepted), ("two", 2, Accepted)],
                Some("two"),
                Some("one"),
            ),
            (
                &[
                    ("one", 1, Accepted),
                    ("two", 2, Accepted),
                    ("two", 3, RolledBack),
                ],
                None,
                Some("one"),
            ),
            (&[("two", 3, RolledBack), ("two", 2, Accepted)], None, None),
            (
                &[
                    ("two", 2, Accepted),
                    ("two", 3, RolledBack),
                    ("two", 4, Accepted),
                ],
                None,
                Some("two"),
            ),
        ] {
            let history: Vec<Baseline> = history
                .iter()
                .map(|(name, hour, kept)| version(name, *hour, *kept))
                .collect();
            let failing = failing.map(|name: &str| Digest::of(name.as_bytes()));
            let found = last_stable(&history, failing.as_ref()).map(|found| found.digest);
            let expected = expected.map(|name: &str| Digest::of(name.as_bytes()));
            assert_eq!(found, expected, "{history:?}");
        }
    }
}
