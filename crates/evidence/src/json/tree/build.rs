//! Fills the pools of a tree, innermost values first.

use std::borrow::Cow;

use baton_terms::Span;
use serde_json::Value;

use super::pools::{Entry, Node, Place, Stretch, Tree};
use crate::json::Build;

/// Items and entries under construction set aside for at the start: few documents are as wide.
const STACK: usize = 32;

/// Builds into the pools of a tree; what is under construction waits on two stacks.
pub(super) struct TreeBuilder<'t> {
    tree: &'t mut Tree,
    items: Vec<Node>,
    entries: Vec<Entry>,
}

impl<'t> TreeBuilder<'t> {
    /// Returns a builder over `text`, the text that will be read.
    pub(super) fn new(tree: &'t mut Tree, text: &str) -> Self {
        text.clone_into(&mut tree.text);
        tree.read = place(text.len());
        // What a document of this length usually holds, so that a pool grows once or never.
        tree.items.reserve(text.len() / 128);
        tree.entries.reserve(text.len() / 32);
        Self {
            tree,
            items: Vec::with_capacity(STACK),
            entries: Vec::with_capacity(STACK),
        }
    }

    /// Adds a value that is already a tree of allocations.
    pub(super) fn value(&mut self, value: &Value) -> Node {
        match value {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(value) => Node::Integer(value),
                None => Node::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Node::Text(self.kept(text)),
            Value::Array(values) => {
                let start = self.list();
                for value in values {
                    let node = self.value(value);
                    self.items.push(node);
                }
                self.finish_list(start)
            }
            Value::Object(map) => {
                let start = self.map();
                for (key, value) in map {
                    let value = self.value(value);
                    let key = self.kept(key);
                    self.entries.push(Entry { key, value });
                }
                self.finish_map(start)
            }
        }
    }

    /// Starts a map whose entries are left on the stack.
    pub(super) fn open(&mut self) -> usize {
        self.map()
    }

    /// Returns the map that [`Self::open`] started.
    pub(super) fn close(&mut self, start: usize) -> Node {
        self.finish_map(start)
    }

    /// Returns a map with the entries that `fill` leaves on the stack.
    pub(super) fn made(&mut self, fill: impl FnOnce(&mut Self)) -> Node {
        let start = self.open();
        fill(self);
        self.close(start)
    }

    /// Returns a text that is not part of what is read.
    pub(super) fn made_text(&mut self, text: &str) -> Node {
        Node::Text(self.kept(text))
    }

    /// Returns a list of such texts.
    pub(super) fn made_texts<'v>(&mut self, texts: impl IntoIterator<Item = &'v str>) -> Node {
        let start = self.list();
        for text in texts {
            let node = self.made_text(text);
            self.items.push(node);
        }
        self.finish_list(start)
    }

    /// Leaves an entry on the stack.
    pub(super) fn made_entry(&mut self, key: &str, value: Node) {
        let key = self.kept(key);
        self.entries.push(Entry { key, value });
    }

    /// Keeps a text that is not part of what is read.
    fn kept(&mut self, text: &str) -> Stretch {
        let start = place(self.tree.text.len());
        self.tree.text.push_str(text);
        Stretch {
            start,
            length: place(text.len()),
        }
    }

    /// Returns where a string of the document stands, without its quotes.
    #[inline]
    fn string(&mut self, text: Cow<'_, str>, span: Span) -> Stretch {
        match text {
            Cow::Borrowed(text) => Stretch {
                start: place(span.start + 1),
                length: place(text.len()),
            },
            Cow::Owned(text) => self.kept(&text),
        }
    }

    #[inline]
    fn finish_list(&mut self, start: usize) -> Node {
        let stretch = Stretch {
            start: place(self.tree.items.len()),
            length: place(self.items.len() - start),
        };
        self.tree
            .items
            .extend_from_slice(self.items.get(start..).unwrap_or_default());
        self.items.truncate(start);
        Node::List(stretch)
    }

    fn finish_map(&mut self, start: usize) -> Node {
        let stretch = Stretch {
            start: place(self.tree.entries.len()),
            length: place(self.entries.len() - start),
        };
        let tree = &*self.tree;
        if let Some(entries) = self.entries.get_mut(start..)
            && !entries.is_sorted_by_key(|entry| tree.slice(entry.key))
        {
            entries.sort_by(|left, right| tree.slice(left.key).cmp(tree.slice(right.key)));
        }
        self.tree
            .entries
            .extend_from_slice(self.entries.get(start..).unwrap_or_default());
        self.entries.truncate(start);
        Node::Map(stretch)
    }
}

impl Build for TreeBuilder<'_> {
    type Node = Node;
    type List = usize;
    type Map = usize;

    fn null(&mut self, _: Span) -> Node {
        Node::Null
    }

    fn boolean(&mut self, value: bool, _: Span) -> Node {
        Node::Bool(value)
    }

    fn integer(&mut self, value: i64, _: Span) -> Node {
        Node::Integer(value)
    }

    fn float(&mut self, value: f64, _: Span) -> Node {
        Node::Float(value)
    }

    #[inline]
    fn text(&mut self, value: Cow<'_, str>, span: Span) -> Node {
        Node::Text(self.string(value, span))
    }

    fn list(&mut self) -> usize {
        self.items.len()
    }

    #[inline]
    fn item(&mut self, _: &mut usize, node: Node) {
        self.items.push(node);
    }

    fn list_end(&mut self, start: usize, _: Span) -> Node {
        self.finish_list(start)
    }

    fn map(&mut self) -> usize {
        self.entries.len()
    }

    #[inline]
    fn entry(&mut self, _: &mut usize, key: (Cow<'_, str>, Span), value: Node) {
        let key = self.string(key.0, key.1);
        self.entries.push(Entry { key, value });
    }

    fn map_end(&mut self, start: usize, _: Span) -> Node {
        self.finish_map(start)
    }
}

/// Returns a place as the pools count it; every limit on a document's bytes is below 2^32.
#[inline]
fn place(at: usize) -> Place {
    Place::try_from(at).unwrap_or(Place::MAX)
}
