//! Intervals, adjustment and change against the executable specification, and what must hold of them
//! whatever the counts.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests: what cannot be built is a failed test"
)]

use baton_reference::statistics as reference;
use baton_rootcause::statistics::{
    Cell, Confidence, Estimate, FourfoldTable, GroupChange, NoisyOr, breslow_day, chi_square_tail,
    clopper_pearson, e_value, excess_failures, koopman, mantel_haenszel, miettinen_nurminen,
    rate_mix, savings, wilson,
};
use proptest::prelude::*;

const Z: f64 = 1.959_963_984_540_054;

fn side(most: u32) -> impl Strategy<Value = (u32, u32)> {
    (1..=most).prop_flat_map(|cases| (Just(cases), 0..=cases))
}

fn wide(side: (u32, u32)) -> (u64, u64) {
    (side.0.into(), side.1.into())
}

fn fourfold(table: reference::Table) -> FourfoldTable {
    FourfoldTable::new(wide(table.0), wide(table.1)).unwrap()
}

/// Every part is finite, and they are in order.
fn check_order(estimate: Estimate) {
    let parts: Vec<f64> = [estimate.low, estimate.value, estimate.high]
        .into_iter()
        .flatten()
        .collect();
    assert!(parts.iter().all(|part| part.is_finite()), "{estimate:?}");
    assert!(
        parts.is_sorted_by(|one, other| one <= &(other + 1e-12 * other.abs())),
        "{estimate:?}"
    );
}

/// A limit is right when the test accepts just inside and refuses just outside; a limit at an end of
/// the range has nothing outside.
fn check_limit(limit: f64, (inward, end): (f64, f64), is_inside: impl Fn(f64) -> bool) {
    let step = 1e-5 * limit.abs().max(1e-3) * inward;
    assert!(is_inside(limit + step), "{limit} is not inside");
    if (limit - end).abs() > 2.0 * step.abs() {
        assert!(!is_inside(limit - step), "{limit} is not the limit");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rates_have_the_limits_they_claim(group in side(120)) {
        let score = wilson(group.0.into(), group.1.into(), Confidence::P95).unwrap();
        let exact = clopper_pearson(group.0.into(), group.1.into(), Confidence::P95).unwrap();
        let naive = [reference::wilson(group, Z), reference::clopper_pearson(group, 0.025)];
        for (found, (low, high)) in [score, exact].into_iter().zip(naive) {
            check_order(found);
            prop_assert!((found.low.unwrap() - low).abs() < 1e-9, "{found:?} {low}");
            prop_assert!((found.high.unwrap() - high).abs() < 1e-9, "{found:?} {high}");
        }
    }

    #[test]
    fn ratios_and_differences_have_the_limits_they_claim(covered in side(80), others in side(300)) {
        let table = (covered, others);
        let built = fourfold(table);
        let ratio = koopman(&built, Confidence::P95).unwrap();
        check_order(ratio);
        if let Some(low) = ratio.low.filter(|low| *low > 0.0) {
            check_limit(low, (1.0, 0.0), |ratio| reference::ratio_is_inside(table, ratio, Z));
        }
        if let Some(high) = ratio.high {
            check_limit(high, (-1.0, f64::MAX), |ratio| reference::ratio_is_inside(table, ratio, Z));
        }
        let difference = miettinen_nurminen(&built, Confidence::P95).unwrap();
        check_order(difference);
        let inside = |difference| reference::difference_is_inside(table, difference, Z);
        check_limit(difference.low.unwrap(), (1.0, -1.0), inside);
        check_limit(difference.high.unwrap(), (-1.0, 1.0), inside);
        let excess = excess_failures(&built, Confidence::P95).unwrap();
        check_order(excess);
        let failing = f64::from(covered.1);
        prop_assert!(excess.value.unwrap() <= failing + 1e-9);
    }

    #[test]
    fn adjusted_ratios_are_exact(strata in prop::collection::vec((side(200), side(400)), 1..6)) {
        let built: Vec<FourfoldTable> = strata.iter().copied().map(fourfold).collect();
        let Some(found) = mantel_haenszel(&built) else {
            let failing = |sides: fn(&reference::Table) -> u32| strata.iter().map(sides).sum::<u32>();
            prop_assert!(failing(|table| table.0.1) == 0 || failing(|table| table.1.1) == 0);
            return Ok(());
        };
        let exact = reference::mantel_haenszel(&strata).unwrap();
        prop_assert!((found.ln - reference::ln(&exact)).abs() < 1e-13);
        let variance = reference::greenland_robins(&strata);
        prop_assert!((found.variance - variance).abs() < 1e-10 * variance.max(1e-3), "{found:?} {variance}");
        let saved = savings(&built, Confidence::P95).unwrap();
        check_order(saved);
        let (value, variance) = reference::savings(&strata);
        prop_assert!((saved.value.unwrap() - value).abs() < 1e-9 * value.abs().max(1.0));
        let half = (saved.value.unwrap() - saved.low.unwrap()) / Confidence::P95.deviate();
        prop_assert!((half * half - variance.max(0.0)).abs() < 1e-8 * variance.abs().max(1.0), "{saved:?} {variance}");
    }

    #[test]
    fn unequal_strata_are_measured(strata in prop::collection::vec((side(200), side(400)), 2..6)) {
        let informative: Vec<reference::Table> = strata
            .into_iter()
            .filter(|(one, other)| one.1 + other.1 > 0 && one.1 + other.1 < one.0 + other.0)
            .collect();
        let built: Vec<FourfoldTable> = informative.iter().copied().map(fourfold).collect();
        if let Some(found) = breslow_day(&built) {
            let expected = reference::breslow_day(&informative);
            prop_assert!((found.statistic - expected).abs() < 1e-6 * expected.max(1.0), "{found:?} {expected}");
            let degrees = u32::try_from(found.degrees).unwrap();
            let tail = reference::chi_square_tail(found.statistic, degrees);
            prop_assert!((found.p.probability() - tail).abs() < 1e-9);
        }
    }

    #[test]
    fn chi_square_tails_are_right(value in 0.0..60.0_f64, degrees in 1..12_u32) {
        let found = chi_square_tail(value, degrees.into()).unwrap().probability();
        prop_assert!((found - reference::chi_square_tail(value, degrees)).abs() < 1e-12);
    }

    #[test]
    fn rate_and_mix_add_up(
        groups in prop::collection::vec((prop_oneof![Just((0, 0)), side(500)], prop_oneof![Just((0, 0)), side(500)]), 1..7),
    ) {
        let changes: Vec<GroupChange> = groups
            .iter()
            .map(|&(before, after)| GroupChange { before: wide(before), after: wide(after) })
            .collect();
        let Some(split) = rate_mix(&changes) else {
            let empty = |sides: fn(&reference::Table) -> u32| groups.iter().map(sides).sum::<u32>() == 0;
            prop_assert!(empty(|group| group.0.0) || empty(|group| group.1.0));
            return Ok(());
        };
        prop_assert_eq!(split.rate.millionths() + split.mix.millionths(), split.total.millionths());
        let effects = split.groups.iter().zip(&groups);
        let seen = effects.filter(|(_, (before, after))| before.0 + after.0 > 0);
        for ((found, _), (rate, mix)) in seen.zip(reference::rate_and_mix(&groups)) {
            for (found, exact) in [(found.rate, rate), (found.mix, mix)] {
                let scale = num_rational::BigRational::from_integer(1_000_000.into());
                let exact = (exact * &scale).to_integer().to_string().parse::<i64>().unwrap();
                prop_assert!((found.millionths() - exact).abs() <= 1, "{found:?} {exact}");
            }
        }
    }

    #[test]
    fn joint_savings_count_each_case_once(
        cells in prop::collection::vec((0..500_u32, prop::collection::vec(any::<bool>(), 3)), 1..8),
        (base, powers) in (0.0..0.5_f64, prop::collection::vec(0.0..1.0_f64, 3)),
        removed in prop::collection::vec(any::<bool>(), 3),
    ) {
        let named = |held: &[bool]| -> Vec<usize> {
            held.iter().enumerate().filter(|(_, held)| **held).map(|(cause, _)| cause).collect()
        };
        let built: Vec<Cell> = cells
            .iter()
            .map(|(cases, held)| Cell { cases: (*cases).into(), failures: 0, causes: named(held) })
            .collect();
        let model = NoisyOr::new(base, powers.clone()).unwrap();
        let found = model.joint_savings(&built, &named(&removed));
        let expected = reference::joint_savings(&cells, (base, &powers), &removed);
        prop_assert!((found - expected).abs() < 1e-9 * expected.max(1.0));
    }

    #[test]
    fn e_values_grow_with_the_ratio(ratio in 1.0..1e6_f64) {
        let value = e_value(ratio).unwrap();
        prop_assert!((value - (ratio + (ratio * (ratio - 1.0)).sqrt())).abs() < 1e-9 * value);
        prop_assert!(e_value(ratio * 1.001).unwrap() > value);
    }
}
