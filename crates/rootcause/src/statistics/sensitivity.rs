//! How strong something unmeasured would have to be to explain a cause away.

use super::estimate::Estimate;

/// Returns the E-value of a risk ratio: the ratio by which something unmeasured would have to be
/// tied to the cause and to failing, both, to explain it away. `None` for a ratio that is not
/// positive and finite.
///
/// `VanderWeele` and Ding (2017): `RR + sqrt(RR (RR - 1))`, of the inverse for a ratio below one.
pub fn e_value(ratio: f64) -> Option<f64> {
    if !(ratio > 0.0 && ratio.is_finite()) {
        return None;
    }
    let ratio = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    let value = ratio + ratio.sqrt() * (ratio - 1.0).sqrt();
    value.is_finite().then_some(value)
}

/// Returns the E-value of the limit nearest to one: 1 when the interval contains one, `None` when
/// the limit on that side is absent.
pub fn e_value_of_limit(ratio: Estimate) -> Option<f64> {
    let low = ratio.low?;
    if low > 1.0 {
        return e_value(low);
    }
    match ratio.high {
        Some(high) if high < 1.0 => e_value(high),
        _ => Some(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_are_met() {
        // VanderWeele and Ding (2017): 3.9 (1.8 to 8.7) has 7.26 and 3.0.
        assert!((e_value(3.9).unwrap() - 7.263).abs() < 5e-4);
        let interval = |low, high| Estimate {
            value: None,
            low: Some(low),
            high: Some(high),
        };
        assert!((e_value_of_limit(interval(1.8, 8.7)).unwrap() - 3.0).abs() < 1e-12);
        assert_eq!(e_value_of_limit(interval(0.8, 8.7)), Some(1.0));
        assert_eq!(e_value_of_limit(interval(0.25, 0.5)), e_value(2.0));
        assert_eq!(e_value(1.0), Some(1.0));
        assert_eq!(e_value(0.25), e_value(4.0));
        for ratio in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MAX] {
            assert_eq!(e_value(ratio), None);
        }
    }
}
