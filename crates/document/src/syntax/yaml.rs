//! YAML 1.2 (core schema) to the spanned tree, over saphyr's event parser.
//!
//! Refused, each with its own code: anchors and aliases (so no alias bombs), merge keys, tags,
//! several documents, duplicate keys, keys that are not text, and plain scalars that YAML versions
//! read differently (`yes`, `0o17`, `1_000`).

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic, Span, limits};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::scalar::{Resolved, resolve};
use super::{Entry, Node, Parsed, TOO_LARGE, Value};

const SYNTAX: Code = Code::new(130);
const ALIAS: Code = Code::new(131);
const MERGE_KEY: Code = Code::new(132);
const TAG: Code = Code::new(133);
const DUPLICATE_KEY: Code = Code::new(134);
const SEVERAL_DOCUMENTS: Code = Code::new(135);
const AMBIGUOUS_SCALAR: Code = Code::new(136);
const KEY_NOT_TEXT: Code = Code::new(137);
const UNSAFE_NUMBER: Code = Code::new(139);
/// A document without content.
pub const EMPTY: Code = Code::new(140);

pub(super) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::new(text);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let span = reader.offsets.span(span);
                reader.event(event, span);
            }
            Err(error) => reader.syntax_error(&error),
        }
        if reader.is_stopped {
            break;
        }
    }
    reader.finish()
}

/// Maps the parser's character indexes to byte offsets.
struct Offsets {
    /// Byte offset of each character, or nothing when the text is ASCII and both agree.
    starts: Option<Vec<usize>>,
    bytes: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let starts =
            (!text.is_ascii()).then(|| text.char_indices().map(|(offset, _)| offset).collect());
        Self {
            starts,
            bytes: text.len(),
        }
    }

    fn byte(&self, index: usize) -> usize {
        match &self.starts {
            None => index.min(self.bytes),
            Some(starts) => starts.get(index).copied().unwrap_or(self.bytes),
        }
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        Span::new(self.byte(span.start.index()), self.byte(span.end.index()))
    }
}

/// A collection being filled.
enum Open {
    List {
        start: usize,
        items: Vec<Node>,
    },
    Map {
        start: usize,
        entries: Vec<Entry>,
        keys: BTreeSet<String>,
        key: Option<Key>,
    },
}

/// A key waiting for its value; `text` is absent when the key was refused.
struct Key {
    text: Option<String>,
    span: Span,
}

struct Reader<'a> {
    text: &'a str,
    offsets: Offsets,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    diagnostics: Vec<Diagnostic>,
    is_stopped: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            offsets: Offsets::new(text),
            open: Vec::new(),
            root: None,
            documents: 0,
            nodes: 0,
            diagnostics: Vec::new(),
            is_stopped: false,
        }
    }

    fn finish(mut self) -> Parsed {
        let is_broken = self.is_stopped;
        if self.root.is_none() && self.diagnostics.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(EMPTY, "document is empty")
                    .at(Span::default())
                    .expected("a mapping with `baton: contract/v1`")
                    .found("nothing")
                    .hint("run `baton init` to start from a complete contract"),
            );
        }
        let node = self.root.filter(|_| !is_broken);
        Parsed {
            node,
            diagnostics: self.diagnostics,
        }
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let at = self.offsets.byte(error.marker().index());
        self.stop(
            Diagnostic::error(SYNTAX, "YAML can't be read here")
                .at(Span::new(at, at))
                .expected("valid YAML 1.2")
                .found(error.info())
                .hint("check the indentation, quotes and colons on this line and the one before"),
        );
    }

    fn stop(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        self.is_stopped = true;
    }

    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::DocumentStart(_) => self.start_document(span),
            Event::Alias(_) => {
                self.report_alias(span);
                self.value(Node {
                    span,
                    value: Value::Null,
                });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.check_properties(anchor, tag.is_some(), span);
                self.scalar(&text, style, span);
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_properties(anchor, tag.is_some(), span);
                self.push(
                    Open::List {
                        start: span.start,
                        items: Vec::new(),
                    },
                    span,
                );
            }
            Event::MappingStart(anchor, tag) => {
                self.check_properties(anchor, tag.is_some(), span);
                let (entries, keys) = (Vec::new(), BTreeSet::new());
                self.push(
                    Open::Map {
                        start: span.start,
                        entries,
                        keys,
                        key: None,
                    },
                    span,
                );
            }
            Event::SequenceEnd | Event::MappingEnd => self.pop(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }

    fn start_document(&mut self, span: Span) {
        self.documents += 1;
        if self.documents > 1 {
            self.stop(
                Diagnostic::error(SEVERAL_DOCUMENTS, "file holds more than one document")
                    .at(span)
                    .expected("one document")
                    .found("a second document")
                    .hint("put each contract into a file of its own"),
            );
        }
    }

    fn report_alias(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::error(ALIAS, "anchors and aliases are not allowed")
                .at(span)
                .expected("the value written out")
                .found(
                    self.text
                        .get(span.start..span.end)
                        .unwrap_or("an anchor or alias"),
                )
                .hint("repeat the value, so that every reader sees what is meant"),
        );
    }

    fn check_properties(&mut self, anchor: usize, is_tagged: bool, span: Span) {
        if anchor > 0 {
            self.report_alias(span);
        }
        if is_tagged {
            self.diagnostics.push(
                Diagnostic::error(TAG, "YAML tags are not allowed")
                    .at(span)
                    .expected("a plain value")
                    .found("a value with a `!` tag")
                    .hint("remove the tag; quote the value if it must be text"),
            );
        }
    }

    fn push(&mut self, open: Open, span: Span) {
        if self.open.len() >= limits::DEPTH_MAX {
            return self.stop(
                Diagnostic::error(TOO_LARGE, "document is nested too deeply")
                    .at(span)
                    .expected(format!("at most {} levels", limits::DEPTH_MAX))
                    .found("one level more")
                    .hint("flatten the structure"),
            );
        }
        if let Some(Open::Map {
            key: key @ None, ..
        }) = self.open.last_mut()
        {
            *key = Some(Key { text: None, span });
            let diagnostic = key_not_text(span, "a list or mapping as a key");
            return self.stop(diagnostic);
        }
        self.open.push(open);
    }

    fn pop(&mut self, span: Span) {
        let (start, value) = match self.open.pop() {
            Some(Open::List { start, items }) => (start, Value::List(items)),
            Some(Open::Map { start, entries, .. }) => (start, Value::Map(entries)),
            None => return,
        };
        self.value(Node {
            span: self.trimmed(start, span.end),
            value,
        });
    }

    /// Block collections end where the next token starts; their span should end with their text.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let written = self.text.get(start..end).unwrap_or_default();
        Span::new(start, start + written.trim_end().len())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) {
        let span = self.trimmed(span.start, span.end);
        if let Some(Open::Map { key: None, .. }) = self.open.last() {
            self.key(text, style, span);
        } else {
            let value = match style {
                ScalarStyle::Plain => self.plain(text, span),
                _ => Value::Text(text.to_owned()),
            };
            self.value(Node { span, value });
        }
    }

    fn key(&mut self, text: &str, style: ScalarStyle, span: Span) {
        let is_plain = matches!(style, ScalarStyle::Plain);
        if is_plain && text == "<<" {
            self.diagnostics.push(
                Diagnostic::error(MERGE_KEY, "merge keys are not allowed")
                    .at(span)
                    .expected("the fields written out")
                    .found("`<<`")
                    .hint("copy the fields in, so that every reader sees what is meant"),
            );
        }
        let is_text = !is_plain || matches!(resolve(text), Resolved::Text | Resolved::Ambiguous(_));
        if !is_text {
            self.diagnostics.push(key_not_text(span, text));
        }
        let Some(Open::Map { keys, key, .. }) = self.open.last_mut() else {
            return;
        };
        let is_new = keys.insert(text.to_owned());
        let is_merge = is_plain && text == "<<";
        *key = Some(Key {
            text: (is_new && is_text && !is_merge).then(|| text.to_owned()),
            span,
        });
        if !is_new {
            self.diagnostics.push(
                Diagnostic::error(DUPLICATE_KEY, "key is written twice in the same mapping")
                    .at(span)
                    .expected("each key once")
                    .found(format!("`{text}` again"))
                    .hint("remove one of them; which one counts would be a guess"),
            );
        }
    }

    fn plain(&mut self, text: &str, span: Span) -> Value {
        let (code, message, hint) = match resolve(text) {
            Resolved::Value(value) => return value,
            Resolved::Text => return Value::Text(text.to_owned()),
            Resolved::Ambiguous(hint) => (
                AMBIGUOUS_SCALAR,
                "YAML versions read this value differently",
                hint,
            ),
            Resolved::Unsafe(hint) => (UNSAFE_NUMBER, "number can't be represented exactly", hint),
        };
        self.diagnostics.push(
            Diagnostic::error(code, message)
                .at(span)
                .expected("a value with one meaning")
                .found(format!("`{text}`"))
                .hint(hint),
        );
        Value::Text(text.to_owned())
    }

    fn value(&mut self, node: Node) {
        self.nodes += 1;
        if self.nodes > limits::CONTRACT_NODES_MAX {
            return self.stop(
                Diagnostic::error(TOO_LARGE, "document has too many values")
                    .at(node.span)
                    .expected(format!("at most {}", limits::CONTRACT_NODES_MAX))
                    .found("more")
                    .hint("split examples and data out of the contract"),
            );
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                Some(Key {
                    text: Some(key),
                    span: key_span,
                }) => {
                    entries.push(Entry {
                        key,
                        key_span,
                        node,
                    });
                }
                Some(_) => {}
                None => {
                    let diagnostic = key_not_text(node.span, "an alias as a key");
                    self.stop(diagnostic);
                }
            },
        }
    }
}

fn key_not_text(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(KEY_NOT_TEXT, "mapping key is not text")
        .at(span)
        .expected("text as the key")
        .found(found)
        .hint("quote the key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let parsed = parse(text);
        let shown = parsed.diagnostics.first().map_or_else(
            || {
                parsed
                    .node
                    .as_ref()
                    .map_or(String::new(), |node| node.to_json().to_string())
            },
            |diagnostic| {
                let span = diagnostic.place.span.unwrap_or_default();
                format!(
                    "{} `{}`",
                    diagnostic.code,
                    text.get(span.start..span.end).unwrap()
                )
            },
        );
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn reads_block_and_flow_forms() {
        check(
            "a: 1\nb: [x, \"y\", null]\nc:\n  - d: true\n",
            r#"{"a":1,"b":["x","y",null],"c":[{"d":true}]}"#,
        );
        check("a: |\n  one\n  two\n", r#"{"a":"one\ntwo\n"}"#);
        check("a: 1.0\nb: 1.5\nc: 1e3\n", r#"{"a":1,"b":1.5,"c":1000}"#);
        check(
            "a: 09:00-17:00\nb: 2026-11-20\nc: 1.2.3\n",
            r#"{"a":"09:00-17:00","b":"2026-11-20","c":"1.2.3"}"#,
        );
    }

    #[test]
    fn refuses_what_only_yaml_can_say() {
        check("a: &x 1\n", "E0131 `&x 1`");
        check("a: 1\nb: *x\n", "E0130 ``");
        check("a: {b: 1}\n<<: {c: 1}\n", "E0132 `<<`");
        check("a: !!str 1\n", "E0133 `!!str 1`");
        check("a: 1\n---\nb: 2\n", "E0135 `---`");
    }

    #[test]
    fn an_alias_bomb_stays_small() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let before = level - 1;
            let refs = vec![format!("*a{before}"); 9].join(", ");
            text = format!("{text}a{level}: &a{level} [{refs}]\n");
        }
        let parsed = parse(&text);
        assert!(
            parsed
                .diagnostics
                .iter()
                .all(|diagnostic| diagnostic.code == ALIAS)
        );
        assert_eq!(parsed.diagnostics.len(), 9 + 8 * 9);
    }

    #[test]
    fn refuses_values_with_two_meanings() {
        for text in [
            "no", "Yes", "on", "NULL", "True", "0x1F", "0o17", "1_000", "012", "12:30:45",
        ] {
            check(&format!("a: {text}\n"), &format!("E0136 `{text}`"));
        }
        for text in [
            "9007199254740992",
            "-9007199254740992",
            "1e400",
            ".inf",
            "-.nan",
            "-0",
        ] {
            check(&format!("a: {text}\n"), &format!("E0139 `{text}`"));
        }
        check("country: \"no\"\n", r#"{"country":"no"}"#);
    }

    #[test]
    fn refuses_duplicate_and_odd_keys() {
        check("a: 1\na: 2\n", "E0134 `a`");
        check("1: 2\n", "E0137 `1`");
        check("? [a]\n: 2\n", "E0137 `[`");
    }

    #[test]
    fn reports_every_problem_with_its_own_span() {
        let parsed = parse("a: yes\nü: 012\na: 3\n");
        let codes: Vec<_> = parsed.diagnostics.iter().map(|d| d.code.number()).collect();
        assert_eq!(codes, [136, 136, 134]);
        assert!(parsed.node.is_some());
    }

    #[test]
    fn depth_and_emptiness_are_answers_not_crashes() {
        check(&format!("a: {}", "[".repeat(100)), "E0138 `[`");
        // Past its own limit the event parser gives up first.
        assert!(parse(&"[".repeat(10_000)).node.is_none());
        check("", "E0140 ``");
        check("a: [1\n", "E0130 ``");
    }
}
