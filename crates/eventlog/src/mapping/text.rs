//! The numbers and names that times are made of, and the days between dates.

const DAY_SECONDS: i64 = 86_400;
/// Microseconds of a second.
pub(super) const SECOND_MICROS: i64 = 1_000_000;

/// Returns microseconds on the wall; a leap second has no place there and is no time.
#[inline]
pub(super) fn wall(days: i64, (hour, minute, second): (i64, i64, i64), micros: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60)
        .then(|| (days * DAY_SECONDS + hour * 3600 + minute * 60 + second) * SECOND_MICROS + micros)
}

/// Returns the days from 1970-01-01, for years 1 to 9999 (Gregorian calendar).
#[inline]
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=days).contains(&day) {
        return None;
    }
    // Counting years from March puts the leap day last, so months have a fixed place.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let of_era = year % 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Returns the number of at most `digits` leading digits and the rest; at least one is there.
#[inline]
pub(super) fn number(text: &[u8], digits: usize) -> Option<(i64, &[u8])> {
    let mut value = 0;
    let mut count = 0;
    while count < digits
        && let Some(byte) = text.get(count)
        && byte.is_ascii_digit()
    {
        value = value * 10 + i64::from(byte - b'0');
        count += 1;
    }
    (count > 0).then_some((value, text.get(count..)?))
}

/// Returns microseconds of a decimal fraction; digits beyond the sixth are cut off.
pub(super) fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let digit = |place: usize| {
        text.get(place)
            .filter(|_| place < count)
            .map_or(0, |byte| i64::from(byte - b'0'))
    };
    let micros = (0..6).fold(0, |sum, place| sum * 10 + digit(place));
    Some((micros, text.get(count..)?))
}

/// Reads `Z`, `UTC`, `GMT`, `±HH:MM`, `±HHMM` or `±HH`.
pub(super) fn offset(text: &[u8]) -> Option<(i32, &[u8])> {
    for name in [&b"Z"[..], b"z", b"UTC", b"GMT"] {
        if let Some(rest) = text.strip_prefix(name) {
            return Some((0, rest));
        }
    }
    let (sign, rest) = match text.split_first()? {
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = number(rest, 2)?;
    let minutes = rest.strip_prefix(b":").unwrap_or(rest);
    let (minutes, rest) = match number(minutes, 2) {
        Some(found) => found,
        None if minutes.len() == rest.len() => (0, rest),
        None => return None,
    };
    let seconds = sign * (hours * 3600 + minutes * 60);
    (hours < 24 && minutes < 60).then_some((i32::try_from(seconds).ok()?, rest))
}

const MONTHS: [&[u8]; 12] = [
    b"january",
    b"february",
    b"march",
    b"april",
    b"may",
    b"june",
    b"july",
    b"august",
    b"september",
    b"october",
    b"november",
    b"december",
];
const WEEKDAYS: [&[u8]; 7] = [
    b"monday",
    b"tuesday",
    b"wednesday",
    b"thursday",
    b"friday",
    b"saturday",
    b"sunday",
];

/// Reads an English name of a month, whole or its first three letters.
pub(super) fn month_name(text: &[u8]) -> Option<(i64, &[u8])> {
    (1..)
        .zip(MONTHS)
        .find_map(|(number, name)| Some((number, name_of(text, name)?)))
}

pub(super) fn weekday(text: &[u8]) -> Option<&[u8]> {
    WEEKDAYS.iter().find_map(|name| name_of(text, name))
}

fn name_of<'t>(text: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    [name.len(), 3].into_iter().find_map(|length| {
        let (start, rest) = text.split_at_checked(length)?;
        let is_name = start.eq_ignore_ascii_case(name.get(..length)?);
        (is_name && !rest.first().is_some_and(u8::is_ascii_alphabetic)).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_calendar_on_every_day() {
        let mut date = jiff::civil::Date::constant(1890, 1, 1);
        let mut days = -29_219;
        while date < jiff::civil::Date::constant(2110, 1, 1) {
            let (year, month, day) = (date.year(), date.month(), date.day());
            let found = days_from_civil(year.into(), month.into(), day.into());
            assert_eq!(found, Some(days), "{date}");
            date = date.tomorrow().unwrap();
            days += 1;
        }
        assert_eq!(days_from_civil(1, 1, 1), Some(-719_162));
        assert_eq!(days_from_civil(9999, 12, 31), Some(2_932_896));
    }
}
