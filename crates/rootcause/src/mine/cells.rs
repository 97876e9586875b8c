//! Cells: the rows of one block of time that the same earlier causes cover.

use super::bits::{Bits, Weights};
use super::ground::Ground;
use super::stratified::Stratum;

/// The cell of rows in which nothing can be shown.
const NONE: u32 = u32::MAX;

/// The cells of a set of causes; those in which nothing can be shown are left out.
#[derive(Debug, Clone)]
pub(crate) struct Cells<'a> {
    weights: &'a Weights,
    /// Twice the cell of each row, and one more where it failed; or [`NONE`].
    code: Vec<u32>,
    /// Cases and failures of each cell.
    totals: Vec<(u64, u64)>,
}

impl<'a> Cells<'a> {
    /// Returns the one cell of all times and no cause.
    pub(crate) fn whole(ground: &Ground<'_>, weights: &'a Weights) -> Self {
        let place = vec![0; ground.table.ids.len()];
        Self::of(&place, ground, weights)
    }

    /// Returns the cells of no cause: the blocks of time.
    pub(crate) fn blocks(ground: &Ground<'_>, weights: &'a Weights) -> Self {
        Self::of(&ground.blocks, ground, weights)
    }

    /// Returns the cells of the rows with equal keys, in the order of the keys.
    fn of(keys: &[u32], ground: &Ground<'_>, weights: &'a Weights) -> Self {
        let most = keys.iter().filter(|key| **key != NONE).max();
        let sizes = most.map_or(0, |most| usize::try_from(*most).unwrap_or_default() + 1);
        let mut sums = vec![(0_u64, 0_u64); sizes];
        let key = |row: usize| usize::try_from(keys.get(row).copied()?).ok();
        weights.each(&ground.all(), |row, weight| {
            if let Some((cases, failures)) = key(row).and_then(|key| sums.get_mut(key)) {
                *cases += weight;
                *failures += if ground.failed.contains(row) {
                    weight
                } else {
                    0
                };
            }
        });
        let mut totals = Vec::new();
        let codes = sums.iter().map(|&(cases, failures)| {
            let place = u32::try_from(totals.len()).unwrap_or(NONE);
            let shows = failures > 0 && failures < cases;
            if shows {
                totals.push((cases, failures));
            }
            if shows { 2 * place } else { NONE }
        });
        let codes: Vec<u32> = codes.collect();
        let code = (0..keys.len()).map(|row| {
            let cell = key(row).and_then(|key| codes.get(key)).copied();
            match cell.filter(|&cell| cell != NONE && weights.counts(row)) {
                Some(cell) => cell + u32::from(ground.failed.contains(row)),
                None => NONE,
            }
        });
        Self {
            weights,
            code: code.collect(),
            totals,
        }
    }

    /// Returns the cells after a cause that covers `rows`.
    #[must_use]
    pub(crate) fn split(&self, ground: &Ground<'_>, rows: &Bits) -> Self {
        let halves = self.code.iter().enumerate().map(|(row, &code)| match code {
            NONE => NONE,
            code => (code & !1) + u32::from(!rows.contains(row)),
        });
        Self::of(&halves.collect::<Vec<u32>>(), ground, self.weights)
    }

    /// Returns the strata a pattern makes of the cells.
    pub(crate) fn strata(&self, rows: &Bits) -> Vec<Stratum> {
        let mut counts = vec![[0_u64; 2]; self.totals.len()];
        self.weights.each(rows, |row, weight| {
            let code = self.code.get(row).copied().unwrap_or(NONE);
            let place = usize::try_from(code / 2).unwrap_or(usize::MAX);
            if let Some([fine, failing]) = counts.get_mut(place) {
                *(if code & 1 == 1 { failing } else { fine }) += weight;
            }
        });
        let strata = self.totals.iter().zip(counts);
        strata
            .filter(|(_, [fine, failing])| fine + failing > 0)
            .map(|(&(cases, failures), [fine, failing])| Stratum {
                cases,
                failures,
                covered: fine + failing,
                failing,
            })
            .collect()
    }

    /// Returns how often each row counts.
    pub(crate) fn weights(&self) -> &'a Weights {
        self.weights
    }

    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.totals.len()
    }

    /// Returns the place of the cell a row lies in, when the row counts.
    pub(crate) fn counted(&self, row: usize) -> Option<usize> {
        let place = usize::try_from(self.code.get(row)? / 2).ok()?;
        (place < self.totals.len()).then_some(place)
    }

    /// Returns cases and failures of each cell.
    pub(crate) fn totals(&self) -> impl Iterator<Item = (u64, u64)> {
        self.totals.iter().copied()
    }
}

/// Returns the strata that the blocks of time make of a pattern among the cases of a part of it:
/// the rows of both.
pub(crate) fn at_the_same_time(ground: &Ground<'_>, (part, rows): (&Bits, &Bits)) -> Vec<Stratum> {
    let empty = Stratum {
        cases: 0,
        failures: 0,
        covered: 0,
        failing: 0,
    };
    let most = ground.blocks.iter().max().copied().unwrap_or_default();
    let mut strata = vec![empty; usize::try_from(most).unwrap_or_default() + 1];
    let block = |row: usize| usize::try_from(ground.blocks.get(row).copied()?).ok();
    ground.earlier.each(part, |row, weight| {
        if let Some(stratum) = block(row).and_then(|block| strata.get_mut(block)) {
            let failures = if ground.failed.contains(row) {
                weight
            } else {
                0
            };
            stratum.cases += weight;
            stratum.failures += failures;
            if rows.contains(row) {
                stratum.covered += weight;
                stratum.failing += failures;
            }
        }
    });
    strata.retain(|stratum| stratum.cases > 0);
    strata
}

#[cfg(test)]
mod tests {
    use baton_eventlog::cases::CaseTable;

    use super::*;

    #[test]
    fn cells_part_rows_by_time_and_causes_and_leave_out_what_shows_nothing() {
        let table = CaseTable {
            ids: (0..12).map(|row| row.to_string().into()).collect(),
            start: (0..12).collect(),
            failed: (0..12).map(|row| row % 2 == 0 && row < 8).collect(),
            ..CaseTable::default()
        };
        let rows = |rows: std::ops::Range<usize>| Bits::of((0..12).map(|row| rows.contains(&row)));
        let mut ground = Ground::new(&table, rows(0..12), rows(0..0));
        ground.blocks = (0..12).map(|row| row / 4).collect();
        let weights = Weights::of(&[1, 1, 1, 1, 2, 1, 0, 1, 1, 1, 1, 1]);
        let stratum = |cases, failures, covered, failing| Stratum {
            cases,
            failures,
            covered,
            failing,
        };
        let blocks = Cells::blocks(&ground, &weights);
        assert_eq!(
            blocks.strata(&rows(2..5)),
            [stratum(4, 2, 2, 1), stratum(4, 2, 2, 2)]
        );
        let split = blocks.split(&ground, &rows(0..2));
        assert_eq!(
            split.strata(&rows(1..5)),
            [
                stratum(2, 1, 1, 0),
                stratum(2, 1, 2, 1),
                stratum(4, 2, 2, 2)
            ]
        );
        assert_eq!(split.counted(9), None);
        assert_eq!(split.counted(6), None);
        assert_eq!(split.counted(7), Some(2));
        let whole = Cells::whole(&ground, &weights);
        assert_eq!(whole.strata(&rows(0..4)), [stratum(12, 4, 4, 2)]);
    }
}
