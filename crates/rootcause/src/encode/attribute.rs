//! One attribute of the encoded table: its codes, what they mean, and the features that say so.

use baton_eventlog::cases::Unit;

use super::item::Item;
use crate::wire::{Condition, Fixed};

/// How the rare values of a feature are called together.
const RARE: &str = "(rare)";

/// Codes of an attribute, one per row, in the least width that holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// At most 256 different codes.
    Narrow(Vec<u8>),
    /// More.
    Wide(Vec<u16>),
}

impl Codes {
    pub(super) fn pack(codes: Vec<u16>, count: usize) -> Self {
        if count > 256 {
            return Self::Wide(codes);
        }
        Self::Narrow(
            codes
                .into_iter()
                .map(|code| u8::try_from(code).unwrap_or(u8::MAX))
                .collect(),
        )
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
        }
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the code at `row`.
    pub fn get(&self, row: usize) -> Option<u16> {
        match self {
            Self::Narrow(codes) => codes.get(row).map(|code| u16::from(*code)),
            Self::Wide(codes) => codes.get(row).copied(),
        }
    }

    /// Returns the codes of some rows, in the order given; rows that do not exist are left out.
    pub(crate) fn pick(&self, rows: &[usize]) -> Self {
        match self {
            Self::Narrow(codes) => Self::Narrow(pick(codes, rows)),
            Self::Wide(codes) => Self::Wide(pick(codes, rows)),
        }
    }

    /// Returns the codes renamed: `renamed` has the new code of each.
    pub(crate) fn map(&self, renamed: &[u16]) -> Self {
        let new = |code: u16| renamed.get(usize::from(code)).copied().unwrap_or_default();
        let most = renamed.iter().copied().max().unwrap_or_default();
        Self::pack(self.iter().map(new).collect(), usize::from(most) + 1)
    }

    /// Returns all codes in the order of the rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u16> {
        let (narrow, wide): (&[u8], &[u16]) = match self {
            Self::Narrow(codes) => (codes, &[]),
            Self::Wide(codes) => (&[], codes),
        };
        Joined {
            narrow: narrow.iter(),
            wide: wide.iter(),
        }
    }
}

fn pick<T: Copy>(codes: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter()
        .filter_map(|row| codes.get(*row).copied())
        .collect()
}

struct Joined<'a> {
    narrow: std::slice::Iter<'a, u8>,
    wide: std::slice::Iter<'a, u16>,
}

impl Iterator for Joined<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        match self.narrow.next() {
            Some(code) => Some(u16::from(*code)),
            None => self.wide.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.narrow.len() + self.wide.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Joined<'_> {}

/// What the codes of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values without order; an item is one of them.
    Category,
    /// Bins in ascending order; an item is a run of them.
    Number {
        /// How many bins there are, with the codes from 0.
        bins: u16,
    },
}

/// One attribute: what is searched for one or several features that say the same.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub(super) kind: Kind,
    pub(super) codes: Codes,
    pub(super) cases: Vec<u64>,
    pub(super) names: Vec<Naming>,
    pub(super) folded: usize,
    pub(super) crowded: usize,
}

/// What the codes of an attribute are called by one of its features.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    pub(super) feature: usize,
    pub(super) name: Box<str>,
    pub(super) modifiable: bool,
    pub(super) words: Words,
}

#[derive(Debug, Clone)]
pub(super) enum Words {
    Values(Vec<Value>),
    /// `cuts[i]` is the least number of bin `i + 1`.
    Cuts {
        cuts: Vec<i64>,
        unit: Unit,
    },
}

/// What a code of a category means. The order breaks ties between equally frequent ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Named(Box<str>),
    Present,
    Absent,
    Missing,
    Rare,
}

impl Attribute {
    /// Returns what its codes are.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the name of the feature it is called by.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", |naming| &naming.name)
    }

    /// Returns the places in [`CaseTable::features`](baton_eventlog::cases::CaseTable::features)
    /// of the features it stands for, the one it is called by first.
    pub fn features(&self) -> impl Iterator<Item = usize> {
        self.names.iter().map(|naming| naming.feature)
    }

    /// Returns the codes per row.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Returns the cases of each code, counted on the rows that decided the encoding.
    pub fn cases(&self) -> &[u64] {
        &self.cases
    }

    /// Returns how many values are folded into `(rare)`.
    pub fn folded(&self) -> usize {
        self.folded
    }

    /// Returns how many of the folded values are not rare but beyond
    /// [`VALUES_MAX`](super::VALUES_MAX).
    pub fn crowded(&self) -> usize {
        self.crowded
    }

    /// Returns the number of codes.
    pub fn size(&self) -> usize {
        self.cases.len()
    }

    /// Returns the condition that `item` stands for, as each of its features says it.
    pub(super) fn conditions(&self, item: Item) -> impl Iterator<Item = Condition> {
        self.names
            .iter()
            .map(move |naming| naming.condition(self.kind, item))
    }
}

impl Naming {
    fn condition(&self, kind: Kind, item: Item) -> Condition {
        let feature = self.name.to_string();
        match &self.words {
            Words::Values(values) => match values.get(usize::from(item.low)) {
                Some(Value::Named(value)) => Condition::Is {
                    feature,
                    value: value.to_string(),
                },
                Some(Value::Present) => Condition::Present { feature },
                Some(Value::Absent) => Condition::Absent { feature },
                Some(Value::Missing) => Condition::Missing { feature },
                Some(Value::Rare) | None => Condition::Is {
                    feature,
                    value: RARE.to_owned(),
                },
            },
            Words::Cuts { cuts, unit } => between(feature, (cuts, *unit), (kind, item)),
        }
    }
}

fn between(feature: String, words: (&[i64], Unit), (kind, item): (Kind, Item)) -> Condition {
    let (cuts, unit) = words;
    let Kind::Number { bins } = kind else {
        return Condition::Missing { feature };
    };
    if item.low >= bins {
        return Condition::Missing { feature };
    }
    let cut = |place: Option<u16>| {
        let cut = cuts.get(usize::from(place?)).copied()?;
        Some(fixed(cut, unit))
    };
    Condition::Between {
        feature,
        low: cut(item.low.checked_sub(1)),
        high: cut(Some(item.high)),
        unit: match unit {
            Unit::Count => Some("count".to_owned()),
            Unit::Seconds => Some("seconds".to_owned()),
            Unit::Decimal(_) => None,
        },
    }
}

/// Returns `number` of `unit` in millionths; more than six decimal digits are rounded down.
fn fixed(number: i64, unit: Unit) -> Fixed {
    let digits = match unit {
        Unit::Count | Unit::Seconds => 0,
        Unit::Decimal(digits) => digits,
    };
    let millionths = if digits <= 6 {
        number.saturating_mul(10_i64.saturating_pow(6 - u32::from(digits)))
    } else {
        number.div_euclid(10_i64.saturating_pow(u32::from(digits) - 6))
    };
    Fixed::from_millionths(millionths)
}
