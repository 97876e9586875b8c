//! What a tree is made of.

use baton_terms::Diagnostic;
use serde_json::Value;

use super::build::TreeBuilder;
use super::view::View;
use crate::json::Limits;
use crate::json::reader::{decoded, read_text};

/// Place of a value, an item or an entry in its pool; documents are below 2^32 bytes.
pub(super) type Place = u32;

/// A stretch of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stretch {
    pub(super) start: Place,
    pub(super) length: Place,
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node {
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
pub(super) struct Entry {
    pub(super) key: Stretch,
    pub(super) value: Node,
}

/// A document that the strict reader has accepted.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The text as it was read, then what its escapes mean.
    pub(super) text: String,
    pub(super) items: Vec<Node>,
    pub(super) entries: Vec<Entry>,
    pub(super) root: Node,
    /// Bytes of the text as it was read. A string kept as a stretch of them had no escapes.
    pub(super) read: Place,
    /// Whether the text is ASCII, where the order of bytes is any other order too.
    pub(super) is_ascii: bool,
}

impl Tree {
    /// Reads one document; the same documents are refused as by [`read`](crate::json::read).
    ///
    /// # Errors
    /// With every problem found, in the order of the text.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, Vec<Diagnostic>> {
        let text = decoded(bytes, limits).map_err(|problem| vec![*problem])?;
        let mut tree = Self::null();
        let builder = TreeBuilder::new(&mut tree, text);
        match read_text(text, limits, builder) {
            (Some(root), _) => Ok(tree.finished(root)),
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

    /// Returns the document `null`, which allocates nothing.
    pub fn null() -> Self {
        Self {
            text: String::new(),
            items: Vec::new(),
            entries: Vec::new(),
            root: Node::Null,
            read: 0,
            is_ascii: true,
        }
    }

    /// Returns the tree whose pools are filled.
    pub(super) fn finished(mut self, root: Node) -> Self {
        self.root = root;
        self.is_ascii = self.text.is_ascii();
        self
    }

    /// Returns a string with its quotes as it was read, when it had no escapes.
    #[inline]
    pub(super) fn quoted(&self, stretch: Stretch) -> Option<&[u8]> {
        let text = range(stretch)?;
        let is_as_read = stretch.start > 0 && stretch.start < self.read;
        let quoted = text.start.checked_sub(1)?..text.end + 1;
        self.text.as_bytes().get(quoted).filter(|_| is_as_read)
    }

    #[inline]
    pub(super) fn slice(&self, stretch: Stretch) -> &str {
        range(stretch)
            .and_then(|range| self.text.get(range))
            .unwrap_or_default()
    }
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        let mut tree = Self::null();
        let root = TreeBuilder::new(&mut tree, "").value(value);
        tree.finished(root)
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
#[inline]
pub(super) fn range(stretch: Stretch) -> Option<std::ops::Range<usize>> {
    let start = usize::try_from(stretch.start).ok()?;
    Some(start..start + usize::try_from(stretch.length).ok()?)
}
