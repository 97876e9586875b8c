//! Exact tests, corrections and tails against the executable specification, in fractions of whole
//! numbers of any size.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests: what cannot be built is a failed test"
)]

use baton_reference::statistics as reference;
use baton_rootcause::statistics::{
    Binomial, Cluster, Dependence, Exposure, FourfoldTable, Hypergeometric, LogProbability,
    RiskGroup, Testable, cluster_test, poisson_binomial_upper_tail, q_values,
    stratified_upper_tail, tarone_cut,
};
use num_rational::BigRational;
use proptest::prelude::*;

/// Two logarithms of probabilities agree when the probabilities do, to this relative error.
const SAME: f64 = 2e-13;

fn check(found: Option<LogProbability>, expected: &BigRational, what: &str) {
    let expected = reference::ln(expected);
    let found = found.map_or(f64::NAN, LogProbability::ln);
    let error = (found - expected).abs();
    assert!(
        error <= SAME * (1.0 - expected / 100.0),
        "{what}: {found} for {expected}"
    );
}

/// Cases, failures, covered and failing that can occur together.
fn patterns(most: u32) -> impl Strategy<Value = ((u32, u32), (u32, u32))> {
    (1..=most)
        .prop_flat_map(|cases| (Just(cases), 0..=cases, 0..=cases))
        .prop_flat_map(|(cases, failures, covered)| {
            let least = (failures + covered).saturating_sub(cases);
            (
                Just((cases, failures)),
                Just(covered),
                least..=failures.min(covered),
            )
        })
        .prop_map(|(all, covered, failing)| (all, (covered, failing)))
}

fn tables(most: u32) -> impl Strategy<Value = reference::Table> {
    let side = (0..=most).prop_flat_map(|cases| (Just(cases), 0..=cases));
    (side.clone(), side)
}

fn fourfold(table: reference::Table) -> FourfoldTable {
    let wide = |side: (u32, u32)| (u64::from(side.0), u64::from(side.1));
    FourfoldTable::new(wide(table.0), wide(table.1)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn hypergeometric_tails_are_exact((all, pattern) in patterns(400)) {
        let test = Hypergeometric::new(all.0.into(), all.1.into()).unwrap();
        let (covered, failing) = (pattern.0.into(), pattern.1.into());
        check(test.point(covered, failing), &reference::hypergeometric_point(all, pattern), "point");
        check(test.upper_tail(covered, failing), &reference::hypergeometric_tail(all, pattern), "tail");
        // The lower tail is the upper one of the cases not covered, with as many failures left.
        let mirrored = (all.0 - pattern.0, all.1 - pattern.1);
        check(test.lower_tail(covered, failing), &reference::hypergeometric_tail(all, mirrored), "lower");
    }

    #[test]
    fn binomial_tails_are_exact(
        (cases, failing) in (0..32_u32).prop_flat_map(|cases| (Just(cases), 0..=cases)),
        (hits, of) in (2..100_u32).prop_flat_map(|of| (1..of, Just(of))),
    ) {
        let binomial = Binomial::new(cases.into(), hits.into(), of.into()).unwrap();
        let expected = reference::binomial_tail(cases, (hits, of), failing);
        check(binomial.upper_tail(failing.into()), &expected, "binomial");
    }

    #[test]
    fn tails_over_strata_are_exact(strata in prop::collection::vec(tables(15), 1..5)) {
        let built: Vec<FourfoldTable> = strata.iter().copied().map(fourfold).collect();
        let mut turned = built.clone();
        turned.reverse();
        let found = stratified_upper_tail(&built);
        prop_assert_eq!(found, stratified_upper_tail(&turned), "order of strata");
        if found.is_some() {
            check(found, &reference::stratified_tail(&strata), "strata");
        }
    }

    #[test]
    fn poisson_binomial_tails_are_exact(
        rates in prop::collection::vec((0..64_u32, 1..9_u32), 1..6),
        share in 0.0..1.0_f64,
    ) {
        // Rates in 64ths, so that the floats are the fractions.
        let groups: Vec<RiskGroup> = rates
            .iter()
            .map(|&(hits, cases)| RiskGroup { cases: cases.into(), risk: f64::from(hits) / 64.0 })
            .collect();
        let cases: Vec<(u32, u32)> = rates
            .iter()
            .flat_map(|&(hits, cases)| (0..cases).map(move |_| (hits, 64)))
            .collect();
        let can_fail = u32::try_from(cases.iter().filter(|rate| rate.0 > 0).count()).unwrap();
        let failing = (0..=can_fail).rev().find(|k| f64::from(*k) <= share * f64::from(can_fail)).unwrap();
        let expected = reference::poisson_binomial_tail(&cases, failing);
        check(poisson_binomial_upper_tail(&groups, failing.into()), &expected, "risks");
    }

    #[test]
    fn q_values_follow_their_definition(p in prop::collection::vec(1e-9..1.0_f64, 1..30), more in 0..50_u32) {
        let ln: Vec<LogProbability> =
            p.iter().map(|p| LogProbability::from_probability(*p).unwrap()).collect();
        let count = u32::try_from(p.len()).unwrap() + more;
        let harmonic: f64 = (1..=count).map(|i| 1.0 / f64::from(i)).sum();
        for (dependence, factor) in [(Dependence::Positive, 1.0), (Dependence::Arbitrary, harmonic)] {
            let found = q_values(&ln, count.into(), dependence);
            let expected = reference::q_values(&p, f64::from(count), factor);
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert!((found.probability() - expected).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn the_cut_is_the_largest_level(groups in prop::collection::vec((0.0..9.0_f64, 1..6_u64), 0..8)) {
        let groups: Vec<Testable> = groups
            .into_iter()
            .map(|(digits, hypotheses)| Testable {
                least: LogProbability::from_ln(-digits).unwrap(),
                hypotheses,
            })
            .collect();
        let least: Vec<f64> = groups
            .iter()
            .flat_map(|group| (0..group.hypotheses).map(|_| group.least.probability()))
            .collect();
        let cut = tarone_cut(&groups, 0.05).unwrap();
        let (level, counted) = reference::largest_level(&least, 0.05);
        if counted > 0 {
            prop_assert!((cut.level.probability() / level - 1.0).abs() < 1e-8, "{cut:?} {level}");
            prop_assert_eq!(cut.testable, u64::try_from(counted).unwrap());
        }
    }
}

/// A few large tables: digits of the logarithm that a table of factorials would have lost.
#[test]
fn large_tables_keep_their_digits() {
    for (all, pattern) in [
        ((3_000, 150), (200, 24)),
        ((3_000, 150), (140, 139)),
        ((3_000, 2_800), (2_000, 1_900)),
        ((50_000, 3), (1_000, 2)),
    ] {
        let test = Hypergeometric::new(all.0.into(), all.1.into()).unwrap();
        let found = test.upper_tail(pattern.0.into(), pattern.1.into());
        check(
            found,
            &reference::hypergeometric_tail(all, pattern),
            "large",
        );
    }
}

#[test]
fn permuted_clusters_come_near_the_exact_share() {
    let clusters = [
        (4, 4),
        (1, 1),
        (7, 2),
        (2, 0),
        (2, 1),
        (9, 1),
        (1, 0),
        (3, 0),
        (5, 1),
        (1, 1),
    ];
    for covered in 1..6_u32 {
        let built: Vec<Cluster> = (0..)
            .zip(clusters)
            .map(|(idx, (cases, failures)): (u32, (u32, u32))| Cluster {
                cases: cases.into(),
                failures: failures.into(),
                exposure: if idx < covered {
                    Exposure::Covered
                } else {
                    Exposure::Other
                },
                block: 0,
            })
            .collect();
        let exact = reference::ln(&reference::cluster_tail(&clusters, covered)).exp();
        let found = cluster_test(&built, 4_000, 5).unwrap().probability();
        assert!((found - exact).abs() < 0.03, "{covered}: {found} {exact}");
    }
}
