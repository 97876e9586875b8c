//! The hypotheses: which columns are searched, and which sets of them.
//!
//! A category is one column. A number is a column at each of three resolutions: 64 bins where it is
//! the only number of a set, 16 where it is one of two, 8 where there are more; so the runs of
//! bins of a set stay under 47,000 whatever its size, and each is a hypothesis.

use super::kinds::{KINDS, kind};
use super::settings::{Error, SETS_MAX, Settings};
use crate::encode::{Encoded, Item};

/// Bins of a number in a set with one, two, or more numbers.
const BINS_BY_NUMBERS: [u16; 3] = [64, 16, 8];

/// Columns of one set at most.
pub(super) const WIDTH_MAX: usize = 4;

/// What is counted for an attribute: its codes, or fewer bins of them.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Place of the attribute.
    pub(super) attribute: u16,
    /// Number of codes.
    pub(super) size: u16,
    /// How many of the codes, from 0, are bins whose runs are items; 0 for a category.
    pub(super) bins: u16,
    /// First code of the attribute for each bin, when bins hold several codes.
    pub(super) starts: Option<Vec<u16>>,
    /// Codes of the attribute that are bins.
    fine: u16,
}

impl Column {
    /// Returns the item of the codes `low..=high` of the column.
    pub(super) fn item(&self, low: u16, high: u16) -> Item {
        let first = |code: u16| match &self.starts {
            // The code of missing values follows the bins at every resolution.
            Some(starts) => starts
                .get(usize::from(code))
                .copied()
                .unwrap_or_else(|| self.fine + (code - self.bins)),
            None => code,
        };
        Item {
            attribute: self.attribute,
            low: first(low),
            high: if low == high && low >= self.bins {
                first(high)
            } else {
                first(high + 1) - 1
            },
        }
    }

    /// Returns the code of the column for each of the `size` codes of the attribute.
    pub(super) fn coarse(&self, size: usize) -> Vec<u16> {
        let starts = self.starts.as_deref().unwrap_or_default();
        let bin = |fine: &u16| {
            starts
                .partition_point(|start| start <= fine)
                .saturating_sub(1)
        };
        (0..)
            .take(size)
            .map(|code: u16| match code.checked_sub(self.fine) {
                Some(beyond) => self.bins + beyond,
                None => u16::try_from(bin(&code)).unwrap_or(self.bins),
            })
            .collect()
    }

    /// Returns whether its items are runs.
    pub(super) fn is_number(&self) -> bool {
        self.bins > 0
    }

    /// Returns the number of its items. The run of all bins is one only beside missing values.
    pub(super) fn items(&self) -> u64 {
        let (size, bins) = (u64::from(self.size), u64::from(self.bins));
        if self.bins == 0 {
            return size;
        }
        let missing = size - bins;
        bins * (bins + 1) / 2 + missing - (1 - missing)
    }
}

/// Columns that are searched together: categories first, then numbers, each in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Set {
    columns: [u32; WIDTH_MAX],
    width: u8,
}

impl Set {
    /// Returns the set of some columns, at most [`WIDTH_MAX`].
    pub(super) fn of(columns: &[u32]) -> Self {
        let mut set = Self {
            columns: [u32::MAX; WIDTH_MAX],
            width: u8::try_from(columns.len().min(WIDTH_MAX)).unwrap_or_default(),
        };
        for (place, column) in set.columns.iter_mut().zip(columns) {
            *place = *column;
        }
        set
    }

    /// Returns its columns.
    pub(super) fn columns(&self) -> &[u32] {
        self.columns
            .get(..usize::from(self.width))
            .unwrap_or_default()
    }
}

/// Everything that is searched.
#[derive(Debug)]
pub(super) struct Space {
    /// Categories in the order of their attributes, then numbers by resolution and attribute.
    pub(super) columns: Vec<Column>,
    /// All sets, shorter ones first, then in the order of their columns.
    pub(super) sets: Vec<Set>,
    /// All hypotheses.
    pub(super) hypotheses: u64,
    /// Hypotheses of each kind.
    pub(super) by_kind: [u64; KINDS],
    /// Whether each attribute is a number.
    numbers: Vec<bool>,
}

impl Space {
    /// Returns the space of the hypotheses of one kind.
    pub(super) fn of_kind(&self, kind: usize) -> Self {
        let sets = self.sets.iter().filter(|set| self.kind(set) == kind);
        let mut by_kind = [0; KINDS];
        let hypotheses = self.by_kind.get(kind).copied().unwrap_or(0);
        if let Some(count) = by_kind.get_mut(kind) {
            *count = hypotheses;
        }
        Self {
            columns: self.columns.clone(),
            sets: sets.copied().collect(),
            hypotheses,
            by_kind,
            numbers: self.numbers.clone(),
        }
    }

    /// Returns the space of an encoded table.
    pub(super) fn of(encoded: &Encoded, settings: &Settings) -> Result<Self, Error> {
        let (columns, categories) = columns(encoded);
        let mut space = Self {
            columns,
            sets: Vec::new(),
            hypotheses: 0,
            by_kind: [0; KINDS],
            numbers: encoded
                .attributes()
                .iter()
                .map(crate::encode::Attribute::is_number)
                .collect(),
        };
        let numbers = (space.columns.len() - categories) / BINS_BY_NUMBERS.len();
        let depth = settings.depth.get();
        for width in 1..=depth {
            let chooser = Chooser {
                encoded,
                categories,
                numbers,
                width,
            };
            chooser.choose(&mut space, &mut Vec::with_capacity(WIDTH_MAX))?;
        }
        let of_set = |set: &Set| {
            set.columns()
                .iter()
                .filter_map(|column| space.column(*column))
                .fold(1_u64, |product, column| {
                    product.saturating_mul(column.items())
                })
        };
        let mut by_kind = [0_u64; KINDS];
        for set in &space.sets {
            if let Some(count) = by_kind.get_mut(space.kind(set)) {
                *count = count.saturating_add(of_set(set));
            }
        }
        space.by_kind = by_kind;
        space.hypotheses = by_kind
            .iter()
            .fold(0, |sum, count| count.saturating_add(sum));
        Ok(space)
    }

    /// Returns the columns of a set.
    pub(super) fn of_set(&self, set: &Set) -> Vec<&Column> {
        set.columns()
            .iter()
            .filter_map(|column| self.column(*column))
            .collect()
    }

    /// Returns the place of the kind of the hypotheses of a set; its numbers come last.
    pub(super) fn kind(&self, set: &Set) -> usize {
        let last = set.columns().last().and_then(|last| self.column(*last));
        kind(set.columns().len(), last.is_some_and(Column::is_number))
    }

    /// Returns the place of the kind of a pattern.
    pub(super) fn kind_of(&self, items: &[Item]) -> usize {
        let numbers = items.iter().any(|item| {
            let attribute = usize::from(item.attribute);
            self.numbers.get(attribute).copied().unwrap_or_default()
        });
        kind(items.len(), numbers)
    }

    /// Returns a column.
    pub(super) fn column(&self, column: u32) -> Option<&Column> {
        self.columns.get(usize::try_from(column).ok()?)
    }
}

/// Chooses columns among the places of categories and, after them, of numbers.
struct Chooser<'a> {
    encoded: &'a Encoded,
    categories: usize,
    numbers: usize,
    width: usize,
}

impl Chooser<'_> {
    /// Adds all sets that start with `chosen`.
    fn choose(&self, space: &mut Space, chosen: &mut Vec<usize>) -> Result<(), Error> {
        if chosen.len() == self.width {
            if space.sets.len() == SETS_MAX {
                return Err(Error::Sets);
            }
            space.sets.push(self.set(chosen));
            return Ok(());
        }
        let start = chosen.last().map_or(0, |last| last + 1);
        for place in start..self.categories + self.numbers {
            let attribute = |place: usize| space.columns.get(place).map(|column| column.attribute);
            let fits = chosen.iter().all(|other| {
                matches!((attribute(*other), attribute(place)), (Some(one), Some(two))
                    if self.encoded.combine(one, two))
            });
            if fits {
                chosen.push(place);
                self.choose(space, chosen)?;
                chosen.pop();
            }
        }
        Ok(())
    }

    /// Takes each number at the resolution that fits how many there are.
    fn set(&self, chosen: &[usize]) -> Set {
        let numbers = chosen.iter().filter(|place| **place >= self.categories);
        let resolution = numbers.count().clamp(1, BINS_BY_NUMBERS.len()) - 1;
        let columns: Vec<u32> = chosen
            .iter()
            .map(|place| {
                let coarser = if *place >= self.categories {
                    resolution
                } else {
                    0
                };
                place + coarser * self.numbers
            })
            .filter_map(|place| u32::try_from(place).ok())
            .collect();
        Set::of(&columns)
    }
}

fn columns(encoded: &Encoded) -> (Vec<Column>, usize) {
    let sized = (0_u16..)
        .zip(encoded.attributes())
        .map(|(place, attribute)| {
            let size = u16::try_from(attribute.size()).unwrap_or(u16::MAX);
            (place, size, attribute)
        });
    let mut columns: Vec<Column> = sized
        .clone()
        .filter(|(_, _, attribute)| !attribute.is_number())
        .map(|(attribute, size, _)| Column {
            attribute,
            size,
            bins: 0,
            starts: None,
            fine: 0,
        })
        .collect();
    let categories = columns.len();
    for most in BINS_BY_NUMBERS {
        for (place, size, attribute) in sized.clone() {
            let crate::encode::Kind::Number { bins: fine } = attribute.kind() else {
                continue;
            };
            let starts = (fine > most).then(|| {
                let cases = attribute.cases().get(..usize::from(fine));
                starts(cases.unwrap_or_default(), most)
            });
            let bins = starts
                .as_ref()
                .map_or(fine, |starts| u16::try_from(starts.len()).unwrap_or(fine));
            columns.push(Column {
                attribute: place,
                size: bins + (size - fine),
                bins,
                starts,
                fine,
            });
        }
    }
    (columns, categories)
}

/// Returns the first fine bin of each of at most `most` bins of about equal cases.
fn starts(cases: &[u64], most: u16) -> Vec<u16> {
    let mut rest: u64 = cases.iter().sum();
    let mut starts = vec![0];
    let mut taken = 0_u64;
    for (bin, cases) in (0_u16..).zip(cases) {
        let left = u64::from(most).saturating_sub(u64::try_from(starts.len()).unwrap_or(u64::MAX));
        // One more fine bin stays in this bin only when that brings it nearer to its share.
        if bin > 0 && left > 0 && (2 * taken + cases) * (left + 1) > 2 * rest {
            starts.push(bin);
            rest -= taken;
            taken = 0;
        }
        taken += cases;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarse_bins_hold_about_equal_cases() {
        assert_eq!(starts(&[1; 64], 8), [0, 8, 16, 24, 32, 40, 48, 56]);
        assert_eq!(starts(&[10, 1, 1, 1, 1, 1, 1, 4], 2), [0, 1]);
        assert_eq!(starts(&[1, 1, 1, 1, 16], 4), [0, 4]);
        assert_eq!(starts(&[5, 5], 8), [0, 1]);
    }

    #[test]
    fn runs_of_coarse_bins_are_runs_of_fine_ones() {
        let column = Column {
            attribute: 3,
            size: 4,
            bins: 3,
            starts: Some(vec![0, 2, 7]),
            fine: 9,
        };
        let item = |low, high| {
            let item = column.item(low, high);
            (item.low, item.high)
        };
        assert_eq!(item(0, 0), (0, 1));
        assert_eq!(item(1, 2), (2, 8));
        assert_eq!(item(0, 2), (0, 8));
        assert_eq!(item(3, 3), (9, 9));
        assert_eq!(column.items(), 7);
    }
}
