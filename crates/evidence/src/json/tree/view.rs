//! Looking at a tree: cheap to copy, and everything returned borrows from the tree.

use serde_json::{Map, Number, Value};

use super::pools::{Entry, Node, Stretch, Tree, range};

/// One value of a tree.
#[derive(Debug, Clone, Copy)]
pub struct View<'t> {
    pub(super) tree: &'t Tree,
    pub(super) node: Node,
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A number with a fractional part.
    Float(f64),
    /// Text.
    Text(&'t str),
    /// A list.
    List(Items<'t>),
    /// A map.
    Map(Entries<'t>),
}

/// The items of a list.
#[derive(Debug, Clone, Copy)]
pub struct Items<'t> {
    tree: &'t Tree,
    nodes: &'t [Node],
}

/// The entries of a map, in the order of their keys' bytes.
#[derive(Debug, Clone, Copy)]
pub struct Entries<'t> {
    tree: &'t Tree,
    entries: &'t [Entry],
}

impl<'t> View<'t> {
    /// Returns what it is.
    #[inline]
    pub fn kind(self) -> Kind<'t> {
        match self.node {
            Node::Null => Kind::Null,
            Node::Bool(value) => Kind::Bool(value),
            Node::Integer(value) => Kind::Integer(value),
            Node::Float(value) => Kind::Float(value),
            Node::Text(stretch) => Kind::Text(self.tree.slice(stretch)),
            Node::List(stretch) => Kind::List(self.tree.items_of(stretch)),
            Node::Map(stretch) => Kind::Map(self.tree.entries_of(stretch)),
        }
    }

    /// Returns whether it is a map.
    #[inline]
    pub fn is_map(self) -> bool {
        matches!(self.node, Node::Map(_))
    }

    /// Returns the text, when it is text.
    #[inline]
    pub fn as_str(self) -> Option<&'t str> {
        match self.kind() {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items, when it is a list.
    #[inline]
    pub fn as_list(self) -> Option<Items<'t>> {
        match self.kind() {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the entries, when it is a map.
    #[inline]
    pub fn as_map(self) -> Option<Entries<'t>> {
        match self.kind() {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the number, when it is a whole one from 0.
    pub fn as_u64(self) -> Option<u64> {
        match self.node {
            Node::Integer(value) => u64::try_from(value).ok(),
            _ => None,
        }
    }

    /// Returns the value of `key`, when it is a map that has it.
    #[inline]
    pub fn get(self, key: &str) -> Option<Self> {
        self.as_map()?.get(key)
    }

    /// Returns the value a JSON Pointer (RFC 6901) leads to from here.
    pub fn pointer(self, pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut view = self;
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            view = match view.kind() {
                Kind::Map(entries) => entries.get(&token)?,
                Kind::List(items) => items.get(index(&token)?)?,
                _ => return None,
            };
        }
        Some(view)
    }

    /// Returns a text with its quotes as it was read, when it had no escapes.
    #[inline]
    pub(crate) fn quoted(self) -> Option<&'t [u8]> {
        match self.node {
            Node::Text(stretch) => self.tree.quoted(stretch),
            _ => None,
        }
    }

    /// Returns where it stands: equal for two views of one list, map or text, unlike otherwise.
    ///
    /// `None` for what takes no room of its own.
    pub fn address(self) -> Option<(usize, u32)> {
        let tree = std::ptr::from_ref(self.tree).addr();
        match self.node {
            // Empty stretches may start where others do.
            Node::List(Stretch { start, length }) if length > 0 => Some((tree, start)),
            Node::Map(Stretch { start, length }) if length > 0 => Some((tree, start | TOP)),
            _ => None,
        }
    }

    /// Returns a copy as a tree of allocations.
    pub fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Integer(value) => Value::Number(value.into()),
            Kind::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
            Kind::Text(text) => Value::String(text.to_owned()),
            Kind::List(items) => Value::Array(items.iter().map(View::to_value).collect()),
            Kind::Map(entries) => {
                let entry = |(key, value): (&str, View<'_>)| (key.to_owned(), value.to_value());
                Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
            }
        }
    }
}

/// Returns the index that a reference token spells (RFC 6901 section 4).
fn index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || !token.starts_with(['0', '+']);
    is_plain.then(|| token.parse().ok()).flatten()
}

/// Tells the addresses of maps from those of lists: no pool has 2^31 places, for each of them
/// takes more than a byte of a document below 2^31 bytes.
const TOP: u32 = 1 << 31;

impl<'t> Items<'t> {
    /// Returns the number of items.
    #[inline]
    pub fn len(self) -> usize {
        self.nodes.len()
    }

    /// Returns whether there are no items.
    pub fn is_empty(self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the item at `at`, from 0.
    #[inline]
    pub fn get(self, at: usize) -> Option<View<'t>> {
        let node = *self.nodes.get(at)?;
        Some(View {
            tree: self.tree,
            node,
        })
    }

    /// Returns all items in order.
    #[inline]
    pub fn iter(self) -> impl ExactSizeIterator<Item = View<'t>> {
        let tree = self.tree;
        self.nodes.iter().map(move |&node| View { tree, node })
    }
}

impl<'t> Entries<'t> {
    /// Returns the number of entries.
    #[inline]
    pub fn len(self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the value of `key`.
    #[inline]
    pub fn get(self, key: &str) -> Option<View<'t>> {
        let tree = self.tree;
        let entry = if self.entries.len() <= SCANNED_MAX {
            let length = u32::try_from(key.len()).ok()?;
            let bytes = tree.text.as_bytes();
            let is_it = |entry: &&Entry| {
                entry.key.length == length
                    && range(entry.key).and_then(|key| bytes.get(key)) == Some(key.as_bytes())
            };
            self.entries.iter().find(is_it)
        } else {
            let order = |entry: &Entry| tree.slice(entry.key).cmp(key);
            let at = self.entries.binary_search_by(order).ok()?;
            self.entries.get(at)
        };
        entry.map(|entry| View {
            tree,
            node: entry.value,
        })
    }

    /// Returns the entry at `at`, from 0.
    #[inline]
    pub fn at(self, at: usize) -> Option<(&'t str, View<'t>)> {
        let entry = self.entries.get(at)?;
        let (tree, node) = (self.tree, entry.value);
        Some((tree.slice(entry.key), View { tree, node }))
    }

    /// Returns all entries in the order of their keys' bytes.
    #[inline]
    pub fn iter(self) -> impl ExactSizeIterator<Item = (&'t str, View<'t>)> {
        let tree = self.tree;
        let entry = move |entry: &'t Entry| {
            let node = entry.value;
            (tree.slice(entry.key), View { tree, node })
        };
        self.entries.iter().map(entry)
    }

    /// Returns all entries, their keys with quotes as they were read when they had no escapes.
    pub(crate) fn quoted(
        self,
    ) -> impl ExactSizeIterator<Item = (Option<&'t [u8]>, &'t str, View<'t>)> {
        let tree = self.tree;
        let entry = move |entry: &'t Entry| {
            let node = entry.value;
            let key = entry.key;
            (tree.quoted(key), tree.slice(key), View { tree, node })
        };
        self.entries.iter().map(entry)
    }

    /// Returns whether all keys surely are ASCII.
    pub(crate) fn is_ascii(self) -> bool {
        self.tree.is_ascii
    }

    /// Returns all keys in the order of their bytes.
    pub fn keys(self) -> impl ExactSizeIterator<Item = &'t str> {
        self.iter().map(|(key, _)| key)
    }
}

/// Maps up to this size are scanned: most keys differ in length, which is all that is compared.
const SCANNED_MAX: usize = 16;

impl Tree {
    #[inline]
    fn items_of(&self, stretch: Stretch) -> Items<'_> {
        let nodes = range(stretch).and_then(|range| self.items.get(range));
        Items {
            tree: self,
            nodes: nodes.unwrap_or_default(),
        }
    }

    #[inline]
    fn entries_of(&self, stretch: Stretch) -> Entries<'_> {
        let entries = range(stretch).and_then(|range| self.entries.get(range));
        Entries {
            tree: self,
            entries: entries.unwrap_or_default(),
        }
    }
}
