//! Kinds of hypotheses: how many conditions, and whether one is about a number. Each kind can have
//! an equal share of the error rate and a level of its own, so that millions of intervals do not
//! hide the few hundred plain conditions (Genovese, Roeder and Wasserman 2006: weights that are
//! chosen without the outcome keep the error rate).

use super::space::WIDTH_MAX;
use crate::statistics::LogProbability;

/// Number of kinds.
pub(super) const KINDS: usize = 2 * WIDTH_MAX;

/// Returns the place of a kind.
pub(super) fn kind(conditions: usize, numbers: bool) -> usize {
    2 * conditions.clamp(1, WIDTH_MAX) - 2 + usize::from(numbers)
}

/// The p-value a hypothesis of each kind must reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    by_kind: [LogProbability; KINDS],
}

impl Levels {
    /// Returns the same level for all kinds.
    pub fn same(level: LogProbability) -> Self {
        Self {
            by_kind: [level; KINDS],
        }
    }

    /// Returns the levels in the order of their kinds; one alone stands for all.
    pub(super) fn of_kinds(levels: &[LogProbability]) -> Self {
        let first = levels.first().copied().unwrap_or(LogProbability::ONE);
        let mut by_kind = [first; KINDS];
        for (place, level) in by_kind.iter_mut().zip(levels) {
            *place = *level;
        }
        Self { by_kind }
    }

    /// Returns the level of a hypothesis of this many conditions, any of them about a number or not.
    pub fn level(&self, conditions: usize, numbers: bool) -> LogProbability {
        self.of_kind(kind(conditions, numbers))
    }

    pub(super) fn of_kind(&self, kind: usize) -> LogProbability {
        let level = self.by_kind.get(kind).copied();
        level.unwrap_or_else(|| self.strictest())
    }

    pub(super) fn set(&mut self, kind: usize, level: LogProbability) {
        if let Some(place) = self.by_kind.get_mut(kind) {
            *place = level;
        }
    }

    /// Returns the least level of any kind.
    pub fn strictest(&self) -> LogProbability {
        let least = self.by_kind.iter().min();
        least.copied().unwrap_or(LogProbability::ONE)
    }

    /// Returns the largest level of any kind.
    pub(super) fn loosest(&self) -> LogProbability {
        let most = self.by_kind.iter().max();
        most.copied().unwrap_or(LogProbability::ONE)
    }
}

/// What was counted of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Conditions of each hypothesis.
    pub conditions: usize,
    /// Whether any of them is about a number.
    pub numbers: bool,
    /// Hypotheses looked at.
    pub hypotheses: u64,
    /// Of these, those that could have been significant.
    pub testable: u64,
    /// The p-value to reach.
    pub level: LogProbability,
}
