//! Blocks of time: cases are compared with cases of about the same time, so that what merely
//! changes over the months as the failure rate does is no cause (stratification by calendar time;
//! Mantel and Haenszel 1959).

use baton_eventlog::cases::CaseTable;

use super::time::day;

/// Most blocks.
const BLOCKS_MAX: usize = 32;
/// Cases per block, at least, where all are of one size.
const CASES_MIN: usize = 70;
/// Failures per block, at least, on average.
const FAILURES_MIN: usize = 15;

/// Returns the block of each row of a table in the order of starts: about as many rows in each, rows
/// that start together in one. How many there are depends on the numbers of cases and failures
/// alone, never on which cases failed.
pub(crate) fn blocks(table: &CaseTable) -> Vec<u32> {
    let cases = table.start.len();
    let failures = table.failed.iter().filter(|failed| **failed).count();
    let count = (cases / CASES_MIN)
        .min(failures / FAILURES_MIN)
        .clamp(1, BLOCKS_MAX);
    let (mut first, mut before) = (0, None);
    let place = |(row, start): (usize, &i64)| {
        if before != Some(*start) {
            (first, before) = (row, Some(*start));
        }
        u32::try_from(first * count / cases.max(1)).unwrap_or_default()
    };
    table.start.iter().enumerate().map(place).collect()
}

/// Returns the days on which the blocks start, in their order, beside the number of each block.
pub(crate) fn starts(table: &CaseTable, blocks: &[u32]) -> Vec<(u32, String)> {
    let mut starts: Vec<(u32, String)> = Vec::new();
    for (&start, &block) in table.start.iter().zip(blocks) {
        if starts.last().is_none_or(|(last, _)| *last != block) {
            starts.push((block, day(start)));
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_as_many_as_cases_and_failures_allow_and_part_no_moment() {
        for (cases, failures, at_once, expected) in [
            (0, 0, 1, 0),
            (60, 60, 1, 1),
            (700, 20, 1, 1),
            (700, 700, 1, 10),
            (9_000, 45, 1, 3),
            (9_000, 900, 1, 32),
            (9_000, 900, 9_000, 1),
            (9_000, 900, 1_000, 9),
        ] {
            let table = CaseTable {
                start: (0..cases).map(|row| row / at_once).collect(),
                failed: (0..cases).map(|row| row < failures).collect(),
                ..CaseTable::default()
            };
            let blocks = blocks(&table);
            let starts = starts(&table, &blocks);
            assert_eq!(starts.len(), expected, "{cases} {failures} {at_once}");
            assert!(blocks.is_sorted());
            let pairs = table.start.iter().zip(&blocks);
            let apart = pairs.clone().zip(pairs.skip(1));
            assert!(
                apart
                    .into_iter()
                    .all(|(one, two)| one.0 != two.0 || one.1 == two.1)
            );
        }
    }
}
