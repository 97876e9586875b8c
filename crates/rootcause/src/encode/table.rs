//! The encoded table: attributes in the order of their names, and what their items say.

use std::collections::BTreeSet;

use baton_eventlog::cases::{CaseTable, Feature, Values};

use super::alias::{join_equal, tells};
use super::attribute::{Attribute, Kind, Naming, Words};
use super::bins::number;
use super::bitmap::Bitmap;
use super::category::{category, flag};
use super::item::Item;
use crate::wire::Condition;

/// Cases that can be searched together.
pub const ROWS_MAX: usize = 0xffff_fffe;
/// Attributes that can be searched together.
pub const ATTRIBUTES_MAX: usize = 4_096;
/// Codes of one attribute; the rarest values beyond share `(rare)`.
pub const VALUES_MAX: usize = 65_535;
/// Bins of a number.
pub const BINS_MAX: u16 = 64;

/// How a table is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Values with fewer cases share `(rare)`. [`search::floor`](crate::search::floor) gives the
    /// largest number with which no reportable pattern is lost.
    pub floor: u64,
    /// Bins of a number, at most [`BINS_MAX`].
    pub bins: u16,
}

/// Why a table cannot be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More than [`ROWS_MAX`] cases.
    #[error("search more than {ROWS_MAX} cases together")]
    Rows,
    /// More than [`ATTRIBUTES_MAX`] features.
    #[error("search more than {ATTRIBUTES_MAX} features together")]
    Attributes,
}

/// A case table as the search reads it.
///
/// INVARIANT: the codes of all attributes are as long as `rows`, and below their attribute's size.
#[derive(Debug, Clone)]
pub struct Encoded {
    rows: usize,
    attributes: Vec<Attribute>,
    constant: Vec<usize>,
    apart: BTreeSet<(u16, u16)>,
}

impl Encoded {
    /// Encodes all cases of `table`. Which values are rare, the order of codes and the bins are
    /// decided on the rows of `basis` (all rows when `None`), so that later cases can be held
    /// against patterns found on earlier ones.
    ///
    /// # Errors
    ///
    /// When the table is beyond [`ROWS_MAX`] or [`ATTRIBUTES_MAX`].
    pub fn of(
        table: &CaseTable,
        basis: Option<&Bitmap>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let rows = table.ids.len();
        if rows > ROWS_MAX {
            return Err(Error::Rows);
        }
        if table.features.len() > ATTRIBUTES_MAX {
            return Err(Error::Attributes);
        }
        let mut order: Vec<(usize, &Feature)> = table.features.iter().enumerate().collect();
        order.sort_by_key(|(_, feature)| &feature.name);
        let mut constant = Vec::new();
        let mut attributes = Vec::with_capacity(order.len());
        for (place, feature) in order {
            let attribute = encode(feature, place, basis, settings);
            if attribute.cases().iter().filter(|cases| **cases > 0).count() > 1 {
                attributes.push(attribute);
            } else {
                constant.push(place);
            }
        }
        let attributes = join_equal(attributes);
        let apart = pairs_apart(&attributes);
        Ok(Self {
            rows,
            attributes,
            constant,
            apart,
        })
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the attributes in the order of their names.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Returns the places of the features that have one code in all rows that were looked at.
    pub fn constant(&self) -> &[usize] {
        &self.constant
    }

    /// Returns whether items of the two attributes may stand in one pattern: not when they are
    /// the same, nor when one tells the other.
    pub fn combine(&self, one: u16, two: u16) -> bool {
        one != two && !self.apart.contains(&(one.min(two), one.max(two)))
    }

    /// Returns the items of one code of an attribute; numbers have their runs of bins besides.
    pub fn items(&self, attribute: u16) -> impl Iterator<Item = Item> + use<> {
        let size = self
            .attributes
            .get(usize::from(attribute))
            .map_or(0, Attribute::size);
        (0..)
            .take(size)
            .map(move |code| Item::of_code(attribute, code))
    }

    /// Returns what `item` says, called by the first of its features.
    pub fn condition(&self, item: Item) -> Option<Condition> {
        self.descriptions(item).into_iter().next()
    }

    /// Returns what `item` says, once for each feature that says the same, the preferred first.
    pub fn descriptions(&self, item: Item) -> Vec<Condition> {
        self.attributes
            .get(usize::from(item.attribute))
            .map_or_else(Vec::new, |attribute| attribute.conditions(item).collect())
    }

    /// Returns the rows that `item` holds for.
    pub fn bitmap(&self, item: Item) -> Bitmap {
        match self.attributes.get(usize::from(item.attribute)) {
            Some(attribute) => Bitmap::of(attribute.codes().iter().map(|code| item.holds(code))),
            None => Bitmap::empty(self.rows),
        }
    }

    /// Returns the rows that all of `items` hold for.
    pub fn covered(&self, items: &[Item]) -> Bitmap {
        items
            .iter()
            .map(|item| self.bitmap(*item))
            .reduce(|one, two| one.and(&two))
            .unwrap_or_else(|| Bitmap::full(self.rows))
    }
}

fn encode(
    feature: &Feature,
    place: usize,
    basis: Option<&Bitmap>,
    settings: &Settings,
) -> Attribute {
    let naming = Naming {
        feature: place,
        name: feature.name.clone(),
        modifiable: feature.modifiable,
        words: Words::Values(Vec::new()),
    };
    match &feature.values {
        Values::Category { codes, dictionary } => {
            category((codes, dictionary), basis, settings, naming)
        }
        Values::Number { values, unit } => number((values, *unit), basis, settings, naming),
        Values::Flag(flags) => flag(flags, basis, naming),
    }
}

fn pairs_apart(attributes: &[Attribute]) -> BTreeSet<(u16, u16)> {
    let mut apart = BTreeSet::new();
    for (one, first) in (0_u16..).zip(attributes) {
        for (two, second) in (0_u16..).zip(attributes).skip(usize::from(one) + 1) {
            if tells(first, second) || tells(second, first) {
                apart.insert((one, two));
            }
        }
    }
    apart
}

impl Attribute {
    /// Returns whether its items are runs of bins.
    pub fn is_number(&self) -> bool {
        matches!(self.kind(), Kind::Number { .. })
    }
}
