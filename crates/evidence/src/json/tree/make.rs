//! Making a small document field by field, without a tree of allocations in between.

use super::build::TreeBuilder;
use super::pools::{Node, Tree};
use crate::json::Members;

/// What is set aside for a small document, so that its pools grow once or never.
const SMALL: (usize, usize, usize) = (400, 8, 24);

/// The fields of a map under construction; a key is given once.
pub struct Fields<'b, 't> {
    builder: &'b mut TreeBuilder<'t>,
}

impl Tree {
    /// Returns a map with the fields that `fill` gives it.
    pub fn of(fill: impl FnOnce(&mut Fields<'_, '_>)) -> Self {
        let mut tree = Self::null();
        tree.text.reserve(SMALL.0);
        tree.items.reserve(SMALL.1);
        tree.entries.reserve(SMALL.2);
        let mut builder = TreeBuilder::new(&mut tree, "");
        let root = builder.made(|builder| fill(&mut Fields { builder }));
        tree.finished(root)
    }
}

impl Fields<'_, '_> {
    /// Adds a text.
    pub fn text(&mut self, key: &str, value: &str) {
        let node = self.builder.made_text(value);
        self.builder.made_entry(key, node);
    }

    /// Adds `true` or `false`.
    pub fn boolean(&mut self, key: &str, value: bool) {
        self.builder.made_entry(key, Node::Bool(value));
    }

    /// Adds a whole number; one that no reader would take is held to the largest it takes.
    pub fn count(&mut self, key: &str, value: u64) {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        self.builder.made_entry(key, Node::Integer(value));
    }

    /// Adds a list of texts.
    pub fn texts<'v>(&mut self, key: &str, values: impl IntoIterator<Item = &'v str>) {
        let node = self.builder.made_texts(values);
        self.builder.made_entry(key, node);
    }

    /// Adds a map.
    pub fn map(&mut self, key: &str, fill: impl FnOnce(&mut Fields<'_, '_>)) {
        let node = self.builder.made(|builder| fill(&mut Fields { builder }));
        self.builder.made_entry(key, node);
    }
}

impl Members for Fields<'_, '_> {
    fn text(&mut self, key: &'static str, value: &str) {
        Fields::text(self, key, value);
    }

    fn count(&mut self, key: &'static str, value: u64) {
        Fields::count(self, key, value);
    }

    fn texts<'v>(&mut self, key: &'static str, values: impl IntoIterator<Item = &'v str>) {
        Fields::texts(self, key, values);
    }

    fn map(&mut self, key: &'static str, fill: impl FnOnce(&mut Self)) {
        let start = self.builder.open();
        fill(self);
        let node = self.builder.close(start);
        self.builder.made_entry(key, node);
    }
}
