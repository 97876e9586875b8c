//! Times as the formats write them: RFC 3339, or without an offset, which then is UTC.

use baton_terms::Instant;

/// Returns microseconds since 1970-01-01T00:00:00Z, rounded towards the past.
pub(super) fn microseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Instant>() {
        return of(instant);
    }
    let spaced = text.replacen(' ', "T", 1);
    [
        spaced.clone(),
        format!("{spaced}Z"),
        format!("{spaced}:00Z"),
    ]
    .iter()
    .chain([&with_colon(&spaced)])
    .find_map(|text| text.parse::<Instant>().ok())
    .or_else(|| format!("{spaced}T00:00:00Z").parse().ok())
    .and_then(of)
}

/// Returns a time as RFC 3339 in UTC, or the text as it is when it can't be read.
pub(super) fn rfc3339(text: &str) -> String {
    let time = microseconds(text).and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    time.map_or_else(|| text.to_owned(), |time| time.to_string())
}

/// Puts the colon into an offset such as `+0200`, which Jira writes.
fn with_colon(text: &str) -> String {
    let sign = text.len().saturating_sub(5);
    match (
        text.get(..sign),
        text.get(sign..sign + 3),
        text.get(sign + 3..),
    ) {
        (Some(head), Some(hours), Some(minutes)) if hours.starts_with(['+', '-']) => {
            format!("{head}{hours}:{minutes}")
        }
        _ => text.to_owned(),
    }
}

fn of(instant: Instant) -> Option<i64> {
    let nanoseconds = instant.timestamp().as_nanosecond();
    i64::try_from(nanoseconds.div_euclid(1_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_the_formats_use() {
        for (text, expected) in [
            ("1970-01-01T00:00:01Z", Some(1_000_000)),
            ("1970-01-01T01:00:00.000001+01:00", Some(1)),
            ("1969-12-31T23:59:59.9999999Z", Some(-1)),
            ("1970-01-01 00:00:02", Some(2_000_000)),
            ("1970-01-01T00:00:02.5", Some(2_500_000)),
            ("1970-01-01T00:01", Some(60_000_000)),
            ("1970-01-02", Some(86_400_000_000)),
            ("1970-01-01T02:00:00.000+0200", Some(0)),
            ("01/02/1970", None),
            ("", None),
            ("é+0é0", None),
        ] {
            assert_eq!(microseconds(text), expected, "{text}");
        }
    }
}
