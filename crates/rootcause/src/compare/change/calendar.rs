//! Days since 1970-01-01 as dates of the proleptic Gregorian calendar (ISO 8601).

/// Days from 0000-03-01 to 1970-01-01.
const SHIFT: i64 = 719_468;
/// Days of 400 years.
const ERA: i64 = 146_097;

/// Returns the date of a day, such as `2016-02-29`.
///
/// The year starts in March, so that the leap day comes last (H. Hinnant, "chrono-compatible
/// low-level date algorithms", 2013).
pub(in crate::compare) fn date(day: i64) -> String {
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

/// Returns the day of a date such as `2016-02-29`; what follows the date does not matter.
pub(in crate::compare) fn day_of(text: &str) -> Option<i64> {
    let mut parts = text.get(..10)?.split('-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some(era * ERA + days - SHIFT)
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
            assert_eq!(day_of(expected), Some(day));
            assert_eq!(day_of(&format!("{expected}T12:00:00Z")), Some(day));
        }
        for text in [
            "",
            "2016",
            "2016-13-01",
            "2016-00-01",
            "20160229xx",
            "é016-02-29",
        ] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
