//! What a search answers.

use super::kinds::{Kind, Levels};
use crate::encode::Item;
use crate::statistics::LogProbability;

/// A conjunction of items with what was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Items in the order of their attributes, at most one of each.
    pub items: Vec<Item>,
    /// Cases it holds for (N).
    pub cases: u64,
    /// Failures among them (K).
    pub failures: u64,
    /// Exact one-sided hypergeometric p-value.
    pub p: LogProbability,
}

impl Pattern {
    /// Returns the natural logarithm of the p-value.
    pub fn ln_p(&self) -> f64 {
        self.p.ln()
    }

    /// Orders by evidence, then shorter first, then by items.
    pub(super) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |pattern: &Self| (pattern.p, pattern.items.len());
        key(self)
            .cmp(&key(other))
            .then_with(|| self.items.cmp(&other.items))
    }
}

/// The answer of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Cases looked at (n).
    pub cases: u64,
    /// Failures among them (k).
    pub failures: u64,
    /// Patterns that reach the level, most evidence first. Of the intervals of one number (or the
    /// boxes of several) under the same other items, the one with most evidence stands for all.
    pub patterns: Vec<Pattern>,
    /// Patterns beyond [`PATTERNS_MAX`](super::PATTERNS_MAX), which have the least evidence; when
    /// there are more than twice as many, the number is an upper bound.
    pub left_out: u64,
    /// Hypotheses looked at: all combinations of items of the attributes searched, every interval
    /// of every number included.
    pub hypotheses: u64,
    /// Hypotheses that could have been significant at the level: what it corrects for.
    pub testable: u64,
    /// The p-value a pattern had to reach; the least of all kinds.
    pub level: LogProbability,
    /// The p-value a pattern of each kind had to reach.
    pub levels: Levels,
    /// The kinds that have hypotheses, when each has a level of its own.
    pub kinds: Vec<Kind>,
}

impl Found {
    /// Returns the natural logarithm of the p-value a pattern had to reach.
    pub fn ln_threshold(&self) -> f64 {
        self.level.ln()
    }
}
