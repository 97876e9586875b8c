//! Which count tables are made: a table of four or more columns answers for every smaller set in
//! it by summing, so 15 columns need about 140 passes over the rows instead of 455.
//!
//! Taking the sets in order and adding, each time, the first column that answers for the most sets
//! not answered yet gives a lexicode; for 2^m columns of one size it is the Boolean Steiner
//! quadruple system, in which every three columns stand in exactly one block (Hanani 1960;
//! Conway and Sloane 1986), so no pass is wasted.

use std::collections::HashSet;

use super::space::{Set, Space, WIDTH_MAX};

/// Cells of a table: its places fit 16 bits.
pub(super) const CELLS_MAX: usize = 1 << 16;

/// Columns of a block.
const COLUMNS_MAX: usize = 10;

/// What summing a cell costs beside counting a row, in tenths.
const SUM_TENTHS: usize = 6;

/// Columns that are counted together, and the sets they answer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Columns in ascending order.
    pub(super) columns: Vec<u32>,
    /// Cells of its table.
    pub(super) cells: usize,
    /// Sets that are read from its table.
    pub(super) sets: Vec<Set>,
}

/// Returns the number of cells of some columns, or `None` beyond [`CELLS_MAX`].
pub(super) fn cells(space: &Space, columns: &[u32]) -> Option<usize> {
    columns.iter().try_fold(1_usize, |product, column| {
        let size = usize::from(space.column(*column)?.size);
        product
            .checked_mul(size)
            .filter(|cells| *cells <= CELLS_MAX)
    })
}

/// Returns blocks that answer for all of `sets`, each of which must fit a table, when there are
/// `rows` rows to count.
pub(super) fn cover(space: &Space, sets: &[Set], rows: usize) -> Vec<Block> {
    let mut cover = Cover {
        space,
        rows,
        open: sets.iter().copied().collect(),
        order: order(space),
        blocks: Vec::new(),
    };
    let rank = {
        let mut rank = vec![0_u32; space.columns.len()];
        for (place, column) in (0..).zip(&cover.order) {
            if let Some(slot) = usize::try_from(*column)
                .ok()
                .and_then(|at| rank.get_mut(at))
            {
                *slot = place;
            }
        }
        rank
    };
    let mut widest_first: Vec<Set> = sets.to_vec();
    widest_first.sort_by_cached_key(|set| {
        let mut ranks: Vec<u32> = set
            .columns()
            .iter()
            .filter_map(|column| rank.get(usize::try_from(*column).ok()?).copied())
            .collect();
        ranks.sort_unstable();
        (WIDTH_MAX - set.columns().len(), ranks)
    });
    for set in widest_first {
        if cover.open.contains(&set) {
            cover.add_block(set);
        }
    }
    cover.blocks
}

/// Columns by size, so that small ones, of which many fit a table, come together.
fn order(space: &Space) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(space.columns.len()).collect();
    order.sort_by_key(|column| space.column(*column).map(|column| column.size));
    order
}

struct Cover<'a> {
    space: &'a Space,
    rows: usize,
    open: HashSet<Set>,
    order: Vec<u32>,
    blocks: Vec<Block>,
}

impl Cover<'_> {
    fn add_block(&mut self, set: Set) {
        let mut columns = set.columns().to_vec();
        let Some(mut size) = cells(self.space, &columns) else {
            return;
        };
        let width = columns.len();
        let mut answered = 1_usize;
        while columns.len() < COLUMNS_MAX {
            let Some((column, gain, larger)) = self.best_column(&columns, width) else {
                break;
            };
            let sums = (answered + gain) * larger - answered * size;
            if sums * SUM_TENTHS / 10 >= gain * self.rows {
                break;
            }
            columns.push(column);
            answered += gain;
            size = larger;
        }
        columns.sort_unstable();
        let mut sets = Vec::new();
        for width in 1..=WIDTH_MAX.min(columns.len()) {
            subsets(&columns, width, &mut |subset| {
                let set = Set::of(subset);
                if self.open.remove(&set) {
                    sets.push(set);
                }
            });
        }
        self.blocks.push(Block {
            columns,
            cells: size,
            sets,
        });
    }

    /// Returns the column that, added to a block, answers for the most open sets of `width`
    /// columns, with their number and the cells of the larger block.
    fn best_column(&self, columns: &[u32], width: usize) -> Option<(u32, usize, usize)> {
        let most = choose(columns.len(), width.saturating_sub(1));
        let mut best: Option<(u32, usize, usize)> = None;
        for &column in &self.order {
            if columns.contains(&column) {
                continue;
            }
            let mut larger = columns.to_vec();
            larger.push(column);
            let Some(size) = cells(self.space, &larger) else {
                // Columns come by size, so no later one fits.
                break;
            };
            let gain = self.gain(columns, column, width);
            if gain > best.map_or(0, |(_, gain, _)| gain) {
                best = Some((column, gain, size));
            }
            if gain == most {
                break;
            }
        }
        best
    }

    fn gain(&self, columns: &[u32], column: u32, width: usize) -> usize {
        let mut gain = 0;
        subsets(columns, width - 1, &mut |subset| {
            let mut joined = subset.to_vec();
            joined.push(column);
            joined.sort_unstable();
            gain += usize::from(self.open.contains(&Set::of(&joined)));
        });
        gain
    }
}

/// Calls `each` with every choice of `width` of `columns`, in order.
fn subsets(columns: &[u32], width: usize, each: &mut impl FnMut(&[u32])) {
    fn grow(columns: &[u32], width: usize, chosen: &mut Vec<u32>, each: &mut impl FnMut(&[u32])) {
        if width == 0 {
            each(chosen);
            return;
        }
        for (place, column) in columns.iter().enumerate() {
            chosen.push(*column);
            grow(
                columns.get(place + 1..).unwrap_or_default(),
                width - 1,
                chosen,
                each,
            );
            chosen.pop();
        }
    }
    grow(columns, width, &mut Vec::with_capacity(width), each);
}

fn choose(of: usize, width: usize) -> usize {
    (0..width).fold(1, |product, place| {
        product * of.saturating_sub(place) / (place + 1)
    })
}
