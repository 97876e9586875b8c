//! Cells: the rows that the same earlier causes cover.

use super::bits::{Bits, Weights};
use super::ground::Ground;
use super::stratified::Stratum;

/// A cell and what it holds.
#[derive(Debug, Clone)]
struct Cell {
    rows: Bits,
    failing: Bits,
    cases: u64,
    failures: u64,
}

/// The cells of a set of causes; those in which nothing can be shown are left out.
#[derive(Debug, Clone)]
pub(crate) struct Cells<'a> {
    weights: &'a Weights,
    cells: Vec<Cell>,
}

impl<'a> Cells<'a> {
    /// Returns the one cell of no cause.
    pub(crate) fn whole(ground: &Ground<'_>, weights: &'a Weights) -> Self {
        let rows = ground.all();
        Self {
            weights,
            cells: Cell::new(rows, ground, weights).into_iter().collect(),
        }
    }

    /// Returns the cells after a cause that covers `rows`.
    #[must_use]
    pub(crate) fn split(&self, ground: &Ground<'_>, rows: &Bits) -> Self {
        let halves = self.cells.iter().flat_map(|cell| {
            let mut within = cell.rows.clone();
            within.and(rows);
            let mut without = cell.rows.clone();
            without.and_not(rows);
            [within, without]
        });
        Self {
            weights: self.weights,
            cells: halves
                .filter_map(|rows| Cell::new(rows, ground, self.weights))
                .collect(),
        }
    }

    /// Returns the strata a pattern makes of the cells.
    pub(crate) fn strata(&self, rows: &Bits) -> Vec<Stratum> {
        let strata = self.cells.iter().map(|cell| {
            let (covered, failing) = cell.covered(rows, self.weights);
            Stratum {
                cases: cell.cases,
                failures: cell.failures,
                covered,
                failing,
            }
        });
        strata.filter(|stratum| stratum.covered > 0).collect()
    }

    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Returns the place of the cell a row lies in, when the row counts.
    pub(crate) fn counted(&self, row: usize) -> Option<usize> {
        let cell = self.cells.iter().position(|cell| cell.rows.contains(row))?;
        self.weights.counts(row).then_some(cell)
    }

    /// Returns cases and failures of each cell.
    pub(crate) fn totals(&self) -> impl Iterator<Item = (u64, u64)> {
        self.cells.iter().map(|cell| (cell.cases, cell.failures))
    }
}

impl Cell {
    fn new(rows: Bits, ground: &Ground<'_>, weights: &Weights) -> Option<Self> {
        let failing = ground.failing(&rows);
        let (cases, failures) = (weights.count(&rows), weights.count(&failing));
        (failures > 0 && failures < cases).then_some(Self {
            rows,
            failing,
            cases,
            failures,
        })
    }

    fn covered(&self, rows: &Bits, weights: &Weights) -> (u64, u64) {
        (
            weights.count_both(rows, &self.rows),
            weights.count_both(rows, &self.failing),
        )
    }
}
