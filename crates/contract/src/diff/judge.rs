//! Judges one difference: whom it touches, and what happened.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::meaning::{Easing, Meaning, Side};
use super::order::order;
use super::{Class, Step};
use crate::compose::containment::{Containment, contains};
use crate::expression::says_the_same;

/// Characters of a counterexample that are shown.
const EXAMPLE_MAX: usize = 200;

/// How one field differs; what is left out stands as its default.
#[derive(Debug, Clone, Copy)]
pub(super) struct Difference<'a> {
    pub(super) before: Option<&'a Value>,
    pub(super) after: Option<&'a Value>,
}

/// Whom a difference touches, and what happened.
pub(super) type Verdict = (Class, String);

/// Judges a difference by the meaning of its field alone.
pub(super) fn judge(meaning: Meaning, difference: Difference<'_>) -> Verdict {
    match meaning {
        Meaning::Cosmetic => (Class::Cosmetic, "reworded".to_owned()),
        Meaning::Compatible | Meaning::Identity => (Class::Compatible, difference.verb()),
        Meaning::Any(side) => any(side, difference),
        Meaning::Raised(side) => by_order(side, difference, Ordering::Greater, Ordering::Greater),
        Meaning::Lowered(side) => by_order(side, difference, Ordering::Less, Ordering::Greater),
        Meaning::Capacity(side) => by_order(side, difference, Ordering::Greater, Ordering::Less),
        Meaning::Entry(side) | Meaning::Limit(side) => match difference.after {
            None => (Class::Looser, difference.verb()),
            Some(_) => (stricter(side), difference.verb()),
        },
        Meaning::Relief(side) => match difference.before {
            None => (Class::Looser, difference.verb()),
            Some(_) => (stricter(side), difference.verb()),
        },
        Meaning::Alternatives(side) => by_subset(side, difference, Wider::After),
        Meaning::Demands(side) => by_subset(side, difference, Wider::Before),
        Meaning::Expression(side) => {
            expression(difference).unwrap_or_else(|| (stricter(side), difference.verb()))
        }
        Meaning::Condition(side) => {
            expression(difference).unwrap_or_else(|| condition(side, difference))
        }
        Meaning::Words(side, easing) => words(side, easing, difference),
        Meaning::Presence(side) => presence(side, difference),
        Meaning::Schema(side) => by_containment(side, difference),
    }
}

/// Returns the step a change of this class takes. A guarantee of the receiver that gets weaker
/// breaks whoever relies on it, so it counts as much as a stricter demand.
pub(super) fn step_of(class: Class, pointer: &str) -> Step {
    let is_promise = pointer == "/outputs" || pointer.starts_with("/outputs/");
    match class {
        Class::StricterForSender | Class::StricterForReceiver => Step::Major,
        Class::Looser if is_promise => Step::Major,
        Class::Looser | Class::Compatible => Step::Minor,
        Class::Cosmetic => Step::Patch,
    }
}

/// Returns the class of a change that asks more of a side.
pub(super) fn stricter(side: Side) -> Class {
    match side {
        Side::Sender => Class::StricterForSender,
        Side::Receiver => Class::StricterForReceiver,
    }
}

impl Difference<'_> {
    /// Returns what happened to the value as a whole.
    pub(super) fn verb(self) -> String {
        match (self.before, self.after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        }
        .to_owned()
    }
}

fn same_meaning() -> Verdict {
    (
        Class::Cosmetic,
        "written differently, means the same".to_owned(),
    )
}

fn any(side: Side, difference: Difference<'_>) -> Verdict {
    match (difference.before, difference.after) {
        // Lists of ids are sets; where order counts, entries are maps.
        (Some(before), Some(after)) if is_same_set(before, after) => same_meaning(),
        _ => (stricter(side), difference.verb()),
    }
}

fn is_same_set(before: &Value, after: &Value) -> bool {
    let all_text = |value: &Value| {
        value
            .as_array()
            .is_some_and(|items| items.iter().all(Value::is_string))
    };
    all_text(before) && all_text(after) && set(before) == set(after)
}

fn set(value: &Value) -> BTreeSet<String> {
    let items = value.as_array().into_iter().flatten();
    items.map(ToString::to_string).collect()
}

/// Judges by the direction in which the value moved: `harder` asks more, and so does a value that
/// appears when `appearing` is greater.
fn by_order(
    side: Side,
    difference: Difference<'_>,
    harder: Ordering,
    appearing: Ordering,
) -> Verdict {
    let (demand, what) = match (difference.before, difference.after) {
        (Some(before), Some(after)) => match order(after, before) {
            None => {
                let what = "changed in a way that can't be compared".to_owned();
                return (stricter(side), what);
            }
            Some(Ordering::Equal) => return same_meaning(),
            Some(moved) => {
                let word = match moved {
                    Ordering::Greater => "raised",
                    _ => "lowered",
                };
                let demand = if moved == harder {
                    Ordering::Greater
                } else {
                    Ordering::Less
                };
                (demand, word.to_owned())
            }
        },
        (None, _) => (appearing, difference.verb()),
        (_, None) => (appearing.reverse(), difference.verb()),
    };
    match demand {
        Ordering::Greater => (stricter(side), what),
        _ => (Class::Looser, what),
    }
}

/// Which of the two lists is the wider one when less is asked.
#[derive(Debug, Clone, Copy)]
enum Wider {
    Before,
    After,
}

fn by_subset(side: Side, difference: Difference<'_>, wider: Wider) -> Verdict {
    let what = difference.verb();
    let is_looser = match (difference.before, difference.after) {
        (Some(before), Some(after)) if before.is_array() && after.is_array() => {
            let (before, after) = (set(before), set(after));
            if before == after {
                return same_meaning();
            }
            match wider {
                Wider::After => before.is_subset(&after),
                Wider::Before => after.is_subset(&before),
            }
        }
        (_, after) => after.is_none(),
    };
    let class = if is_looser {
        Class::Looser
    } else {
        stricter(side)
    };
    (class, what)
}

fn expression(difference: Difference<'_>) -> Option<Verdict> {
    let before = difference.before?.as_str()?;
    let after = difference.after?.as_str()?;
    says_the_same(before, after).then(same_meaning)
}

fn condition(side: Side, difference: Difference<'_>) -> Verdict {
    match (difference.before, difference.after) {
        (None, _) => (Class::Looser, "limited to some packages".to_owned()),
        (_, None) => (stricter(side), "applies to every package now".to_owned()),
        _ => (stricter(side), "applies to other packages now".to_owned()),
    }
}

fn words(side: Side, easing: &[Easing], difference: Difference<'_>) -> Verdict {
    let word = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let (before, after) = (word(difference.before), word(difference.after));
    let is_looser = easing
        .iter()
        .any(|(from, to)| before.as_deref() == Some(from) && after.as_deref() == Some(to));
    let class = if is_looser {
        Class::Looser
    } else {
        stricter(side)
    };
    (class, difference.verb())
}

/// Presence is `true` (always), an expression (where it holds) or `false` (never).
fn presence(side: Side, difference: Difference<'_>) -> Verdict {
    let (before, after) = (difference.before, difference.after);
    let rank = |value: Option<&Value>| match value {
        Some(Value::Bool(false)) => 0,
        Some(Value::String(_)) => 1,
        _ => 2,
    };
    match (rank(before), rank(after)) {
        (1, 1) => expression(difference)
            .unwrap_or_else(|| (stricter(side), "asked for in other cases now".to_owned())),
        (old, new) if new > old => (stricter(side), "asked for in more cases".to_owned()),
        _ => (Class::Looser, "asked for in fewer cases".to_owned()),
    }
}

fn by_containment(side: Side, difference: Difference<'_>) -> Verdict {
    let anything = Value::Bool(true);
    let before = difference.before.unwrap_or(&anything);
    let after = difference.after.unwrap_or(&anything);
    // Senders are asked less when the new schema admits all the old one did; receivers promise
    // less when the new outputs are not all within the old ones.
    let (forward, back) = (contains(before, after), contains(after, before));
    match (side, &forward, &back) {
        (_, Containment::Yes, Containment::Yes) => (
            Class::Cosmetic,
            "written differently, admits the same".to_owned(),
        ),
        (Side::Sender, Containment::Yes, other) => {
            (Class::Looser, format!("admits more{}", example(other)))
        }
        (Side::Sender, Containment::No { .. }, _) => (
            stricter(side),
            format!("refuses what it admitted{}", example(&forward)),
        ),
        (Side::Receiver, other, Containment::Yes) => {
            (stricter(side), format!("promises more{}", example(other)))
        }
        (Side::Receiver, _, Containment::No { .. }) => (
            Class::Looser,
            format!("promises less than before{}", example(&back)),
        ),
        (Side::Sender, Containment::Unknown { because, .. }, _) => (
            stricter(side),
            format!("can't be proved to admit what it admitted: {because}"),
        ),
        (Side::Receiver, _, Containment::Unknown { because, .. }) => (
            stricter(side),
            format!("can't be proved to promise what it promised: {because}"),
        ),
    }
}

fn example(containment: &Containment) -> String {
    let Containment::No {
        counterexample,
        because,
        ..
    } = containment
    else {
        return String::new();
    };
    let text = counterexample.to_string();
    if text.chars().count() <= EXAMPLE_MAX {
        return format!(", for example {text}: {because}");
    }
    let shown: String = text.chars().take(EXAMPLE_MAX).collect();
    format!(", for example {shown}…: {because}")
}
