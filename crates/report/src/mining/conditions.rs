//! Conditions in words, as pieces that each rendering marks in its own way.

use baton_rootcause::wire::{Condition, Fixed};

use super::numbers::{elapsed, trimmed, whole};

/// Values of a set shown before the number of the others.
const VALUES_MAX: usize = 5;
/// Millionths in one.
const ONE: i64 = 1_000_000;

/// A piece of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Name of a feature.
    Name(String),
    /// A value of it.
    Value(String),
    /// A word of ours.
    Word(String),
}

/// Returns the pieces of conditions that hold together.
pub(crate) fn pieces(conditions: &[Condition]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, condition) in conditions.iter().enumerate() {
        if at > 0 {
            pieces.push(word(" and "));
        }
        pieces.extend(told(condition, Side::Holds));
    }
    pieces
}

/// Returns conditions as one line of text, values in quotation marks.
pub fn line(conditions: &[Condition]) -> String {
    joined(&pieces(conditions))
}

fn joined(pieces: &[Piece]) -> String {
    let text = pieces.iter().map(|piece| match piece {
        Piece::Name(text) | Piece::Word(text) => text.clone(),
        Piece::Value(text) => format!("“{text}”"),
    });
    text.collect()
}

/// Returns as one line of text where a condition does not hold.
pub(crate) fn other_side(condition: &Condition) -> String {
    joined(&told(condition, Side::Other))
}

/// Returns how many values the shortened sets of `conditions` leave out, each with its values.
pub(crate) fn long_sets(conditions: &[Condition]) -> Vec<(&str, &[String])> {
    let mut long = Vec::new();
    for condition in conditions {
        if let Condition::In { feature, values } = condition
            && values.len() > VALUES_MAX
        {
            long.push((feature.as_str(), values.as_slice()));
        }
    }
    long
}

/// Which side of a condition is told.
#[derive(Clone, Copy)]
enum Side {
    /// Where it holds.
    Holds,
    /// Where it does not; a case without a number is on this side of every range.
    Other,
}

fn told(condition: &Condition, side: Side) -> Vec<Piece> {
    let by_side = |holds: &str, other: &str| match side {
        Side::Holds => word(holds),
        Side::Other => word(other),
    };
    match condition {
        Condition::Is { feature, value } => {
            vec![
                name(feature),
                by_side(" is ", " is other than "),
                quoted(value),
            ]
        }
        Condition::In { feature, values } => {
            let mut pieces = vec![name(feature), by_side(" is ", " is other than ")];
            pieces.extend(set(values));
            pieces
        }
        Condition::Missing { feature } => {
            vec![name(feature), by_side(" is missing", " has a value")]
        }
        Condition::Present { feature } => {
            vec![name(feature), by_side(" occurs", " does not occur")]
        }
        Condition::Absent { feature } => {
            vec![name(feature), by_side(" does not occur", " occurs")]
        }
        Condition::Between {
            feature,
            low,
            high,
            unit,
        } => {
            let range = range(*low, *high, unit.as_deref());
            vec![
                name(feature),
                by_side(" is ", " is not "),
                Piece::Word(range),
            ]
        }
    }
}

fn set(values: &[String]) -> Vec<Piece> {
    let shown = if values.len() > VALUES_MAX {
        VALUES_MAX - 1
    } else {
        values.len()
    };
    let mut pieces = Vec::new();
    for (at, value) in values.iter().take(shown).enumerate() {
        if at > 0 {
            let is_last = at + 1 == values.len();
            pieces.push(word(if is_last { " or " } else { ", " }));
        }
        pieces.push(quoted(value));
    }
    let more = values.len() - shown;
    if more > 0 {
        pieces.push(Piece::Word(format!(" or one of {more} others")));
    }
    pieces
}

/// Returns in words what lies from `low` to below `high`.
fn range(low: Option<Fixed>, high: Option<Fixed>, unit: Option<&str>) -> String {
    if unit == Some("count")
        && let Some(words) = counts(low, high)
    {
        return words;
    }
    let write = |number: Fixed| match unit {
        Some("seconds") => elapsed(number),
        _ => trimmed(number, 6),
    };
    match (low, high) {
        (Some(low), Some(high)) => format!("from {} to below {}", write(low), write(high)),
        (Some(low), None) => format!("{} or more", write(low)),
        (None, Some(high)) => format!("below {}", write(high)),
        (None, None) => "any number".to_owned(),
    }
}

/// Returns a range of whole numbers with both ends included; `None` when an end is no whole number.
fn counts(low: Option<Fixed>, high: Option<Fixed>) -> Option<String> {
    let count = |number: Fixed| {
        let millionths = u64::try_from(number.millionths()).ok()?;
        let one = ONE.unsigned_abs();
        millionths.is_multiple_of(one).then_some(millionths / one)
    };
    let last = |high: Fixed| count(high)?.checked_sub(1);
    Some(match (low, high) {
        (Some(low), Some(high)) => {
            let (first, last) = (count(low)?, last(high)?);
            if first == last {
                format!("exactly {}", whole(first))
            } else {
                format!("{} to {}", whole(first), whole(last))
            }
        }
        (Some(low), None) => format!("{} or more", whole(count(low)?)),
        (None, Some(high)) => match last(high)? {
            0 => "0".to_owned(),
            last => format!("at most {}", whole(last)),
        },
        (None, None) => return None,
    })
}

fn name(feature: &str) -> Piece {
    Piece::Name(feature.to_owned())
}

fn word(word: &str) -> Piece {
    Piece::Word(word.to_owned())
}

fn quoted(value: &str) -> Piece {
    let shown = if value.is_empty() { "(empty)" } else { value };
    Piece::Value(shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature() -> String {
        "wait".to_owned()
    }

    fn between(low: Option<f64>, high: Option<f64>, unit: Option<&str>) -> Condition {
        Condition::Between {
            feature: feature(),
            low: low.and_then(Fixed::round),
            high: high.and_then(Fixed::round),
            unit: unit.map(str::to_owned),
        }
    }

    #[test]
    fn conditions_read_as_sentences() {
        let is = |value: &str| Condition::Is {
            feature: feature(),
            value: value.to_owned(),
        };
        let within = |count: usize| Condition::In {
            feature: feature(),
            values: (0..count).map(|at| format!("v{at}")).collect(),
        };
        let (count, seconds) = (Some("count"), Some("seconds"));
        for (conditions, expected) in [
            (vec![is("long")], "wait is “long”"),
            (vec![is("")], "wait is “(empty)”"),
            (vec![within(2)], "wait is “v0” or “v1”"),
            (
                vec![within(7)],
                "wait is “v0”, “v1”, “v2”, “v3” or one of 3 others",
            ),
            (
                vec![Condition::Missing { feature: feature() }],
                "wait is missing",
            ),
            (
                vec![Condition::Present { feature: feature() }],
                "wait occurs",
            ),
            (
                vec![Condition::Absent { feature: feature() }],
                "wait does not occur",
            ),
            (vec![between(Some(3.0), None, count)], "wait is 3 or more"),
            (vec![between(None, Some(3.0), count)], "wait is at most 2"),
            (vec![between(None, Some(1.0), count)], "wait is 0"),
            (
                vec![between(Some(2.0), Some(3.0), count)],
                "wait is exactly 2",
            ),
            (vec![between(Some(2.0), Some(5.0), count)], "wait is 2 to 4"),
            (vec![between(Some(2.5), None, count)], "wait is 2.5 or more"),
            (
                vec![between(Some(7_200.0), Some(172_800.0), seconds)],
                "wait is from 2 hours to below 2 days",
            ),
            (vec![between(None, Some(0.25), None)], "wait is below 0.25"),
            (vec![is("a"), is("b")], "wait is “a” and wait is “b”"),
        ] {
            assert_eq!(line(&conditions), expected);
        }
    }

    #[test]
    fn the_other_side_of_a_condition_reads_as_a_sentence() {
        let within = Condition::In {
            feature: feature(),
            values: vec!["a".to_owned(), "b".to_owned()],
        };
        for (condition, expected) in [
            (within, "wait is other than “a” or “b”"),
            (
                Condition::Missing { feature: feature() },
                "wait has a value",
            ),
            (
                Condition::Present { feature: feature() },
                "wait does not occur",
            ),
            (Condition::Absent { feature: feature() }, "wait occurs"),
            (
                between(Some(3.0), None, Some("count")),
                "wait is not 3 or more",
            ),
        ] {
            assert_eq!(other_side(&condition), expected);
        }
    }
}
