//! Where a monotone statement turns true, to the last bit.

/// Returns the smallest positive float in `(low, high]` for which `holds`, given that it holds from
/// some point on and at `high`.
///
/// Halves the interval over the bit patterns of positive floats, which are ordered as their values
/// are, so that at most 64 steps give full relative precision at any magnitude.
pub(super) fn first_where(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    // Adding zero takes a negative zero, whose bits would come last, to zero.
    let (mut below, mut at) = ((low + 0.0).to_bits(), high.to_bits());
    while at > below + 1 {
        let middle = below + (at - below) / 2;
        if holds(f64::from_bits(middle)) {
            at = middle;
        } else {
            below = middle;
        }
    }
    f64::from_bits(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_zero_is_zero() {
        assert!((first_where(-0.0, 1.0, |x| x >= 0.25) - 0.25).abs() <= 0.0);
    }

    #[test]
    fn the_point_is_found_at_any_magnitude() {
        for root in [1e-200, 0.3, 1.0, 7e9, 1e200] {
            let found = first_where(0.0, 1e300, |x| x >= root);
            assert!((found - root).abs() <= 0.0, "{root}");
        }
    }
}
