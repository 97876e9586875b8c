//! The same grammar with another builder: each value is shown with the text of its span.

use std::borrow::Cow;

use baton_evidence::json::{self, Build, Limits};
use baton_terms::Span;

/// Writes each value in the order in which it is finished.
struct Shown<'a> {
    source: &'a str,
    lines: Vec<String>,
}

impl Shown<'_> {
    fn show(&mut self, kind: &str, span: Span) {
        let text = self
            .source
            .get(span.start..span.end)
            .unwrap_or("off bounds");
        self.lines.push(format!("{kind} {text}"));
    }
}

impl Build for &mut Shown<'_> {
    type Node = ();
    type List = ();
    type Map = ();

    fn null(&mut self, span: Span) {
        self.show("null", span);
    }
    fn boolean(&mut self, _: bool, span: Span) {
        self.show("boolean", span);
    }
    fn integer(&mut self, value: i64, span: Span) {
        self.show(&format!("integer {value} from"), span);
    }
    fn float(&mut self, value: f64, span: Span) {
        self.show(&format!("float {value} from"), span);
    }
    fn text(&mut self, value: Cow<'_, str>, span: Span) {
        self.show(&format!("text {value} from"), span);
    }
    fn list(&mut self) {}
    fn item(&mut self, (): &mut (), (): ()) {}
    fn list_end(&mut self, (): (), span: Span) {
        self.show("list", span);
    }
    fn map(&mut self) {}
    fn entry(&mut self, (): &mut (), key: (Cow<'_, str>, Span), (): ()) {
        self.show(&format!("key {} from", key.0), key.1);
    }
    fn map_end(&mut self, (): (), span: Span) {
        self.show("map", span);
    }
}

fn check(source: &str, expected: &[&str]) {
    let mut shown = Shown {
        source,
        lines: Vec::new(),
    };
    let (tree, problems) = json::read_with(source.as_bytes(), Limits::CONTRACT, &mut shown);
    assert_eq!((tree, problems), (Some(()), Vec::new()));
    assert_eq!(shown.lines, expected);
}

// spec: EVIDENCE-3
#[test]
fn spans_cover_exactly_the_written_value() {
    check("  1.0\n", &["integer 1 from 1.0"]);
    check(
        "[ 10e-1 , -2.50, null]",
        &[
            "integer 1 from 10e-1",
            "float -2.5 from -2.50",
            "null null",
            "list [ 10e-1 , -2.50, null]",
        ],
    );
    check(
        r#"{"é" : "a\u0062", "k" : {  } , "l":true}"#,
        &[
            r#"text ab from "a\u0062""#,
            r#"key é from "é""#,
            "map {  }",
            r#"key k from "k""#,
            "boolean true",
            r#"key l from "l""#,
            r#"map {"é" : "a\u0062", "k" : {  } , "l":true}"#,
        ],
    );
}

// spec: EVIDENCE-4
#[test]
fn there_is_a_tree_exactly_when_there_is_no_problem() {
    for source in ["[-0]", "{\"a\":1,\"a\":1}", "[1", "1 2"] {
        let mut shown = Shown {
            source,
            lines: Vec::new(),
        };
        let (tree, problems) = json::read_with(source.as_bytes(), Limits::CONTRACT, &mut shown);
        assert!(tree.is_none() && problems.len() == 1, "{source}");
    }
}
