//! A document in four flat pools instead of a tree of allocations: reading fills them, and every
//! look at a value borrows from them. Packages, the hot path of every check, are kept like this.
//!
//! Items of a list and entries of a map stand side by side, entries in the order of their keys'
//! bytes, so that an item is found by its index and an entry by binary search.

mod build;
mod compare;
mod make;
mod view;

pub use make::Fields;
pub use view::{Entries, Items, Kind, View};

use baton_terms::Diagnostic;
use serde_json::Value;

use super::Limits;
use super::reader::{decoded, read_text};
use build::TreeBuilder;

/// Place of a value, an item or an entry in its pool; documents are below 2^32 bytes.
type Place = u32;

/// A stretch of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stretch {
    start: Place,
    length: Place,
}

/// One value.
#[derive(Debug, Clone, Copy)]
enum Node {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Stretch),
    List(Stretch),
    Map(Stretch),
}

/// One entry of a map.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: Stretch,
    value: Node,
}

/// A document that the strict reader has accepted.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The text as it was read, then what its escapes mean.
    text: String,
    items: Vec<Node>,
    entries: Vec<Entry>,
    root: Node,
}

impl Tree {
    /// Reads one document; the same documents are refused as by [`read`](super::read).
    ///
    /// # Errors
    /// With every problem found, in the order of the text.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, Vec<Diagnostic>> {
        let text = decoded(bytes, limits).map_err(|problem| vec![*problem])?;
        let mut tree = Self::empty();
        let builder = TreeBuilder::new(&mut tree, text);
        match read_text(text, limits, builder) {
            (Some(root), _) => {
                tree.root = root;
                Ok(tree)
            }
            (None, problems) => Err(problems),
        }
    }

    /// Returns the whole document.
    pub fn root(&self) -> View<'_> {
        View {
            tree: self,
            node: self.root,
        }
    }

    /// Returns the document `null`.
    pub fn null() -> Self {
        Self::empty()
    }

    fn empty() -> Self {
        Self {
            text: String::new(),
            items: Vec::new(),
            entries: Vec::new(),
            root: Node::Null,
        }
    }

    fn slice(&self, stretch: Stretch) -> &str {
        range(stretch)
            .and_then(|range| self.text.get(range))
            .unwrap_or_default()
    }
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        let mut tree = Self::empty();
        tree.root = TreeBuilder::new(&mut tree, "").value(value);
        tree
    }
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.root() == other.root()
    }
}

/// Returns the places of a stretch; `None` only where an index is narrower than 32 bits.
fn range(stretch: Stretch) -> Option<std::ops::Range<usize>> {
    let start = usize::try_from(stretch.start).ok()?;
    Some(start..start + usize::try_from(stretch.length).ok()?)
}

#[cfg(test)]
mod tests;
