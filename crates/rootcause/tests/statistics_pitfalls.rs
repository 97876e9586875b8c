//! Known ways for statistics to mislead, each held by a seeded simulation.
#![expect(
    clippy::unwrap_used,
    reason = "what cannot be computed is a failed test"
)]

use baton_rootcause::statistics::{
    Dependence, Hypergeometric, LogProbability, Stream, Testable, chi_square_tail, q_values, real,
    tarone_cut,
};

const ALPHA: f64 = 0.05;
const TABLES: u32 = 200;
const PATTERNS: u32 = 150;
const CASES: u32 = 2_000;
const FAILURES: u32 = 100;

/// Draws the failures among `covered` cases when failures have nothing to do with them.
fn drawn(stream: &mut Stream, covered: u32) -> u32 {
    let (mut cases, mut failures) = (CASES, FAILURES);
    for _ in 0..covered {
        failures -= u32::from(stream.below(cases) < failures);
        cases -= 1;
    }
    FAILURES - failures
}

/// The p-value that the normal approximation would give.
fn normal(covered: u32, failing: u32) -> f64 {
    let (n, k, share) = (
        f64::from(CASES),
        f64::from(covered),
        f64::from(FAILURES) / f64::from(CASES),
    );
    let variance = k * share * (1.0 - share) * (n - k) / (n - 1.0);
    let z = (f64::from(failing) - k * share) / variance.sqrt();
    if z <= 0.0 {
        1.0
    } else {
        chi_square_tail(z * z, 1).unwrap().probability() / 2.0
    }
}

/// In how many tables of pure noise something is reported.
#[derive(Debug, Default)]
struct Alarms {
    normal: u32,
    bonferroni: u32,
    tarone: u32,
    false_discovery: u32,
}

#[test]
fn exact_tails_keep_the_promise_that_the_normal_approximation_breaks() {
    let test = Hypergeometric::new(CASES.into(), FAILURES.into()).unwrap();
    let mut alarms = Alarms::default();
    for table in 0..TABLES {
        let mut stream = Stream::new(20_260, table, 0);
        // Small patterns are many in a real search, and there the approximation is worst.
        let patterns: Vec<(u32, u32)> = (0..PATTERNS)
            .map(|_| {
                let covered = 5 + stream.below(40);
                (covered, drawn(&mut stream, covered))
            })
            .collect();
        let p: Vec<LogProbability> = patterns
            .iter()
            .map(|&(covered, failing)| test.upper_tail(covered.into(), failing.into()).unwrap())
            .collect();
        let groups: Vec<Testable> = patterns
            .iter()
            .map(|pattern| Testable {
                least: test.least_upper_tail(pattern.0.into()).unwrap(),
                hypotheses: 1,
            })
            .collect();
        let bonferroni = ALPHA / f64::from(PATTERNS);
        let cut = tarone_cut(&groups, ALPHA).unwrap().level;
        let q = q_values(&p, PATTERNS.into(), Dependence::Positive);
        alarms.normal += u32::from(
            patterns
                .iter()
                .any(|one| normal(one.0, one.1) <= bonferroni),
        );
        alarms.bonferroni += u32::from(p.iter().any(|p| p.probability() <= bonferroni));
        alarms.tarone += u32::from(p.iter().any(|p| *p <= cut));
        alarms.false_discovery += u32::from(q.iter().any(|q| q.probability() <= ALPHA));
    }
    // Three standard errors above 5% of the tables.
    let most =
        real(u64::from(TABLES)) * ALPHA + 3.0 * (f64::from(TABLES) * ALPHA * (1.0 - ALPHA)).sqrt();
    for kept in [alarms.bonferroni, alarms.tarone, alarms.false_discovery] {
        assert!(f64::from(kept) <= most, "{alarms:?}");
    }
    assert!(alarms.normal > TABLES / 3, "{alarms:?}");
    assert!(alarms.tarone >= alarms.bonferroni, "{alarms:?}");
}

/// Counting only what was reported, instead of all that was looked at, calls noise a discovery.
#[test]
fn hypotheses_that_were_looked_at_count() {
    let p: Vec<LogProbability> = [1e-3, 2e-3, 3e-3]
        .map(|p| LogProbability::from_probability(p).unwrap())
        .to_vec();
    let reported_only = q_values(&p, 3, Dependence::Positive);
    let all = q_values(&p, 1_000, Dependence::Positive);
    assert!(reported_only.iter().all(|q| q.probability() < ALPHA));
    assert!(all.iter().all(|q| q.probability() > 0.9));
}
