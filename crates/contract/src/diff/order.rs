//! Which of two values is larger: numbers, spans of one kind, instants and severities.

use std::cmp::Ordering;

use baton_terms::{Elapsed, Instant};
use serde_json::Value;

use crate::model::Severity;

/// Returns how `a` compares to `b`, or nothing when they can't be compared.
pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        return Some(a.cmp(&b));
    }
    let (a, b) = (a.as_str()?, b.as_str()?);
    if let (Some(a), Some(b)) = (Severity::from_word(a), Severity::from_word(b)) {
        return Some(a.points().cmp(&b.points()));
    }
    if let (Ok(a), Ok(b)) = (a.parse::<Instant>(), b.parse::<Instant>()) {
        return Some(a.cmp(&b));
    }
    let (a, b) = (span(a)?, span(b)?);
    (a.1 == b.1).then(|| a.0.cmp(&b.0))
}

/// Returns a span as a number and its kind. How many hours a business day has depends on the
/// calendar, so business days and business minutes have no order.
fn span(text: &str) -> Option<(u64, &'static str)> {
    for (unit, factor, kind) in [
        ("bd", 1, "business days"),
        ("bh", 60, "business minutes"),
        ("bm", 1, "business minutes"),
    ] {
        if let Some(count) = text.strip_suffix(unit) {
            let count: u64 = count.parse().ok()?;
            return Some((count.checked_mul(factor)?, kind));
        }
    }
    let elapsed: Elapsed = text.parse().ok()?;
    Some((elapsed.seconds(), "elapsed"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_one_kind_have_an_order() {
        for (a, b, expected) in [
            (json!(1), json!(2), Some(Ordering::Less)),
            (json!("major"), json!("minor"), Some(Ordering::Greater)),
            (json!("blocker"), json!("note"), Some(Ordering::Greater)),
            (json!("60m"), json!("1h"), Some(Ordering::Equal)),
            (json!("1bh"), json!("90bm"), Some(Ordering::Less)),
            (json!("3bd"), json!("2bd"), Some(Ordering::Greater)),
            (json!("1bd"), json!("8bh"), None),
            (json!("1bd"), json!("24h"), None),
            (
                json!("2027-01-01T00:00:00Z"),
                json!("2026-01-01T00:00:00Z"),
                Some(Ordering::Greater),
            ),
            (json!("x"), json!("y"), None),
        ] {
            assert_eq!(order(&a, &b), expected, "{a} and {b}");
        }
    }
}
