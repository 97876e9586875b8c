//! Codes of numbers: at most 64 bins of about equal size, equal numbers always in the same bin,
//! with the roundest limits that part the rows in the same way.

use baton_eventlog::cases::Unit;

use super::attribute::{Attribute, Codes, Kind, Naming, Words};
use super::bitmap::Bitmap;
use super::table::{BINS_MAX, Settings};

/// Seconds in the units people count time in, largest first.
const TIMES: [i64; 6] = [604_800, 86_400, 3_600, 600, 60, 10];

/// Encodes numbers; `naming` has no words yet.
pub(super) fn number(
    (values, unit): (&[Option<i64>], Unit),
    basis: Option<&Bitmap>,
    settings: &Settings,
    naming: Naming,
) -> Attribute {
    let known = |row: usize| values.get(row).copied().flatten();
    let mut sorted: Vec<i64> = match basis {
        None => values.iter().copied().flatten().collect(),
        Some(basis) => basis.iter().filter_map(known).collect(),
    };
    sorted.sort_unstable();
    let cuts: Vec<i64> = limits(&sorted, settings.bins.clamp(1, BINS_MAX))
        .into_iter()
        .map(|(below, least)| roundest(below, least, unit))
        .collect();
    let bins = u16::try_from(cuts.len() + 1).unwrap_or(u16::MAX);
    let code = |value: &Option<i64>| {
        value.map_or(bins, |value| {
            u16::try_from(cuts.partition_point(|cut| *cut <= value)).unwrap_or(bins)
        })
    };
    let codes: Vec<u16> = values.iter().map(code).collect();
    let size = usize::from(bins) + usize::from(codes.contains(&bins));
    let mut cases = vec![0_u64; size];
    let mut count = |code: u16| {
        if let Some(cases) = cases.get_mut(usize::from(code)) {
            *cases += 1;
        }
    };
    match basis {
        None => codes.iter().copied().for_each(&mut count),
        Some(basis) => basis
            .iter()
            .filter_map(|row| codes.get(row).copied())
            .for_each(&mut count),
    }
    Attribute {
        kind: Kind::Number { bins },
        codes: Codes::pack(codes, size),
        cases,
        names: vec![Naming {
            words: Words::Cuts { cuts, unit },
            ..naming
        }],
        folded: 0,
        crowded: 0,
    }
}

/// Returns the greatest number below each cut and the least at or above it.
///
/// Bin `b` ends with the first number whose rank reaches `(b + 1) / bins` of the rows that are
/// left, so that many equal numbers take one bin and the others share the rest.
fn limits(sorted: &[i64], bins: u16) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut rest = sorted;
    let mut left = usize::from(bins);
    while left > 1 {
        let share = rest.len().div_ceil(left).max(1);
        let Some(&last) = rest.get(share - 1) else {
            break;
        };
        let end = rest.partition_point(|value| *value <= last);
        let Some(&next) = rest.get(end) else {
            break;
        };
        found.push((last, next));
        rest = rest.get(end..).unwrap_or_default();
        left -= 1;
    }
    found
}

/// Returns the roundest number above `below` and at most `least`.
fn roundest(below: i64, least: i64, unit: Unit) -> i64 {
    let fits = |step: i64| {
        let cut = least.div_euclid(step).checked_mul(step)?;
        (cut > below).then_some(cut)
    };
    let tens = |from: i64| {
        (0..=18_u32)
            .rev()
            .filter_map(move |power| 10_i64.checked_pow(power)?.checked_mul(from))
    };
    let found = match unit {
        Unit::Seconds => tens(604_800)
            .chain(TIMES)
            .filter(|step| *step > 0)
            .find_map(fits),
        Unit::Count | Unit::Decimal(_) => tens(1).find_map(fits),
    };
    found.unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_stay_together_and_bins_are_about_equal() {
        let check = |sorted: &[i64], bins: u16, expected: &[(i64, i64)]| {
            assert_eq!(limits(sorted, bins), expected, "{sorted:?}");
        };
        check(&[], 4, &[]);
        check(&[5], 4, &[]);
        check(&[5, 5, 5], 4, &[]);
        check(&[1, 2, 3, 4], 4, &[(1, 2), (2, 3), (3, 4)]);
        check(&[1, 2, 3, 4], 64, &[(1, 2), (2, 3), (3, 4)]);
        check(&[1, 2, 3, 4], 2, &[(2, 3)]);
        check(&[0, 0, 0, 0, 0, 0, 7, 8, 9], 3, &[(0, 7), (8, 9)]);
        check(&[1, 2, 2, 2, 2, 9], 3, &[(2, 9)]);
        check(&[1, 2, 3], 1, &[]);
        let many: Vec<i64> = (0..6_400).collect();
        assert_eq!(limits(&many, 64).len(), 63);
    }

    #[test]
    fn a_cut_is_the_roundest_number_that_parts_the_same_rows() {
        let check = |below: i64, least: i64, unit: Unit, expected: i64| {
            assert_eq!(roundest(below, least, unit), expected, "{below} {least}");
        };
        check(3, 4, Unit::Count, 4);
        check(8, 14, Unit::Count, 10);
        check(387, 1_342, Unit::Decimal(2), 1_000);
        check(-5, 7, Unit::Count, 0);
        check(-19, -8, Unit::Count, -10);
        check(3_000, 4_000, Unit::Seconds, 3_600);
        check(3_000, 200_000, Unit::Seconds, 172_800);
        check(61, 64, Unit::Seconds, 64);
        check(i64::MIN, i64::MAX, Unit::Count, 9_000_000_000_000_000_000);
        check(i64::MAX - 1, i64::MAX, Unit::Seconds, i64::MAX);
    }
}
