//! What is searched, among which cases, and how sure an answer must be.

use super::kinds::Levels;
use crate::encode::Bitmap;

/// Sets of attributes of one search.
pub const SETS_MAX: usize = 1 << 22;
/// Patterns a search returns; the number left out is stated.
pub const PATTERNS_MAX: usize = 1 << 20;

/// The longest conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// Single conditions.
    One,
    /// Two conditions.
    Two,
    /// Three conditions.
    Three,
    /// Four conditions.
    Four,
}

impl Depth {
    /// Returns the number of conditions.
    pub fn get(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// Returns the depth of this many conditions.
    pub fn of(conditions: u32) -> Option<Self> {
        match conditions {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            3 => Some(Self::Three),
            4 => Some(Self::Four),
            _ => None,
        }
    }
}

/// The fewest cases and failures of a pattern that is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// Cases; smaller patterns are no hypotheses at all.
    pub cases: u64,
    /// Failures; patterns with fewer are counted as hypotheses and not returned.
    pub failures: u64,
}

/// The p-value a pattern must reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// Such that the chance of any false pattern is at most this (Tarone–LAMP).
    FamilyWise(f64),
    /// The same promise, each [kind](super::Kind) of hypotheses with an equal share of the rate and
    /// the level that follows for it.
    ByKind(f64),
    /// These, as a search again over other rows of the same hypotheses takes them.
    Given(Levels),
}

/// Which engine counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// The cheaper one for each set of attributes.
    #[default]
    Cheapest,
    /// Count cubes wherever their tables fit.
    Cubes,
    /// Bitmaps throughout.
    Bitmaps,
}

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The longest conjunction.
    pub depth: Depth,
    /// The smallest pattern.
    pub support: Support,
    /// The p-value to reach.
    pub level: Level,
    /// Which engine counts.
    pub engine: Engine,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            depth: Depth::Three,
            support: Support {
                cases: 20,
                failures: 5,
            },
            level: Level::FamilyWise(0.05),
            engine: Engine::Cheapest,
        }
    }
}

/// Which cases are looked at, and which of them failed.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    /// Failed cases, as a set of the rows of the encoded table.
    pub failed: &'a Bitmap,
    /// The cases that are looked at; all of them when `None`.
    pub among: Option<&'a Bitmap>,
}

/// Relabelings of the cases: in each, as many cases of every stratum fail as do in truth.
#[derive(Debug, Clone, Copy)]
pub struct Shuffles<'a> {
    /// How many, at most 2^32.
    pub permutations: u32,
    /// Stratum of each row of the encoded table; one stratum when `None`.
    pub strata: Option<&'a [u32]>,
    /// Names the relabelings: the same key gives the same ones.
    pub key: u64,
}

/// Why a search is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More than [`SETS_MAX`] sets of attributes.
    #[error("search more than {SETS_MAX} sets of features: lower the depth or set features aside")]
    Sets,
    /// `alpha` is not between 0 and 1.
    #[error("search at an error rate that is not between 0 and 1")]
    Alpha,
    /// Too few relabelings to tell the error rate.
    #[error("tell an error rate from so few relabelings")]
    Permutations,
    /// The labels are of another number of rows than the table.
    #[error("search a table whose outcomes are of another number of cases")]
    Rows,
}
