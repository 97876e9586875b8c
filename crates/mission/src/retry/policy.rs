//! The retry policy of a contract as a function of what failed, how often and when.
//!
//! The delay is spread by a digest instead of chance, so that a replay asks for the same instants and
//! a thousand handoffs that failed together do not come back together. The spread only ever adds:
//! the delay the contract names is the least that passes.

use baton_contract::model::{Backoff, Jitter, Retries};
use baton_terms::{Digest, Instant};

/// Longest delay between two attempts in milliseconds, its spread included.
pub const DELAY_MS_MAX: u64 = 3_600_000;

/// Sets these digests apart from all others that Baton takes.
const DOMAIN: &str = "baton/retry/v1";

/// How attempts of one effect follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    retries: Retries,
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// It may succeed when tried again.
    Transient,
    /// It fails in the same way however often it is tried.
    Permanent,
}

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another attempt, not before `at`.
    Attempt {
        /// Number of the attempt, from 2.
        number: u32,
        /// Earliest instant.
        at: Instant,
    },
    /// None: what was tried parks in `escalated`, and an outbox event says so.
    Exhausted(Exhausted),
}

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exhausted {
    /// All attempts of the policy were made.
    AttemptsUsed {
        /// Attempts made.
        attempts: u32,
    },
    /// The failure is permanent.
    Permanent,
    /// The next attempt would lie beyond the year 9999.
    BeyondTime,
}

impl Policy {
    /// Returns the policy a contract asks for; a contract that says nothing has the defaults.
    pub fn new(retries: Retries) -> Self {
        Self { retries }
    }

    /// Returns how many attempts are made in all, at least one.
    pub fn attempts(&self) -> u32 {
        self.retries.attempts.max(1)
    }

    /// Returns what follows when attempt `number` (the first is 1) of `subject` failed at `failed_at`.
    ///
    /// `subject` names the handoff or mission and the effect that is tried, and is the same on every
    /// machine; it spreads the delay and nothing else.
    pub fn after_failure(
        &self,
        subject: &str,
        number: u32,
        (failure, failed_at): (Failure, Instant),
    ) -> Next {
        if failure == Failure::Permanent {
            return Next::Exhausted(Exhausted::Permanent);
        }
        if number >= self.attempts() {
            return Next::Exhausted(Exhausted::AttemptsUsed { attempts: number });
        }
        let delay = self.delay_ms(subject, number);
        match failed_at.checked_add_millis(delay) {
            Some(at) => Next::Attempt {
                number: number.saturating_add(1),
                at,
            },
            None => Next::Exhausted(Exhausted::BeyondTime),
        }
    }

    /// Returns the milliseconds between the failure of attempt `number` and the next attempt.
    pub fn delay_ms(&self, subject: &str, number: u32) -> u64 {
        let base = u64::from(self.retries.base_delay_ms);
        let doublings = match self.retries.backoff {
            Backoff::Exponential => number.saturating_sub(1),
            Backoff::Fixed => 0,
        };
        let plain = 1_u64
            .checked_shl(doublings)
            .and_then(|factor| base.checked_mul(factor))
            .map_or(DELAY_MS_MAX, |delay| delay.min(DELAY_MS_MAX));
        let spread = match self.retries.jitter {
            Jitter::Deterministic => share_of(plain / 2, subject, number),
            Jitter::Off => 0,
        };
        plain.saturating_add(spread).min(DELAY_MS_MAX)
    }
}

/// Returns a whole number from 0 to `most`, even over subjects, the same for the same subject and attempt.
fn share_of(most: u64, subject: &str, number: u32) -> u64 {
    // The lengths keep two texts that run into each other apart.
    let text = format!("{DOMAIN}\n{}\n{subject}\n{number}", subject.len());
    let digest = Digest::of(text.as_bytes());
    let head = digest
        .as_bytes()
        .iter()
        .take(8)
        .fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    // The high half of a 128-bit product spreads evenly without a remainder's bias.
    u64::try_from((head * (u128::from(most) + 1)) >> 64).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn retries(attempts: u32, base_delay_ms: u32, backoff: Backoff, jitter: Jitter) -> Policy {
        Policy::new(Retries {
            attempts,
            base_delay_ms,
            backoff,
            jitter,
        })
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    // spec: RETRY-1
    #[test]
    fn delays_follow_the_contract_up_to_the_cap() {
        for (base, backoff, expected) in [
            (750, Backoff::Exponential, [750, 1_500, 3_000, 6_000]),
            (750, Backoff::Fixed, [750; 4]),
            (1, Backoff::Exponential, [1, 2, 4, 8]),
            (
                3_600_000,
                Backoff::Exponential,
                [DELAY_MS_MAX, DELAY_MS_MAX, DELAY_MS_MAX, DELAY_MS_MAX],
            ),
        ] {
            let policy = retries(20, base, backoff, Jitter::Off);
            let delays = [1, 2, 3, 4].map(|number| policy.delay_ms("h", number));
            assert_eq!(delays, expected, "{base} {backoff:?}");
        }
        let policy = retries(200, 750, Backoff::Exponential, Jitter::Off);
        assert_eq!(policy.delay_ms("h", 64), DELAY_MS_MAX);
        assert_eq!(policy.delay_ms("h", u32::MAX), DELAY_MS_MAX);
    }

    // spec: RETRY-2
    #[test]
    fn the_spread_is_the_same_on_every_machine() {
        let policy = Policy::new(Retries::default());
        let delays = [1, 2, 3].map(|number| policy.delay_ms("handoff-1/deliver", number));
        assert_eq!(delays, GOLDEN);
        assert_ne!(policy.delay_ms("handoff-2/deliver", 1), delays[0]);
    }

    /// Computed once; a change of the spread would move timers that are already set.
    const GOLDEN: [u64; 3] = [860, 2_208, 4_402];

    // spec: RETRY-3
    #[test]
    fn the_last_attempt_and_a_permanent_failure_end_it() {
        let policy = Policy::new(Retries::default());
        let now = at("2026-11-20T09:00:00Z");
        let last = at("9999-12-30T22:00:00.999Z");
        for (number, failure, failed_at, expected) in [
            (
                4,
                Failure::Transient,
                now,
                Exhausted::AttemptsUsed { attempts: 4 },
            ),
            (
                u32::MAX,
                Failure::Transient,
                now,
                Exhausted::AttemptsUsed { attempts: u32::MAX },
            ),
            (1, Failure::Permanent, now, Exhausted::Permanent),
            (1, Failure::Transient, last, Exhausted::BeyondTime),
        ] {
            assert_eq!(
                policy.after_failure("h", number, (failure, failed_at)),
                Next::Exhausted(expected),
                "{number}"
            );
        }
        let single = retries(0, 750, Backoff::Fixed, Jitter::Off);
        assert_eq!(
            single.after_failure("h", 1, (Failure::Transient, now)),
            Next::Exhausted(Exhausted::AttemptsUsed { attempts: 1 })
        );
    }

    // spec: RETRY-1
    #[test]
    fn the_next_attempt_is_numbered_and_placed_in_time() {
        let policy = retries(4, 750, Backoff::Exponential, Jitter::Off);
        let now = at("2026-11-20T09:00:00.5Z");
        assert_eq!(
            policy.after_failure("h", 2, (Failure::Transient, now)),
            Next::Attempt {
                number: 3,
                at: at("2026-11-20T09:00:02Z")
            }
        );
    }

    proptest! {
        // spec: RETRY-2
        #[test]
        fn never_earlier_than_the_contract_says_and_never_later_than_half_more(
            base in 1_u32..=3_600_000,
            number in 1_u32..30,
            subject in "[a-z0-9/-]{0,40}",
        ) {
            let plain = retries(40, base, Backoff::Exponential, Jitter::Off).delay_ms(&subject, number);
            let spread = retries(40, base, Backoff::Exponential, Jitter::Deterministic)
                .delay_ms(&subject, number);
            prop_assert!(spread >= plain);
            prop_assert!(spread <= (plain + plain / 2).min(DELAY_MS_MAX));
        }
    }
}
