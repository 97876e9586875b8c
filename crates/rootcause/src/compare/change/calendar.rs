//! Days since 1970-01-01 as dates of the proleptic Gregorian calendar (ISO 8601).

/// Days from 0000-03-01 to 1970-01-01.
const SHIFT: i64 = 719_468;
/// Days of 400 years.
const ERA: i64 = 146_097;

/// Returns the date of a day, such as `2016-02-29`.
///
/// The year starts in March, so that the leap day comes last (H. Hinnant, "chrono-compatible
/// low-level date algorithms", 2013).
pub(super) fn date(day: i64) -> String {
    let shifted = day.saturating_add(SHIFT);
    let era = shifted.div_euclid(ERA);
    let of_era = shifted.rem_euclid(ERA);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_dates_of_the_calendar() {
        for (day, expected) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (16_860, "2016-02-29"),
            (16_861, "2016-03-01"),
            (11_016, "2000-02-29"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
            (20_778, "2026-11-21"),
        ] {
            assert_eq!(date(day), expected, "day {day}");
        }
    }
}
