//! Times and durations (cel-spec, "Timestamps and Durations"; RFC 3339), to the nanosecond.
//!
//! Zones are UTC or a fixed offset: named zones change with the zone database, and an expression
//! has to give one answer for ever. Business time belongs to the contract's calendar.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::super::evaluate::Reason;
use super::super::value::Value;
use super::{Part, text_of};

/// 0001-01-01T00:00:00Z, the first time CEL knows.
const FIRST_SECOND: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z, the last whole second CEL knows.
const LAST_SECOND: i64 = 253_402_300_799;
/// Ten thousand years, the longest duration of the protocol buffers type that CEL refers to.
const SECONDS_MAX: i64 = 315_576_000_000;
const NANOSECONDS: i128 = 1_000_000_000;

/// Units in nanoseconds; `d` and `w` are Baton's addition, so that conditions read as contracts do.
const UNITS: [(&str, i128); 8] = [
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
    ("s", NANOSECONDS),
    ("m", 60 * NANOSECONDS),
    ("h", 3_600 * NANOSECONDS),
    ("d", 86_400 * NANOSECONDS),
    ("w", 604_800 * NANOSECONDS),
];

/// Returns the time of RFC 3339 text.
pub(in super::super) fn parse_timestamp(text: &str) -> Result<Timestamp, Reason> {
    text.parse::<baton_terms::Instant>()
        .ok()
        .and_then(|instant| checked_timestamp(instant.timestamp()))
        .ok_or_else(|| Reason::malformed("an RFC 3339 time with an offset", text))
}

/// Returns `time` when it lies in the years 1 to 9999.
pub(in super::super) fn checked_timestamp(time: Timestamp) -> Option<Timestamp> {
    let second = baton_terms::Instant::from_timestamp(time).unix_seconds();
    (FIRST_SECOND..=LAST_SECOND)
        .contains(&second)
        .then_some(time)
}

/// Returns `duration` when it is at most ten thousand years either way.
pub(in super::super) fn checked_duration(duration: SignedDuration) -> Option<SignedDuration> {
    let limit = SignedDuration::from_secs(SECONDS_MAX);
    (duration.abs() <= limit).then_some(duration)
}

/// Returns the duration of text such as `1h30m`, `-1.5s` or `14d`.
pub(in super::super) fn parse_duration(text: &str) -> Result<SignedDuration, Reason> {
    nanoseconds(text)
        .and_then(|total| {
            let seconds = i64::try_from(total / NANOSECONDS).ok()?;
            let rest = i32::try_from(total % NANOSECONDS).ok()?;
            checked_duration(SignedDuration::new(seconds, rest))
        })
        .ok_or_else(|| Reason::malformed("a duration such as `36h` or `14d`", text))
}

fn nanoseconds(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() || text.len() > 100 {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if (whole.is_empty() && fraction.is_empty()) || whole.len() > 20 || fraction.len() > 15 {
            return None;
        }
        let (name, unit) = UNITS
            .into_iter()
            .find(|(name, _)| after.starts_with(name))?;
        rest = after.strip_prefix(name)?;
        let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        let part: i128 = if fraction.is_empty() {
            0
        } else {
            fraction.parse().ok()?
        };
        let value = whole.checked_mul(unit)?.checked_add(part * unit / scale)?;
        total = total.checked_add(value)?;
    }
    Some(if negative { -total } else { total })
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Returns a duration as CEL prints it: seconds with as many decimals as it needs.
pub(in super::super) fn duration_text(duration: SignedDuration) -> String {
    let sign = if duration.is_negative() { "-" } else { "" };
    let seconds = duration.as_secs().unsigned_abs();
    let fraction = format!("{:09}", duration.subsec_nanos().unsigned_abs());
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{seconds}{point}{fraction}s")
}

/// Returns a part of a time in a zone, or of a duration.
pub(super) fn part<'a>(
    part: Part,
    value: &Value<'a>,
    zone: Option<&Value<'a>>,
) -> Result<Value<'a>, Reason> {
    let time = match value {
        Value::Timestamp(time) => *time,
        Value::Duration(duration) if zone.is_none() => return part_of_duration(part, *duration),
        other => return Err(Reason::mismatch("a timestamp", other)),
    };
    let offset = zone.map_or(Ok(Offset::UTC), |zone| {
        text_of(zone).and_then(|text| parse_offset(text))
    })?;
    let local = offset.to_datetime(time);
    Ok(Value::Int(match part {
        Part::FullYear => i64::from(local.year()),
        Part::Month => i64::from(local.month()) - 1,
        Part::DayOfMonth => i64::from(local.day()) - 1,
        Part::Date => i64::from(local.day()),
        Part::DayOfWeek => i64::from(local.weekday().to_sunday_zero_offset()),
        Part::DayOfYear => i64::from(local.day_of_year()) - 1,
        Part::Hours => i64::from(local.hour()),
        Part::Minutes => i64::from(local.minute()),
        Part::Seconds => i64::from(local.second()),
        Part::Milliseconds => i64::from(local.millisecond()),
    }))
}

fn part_of_duration<'a>(part: Part, duration: SignedDuration) -> Result<Value<'a>, Reason> {
    let seconds = duration.as_secs();
    match part {
        Part::Hours => Ok(Value::Int(seconds / 3_600)),
        Part::Minutes => Ok(Value::Int(seconds / 60)),
        Part::Seconds => Ok(Value::Int(seconds)),
        _ => Err(Reason::mismatch("a timestamp", &Value::Duration(duration))),
    }
}

/// Returns the offset of `UTC`, `+02:00`, `-03:30` or `02:00`.
pub(in super::super) fn parse_offset(text: &str) -> Result<Offset, Reason> {
    let fixed = || {
        let (sign, digits) = match text.as_bytes().first()? {
            b'-' => (-1, text.get(1..)?),
            b'+' => (1, text.get(1..)?),
            _ => (1, text),
        };
        let (hours, minutes) = digits.split_once(':')?;
        if hours.len() != 2 || minutes.len() != 2 {
            return None;
        }
        let [hours, minutes] = [hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?];
        if hours > 14 || minutes > 59 {
            return None;
        }
        let seconds = sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60);
        Offset::from_seconds(seconds).ok()
    };
    match text {
        "UTC" | "Z" => Ok(Offset::UTC),
        _ => fixed()
            .ok_or_else(|| Reason::malformed("`UTC` or a fixed offset such as `+02:00`", text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: EXPRESSION-17
    #[test]
    fn durations_are_exact_and_bounded() {
        for (text, expected) in [
            ("1h30m", "5400s"),
            ("-1.5s", "-1.5s"),
            ("14d", "1209600s"),
            ("2w", "1209600s"),
            ("0.000000001s", "0.000000001s"),
            ("1ms1us1ns", "0.001001001s"),
        ] {
            assert_eq!(duration_text(parse_duration(text).unwrap()), expected);
        }
        for text in [
            "",
            "1",
            "h",
            "1y",
            "1h ",
            "--1s",
            "99999999999999999999w",
            ".s",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
