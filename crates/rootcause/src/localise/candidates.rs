//! Every combination of attribute values of up to three conditions, as cells of attribute sets.

use super::limits::{CELLS_MAX, CONDITIONS_MAX};
use super::numbers::count;
use super::table::Table;

/// A set of attributes with the cell of each leaf.
#[derive(Debug, Clone)]
pub(super) struct Cuboid {
    /// Places of the attributes.
    pub(super) attributes: Vec<usize>,
    /// Cell of each leaf.
    pub(super) cell: Vec<u32>,
    /// Number of cells that have a leaf.
    pub(super) cells: usize,
    /// ln of the number of candidates with as many conditions.
    pub(super) penalty: f64,
}

/// One combination of attribute values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// Place of the attribute set; fewer conditions come first.
    pub(super) cuboid: usize,
    /// Cell in it; cells are in the order of their values.
    pub(super) cell: u32,
}

/// All attribute sets of a table.
#[derive(Debug, Clone)]
pub(super) struct Cuboids {
    /// The sets, fewer attributes first.
    pub(super) sets: Vec<Cuboid>,
    /// Most conditions that are looked at.
    pub(super) depth: usize,
}

impl Cuboids {
    /// Returns the cells of all attribute sets of up to `depth` attributes that fit the limit.
    pub(super) fn of(table: &Table, depth: usize) -> Self {
        let attributes = table.attributes.len();
        let mut depth = depth.clamp(1, CONDITIONS_MAX).min(attributes);
        while depth > 1 && sets_up_to(attributes, depth) > CELLS_MAX / table.leaves().max(1) {
            depth -= 1;
        }
        let mut sets = Vec::new();
        for length in 1..=depth {
            let start = sets.len();
            let of_length = choices(attributes, length);
            sets.extend(of_length.into_iter().map(|set| cuboid(table, set)));
            let fresh = sets.get_mut(start..).unwrap_or_default();
            let candidates = fresh.iter().map(|set| set.cells).sum::<usize>();
            let penalty = libm::log(count(candidates.max(1)));
            for set in fresh {
                set.penalty = penalty;
            }
        }
        Self { sets, depth }
    }

    /// Returns the leaves of a candidate, in order.
    pub(super) fn leaves(&self, candidate: Candidate) -> Vec<usize> {
        let Some(set) = self.sets.get(candidate.cuboid) else {
            return Vec::new();
        };
        let cells = set.cell.iter().enumerate();
        cells
            .filter(|(_, cell)| **cell == candidate.cell)
            .map(|(leaf, _)| leaf)
            .collect()
    }

    /// Returns what a candidate costs: ln of the number of candidates as long as it is.
    pub(super) fn penalty(&self, candidate: Candidate) -> f64 {
        self.sets
            .get(candidate.cuboid)
            .map_or(f64::INFINITY, |set| set.penalty)
    }

    /// Returns the number of candidates.
    pub(super) fn candidates(&self) -> usize {
        self.sets.iter().map(|set| set.cells).sum()
    }
}

/// Returns the number of sets of 1 to `depth` of some things.
fn sets_up_to(things: usize, depth: usize) -> usize {
    let mut sets: usize = 0;
    let mut of_length: usize = 1;
    for length in 0..depth {
        of_length = of_length.saturating_mul(things.saturating_sub(length)) / (length + 1);
        sets = sets.saturating_add(of_length);
    }
    sets
}

/// Returns the sets of `length` of the numbers below `things`, in order.
fn choices(things: usize, length: usize) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..length {
        found = found
            .into_iter()
            .flat_map(|set| {
                let next = set.last().map_or(0, |last| last + 1);
                (next..things).map(move |thing| {
                    let mut longer = set.clone();
                    longer.push(thing);
                    longer
                })
            })
            .collect();
    }
    found
}

fn cuboid(table: &Table, attributes: Vec<usize>) -> Cuboid {
    let mut keys = vec![0_u128; table.leaves()];
    for attribute in &attributes {
        let values = table.attributes.get(*attribute);
        let base = values.map_or(1, |attribute| attribute.values.len());
        let base = u128::try_from(base).unwrap_or(u128::MAX);
        let codes = table.codes.get(*attribute).into_iter().flatten();
        for (key, code) in keys.iter_mut().zip(codes) {
            *key = *key * base + u128::from(*code);
        }
    }
    let mut found = keys.clone();
    found.sort_unstable();
    found.dedup();
    let cell = keys
        .iter()
        .map(|key| {
            let place = found.partition_point(|one| one < key);
            u32::try_from(place).unwrap_or(u32::MAX)
        })
        .collect();
    Cuboid {
        attributes,
        cell,
        cells: found.len(),
        penalty: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_counted_and_listed_in_order() {
        assert_eq!(choices(3, 2), [vec![0, 1], vec![0, 2], vec![1, 2]]);
        for (things, depth) in [(1, 1), (4, 3), (6, 3), (32, 3)] {
            let listed: usize = (1..=depth)
                .map(|length| choices(things, length).len())
                .sum();
            assert_eq!(sets_up_to(things, depth), listed);
        }
    }
}
