//! Elapsed time in whole seconds, written as one number and one unit: `90s`, `30m`, `4h`, `14d`, `2w`.
//!
//! A day here is always 24 hours; business time belongs to calendars.

/// A non-negative elapsed time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Elapsed(u64);

/// Text that is not an elapsed time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "read `{found}` as an elapsed time: expected a whole number and a unit (s, m, h, d, w) up to 100 years"
)]
pub struct ElapsedError {
    found: String,
}

const UNITS: [(char, u64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];

/// 100 years of 365 days: longer windows are mistakes, and the bound keeps sums far from overflow.
const SECONDS_MAX: u64 = 100 * 365 * 86_400;

impl Elapsed {
    /// Returns `seconds` of elapsed time, at most 100 years.
    pub fn from_seconds(seconds: u64) -> Self {
        Self(seconds.min(SECONDS_MAX))
    }

    /// Returns the time as people say it: whole units of the largest kind it holds two of, floored.
    pub fn in_words(self) -> String {
        let kinds = [
            (86_400, "day"),
            (3_600, "hour"),
            (60, "minute"),
            (1, "second"),
        ];
        let fits = |(seconds, _): &(u64, &str)| self.0 >= 2 * seconds;
        let (seconds, kind) = kinds.into_iter().find(fits).unwrap_or((1, "second"));
        let count = self.0 / seconds;
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {kind}{plural}")
    }

    /// Returns the whole seconds.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl std::str::FromStr for Elapsed {
    type Err = ElapsedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ElapsedError {
            found: text.chars().take(100).collect(),
        };
        let (unit, seconds) = UNITS
            .into_iter()
            .find(|(unit, _)| text.ends_with(*unit))
            .ok_or_else(error)?;
        let digits = text.strip_suffix(unit).unwrap_or_default();
        let is_plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        let count: u64 = is_plain
            .then(|| digits.parse().ok())
            .flatten()
            .ok_or_else(error)?;
        count
            .checked_mul(seconds)
            .filter(|total| *total <= SECONDS_MAX)
            .map(Self)
            .ok_or_else(error)
    }
}

impl std::fmt::Display for Elapsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (unit, seconds) = UNITS
            .into_iter()
            .filter(|(unit, _)| *unit != 'w')
            .find(|(_, seconds)| self.0 > 0 && self.0.is_multiple_of(*seconds))
            .unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_unit_and_prints_the_largest_exact_one() {
        for (text, seconds, shown) in [
            ("90s", 90, "90s"),
            ("120s", 120, "2m"),
            ("4h", 14_400, "4h"),
            ("24h", 86_400, "1d"),
            ("2w", 1_209_600, "14d"),
            ("0s", 0, "0s"),
        ] {
            let elapsed: Elapsed = text.parse().unwrap();
            assert_eq!(
                (elapsed.seconds(), elapsed.to_string().as_str()),
                (seconds, shown)
            );
        }
    }

    #[test]
    fn says_it_in_the_largest_unit_that_is_worth_it() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (86_400, "24 hours"),
            (172_800, "2 days"),
            (21_837_600, "252 days"),
        ] {
            assert_eq!(Elapsed::from_seconds(seconds).in_words(), words);
        }
    }

    #[test]
    fn refuses_signs_fractions_spaces_and_overflow() {
        for text in [
            "",
            "d",
            "-1d",
            "+1d",
            "1.5h",
            "1 d",
            "1y",
            "99999999999999999999w",
            "101w1d",
        ] {
            assert!(text.parse::<Elapsed>().is_err(), "{text}");
        }
        assert!("5300w".parse::<Elapsed>().is_err());
    }
}
