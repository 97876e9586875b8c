//! Where the steady part of a series begins: the marginal standard error rule (White 1997), which
//! drops the first values when what is left then says its mean more exactly.

use baton_rootcause::statistics::real;

/// Returns how many of the first values to leave out: at most half, and at least `kept_min` stay.
pub fn warm_up(series: &[f64], kept_min: usize) -> usize {
    let most = (series.len() / 2).min(series.len().saturating_sub(kept_min));
    let mut best = (f64::INFINITY, 0);
    for dropped in 0..=most {
        let rest = series.get(dropped..).unwrap_or_default();
        let count = real(u64::try_from(rest.len()).unwrap_or(1));
        let mean = rest.iter().sum::<f64>() / count;
        let spread: f64 = rest
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum();
        let error = spread / (count * count);
        if error < best.0 {
            best = (error, dropped);
        }
    }
    best.1
}
