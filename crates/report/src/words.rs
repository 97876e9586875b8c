//! Small pieces of English that several reports share.

use baton_terms::Instant;

/// Returns `1 clause`, `2 clauses`.
pub(crate) fn count(number: usize, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    }
}

/// Returns `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns `a`, `a or b`, `a, b or c`.
pub(crate) fn choice(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Returns text with a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Returns a time as people write it, in UTC: `2026-11-20 09:00:00 UTC`.
pub(crate) fn moment(instant: Instant) -> String {
    let written = instant.to_string().replacen('T', " ", 1);
    format!("{} UTC", written.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_english() {
        let items = |count: usize| -> Vec<String> {
            ["a", "b", "c"]
                .iter()
                .take(count)
                .map(ToString::to_string)
                .collect()
        };
        assert_eq!(list(&items(0)), "");
        assert_eq!(list(&items(1)), "a");
        assert_eq!(list(&items(3)), "a, b and c");
        assert_eq!(choice(&items(2)), "a or b");
        assert_eq!(count(1, "clause"), "1 clause");
        let instant = "2026-11-20T10:00:00+01:00".parse().unwrap();
        assert_eq!(moment(instant), "2026-11-20 09:00:00 UTC");
        assert_eq!(count(0, "clause"), "0 clauses");
    }
}
