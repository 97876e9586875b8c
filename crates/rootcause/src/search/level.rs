//! Which p-value is small enough, and which counts cannot reach it.

use super::settings::{Error, Level, Settings};
use crate::statistics::{Cut, Hypergeometric, LogProbability, Testable, tarone_cut};

/// Above this level the screen lets everything pass: its proof needs `P(X >= mode) > level`, and
/// the tail at the mode of a log-concave distribution is at least 1/e.
const SCREEN_LEVEL_MAX: f64 = 0.25;

/// What the level of some hypotheses follows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    /// The chance of any false pattern among them.
    Rate(f64),
    /// Nothing: this is the level.
    Given(LogProbability),
}

/// Returns the fewest cases of a value that a reported pattern can contain: below it, a value may
/// share a code with others and no finding is lost.
///
/// A pattern with a rarer value has fewer cases than the support asks for, or could not be
/// significant even as the only hypothesis.
pub fn floor(cases: u64, failures: u64, settings: &Settings) -> u64 {
    let single = match settings.level {
        Level::FamilyWise(alpha) | Level::ByKind(alpha) => LogProbability::from_probability(alpha),
        Level::Given(levels) => Some(levels.loosest()),
    };
    let least = Hypergeometric::new(cases, failures)
        .zip(single)
        .and_then(|(test, level)| first_testable(&test, level));
    least.unwrap_or(0).max(settings.support.cases).max(1)
}

/// Returns the fewest cases a pattern needs to reach `level`, or `None` when none can.
fn first_testable(test: &Hypergeometric, level: LogProbability) -> Option<u64> {
    let reaches = |covered: u64| {
        test.least_upper_tail(covered)
            .is_some_and(|least| least <= level)
    };
    let most = test.failures();
    if !reaches(most) {
        return None;
    }
    Some(first_where(0, most, reaches))
}

/// Returns the first number in `low..=high` with the property, which `high` and all after the
/// first have.
fn first_where(low: u64, high: u64, property: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if property(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// How many hypotheses have how many cases: in full where it matters, as one number beyond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Census {
    support: u64,
    counting: bool,
    /// Hypotheses with `support + i` cases.
    few: Vec<u64>,
    /// Hypotheses with more, which can reach any level the search may take.
    many: u64,
}

impl Census {
    /// Returns an empty census for a search of at most `hypotheses` of at least `support` cases.
    pub(super) fn new(
        test: &Hypergeometric,
        support: u64,
        (target, hypotheses): (Target, u64),
    ) -> Self {
        let support = support.max(1);
        let smallest = match target {
            Target::Rate(alpha) => tarone_cut(
                &[Testable {
                    least: LogProbability::from_ln(-1e300).unwrap_or(LogProbability::ONE),
                    hypotheses,
                }],
                alpha,
            )
            .map(|cut| cut.level),
            Target::Given(_) => None,
        };
        let always = match smallest {
            Some(level) => first_testable(test, level).unwrap_or(test.failures()),
            None => 0,
        };
        let few = usize::try_from(always.saturating_sub(support)).unwrap_or(usize::MAX);
        Self {
            support,
            counting: matches!(target, Target::Rate(_)),
            few: vec![0; few],
            many: 0,
        }
    }

    /// Returns the same census without hypotheses.
    pub(super) fn fresh(&self) -> Self {
        Self {
            support: self.support,
            counting: self.counting,
            few: vec![0; self.few.len()],
            many: 0,
        }
    }

    /// Returns whether hypotheses are counted, which a level that is given does not need.
    pub(super) fn is_counting(&self) -> bool {
        self.counting
    }

    /// Returns the fewest cases of a hypothesis.
    pub(super) fn support(&self) -> u64 {
        self.support
    }

    /// Counts one hypothesis of `cases`, which must be at least the support.
    pub(super) fn count(&mut self, cases: u64) {
        if !self.counting {
            return;
        }
        let place = usize::try_from(cases - self.support).unwrap_or(usize::MAX);
        match self.few.get_mut(place) {
            Some(count) => *count += 1,
            None => self.many += 1,
        }
    }

    /// Adds what another census of the same search counted.
    pub(super) fn add(&mut self, other: &Self) {
        self.many += other.many;
        for (sum, count) in self.few.iter_mut().zip(&other.few) {
            *sum += count;
        }
    }

    /// Returns the level that corrects for what was counted so far.
    pub(super) fn cut(&self, test: &Hypergeometric, target: Target) -> Result<Cut, Error> {
        let counted = self.few.iter().sum::<u64>() + self.many;
        let alpha = match target {
            Target::Rate(alpha) => alpha,
            Target::Given(level) => {
                return Ok(Cut {
                    level,
                    testable: counted,
                    hypotheses: counted,
                });
            }
        };
        // Patterns larger than the failures are bounded by the level that `failures` cases reach:
        // no pattern reaches a smaller one.
        let least = |cases: u64| {
            test.least_upper_tail(cases.min(test.failures()))
                .unwrap_or(LogProbability::ONE)
        };
        let groups: Vec<Testable> = (self.support..)
            .zip(self.few.iter().chain(std::iter::once(&self.many)))
            .map(|(cases, hypotheses)| Testable {
                least: least(cases),
                hypotheses: *hypotheses,
            })
            .collect();
        tarone_cut(&groups, alpha).ok_or(Error::Alpha)
    }
}

/// Tells from two integers that a pattern cannot reach a level, without a logarithm.
///
/// The fewest failures that reach a level grow with the cases of the pattern, so those of a
/// slightly smaller pattern are a bound; they are kept for four sizes per power of two.
#[derive(Debug, Clone)]
pub(super) struct Screen {
    test: Hypergeometric,
    level: LogProbability,
    failures_min: u64,
    fewest: Vec<u32>,
}

impl Screen {
    /// Returns the screen of a level; patterns with fewer failures than `failures_min` fail too.
    pub(super) fn new(test: Hypergeometric, level: LogProbability, failures_min: u64) -> Self {
        let strict = level.probability() <= SCREEN_LEVEL_MAX;
        let fewest = (0..STEPS)
            .map(size_of_step)
            .take_while(|size| *size <= test.cases())
            .map(|size| {
                let fewest = if strict {
                    fewest(&test, size, level)
                } else {
                    0
                };
                u32::try_from(fewest.max(failures_min).max(1)).unwrap_or(u32::MAX)
            })
            .collect();
        Self {
            test,
            level,
            failures_min,
            fewest,
        }
    }

    /// Returns whether the pattern may reach the level; a no is certain.
    pub(super) fn may_reach(&self, cases: u32, failures: u32) -> bool {
        failures >= self.fewest(cases)
    }

    /// Returns a lower bound of the failures that a pattern of at least `cases` needs.
    pub(super) fn fewest(&self, cases: u32) -> u32 {
        self.fewest
            .get(step_of_size(cases))
            .copied()
            .unwrap_or(u32::MAX)
    }

    /// Returns the level.
    pub(super) fn level(&self) -> LogProbability {
        self.level
    }

    /// Returns the p-value when it reaches the level.
    pub(super) fn reached(&self, cases: u32, failures: u32) -> Option<LogProbability> {
        self.better(cases, failures, self.level)
    }

    /// Returns the p-value when it is at most `bound` and reaches the level.
    pub(super) fn better(
        &self,
        cases: u32,
        failures: u32,
        bound: LogProbability,
    ) -> Option<LogProbability> {
        let (cases, failures) = (u64::from(cases), u64::from(failures));
        let bound = bound.min(self.level);
        if failures < self.failures_min || self.test.point(cases, failures)? > bound {
            return None;
        }
        self.test
            .upper_tail(cases, failures)
            .filter(|p| *p <= bound)
    }
}

/// Steps that sizes of 32 bits have.
const STEPS: u32 = 4 * 31 + 4;

/// Returns the step that holds patterns of `cases`.
fn step_of_size(cases: u32) -> usize {
    if cases < 4 {
        return usize::try_from(cases).unwrap_or_default();
    }
    let power = cases.ilog2();
    let quarter = cases >> (power - 2) & 3;
    usize::try_from((power - 1) * 4 + quarter).unwrap_or_default()
}

/// Returns the fewest cases of a step.
fn size_of_step(step: u32) -> u64 {
    if step < 4 {
        return u64::from(step);
    }
    u64::from(4 + step % 4) << (step / 4 - 1)
}

/// Returns the fewest failures among `cases` whose point probability, a lower bound of the tail,
/// is at most `level`; one more than there can be when none is.
fn fewest(test: &Hypergeometric, cases: u64, level: LogProbability) -> u64 {
    let most = cases.min(test.failures());
    let reaches = |failures: u64| {
        test.point(cases, failures)
            .is_none_or(|point| point <= level)
    };
    let wide = u128::from(cases + 1) * u128::from(test.failures() + 1);
    let mode = u64::try_from(wide / u128::from(test.cases() + 2)).unwrap_or(u64::MAX);
    first_where((mode + 1).min(most + 1), most + 1, |failures| {
        failures > most || reaches(failures)
    })
}
