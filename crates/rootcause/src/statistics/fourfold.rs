//! Cases with a cause beside cases without it, and the failures among each: the fourfold table.

use super::hypergeometric::TABLE_CASES_MAX;

/// A fourfold table of counts that fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FourfoldTable {
    covered: (u64, u64),
    others: (u64, u64),
}

impl FourfoldTable {
    /// Returns the table of covered and other cases, each as cases and failures among them, or
    /// `None` when failures exceed cases or all cases exceed [`TABLE_CASES_MAX`].
    pub fn new(covered: (u64, u64), others: (u64, u64)) -> Option<Self> {
        let cases = covered.0.checked_add(others.0)?;
        let fits = covered.1 <= covered.0 && others.1 <= others.0 && cases <= TABLE_CASES_MAX;
        fits.then_some(Self { covered, others })
    }

    /// Returns the table of a pattern that covers `pattern` of the cases of `all`, each as cases and
    /// failures among them, or `None` when they do not fit together.
    pub fn within(all: (u64, u64), pattern: (u64, u64)) -> Option<Self> {
        let others = (all.0.checked_sub(pattern.0)?, all.1.checked_sub(pattern.1)?);
        Self::new(pattern, others)
    }

    /// Returns the number of covered cases (N).
    pub fn covered(&self) -> u64 {
        self.covered.0
    }

    /// Returns the failures among covered cases (K).
    pub fn failing(&self) -> u64 {
        self.covered.1
    }

    /// Returns the number of cases not covered.
    pub fn others(&self) -> u64 {
        self.others.0
    }

    /// Returns the failures among cases not covered.
    pub fn others_failing(&self) -> u64 {
        self.others.1
    }

    /// Returns the number of all cases (n).
    pub fn cases(&self) -> u64 {
        self.covered.0 + self.others.0
    }

    /// Returns the number of all failures (k).
    pub fn failures(&self) -> u64 {
        self.covered.1 + self.others.1
    }

    /// Returns the covered cases that are fine.
    pub(super) fn fine(&self) -> u64 {
        self.covered.0 - self.covered.1
    }

    /// Returns the other cases that are fine.
    pub(super) fn others_fine(&self) -> u64 {
        self.others.0 - self.others.1
    }

    /// Whether both sides have cases and both outcomes occur, so that the sides can be compared.
    pub(super) fn is_informative(&self) -> bool {
        self.covered.0 > 0
            && self.others.0 > 0
            && self.failures() > 0
            && self.failures() < self.cases()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_counts_that_fit_make_a_table() {
        assert_eq!(FourfoldTable::new((3, 4), (1, 1)), None);
        assert_eq!(FourfoldTable::new((3, 3), (1, 2)), None);
        assert_eq!(FourfoldTable::new((u64::MAX, 3), (1, 1)), None);
        assert_eq!(FourfoldTable::within((10, 4), (11, 4)), None);
        assert_eq!(FourfoldTable::within((10, 4), (4, 5)), None);
        assert_eq!(FourfoldTable::within((10, 4), (8, 1)), None);
        let table = FourfoldTable::within((10, 4), (5, 3)).unwrap();
        assert_eq!(table, FourfoldTable::new((5, 3), (5, 1)).unwrap());
        assert_eq!((table.fine(), table.others_fine()), (2, 4));
    }
}
