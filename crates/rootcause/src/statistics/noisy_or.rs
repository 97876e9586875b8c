//! What several causes do together: each has its own chance to make a case fail, and any one is
//! enough (noisy-OR; Pearl 1988, section 4.3.2; the causal power of Cheng 1997).
//!
//! Savings of causes that meet in one case may not be added up: that case fails only once.

use super::real::real;

/// Rounds of the fit, and the change of a chance below which it stops.
const ROUNDS_MAX: usize = 500;
const SETTLED: f64 = 1e-12;

/// Cases that the same causes hold for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Number of cases.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// The causes, by their place in the list of powers.
    pub causes: Vec<usize>,
}

/// The chance to fail without any cause, and the chance each cause adds on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyOr {
    base: f64,
    powers: Vec<f64>,
}

impl NoisyOr {
    /// Returns the model with these chances, or `None` when one is outside 0 to 1.
    pub fn new(base: f64, powers: Vec<f64>) -> Option<Self> {
        let is_chance = |chance: &f64| (0.0..=1.0).contains(chance);
        (is_chance(&base) && powers.iter().all(is_chance)).then_some(Self { base, powers })
    }

    /// Returns the most likely model of `causes` causes, or `None` when a cell names another cause,
    /// has more failures than cases, or there is no case or
    /// more than 64 bits count.
    ///
    /// Expectation maximization (Dempster et al. 1977; for noisy-OR, Vomlel 2006), from the overall
    /// rate, a fixed order and a fixed stop rule. Causes without cases get a power of zero.
    pub fn fit(cells: &[Cell], causes: usize) -> Option<Self> {
        let (all, failures) = cells.iter().try_fold((0_u64, 0_u64), |sum, cell| {
            Some((
                sum.0.checked_add(cell.cases)?,
                sum.1.checked_add(cell.failures)?,
            ))
        })?;
        let fits = |cell: &Cell| {
            cell.failures <= cell.cases && cell.causes.iter().all(|&cause| cause < causes)
        };
        if all == 0 || !cells.iter().all(fits) {
            return None;
        }
        let start = real(failures) / real(all);
        let mut model = Self {
            base: start,
            powers: vec![start; causes],
        };
        for _ in 0..ROUNDS_MAX {
            let next = model.improved(cells, real(all));
            let change = next.distance(&model);
            model = next;
            if change < SETTLED {
                break;
            }
        }
        Some(model)
    }

    /// Returns the chance to fail without any cause.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// Returns the chance each cause adds.
    pub fn powers(&self) -> &[f64] {
        &self.powers
    }

    /// Returns the chance that a case fails that these causes hold for:
    /// `1 - (1 - b) (1 - r1) (1 - r2) ...`. Causes the model does not know add nothing.
    pub fn risk(&self, causes: &[usize]) -> f64 {
        1.0 - self.safe(causes)
    }

    /// Returns the failures that removing the causes of `removed` would save in these cells, all of
    /// them together. Unit: failures.
    pub fn joint_savings(&self, cells: &[Cell], removed: &[usize]) -> f64 {
        cells.iter().fold(0.0, |sum, cell| {
            let kept: Vec<usize> = cell
                .causes
                .iter()
                .copied()
                .filter(|cause| !removed.contains(cause))
                .collect();
            sum + real(cell.cases) * (self.safe(&kept) - self.safe(&cell.causes))
        })
    }

    /// The chance of not failing.
    fn safe(&self, causes: &[usize]) -> f64 {
        causes
            .iter()
            .filter_map(|&cause| self.powers.get(cause))
            .fold(1.0 - self.base, |safe, power| safe * (1.0 - power))
    }

    /// One round: every failure is shared out among those who may have caused it.
    fn improved(&self, cells: &[Cell], cases: f64) -> Self {
        let mut base = 0.0;
        let mut powers = vec![0.0; self.powers.len()];
        let mut exposed = vec![0.0; self.powers.len()];
        for cell in cells {
            let risk = self.risk(&cell.causes);
            let per_chance = if risk > 0.0 {
                real(cell.failures) / risk
            } else {
                0.0
            };
            base += self.base * per_chance;
            for &cause in &cell.causes {
                if let (Some(power), Some(sum), Some(seen)) = (
                    self.powers.get(cause),
                    powers.get_mut(cause),
                    exposed.get_mut(cause),
                ) {
                    *sum += power * per_chance;
                    *seen += real(cell.cases);
                }
            }
        }
        let share = |sum: f64, seen: f64| {
            if seen > 0.0 {
                (sum / seen).min(1.0)
            } else {
                0.0
            }
        };
        Self {
            base: share(base, cases),
            powers: powers
                .into_iter()
                .zip(exposed)
                .map(|(sum, seen)| share(sum, seen))
                .collect(),
        }
    }

    fn distance(&self, other: &Self) -> f64 {
        let pairs = self.powers.iter().zip(&other.powers);
        pairs.fold((self.base - other.base).abs(), |most, (one, two)| {
            most.max((one - two).abs())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cases: u64, failures: u64, held: &[usize]) -> Cell {
        Cell {
            cases,
            failures,
            causes: held.to_vec(),
        }
    }

    /// Base 0.1, powers 0.5 and 0.2: rates 0.1, 0.55, 0.28, 0.64.
    fn exact() -> Vec<Cell> {
        vec![
            cell(1_000, 100, &[]),
            cell(200, 110, &[0]),
            cell(100, 28, &[1]),
            cell(100, 64, &[0, 1]),
        ]
    }

    #[test]
    fn the_fit_finds_the_chances_that_made_the_cells() {
        let model = NoisyOr::fit(&exact(), 2).unwrap();
        assert!((model.base() - 0.1).abs() < 1e-9, "{model:?}");
        for (found, planted) in model.powers().iter().zip([0.5, 0.2]) {
            assert!((found - planted).abs() < 1e-9, "{model:?}");
        }
        assert!((model.risk(&[0, 1]) - 0.64).abs() < 1e-9);
    }

    #[test]
    fn joint_savings_are_not_the_sum_of_each() {
        let model = NoisyOr::new(0.1, vec![0.5, 0.2]).unwrap();
        let saved = |removed: &[usize]| model.joint_savings(&exact(), removed);
        assert!((saved(&[0]) - (200.0 * 0.45 + 100.0 * 0.36)).abs() < 1e-9);
        assert!((saved(&[0, 1]) - (90.0 + 18.0 + 54.0)).abs() < 1e-9);
        assert!(saved(&[0, 1]) > saved(&[0]) + saved(&[1]));
        assert!(saved(&[]).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(NoisyOr::fit(&[], 0), None);
        assert_eq!(NoisyOr::fit(&[cell(1, 2, &[])], 0), None);
        assert_eq!(NoisyOr::fit(&[cell(2, 1, &[3])], 3), None);
        assert_eq!(NoisyOr::new(1.5, vec![]), None);
        assert_eq!(NoisyOr::new(0.5, vec![f64::NAN]), None);
        let none = NoisyOr::fit(&[cell(9, 0, &[0])], 2).unwrap();
        assert_eq!(none.powers(), [0.0, 0.0]);
    }
}
