//! What everything after the search stands on: the table, the conditions in play with their rows,
//! the failures, and which rows causes are found in and confirmed on.

use std::collections::BTreeMap;

use baton_eventlog::cases::{CaseTable, Values};

use super::bits::{Bits, Weights};
use super::blocks::blocks;
use super::item::Item;

/// The place of an item in [`Ground`].
pub(crate) type ItemId = usize;

/// Items that hold together, in the order of their features.
pub(crate) type Pattern = Vec<ItemId>;

/// The table and the conditions in play.
pub(crate) struct Ground<'a> {
    /// The table, its rows in the order of their start and its features in that of their names.
    pub(crate) table: &'a CaseTable,
    /// The rows that failed.
    pub(crate) failed: Bits,
    /// The rows causes are found in, counted once each.
    pub(crate) earlier: Weights,
    /// The rows causes are confirmed on; none without a hold-out.
    pub(crate) later: Bits,
    /// The block of time of each row.
    pub(crate) blocks: Vec<u32>,
    items: Vec<(Item, Bits)>,
    places: BTreeMap<Item, ItemId>,
}

impl<'a> Ground<'a> {
    /// Returns a ground without items.
    pub(crate) fn new(table: &'a CaseTable, earlier: Bits, later: Bits) -> Self {
        Self {
            table,
            failed: Bits::of(table.failed.iter().copied()),
            earlier: Weights::once(earlier),
            later,
            blocks: blocks(table),
            items: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// Returns the place of an item, adding it when it is new.
    pub(crate) fn place(&mut self, item: &Item) -> ItemId {
        if let Some(&place) = self.places.get(item) {
            return place;
        }
        let place = self.items.len();
        self.items.push((item.clone(), item.rows(self.table)));
        self.places.insert(item.clone(), place);
        place
    }

    /// Returns the pattern of these items, in the order of their features.
    pub(crate) fn pattern(&mut self, mut items: Vec<Item>) -> Pattern {
        items.sort_unstable();
        items.iter().map(|item| self.place(item)).collect()
    }

    /// Returns an item.
    pub(crate) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id).map(|(item, _)| item)
    }

    /// Returns the items of a pattern, to compare patterns by.
    pub(crate) fn items(&self, pattern: &[ItemId]) -> Vec<&Item> {
        pattern.iter().filter_map(|&id| self.item(id)).collect()
    }

    /// Returns whether any condition of a pattern is about a number.
    pub(crate) fn has_numbers(&self, pattern: &[ItemId]) -> bool {
        self.items(pattern).iter().any(|item| {
            let feature = self.table.features.get(item.feature);
            feature.is_some_and(|feature| matches!(feature.values, Values::Number { .. }))
        })
    }

    /// Returns all rows.
    pub(crate) fn all(&self) -> Bits {
        Bits::first(self.table.ids.len(), self.table.ids.len())
    }

    /// Returns the rows a pattern holds for.
    pub(crate) fn rows(&self, pattern: &[ItemId]) -> Bits {
        let mut rows = self.all();
        self.narrow(&mut rows, pattern);
        rows
    }

    /// Keeps the rows a pattern holds for.
    pub(crate) fn narrow(&self, rows: &mut Bits, pattern: &[ItemId]) {
        for (_, with) in pattern.iter().filter_map(|&id| self.items.get(id)) {
            rows.and(with);
        }
    }

    /// Returns the failures among rows.
    pub(crate) fn failing(&self, rows: &Bits) -> Bits {
        let mut failing = rows.clone();
        failing.and(&self.failed);
        failing
    }

    /// Returns cases and failures among rows, counted with weights.
    pub(crate) fn counts(&self, rows: &Bits, weights: &Weights) -> (u64, u64) {
        (weights.count(rows), weights.count(&self.failing(rows)))
    }
}
