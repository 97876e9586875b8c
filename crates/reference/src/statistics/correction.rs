//! Corrections for many tests, by trying everything.

/// Q-values of Benjamini and Hochberg (1995) over `hypotheses` tests, from their definition: for each
/// test the smallest rate over all thresholds that report it. `factor` is 1, or the sum of
/// `1 / i` for Benjamini and Yekutieli (2001).
pub fn q_values(p_values: &[f64], hypotheses: f64, factor: f64) -> Vec<f64> {
    let rate = |threshold: f64| {
        let reported = p_values
            .iter()
            .filter(|p| **p <= threshold)
            .map(|_| 1.0)
            .sum::<f64>();
        (threshold * hypotheses * factor / reported).min(1.0)
    };
    p_values
        .iter()
        .map(|p| {
            p_values
                .iter()
                .filter(|other| *other >= p)
                .map(|other| rate(*other))
                .fold(1.0, f64::min)
        })
        .collect()
}

/// The supremum of all levels `d` with `d * |{least <= d}| <= alpha` and the number counted there,
/// tried at every place where it could be (Tarone 1990). One entry per hypothesis; 0 when none can be
/// tested.
pub fn largest_level(least: &[f64], alpha: f64) -> (f64, usize) {
    let counted_below = |level: f64| least.iter().filter(|p| **p < level).count();
    let mut best = (0.0, 0);
    let bonferroni = (1..=least.len()).scan(0.0, |count, _| {
        *count += 1.0;
        Some(alpha / *count)
    });
    for level in bonferroni.chain(least.iter().copied()).chain([1.0]) {
        // Just below the level, so that hypotheses exactly there are not counted.
        let counted = counted_below(level);
        let promise = level * (0..counted).map(|_| 1.0).sum::<f64>();
        if counted > 0 && promise <= alpha * (1.0 + 1e-12) && level > best.0 {
            best = (level, counted);
        }
    }
    best
}
