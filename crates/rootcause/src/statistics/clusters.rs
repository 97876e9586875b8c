//! The test for cases that are not independent: many tickets of one incident, one row copied many
//! times. Whole clusters are exchanged, never single cases.

use super::keyed::Stream;
use super::log_probability::LogProbability;
use super::real::real;

/// Cases that share their fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cluster {
    /// Number of cases.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Whether the pattern covers them.
    pub exposure: Exposure,
    /// Clusters are exchanged only within one block, such as a month.
    pub block: u32,
}

/// Whether a pattern covers a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// It does.
    Covered,
    /// It does not.
    Other,
}

/// Returns the probability of an excess of failures at least this large when the pattern falls on
/// whole clusters at random within their blocks, or `None` for no permutation, counts beyond 2^60 or more
/// failures than cases in a cluster.
///
/// Permutation test with the excess `K - N k / n` as statistic, `(1 + reached) / (1 + permutations)`
/// (Phipson and Smyth 2010, "Permutation p-values should never be zero"); clusters as units of
/// exchange after Winkler et al. (2015). The order of clusters within a block matters to the
/// draws, so give them in the order of their identifiers.
pub fn cluster_test(clusters: &[Cluster], permutations: u32, key: u64) -> Option<LogProbability> {
    if permutations == 0 {
        return None;
    }
    let totals = clusters.iter().try_fold((0_u64, 0_u64), |sum, cluster| {
        (cluster.failures <= cluster.cases).then_some(())?;
        Some((
            sum.0.checked_add(cluster.cases)?,
            sum.1.checked_add(cluster.failures)?,
        ))
    })?;
    (totals.0 <= 1 << 60).then_some(())?;
    let mut blocks: Vec<Cluster> = clusters.to_vec();
    blocks.sort_by_key(|cluster| cluster.block);
    let observed = excess(&blocks, totals);
    let reached = (0..permutations)
        .filter(|&permutation| excess(&exchanged(&blocks, (key, permutation)), totals) >= observed)
        .count();
    let reached = u64::try_from(reached).ok()?;
    LogProbability::from_probability((1.0 + real(reached)) / (1.0 + f64::from(permutations)))
}

/// Returns `n` times the excess failures of covered clusters, `n K - N k`, exactly.
fn excess(clusters: &[Cluster], (cases, failures): (u64, u64)) -> i128 {
    let (covered, failing) = clusters
        .iter()
        .filter(|cluster| cluster.exposure == Exposure::Covered)
        .fold((0_i128, 0_i128), |sum, cluster| {
            (
                sum.0 + i128::from(cluster.cases),
                sum.1 + i128::from(cluster.failures),
            )
        });
    i128::from(cases) * failing - covered * i128::from(failures)
}

/// Returns the clusters, sorted by block, with exposures exchanged within each.
fn exchanged(clusters: &[Cluster], (key, permutation): (u64, u32)) -> Vec<Cluster> {
    let mut exchanged = Vec::with_capacity(clusters.len());
    for block in clusters.chunk_by(|one, other| one.block == other.block) {
        let mut exposures: Vec<Exposure> = block.iter().map(|cluster| cluster.exposure).collect();
        let name = block.first().map_or(0, |cluster| cluster.block);
        Stream::new(key, permutation, name).shuffle(&mut exposures);
        let pairs = block.iter().zip(exposures);
        exchanged.extend(pairs.map(|(cluster, exposure)| Cluster {
            exposure,
            ..*cluster
        }));
    }
    exchanged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Hypergeometric;

    fn cluster(cases: u64, failures: u64, exposure: Exposure) -> Cluster {
        Cluster {
            cases,
            failures,
            exposure,
            block: 0,
        }
    }

    /// Sixty incidents of one ticket each, one of them covered and failing with forty copies.
    #[test]
    fn copies_of_one_failure_are_one_failure() {
        let mut clusters = vec![cluster(40, 40, Exposure::Covered)];
        clusters.extend((0..9).map(|_| cluster(1, 0, Exposure::Covered)));
        clusters.extend((0..50).map(|idx| cluster(1, u64::from(idx < 5), Exposure::Other)));
        let rows = Hypergeometric::new(99, 45)
            .unwrap()
            .upper_tail(49, 40)
            .unwrap();
        assert!(rows.log10() < -10.0, "as rows: {}", rows.log10());
        let found = cluster_test(&clusters, 999, 11).unwrap().probability();
        assert!(found > 0.1, "as clusters: {found}");
    }

    #[test]
    fn a_cause_of_whole_clusters_is_found() {
        let exposure = |idx: u64| {
            if idx < 20 {
                Exposure::Covered
            } else {
                Exposure::Other
            }
        };
        let clusters: Vec<Cluster> = (0..60)
            .map(|idx| {
                cluster(
                    1 + idx % 4,
                    if idx < 15 { 1 + idx % 4 } else { 0 },
                    exposure(idx),
                )
            })
            .collect();
        let found = cluster_test(&clusters, 999, 11).unwrap().probability();
        assert!((found - 0.001).abs() < 1e-12, "{found}");
        assert_eq!(
            cluster_test(&clusters, 999, 11),
            cluster_test(&clusters, 999, 11)
        );
    }

    #[test]
    fn blocks_are_never_mixed_and_bad_counts_refused() {
        let clusters: Vec<Cluster> = (0..20)
            .map(|idx| Cluster {
                cases: 1,
                failures: u64::from(idx % 2),
                exposure: if idx % 2 == 1 {
                    Exposure::Covered
                } else {
                    Exposure::Other
                },
                block: idx % 2,
            })
            .map(|cluster| Cluster {
                failures: u64::from(cluster.block),
                ..cluster
            })
            .collect();
        // Covered and failing are the same block, so nothing can be exchanged.
        assert_eq!(cluster_test(&clusters, 99, 1), Some(LogProbability::ONE));
        assert_eq!(cluster_test(&clusters, 0, 1), None);
        assert_eq!(cluster_test(&[cluster(1, 2, Exposure::Other)], 9, 1), None);
    }
}
