//! Counting by case: the packages of a case share its outcome, so what is counted against outcomes
//! are cases, apart by how many packages they have.

use baton_report::backtest::Tally;

/// Strata of cases by how many of their packages count: one to four, and more.
pub(super) const STRATA: usize = 5;

/// Cases of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stratum {
    pub(super) failed: u64,
    pub(super) fine: u64,
}

/// Packages, and cases by outcome and stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) packages: u64,
    pub(super) unknown: u64,
    pub(super) strata: [Stratum; STRATA],
}

/// A case as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CaseEnd {
    /// Whether it failed, where that is known.
    pub(super) failed: Option<bool>,
    /// Its stratum.
    pub(super) stratum: usize,
}

impl CaseEnd {
    /// Returns a case of which so many packages count.
    pub(super) fn new(failed: Option<bool>, packages: usize) -> Self {
        let stratum = packages.saturating_sub(1).min(STRATA - 1);
        Self { failed, stratum }
    }
}

impl Counts {
    /// Counts one case.
    pub(super) fn case(&mut self, end: CaseEnd) {
        let stratum = self.strata.get_mut(end.stratum);
        match (end.failed, stratum) {
            (Some(true), Some(stratum)) => stratum.failed += 1,
            (Some(false), Some(stratum)) => stratum.fine += 1,
            _ => self.unknown += 1,
        }
    }

    pub(super) fn add(&mut self, more: &Self) {
        self.packages += more.packages;
        self.unknown += more.unknown;
        for (stratum, more) in self.strata.iter_mut().zip(&more.strata) {
            stratum.failed += more.failed;
            stratum.fine += more.fine;
        }
    }

    pub(super) fn failed(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.failed).sum()
    }

    pub(super) fn fine(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.fine).sum()
    }

    pub(super) fn shown(&self) -> Tally {
        Tally {
            packages: self.packages,
            failed: self.failed(),
            fine: self.fine(),
            unknown: self.unknown,
        }
    }
}

/// Counts of before, after, gained and lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sides {
    pub(super) before: Counts,
    pub(super) after: Counts,
    pub(super) gained: Counts,
    pub(super) lost: Counts,
}

impl Sides {
    pub(super) fn add(&mut self, more: &Self) {
        self.before.add(&more.before);
        self.after.add(&more.after);
        self.gained.add(&more.gained);
        self.lost.add(&more.lost);
    }

    /// Counts a package.
    pub(super) fn package(&mut self, sight: Sight) {
        for counts in self.seen(sight) {
            counts.packages += 1;
        }
    }

    /// Counts a case.
    pub(super) fn case(&mut self, sight: Sight, end: CaseEnd) {
        for counts in self.seen(sight) {
            counts.case(end);
        }
    }

    fn seen(&mut self, sight: Sight) -> impl Iterator<Item = &mut Counts> {
        let sides = [
            &mut self.before,
            &mut self.after,
            &mut self.gained,
            &mut self.lost,
        ];
        let seen = sides.into_iter().zip(sight.0);
        seen.filter_map(|(counts, is_seen)| is_seen.then_some(counts))
    }
}

/// What was seen of one package, or of all packages of a case: whether something is so before, after,
/// only after (gained) and only before (lost).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sight([bool; 4]);

impl Sight {
    /// Returns what is seen of a thing that is so before, and after.
    pub(super) fn of((before, after): (bool, bool)) -> Self {
        Self([before, after, after && !before, before && !after])
    }

    /// Adds another package of the case.
    pub(super) fn join(&mut self, more: Self) {
        for (own, more) in self.0.iter_mut().zip(more.0) {
            *own |= more;
        }
    }

    /// Returns whether something is so only after.
    pub(super) fn is_gained(self) -> bool {
        let [_, _, gained, _] = self.0;
        gained
    }

    /// Returns whether something is so only before.
    pub(super) fn is_lost(self) -> bool {
        let [_, _, _, lost] = self.0;
        lost
    }

    /// Returns whether something is so on one side only.
    pub(super) fn is_moved(self) -> bool {
        self.is_gained() || self.is_lost()
    }

    /// Returns the sight of a case that is so as soon as one of its packages is.
    pub(super) fn of_case(self) -> Self {
        let [before, after, ..] = self.0;
        Self::of((before, after))
    }

    /// Returns the sight of a case that loses only where it gains nothing.
    pub(super) fn without_both(self) -> Self {
        let [before, after, gained, lost] = self.0;
        Self([before, after, gained, lost && !gained])
    }
}
