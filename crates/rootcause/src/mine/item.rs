//! One condition of a case table by the place of its feature: the rows it holds for, and its words.

use baton_eventlog::cases::{CaseTable, Feature, Unit, Values};
use baton_eventlog::model::{Code, MISSING};

use super::bits::Bits;
use crate::wire::{Condition, Fixed};

/// How rare values are called together.
pub(crate) const RARE: &str = "(rare)";

/// A test on one feature.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Test {
    /// The category has one of these codes, in ascending order.
    In(Vec<Code>),
    /// The category has one of these rare codes, in ascending order; they are not told apart.
    Rare(Vec<Code>),
    /// The value is missing.
    Missing,
    /// The flag is set.
    Present,
    /// The flag is not set.
    Absent,
    /// The number is at least the first and below the second.
    Between(Option<i64>, Option<i64>),
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Item {
    /// Place of the feature in the table.
    pub(crate) feature: usize,
    /// What is asked of it.
    pub(crate) test: Test,
}

impl Item {
    /// Returns the rows it holds for.
    pub(crate) fn rows(&self, table: &CaseTable) -> Bits {
        let Some(feature) = table.features.get(self.feature) else {
            return Bits::of(table.ids.iter().map(|_| false));
        };
        match (&feature.values, &self.test) {
            (Values::Category { codes, .. }, Test::In(wanted) | Test::Rare(wanted)) => {
                Bits::of(codes.iter().map(|code| wanted.binary_search(code).is_ok()))
            }
            (Values::Category { codes, .. }, Test::Missing) => {
                Bits::of(codes.iter().map(|&code| code == MISSING))
            }
            (Values::Number { values, .. }, Test::Missing) => {
                Bits::of(values.iter().map(Option::is_none))
            }
            (Values::Number { values, .. }, Test::Between(low, high)) => {
                Bits::of(values.iter().map(|value| {
                    value.is_some_and(|value| {
                        low.is_none_or(|low| value >= low) && high.is_none_or(|high| value < high)
                    })
                }))
            }
            (Values::Flag(flags), Test::Present) => Bits::of(flags.iter().copied()),
            (Values::Flag(flags), Test::Absent) => Bits::of(flags.iter().map(|flag| !flag)),
            _ => Bits::of(table.ids.iter().map(|_| false)),
        }
    }

    /// Returns the condition in the words of the table.
    pub(crate) fn condition(&self, table: &CaseTable) -> Condition {
        let found = table.features.get(self.feature);
        let feature = found
            .map(|feature| feature.name.to_string())
            .unwrap_or_default();
        match &self.test {
            Test::In(codes) => {
                let mut values: Vec<String> = codes
                    .iter()
                    .filter_map(|&code| text(found?, code))
                    .collect();
                values.sort_unstable();
                match values.pop() {
                    Some(value) if values.is_empty() => Condition::Is { feature, value },
                    last => {
                        values.extend(last);
                        Condition::In { feature, values }
                    }
                }
            }
            Test::Rare(_) => Condition::Is {
                feature,
                value: RARE.to_owned(),
            },
            Test::Missing => Condition::Missing { feature },
            Test::Present => Condition::Present { feature },
            Test::Absent => Condition::Absent { feature },
            Test::Between(low, high) => {
                let unit = found.and_then(unit);
                let fixed = |limit: Option<i64>| limit.map(|limit| published(limit, unit));
                Condition::Between {
                    feature,
                    low: fixed(*low),
                    high: fixed(*high),
                    unit: unit.and_then(word),
                }
            }
        }
    }
}

fn text(feature: &Feature, code: Code) -> Option<String> {
    match &feature.values {
        Values::Category { dictionary, .. } => dictionary.text(code).map(str::to_owned),
        _ => None,
    }
}

fn unit(feature: &Feature) -> Option<Unit> {
    match &feature.values {
        Values::Number { unit, .. } => Some(*unit),
        _ => None,
    }
}

fn word(unit: Unit) -> Option<String> {
    match unit {
        Unit::Count => Some("count".to_owned()),
        Unit::Seconds => Some("seconds".to_owned()),
        Unit::Decimal(_) => None,
    }
}

/// Returns the limit that is published as this number: the least that is not below it.
pub(crate) fn limit(published: Fixed, unit: Unit) -> i64 {
    let digits = match unit {
        Unit::Decimal(digits) => u32::from(digits),
        Unit::Count | Unit::Seconds => 0,
    };
    let millionths = published.millionths();
    match digits.checked_sub(6) {
        Some(more) => millionths.saturating_mul(10_i64.saturating_pow(more)),
        None => -(-millionths).div_euclid(10_i64.pow(6_u32.saturating_sub(digits))),
    }
}

/// A limit in the unit the report shows, rounded down to millionths.
fn published(limit: i64, unit: Option<Unit>) -> Fixed {
    let digits = match unit {
        Some(Unit::Decimal(digits)) => u32::from(digits),
        _ => 0,
    };
    let millionths = match digits.checked_sub(6) {
        Some(too_many) => 10_i64
            .checked_pow(too_many)
            .map_or(0, |divisor| limit.div_euclid(divisor)),
        None => limit.saturating_mul(10_i64.pow(6_u32.saturating_sub(digits))),
    };
    Fixed::from_millionths(millionths)
}
