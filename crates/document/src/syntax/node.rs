//! The spanned tree.

use baton_terms::{Source, Span};

/// A value with the bytes it was written in.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes of the value in its source.
    pub span: Span,
    /// What was written.
    pub value: Value,
}

/// A JSON value whose parts keep their spans.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer within ±(2^53−1).
    Integer(i64),
    /// Any other finite number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order written, keys unique.
    Map(Vec<Entry>),
}

/// One key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Bytes of the key.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// Returns the value under `key` when this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.node)
    }

    /// Returns the entries of a map, and none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items of a list, and none for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the text when this is text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the integer when this is one.
    pub fn integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// Returns the node a JSON Pointer (RFC 6901) names, or the deepest node on the way to it.
    pub fn nearest(&self, pointer: &str) -> &Self {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match &node.value {
                Value::List(items) => token.parse().ok().and_then(|at: usize| items.get(at)),
                _ => node.get(&token),
            };
            match next {
                Some(next) => node = next,
                None => return node,
            }
        }
        node
    }

    /// Returns the span of part of this text's content, given as a byte range of the content.
    ///
    /// Where quoting, folding or indentation make the written form differ from the content, the
    /// whole value is the closest honest answer unless the part itself is found verbatim.
    pub fn text_span(&self, source: &Source, part: Span) -> Span {
        let (Some(content), written) = (self.text(), source.slice(self.span)) else {
            return self.span;
        };
        let part_text = content.get(part.start..part.end).unwrap_or_default();
        let offset = match written.find(content) {
            Some(at) => Some(at + part.start),
            None if part_text.is_empty() => None,
            None => written.find(part_text),
        };
        offset.map_or(self.span, |at| {
            let start = self.span.start + at;
            Span::new(start, start + part.len())
        })
    }

    /// Returns the same value without spans.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Boolean(boolean) => (*boolean).into(),
            Value::Integer(integer) => (*integer).into(),
            Value::Float(float) => {
                serde_json::Number::from_f64(*float).map_or(serde_json::Value::Null, Into::into)
            }
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.node.to_json()))
                .collect(),
        }
    }

    /// Returns the value's kind in the words of a diagnostic.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a fractional number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Returns the value in a few words, for the `found` of a diagnostic.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Text(text) => {
                let shown: String = text.chars().take(60).collect();
                let dots = if text.chars().nth(60).is_some() {
                    "…"
                } else {
                    ""
                };
                format!("text `{}{dots}`", shown.escape_debug())
            }
            Value::Boolean(boolean) => format!("boolean `{boolean}`"),
            Value::Integer(integer) => format!("integer `{integer}`"),
            Value::Float(float) => format!("number `{float}`"),
            _ => self.kind().to_owned(),
        }
    }
}
