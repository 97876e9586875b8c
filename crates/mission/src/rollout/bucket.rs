//! Who is exposed: a bucket is a function of the flag and what is bucketed, under a named algorithm.
//!
//! The algorithm's id is part of the rollout and never of the program: a program that does not know it
//! exposes nobody new, so that an upgrade moves nobody between versions. Exposure only grows with the
//! percentage, so whoever is exposed at one stage is exposed at the next.

use baton_terms::{Digest, Id};
use serde::{Deserialize, Serialize};

/// SHA-256 of the flag, a newline and the unit, as a number, modulo 10,000.
pub const SHA256_MODULO_V1: &str = "sha256-modulo-v1";

/// Buckets.
const BUCKETS: u32 = 10_000;
/// Buckets in one percent.
const BUCKETS_PER_PERCENT: u32 = BUCKETS / 100;

/// Which version judges a handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// The version in force.
    Stable,
    /// The version being rolled out.
    Canary,
}

/// A bucketing algorithm this program does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("put into buckets with algorithm `{algorithm}`: this program does not know it")]
pub struct UnknownAlgorithm {
    /// Its id.
    pub algorithm: Id,
}

/// Returns the bucket, 0 to 9,999, of `unit` (a team, a sender or a work item) under `flag`.
///
/// # Errors
/// When `algorithm` is not known here.
pub fn bucket(algorithm: &Id, flag: &Id, unit: &str) -> Result<u32, UnknownAlgorithm> {
    if algorithm.as_str() != SHA256_MODULO_V1 {
        return Err(UnknownAlgorithm {
            algorithm: algorithm.clone(),
        });
    }
    let digest = Digest::of(format!("{flag}\n{unit}").as_bytes());
    let append = |rest: u32, byte: &u8| (rest * 256 + u32::from(*byte)) % BUCKETS;
    Ok(digest.as_bytes().iter().fold(0, append))
}

/// Returns which version judges the handoffs of `bucket` where `percent` of the buckets are exposed.
pub fn arm(bucket: u32, percent: u32) -> Arm {
    if bucket < percent.saturating_mul(BUCKETS_PER_PERCENT) {
        Arm::Canary
    } else {
        Arm::Stable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_exposes_as_many_buckets_and_those_of_lower_ones() {
        for percent in [0, 1, 5, 50, 99, 100, 101, u32::MAX] {
            let exposed = |bucket: &u32| arm(*bucket, percent) == Arm::Canary;
            let count = (0..BUCKETS).filter(exposed).count();
            assert_eq!(count, 100 * usize::try_from(percent.min(100)).unwrap());
            assert!(
                (0..BUCKETS)
                    .rev()
                    .skip_while(|bucket| !exposed(bucket))
                    .all(|bucket| exposed(&bucket))
            );
        }
    }
}
