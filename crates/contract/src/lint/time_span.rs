//! Time spans as contracts write them, as far as two of them can be compared without a calendar.

use std::cmp::Ordering;

/// A time span in the largest unit in which it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeSpan {
    /// Seconds of elapsed time.
    Elapsed(u64),
    /// Minutes of business time.
    BusinessMinutes(u64),
    /// Business days, whose length depends on the calendar.
    BusinessDays(u64),
}

impl TimeSpan {
    /// Reads a span such as `48h`, `8bh` or `2bd`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = text.strip_prefix(digits)?;
        let count: u64 = digits.parse().ok()?;
        Some(match unit {
            "bm" => Self::BusinessMinutes(count),
            "bh" => Self::BusinessMinutes(count.checked_mul(60)?),
            "bd" => Self::BusinessDays(count),
            _ => Self::Elapsed(text.parse::<baton_terms::Elapsed>().ok()?.seconds()),
        })
    }

    /// Returns whether the span counts business time, and so needs a calendar.
    pub(super) fn is_business(self) -> bool {
        !matches!(self, Self::Elapsed(_))
    }
}

/// Returns whether `text` is a span of business time.
pub(super) fn is_business(text: &str) -> bool {
    TimeSpan::read(text).is_some_and(TimeSpan::is_business)
}

/// Spans of different kinds have no order: a business day may be long or short.
impl PartialOrd for TimeSpan {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Elapsed(a), Self::Elapsed(b))
            | (Self::BusinessMinutes(a), Self::BusinessMinutes(b))
            | (Self::BusinessDays(a), Self::BusinessDays(b)) => a.partial_cmp(b),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TimeSpan;

    #[test]
    fn spans_compare_within_their_kind_only() {
        let read = |text| TimeSpan::read(text).unwrap();
        assert!(read("90m") < read("2h"));
        assert!(read("90bm") < read("2bh"));
        assert!(read("2bd") < read("10bd"));
        assert_eq!(read("2bd").partial_cmp(&read("48h")), None);
        assert_eq!(read("2bd").partial_cmp(&read("8bh")), None);
        for text in ["", "bd", "2", "2y", "99999999999999999999bd"] {
            assert_eq!(TimeSpan::read(text), None, "{text}");
        }
    }
}
