//! Counts as floating point numbers: the one place where an integer becomes a float, and the few
//! constants that go with it.
//!
//! Every transcendental function in this folder comes from `libm`, which is software and gives the
//! same bits on every machine; addition, multiplication, division and square root are exact to
//! the last bit by IEEE 754. Sums run in the order they are written in.

/// ln 10.
pub(super) const LN_10: f64 = core::f64::consts::LN_10;
/// ln 2.
pub(super) const LN_2: f64 = core::f64::consts::LN_2;
/// 2 pi.
pub(super) const TAU: f64 = core::f64::consts::TAU;

/// Returns a count as a float: exact to 2^53, then to the nearest.
pub fn real(count: u64) -> f64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "rounds to the nearest float, which is what is meant"
    )]
    let value = count as f64;
    value
}

/// Returns a product of counts as a float, to the nearest.
pub(super) fn real_wide(product: u128) -> f64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "rounds to the nearest float, which is what is meant"
    )]
    let value = product as f64;
    value
}

/// Returns the exact product of two counts.
pub(super) fn product(left: u64, right: u64) -> u128 {
    u128::from(left) * u128::from(right)
}

/// Returns `left - right` as a float, subtracted before it is rounded.
pub(super) fn difference(left: u128, right: u128) -> f64 {
    if left >= right {
        real_wide(left - right)
    } else {
        -real_wide(right - left)
    }
}
