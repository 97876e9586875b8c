//! A changed failure rate split into what got better or worse and what merely shifted: the rate
//! effect and the mix effect of each group.

use crate::wire::Fixed;

/// The most cases in a window: products of four counts stay exact.
pub const WINDOW_CASES_MAX: u64 = 1 << 30;
/// Parts of the finer unit (10^-12) in a millionth.
const FINE: i128 = 1_000_000;

/// One group in two windows, each as cases and failures among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupChange {
    /// The window before.
    pub before: (u64, u64),
    /// The window after.
    pub after: (u64, u64),
}

/// What one group adds to the change of the failure rate. Unit: failures per case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupEffect {
    /// Because it fails more or less often.
    pub rate: Fixed,
    /// Because it became a larger or smaller part of all cases.
    pub mix: Fixed,
}

/// A change of the failure rate and its parts, which add up to the last millionth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateMix {
    /// The rate after less the rate before.
    pub total: Fixed,
    /// All rate effects.
    pub rate: Fixed,
    /// All mix effects.
    pub mix: Fixed,
    /// The effects of each group, in the order given.
    pub groups: Vec<GroupEffect>,
}

/// Splits the change of a failure rate over groups, or answers `None` when a window has no case, more
/// than [`WINDOW_CASES_MAX`], or a group more failures than cases.
///
/// Kitagawa (1955): with shares s and rates r, the rate effect of a group is
/// `(r1 - r0) (s0 + s1) / 2`, its mix effect `(s1 - s0) (r0 + r1) / 2`. Exchanging the windows
/// changes all signs. A group that one window lacks counts with its rate of the other, so all it adds is mix.
/// Exact in integers, then rounded so that the parts still add up (Hamilton's method: what is left
/// goes to the largest remainders, the earliest of equals).
pub fn rate_mix(groups: &[GroupChange]) -> Option<RateMix> {
    let before = window(groups.iter().map(|group| group.before))?;
    let after = window(groups.iter().map(|group| group.after))?;
    let change = (after.1 * before.0 - before.1 * after.0, after.0 * before.0);
    let total = half_up(fine_parts(change)?);
    let mut parts = Vec::with_capacity(groups.len() * 2);
    for group in groups {
        let (rate, mix) = effects(*group, before.0, after.0)?;
        parts.push(rate);
        parts.push(mix);
    }
    let rounded = apportioned(&parts, total);
    let groups: Vec<GroupEffect> = rounded
        .chunks_exact(2)
        .filter_map(|pair| {
            let [rate, mix] = pair else { return None };
            Some(GroupEffect {
                rate: fixed(*rate),
                mix: fixed(*mix),
            })
        })
        .collect();
    let sum = |part: fn(&GroupEffect) -> Fixed| {
        Fixed::from_millionths(groups.iter().map(|group| part(group).millionths()).sum())
    };
    Some(RateMix {
        total: fixed(total),
        rate: sum(|group| group.rate),
        mix: sum(|group| group.mix),
        groups,
    })
}

/// Sums a window and checks its counts.
fn window(groups: impl Iterator<Item = (u64, u64)>) -> Option<(i128, i128)> {
    let (mut cases, mut failures) = (0_u64, 0_u64);
    for group in groups {
        if group.1 > group.0 {
            return None;
        }
        cases = cases.checked_add(group.0)?;
        failures = failures.checked_add(group.1)?;
    }
    (1..=WINDOW_CASES_MAX)
        .contains(&cases)
        .then(|| (i128::from(cases), i128::from(failures)))
}

/// Returns rate and mix effect of a group in the finer unit.
fn effects(group: GroupChange, all_before: i128, all_after: i128) -> Option<(i128, i128)> {
    let wide = |(cases, failures): (u64, u64)| (i128::from(cases), i128::from(failures));
    let ((c0, f0), (c1, f1)) = (wide(group.before), wide(group.after));
    if c0 == 0 && c1 == 0 {
        return Some((0, 0));
    }
    // A missing rate is that of the other window.
    let (base0, fail0) = if c0 == 0 { (c1, f1) } else { (c0, f0) };
    let (base1, fail1) = if c1 == 0 { (c0, f0) } else { (c1, f1) };
    let shares = c1 * all_before - c0 * all_after;
    let share_sum = c1 * all_before + c0 * all_after;
    let rates = fail1 * base0 - fail0 * base1;
    let rate_sum = fail1 * base0 + fail0 * base1;
    let below = 2 * all_before * all_after * base0 * base1;
    Some((
        fine_parts((rates * share_sum, below))?,
        fine_parts((shares * rate_sum, below))?,
    ))
}

/// Returns a fraction of magnitude at most one in units of 10^-12, rounded down, by long division.
fn fine_parts((above, below): (i128, i128)) -> Option<i128> {
    let mut quotient = above.checked_div_euclid(below)?;
    let mut rest = above.checked_rem_euclid(below)?;
    for _ in 0..12 {
        rest = rest.checked_mul(10)?;
        quotient = quotient * 10 + rest / below;
        rest %= below;
    }
    Some(quotient)
}

/// Rounds from the finer unit to millionths, halves up.
fn half_up(fine: i128) -> i128 {
    (fine + FINE / 2).div_euclid(FINE)
}

/// Rounds parts to millionths that add up to `total`.
fn apportioned(parts: &[i128], total: i128) -> Vec<i128> {
    let mut rounded: Vec<i128> = parts.iter().map(|part| part.div_euclid(FINE)).collect();
    let mut order: Vec<(i128, usize)> = parts
        .iter()
        .map(|part| -part.rem_euclid(FINE))
        .zip(0..)
        .collect();
    order.sort_unstable();
    let mut left = total - rounded.iter().sum::<i128>();
    for &(_, idx) in order.iter().cycle().take(order.len().saturating_mul(2)) {
        if left <= 0 {
            break;
        }
        if let Some(part) = rounded.get_mut(idx) {
            *part += 1;
            left -= 1;
        }
    }
    rounded
}

/// Returns millionths as published; effects are at most one.
fn fixed(millionths: i128) -> Fixed {
    Fixed::from_millionths(i64::try_from(millionths).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(before: (u64, u64), after: (u64, u64)) -> GroupChange {
        GroupChange { before, after }
    }

    fn check(groups: &[GroupChange], total: i64, effects: &[(i64, i64)]) {
        let split = rate_mix(groups).unwrap();
        assert_eq!(split.total.millionths(), total);
        let found: Vec<(i64, i64)> = split
            .groups
            .iter()
            .map(|effect| (effect.rate.millionths(), effect.mix.millionths()))
            .collect();
        assert_eq!(found, effects);
        assert_eq!(split.rate.millionths() + split.mix.millionths(), total);
    }

    #[test]
    fn rates_and_mix_are_told_apart() {
        // Only the mix moves: from half and half to a quarter and three quarters.
        check(
            &[group((100, 10), (50, 5)), group((100, 30), (150, 45))],
            50_000,
            &[(0, -25_000), (0, 75_000)],
        );
        // Only the rates move.
        check(
            &[group((100, 10), (100, 20)), group((100, 30), (100, 30))],
            50_000,
            &[(50_000, 0), (0, 0)],
        );
        // A group that was not there before is all mix.
        check(
            &[group((100, 10), (100, 10)), group((0, 0), (100, 30))],
            100_000,
            &[(0, -50_000), (0, 150_000)],
        );
        // Thirds still add up.
        check(
            &[
                group((3, 0), (3, 1)),
                group((3, 0), (3, 1)),
                group((3, 0), (3, 1)),
            ],
            333_333,
            &[(111_111, 0), (111_111, 0), (111_111, 0)],
        );
    }

    #[test]
    fn exchanging_the_windows_changes_the_signs() {
        let groups = [
            group((70, 9), (12, 5)),
            group((1, 1), (900, 77)),
            group((0, 0), (3, 2)),
        ];
        let back: Vec<GroupChange> = groups
            .iter()
            .map(|one| group(one.after, one.before))
            .collect();
        let (there, back) = (rate_mix(&groups).unwrap(), rate_mix(&back).unwrap());
        for (one, other) in there.groups.iter().zip(&back.groups) {
            // Rounding may leave one millionth on either side.
            assert!((one.rate.millionths() + other.rate.millionths()).abs() <= 1);
            assert!((one.mix.millionths() + other.mix.millionths()).abs() <= 1);
        }
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        assert_eq!(rate_mix(&[]), None);
        assert_eq!(rate_mix(&[group((1, 1), (0, 0))]), None);
        assert_eq!(rate_mix(&[group((1, 2), (1, 1))]), None);
        assert_eq!(rate_mix(&[group((WINDOW_CASES_MAX + 1, 2), (1, 1))]), None);
        let large = WINDOW_CASES_MAX;
        assert!(rate_mix(&[group((large, large - 1), (large, 1))]).is_some());
    }
}
