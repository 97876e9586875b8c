//! Instants as whole microseconds since 1970, the form both databases compare fastest.
//!
//! A due instant rounds up, so that nothing is ever early; an instant of now rounds down for the same reason.

use baton_engine::port::StoreError;
use baton_terms::Instant;

/// Returns the instant in microseconds, rounded towards the future.
pub(crate) fn up(instant: Instant) -> i64 {
    let down = down(instant);
    let has_rest = instant.timestamp().as_nanosecond() > i128::from(down) * 1_000;
    if has_rest { down + 1 } else { down }
}

/// Returns the instant in microseconds, rounded towards the past.
pub(crate) fn down(instant: Instant) -> i64 {
    let nanoseconds = instant.timestamp().as_nanosecond();
    // INVARIANT: jiff's timestamps end in the year 9999, far within 64 bits of microseconds.
    i64::try_from(nanoseconds.div_euclid(1_000)).unwrap_or(i64::MAX)
}

/// Returns the instant of kept microseconds.
pub(crate) fn instant(micros: i64) -> Result<Instant, StoreError> {
    jiff::Timestamp::from_microsecond(micros)
        .map(Instant::from_timestamp)
        .map_err(|_| StoreError::Damaged {
            why: format!("{micros} microseconds are no instant"),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_rounds_up_and_now_rounds_down() {
        let cases = [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("1970-01-01T00:00:00.000001Z", 1, 1),
            ("1970-01-01T00:00:00.000001001Z", 2, 1),
            ("1969-12-31T23:59:59.9999999Z", 0, -1),
            ("1969-12-31T23:59:59.999999Z", -1, -1),
        ];
        for (text, expected_up, expected_down) in cases {
            let instant: Instant = text.parse().unwrap();
            assert_eq!(
                (up(instant), down(instant)),
                (expected_up, expected_down),
                "{text}"
            );
        }
    }

    #[test]
    fn whole_microseconds_come_back() {
        let text = "2026-11-21T11:20:00.123456Z";
        let parsed: Instant = text.parse().unwrap();
        assert_eq!(instant(up(parsed)).unwrap(), parsed);
        assert!(instant(i64::MAX).is_err());
    }
}
