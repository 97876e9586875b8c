//! JSON to the spanned tree, through the product's one strict reader (RFC 8259, RFC 7493).

use std::borrow::Cow;

use baton_evidence::json::{self, Build, Limits};
use baton_terms::Span;

use super::{Entry, Node, Parsed, Value};

pub(super) fn parse(text: &str, limits: Limits) -> Parsed {
    let (node, diagnostics) = json::read_with(text.as_bytes(), limits, Tree);
    Parsed { node, diagnostics }
}

struct Tree;

impl Build for Tree {
    type Node = Node;
    type List = Vec<Node>;
    type Map = Vec<Entry>;

    fn null(&mut self, span: Span) -> Node {
        Node {
            span,
            value: Value::Null,
        }
    }

    fn boolean(&mut self, value: bool, span: Span) -> Node {
        Node {
            span,
            value: Value::Boolean(value),
        }
    }

    fn integer(&mut self, value: i64, span: Span) -> Node {
        Node {
            span,
            value: Value::Integer(value),
        }
    }

    fn float(&mut self, value: f64, span: Span) -> Node {
        Node {
            span,
            value: Value::Float(value),
        }
    }

    fn text(&mut self, value: Cow<'_, str>, span: Span) -> Node {
        Node {
            span,
            value: Value::Text(value.into_owned()),
        }
    }

    fn list(&mut self) -> Vec<Node> {
        Vec::new()
    }

    fn item(&mut self, list: &mut Vec<Node>, node: Node) {
        list.push(node);
    }

    fn list_end(&mut self, list: Vec<Node>, span: Span) -> Node {
        Node {
            span,
            value: Value::List(list),
        }
    }

    fn map(&mut self) -> Vec<Entry> {
        Vec::new()
    }

    fn entry(&mut self, map: &mut Vec<Entry>, (key, key_span): (Cow<'_, str>, Span), node: Node) {
        map.push(Entry {
            key: key.into_owned(),
            key_span,
            node,
        });
    }

    fn map_end(&mut self, map: Vec<Entry>, span: Span) -> Node {
        Node {
            span,
            value: Value::Map(map),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_yaml_give_the_same_values() {
        let json = r#"{"a": [1, 1.5, true, null, "\u00e9\ud83d\ude00"], "b": {"c": "x"}}"#;
        let yaml = "a: [1, 1.5, true, null, é😀]\nb: {c: x}\n";
        let read = |parsed: Parsed| parsed.node.map(|node| node.to_json());
        assert_eq!(
            read(parse(json, Limits::CONTRACT)),
            read(super::super::yaml::parse(yaml))
        );
    }

    #[test]
    fn spans_cover_what_was_written() {
        let json = r#"{"a": ["é", 12]}"#;
        let node = parse(json, Limits::CONTRACT).node.unwrap();
        let item = node.nearest("/a/1");
        assert_eq!(json.get(item.span.start..item.span.end), Some("12"));
    }
}
