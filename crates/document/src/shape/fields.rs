//! Reading fields out of a tree whose shape has been checked.
//!
//! A field that is missing or of the wrong kind reads as `None`: the structural check has said so
//! already, and every other problem should still be found in the same run.

use std::str::FromStr;

use super::escape;
use crate::syntax::{Node, Value};

/// A mapping at a known place of the document.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    node: &'a Node,
    at: String,
}

impl<'a> Fields<'a> {
    /// Returns the fields of a whole document.
    pub fn root(node: &'a Node) -> Self {
        Self {
            node,
            at: String::new(),
        }
    }

    /// Returns the JSON Pointer of this mapping.
    pub fn at(&self) -> String {
        self.at.clone()
    }

    /// Returns the tree under `name`.
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.node.get(name)
    }

    /// Returns whether `name` is written, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.node.get(name).is_some()
    }

    /// Returns the text under `name`.
    pub fn text(&self, name: &str) -> Option<String> {
        self.node.get(name)?.text().map(str::to_owned)
    }

    /// Returns the integer under `name`.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.node.get(name)?.integer()
    }

    /// Returns the boolean under `name`.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.node.get(name)?.value {
            Value::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// Returns an integer as the caller's own type, when it fits.
    pub fn number<T: TryFrom<i64>>(&self, name: &str) -> Option<T> {
        self.integer(name)
            .and_then(|integer| T::try_from(integer).ok())
    }

    /// Returns the text under `name`, parsed.
    pub fn parse<T: FromStr>(&self, name: &str) -> Option<T> {
        self.node.get(name)?.text()?.parse().ok()
    }

    /// Returns the word under `name`, as `from_word` understands it.
    pub fn word<T>(&self, name: &str, from_word: impl Fn(&str) -> Option<T>) -> Option<T> {
        from_word(self.node.get(name)?.text()?)
    }

    /// Returns the mapping under `name`.
    pub fn child(&self, name: &str) -> Option<Self> {
        let node = self.node.get(name)?;
        matches!(node.value, Value::Map(_)).then(|| Self {
            node,
            at: format!("{}/{}", self.at, escape(name)),
        })
    }

    /// Returns what `read` makes of each item of a list, leaving out the items it can't read.
    pub fn list<T>(&self, name: &str, read: impl Fn(&Self) -> Option<T>) -> Vec<T> {
        let items = self.node.get(name).map(Node::items).unwrap_or_default();
        let at = format!("{}/{}", self.at, escape(name));
        let item = |(index, node)| Self {
            node,
            at: format!("{at}/{index}"),
        };
        items
            .iter()
            .enumerate()
            .map(item)
            .filter_map(|item| read(&item))
            .collect()
    }

    /// Returns what `read` makes of each text of a list.
    pub fn texts<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let items = self.node.get(name).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| read(item.text()?)).collect()
    }

    /// Returns the entries of a mapping, each with its key.
    pub fn entries(&self, name: &str) -> Vec<(&'a str, Self)> {
        let entries = self.node.get(name).map(Node::entries).unwrap_or_default();
        let at = format!("{}/{}", self.at, escape(name));
        entries
            .iter()
            .map(|entry| {
                let at = format!("{at}/{}", escape(&entry.key));
                (
                    entry.key.as_str(),
                    Self {
                        node: &entry.node,
                        at,
                    },
                )
            })
            .collect()
    }
}
