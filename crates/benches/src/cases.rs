//! Case tables with planted causes, made from a seed: 15 categories of 5 to 20 values, skewed as
//! categories are, 5% failures, and causes of one, two and three conditions.

use std::fmt::Write as _;

use baton_eventlog::cases::{CaseTable, Feature, Origin, Values};
use baton_eventlog::model::{Code, Dictionary};

use crate::random::Random;

/// Values of each feature.
const SIZES: [u64; 15] = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20];

/// Conditions (feature and value) of a planted cause, and the failures per 10,000 it adds.
pub type Planted = (&'static [(usize, u64)], u64);

/// The causes of every table.
pub const PLANTED: [Planted; 3] = [
    (&[(3, 2)], 300),
    (&[(1, 1), (7, 1)], 900),
    (&[(0, 1), (4, 0), (9, 1)], 1_500),
];

/// Failures per 10,000 without any cause.
const BASE: u64 = 400;

/// Returns a table of `cases` cases; the same for the same seed.
pub fn planted(cases: usize, seed: u64) -> CaseTable {
    let mut random = Random::new(seed);
    let shares: Vec<Vec<u64>> = SIZES.iter().map(|size| shares(*size)).collect();
    let mut codes: Vec<Vec<Code>> = SIZES.iter().map(|_| Vec::with_capacity(cases)).collect();
    let mut failed = Vec::with_capacity(cases);
    for _ in 0..cases {
        let row: Vec<u64> = shares
            .iter()
            .map(|shares| value(shares, &mut random))
            .collect();
        let holds = |(conditions, _): &&Planted| {
            conditions
                .iter()
                .all(|(feature, value)| row.get(*feature) == Some(value))
        };
        let added: u64 = PLANTED.iter().filter(holds).map(|(_, added)| added).sum();
        failed.push(random.below(10_000) < BASE + added);
        for (codes, value) in codes.iter_mut().zip(&row) {
            codes.push(Code::try_from(*value).unwrap_or_default());
        }
    }
    let features = codes.into_iter().zip(SIZES).enumerate();
    CaseTable {
        ids: vec!["".into(); cases],
        start: vec![0; cases],
        failed,
        features: features
            .map(|(place, (codes, size))| feature(place, codes, size))
            .collect(),
        ..CaseTable::default()
    }
}

/// Returns the table as CSV: a column per feature, values as `v` and a number, then `failed`.
pub fn csv(table: &CaseTable) -> String {
    let mut text = String::new();
    let names: Vec<&str> = table
        .features
        .iter()
        .map(|feature| &*feature.name)
        .collect();
    text.push_str(&names.join(","));
    text.push_str(",failed\n");
    for (row, failed) in table.failed.iter().enumerate() {
        for feature in &table.features {
            if let Values::Category { codes, .. } = &feature.values {
                // Writing to a text cannot fail.
                let _ = write!(text, "{},", codes.get(row).copied().unwrap_or_default());
            }
        }
        text.push_str(if *failed { "1\n" } else { "0\n" });
    }
    text
}

fn feature(place: usize, codes: Vec<Code>, size: u64) -> Feature {
    let mut dictionary = Dictionary::new();
    for value in 0..size {
        dictionary.intern(&value.to_string());
    }
    Feature {
        name: format!("a{place:02}").into(),
        origin: Origin::Attribute,
        modifiable: true,
        group: false,
        values: Values::Category { codes, dictionary },
    }
}

/// Sums of the shares of the values so far: the share of value `v` is proportional to `1 / (v + 2)`.
fn shares(size: u64) -> Vec<u64> {
    let mut sum = 0;
    (0..size)
        .map(|value| {
            sum += 1_000_000 / (value + 2);
            sum
        })
        .collect()
}

fn value(shares: &[u64], random: &mut Random) -> u64 {
    let at = random.below(shares.last().copied().unwrap_or(1));
    u64::try_from(shares.partition_point(|share| *share <= at)).unwrap_or_default()
}
