//! The model: each leaf is expected to be its expectation times a common level times the factor of
//! every cause that holds for it; factors by maximum likelihood (Poisson log-linear model, iterative
//! proportional fitting, Deming and Stephan 1940).

use super::leaves::Leaf;

/// Rounds of fitting.
const ROUNDS: usize = 12;
/// Factors stay above this, so that a level of zero has a logarithm.
const LEAST: f64 = 1e-9;

/// A model with its fit.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// What the model expects of each leaf.
    pub(super) fitted: Vec<f64>,
    /// ln of the likelihood, up to a constant of the table.
    pub(super) likelihood: f64,
}

/// Returns the fit of causes given by their leaves.
pub(super) fn fit(leaves: &[Leaf], causes: &[&[usize]]) -> Fit {
    let mut fitted: Vec<f64> = leaves.iter().map(|leaf| leaf.expected).collect();
    level(leaves, &mut fitted);
    let rounds = match causes.len() {
        0 => 0,
        _ => ROUNDS,
    };
    for _ in 0..rounds {
        for cause in causes {
            scale(leaves, &mut fitted, cause);
        }
        level(leaves, &mut fitted);
    }
    let terms = leaves.iter().zip(&fitted);
    let likelihood = terms
        .map(|(leaf, fitted)| {
            if leaf.actual > 0.0 {
                leaf.actual * libm::log(*fitted) - fitted
            } else {
                -fitted
            }
        })
        .sum();
    Fit { fitted, likelihood }
}

/// Makes the sums over the leaves of one cause agree.
fn scale(leaves: &[Leaf], fitted: &mut [f64], cause: &[usize]) {
    let (mut actual, mut expected) = (0.0, 0.0);
    for leaf in cause {
        actual += leaves.get(*leaf).map_or(0.0, |leaf| leaf.actual);
        expected += fitted.get(*leaf).copied().unwrap_or(0.0);
    }
    let factor = (actual / expected).max(LEAST);
    if !factor.is_finite() {
        return;
    }
    for leaf in cause {
        if let Some(fitted) = fitted.get_mut(*leaf) {
            *fitted = (*fitted * factor).max(LEAST);
        }
    }
}

/// Makes the sums over all leaves agree.
fn level(leaves: &[Leaf], fitted: &mut [f64]) {
    let actual: f64 = leaves.iter().map(|leaf| leaf.actual).sum();
    let expected: f64 = fitted.iter().sum();
    let factor = actual / expected;
    if factor > 0.0 && factor.is_finite() {
        for fitted in fitted {
            *fitted = (*fitted * factor).max(LEAST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossing_causes_get_their_own_factors() {
        // Factors 3 for the first two leaves and 2 for the middle two, on expectations of 100.
        let actual = [300.0, 600.0, 200.0, 100.0, 100.0];
        let leaves: Vec<Leaf> = actual
            .iter()
            .map(|actual| Leaf {
                actual: *actual,
                expected: 100.0,
            })
            .collect();
        let found = fit(&leaves, &[&[0, 1], &[1, 2]]);
        for (fitted, actual) in found.fitted.iter().zip(actual) {
            assert!((fitted - actual).abs() < 3.0, "{fitted} {actual}");
        }
        assert!(found.likelihood > fit(&leaves, &[&[0, 1]]).likelihood);
        assert!(fit(&leaves, &[&[0, 1]]).likelihood > fit(&leaves, &[]).likelihood);
    }
}
