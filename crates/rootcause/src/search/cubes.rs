//! Count cubes: one pass over the rows per block of columns, in tables that stay in the nearest
//! cache, and every smaller set of columns by summing.

use rayon::prelude::*;

use super::blocks::{Block, CELLS_MAX};
use super::rows::Rows;
use super::space::{Set, Space};
use crate::encode::Codes;

/// Rows whose places are computed at a time, with vector instructions.
const STRIP: usize = 2_048;

/// Rows counted in 16 bits before they are added up: one more could overflow.
const STRETCH: usize = 0xffff / STRIP * STRIP;

/// Blocks that take turns on one stretch of rows, so that its codes are read once into cache.
const TURN: usize = 12;

/// Codes of the columns of a block, each with the distance of its cells.
pub(super) type Input<'a> = Vec<(&'a Codes, u16)>;

/// Counts of a block's cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cube {
    /// Cases by cell, the last column fastest.
    pub(super) cases: Vec<u32>,
    /// Failures by cell.
    pub(super) failures: Vec<u32>,
}

/// Counts all rows and the failing ones for each block.
pub(super) fn count(space: &Space, blocks: &[Block], (all, failing): (&Rows, &Rows)) -> Vec<Cube> {
    blocks
        .par_chunks(TURN)
        .flat_map_iter(|turn| {
            let cases = tables(space, turn, all);
            let failures = tables(space, turn, failing);
            cases
                .into_iter()
                .zip(failures)
                .map(|(cases, failures)| Cube { cases, failures })
        })
        .collect()
}

/// Counts some rows for each block.
pub(super) fn tables(space: &Space, blocks: &[Block], rows: &Rows) -> Vec<Vec<u32>> {
    let mut tables: Vec<Vec<u32>> = blocks.iter().map(|block| vec![0; block.cells]).collect();
    let inputs: Vec<Input> = blocks
        .iter()
        .map(|block| strided(space, block, rows))
        .collect();
    let mut counter = Counter::new();
    for stretch in stretches(rows.len) {
        for (table, input) in tables.iter_mut().zip(&inputs) {
            counter.count(input, stretch, table);
        }
    }
    tables
}

/// Returns the stretches of rows, first and end, that a [`Counter`] takes.
pub(super) fn stretches(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows)
        .step_by(STRETCH)
        .map(move |start| (start, rows.min(start + STRETCH)))
}

/// Returns the codes of each column of a block with the distance of their cells.
pub(super) fn strided<'a>(space: &Space, block: &Block, rows: &'a Rows) -> Input<'a> {
    let mut stride = 1_u16;
    let mut columns: Input = Vec::with_capacity(block.columns.len());
    for column in block.columns.iter().rev() {
        if let (Some(codes), Some(shape)) = (rows.column(*column), space.column(*column)) {
            columns.push((codes, stride));
            stride = stride.wrapping_mul(shape.size);
        }
    }
    columns
}

/// The two buffers that counting works in.
///
/// INVARIANT: there are [`STRIP`] places and [`CELLS_MAX`] counts, which are zero between calls.
pub(super) struct Counter {
    places: Vec<u16>,
    counts: Vec<u16>,
}

impl Counter {
    pub(super) fn new() -> Self {
        Self {
            places: vec![0; STRIP],
            counts: vec![0; CELLS_MAX],
        }
    }

    /// Adds the counts of the rows `start..end`, at most [`STRETCH`], to `table`.
    pub(super) fn count(
        &mut self,
        columns: &[(&Codes, u16)],
        (start, end): (usize, usize),
        table: &mut [u32],
    ) {
        // As many counts as a place can say, so that the compiler needs no check of the bounds.
        let Ok(counts) = <&mut [u16; CELLS_MAX]>::try_from(self.counts.as_mut_slice()) else {
            return;
        };
        for from in (start..end).step_by(STRIP) {
            let to = end.min(from + STRIP);
            let Some(places) = self.places.get_mut(..to - from) else {
                continue;
            };
            places.fill(0);
            for (codes, stride) in columns {
                match codes {
                    Codes::Narrow(codes) => {
                        let codes = codes.get(from..to).unwrap_or_default();
                        for (place, code) in places.iter_mut().zip(codes) {
                            *place = place.wrapping_add(u16::from(*code).wrapping_mul(*stride));
                        }
                    }
                    Codes::Wide(codes) => {
                        let codes = codes.get(from..to).unwrap_or_default();
                        for (place, code) in places.iter_mut().zip(codes) {
                            *place = place.wrapping_add(code.wrapping_mul(*stride));
                        }
                    }
                }
            }
            for place in &*places {
                if let Some(count) = counts.get_mut(usize::from(*place)) {
                    *count = count.wrapping_add(1);
                }
            }
        }
        for (sum, count) in table.iter_mut().zip(counts.iter_mut()) {
            *sum = sum.wrapping_add(u32::from(*count));
            *count = 0;
        }
    }
}

/// Sums the table of `block` over the columns that `set` leaves out.
pub(super) fn sum(space: &Space, block: &Block, set: &Set, table: &[u32]) -> Vec<u32> {
    let mut summed: Option<Vec<u32>> = None;
    let mut inner = 1_usize;
    for column in block.columns.iter().rev() {
        let size = space
            .column(*column)
            .map_or(1, |column| usize::from(column.size));
        if set.columns().contains(column) {
            inner *= size;
            continue;
        }
        let from = summed.as_deref().unwrap_or(table);
        summed = Some(sum_axis(from, size, inner));
    }
    summed.unwrap_or_else(|| table.to_vec())
}

/// Sums out the axis of `size` cells at distance `inner`.
fn sum_axis(from: &[u32], size: usize, inner: usize) -> Vec<u32> {
    if inner == 1 {
        return from
            .chunks_exact(size)
            .map(|run| {
                run.iter()
                    .fold(0_u32, |sum, count| sum.wrapping_add(*count))
            })
            .collect();
    }
    let mut to = vec![0_u32; from.len() / size.max(1)];
    for (sums, slab) in to
        .chunks_exact_mut(inner)
        .zip(from.chunks_exact(inner * size))
    {
        for run in slab.chunks_exact(inner) {
            for (sum, count) in sums.iter_mut().zip(run) {
                *sum = sum.wrapping_add(*count);
            }
        }
    }
    to
}
