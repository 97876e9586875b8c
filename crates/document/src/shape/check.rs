//! Structural checks of a tree against its declared shape: every problem, each with its span.

use baton_terms::{Code, Diagnostic};

use super::{Field, Object, Presence, Shape, TextKind, Word};
use crate::syntax::{Node, Value};

use codes::{
    EMPTY_VALUE, MISSING_FIELD, OUT_OF_RANGE, UNKNOWN_FIELD, UNKNOWN_WORD, WRONG_COUNT, WRONG_KIND,
    WRONG_TEXT,
};

/// The codes of departures from a shape.
pub mod codes {
    use baton_terms::Code;

    /// A field the object does not have.
    pub const UNKNOWN_FIELD: Code = Code::new(201);
    /// A required field that is missing.
    pub const MISSING_FIELD: Code = Code::new(202);
    /// A value of the wrong kind.
    pub const WRONG_KIND: Code = Code::new(203);
    /// A number outside its range.
    pub const OUT_OF_RANGE: Code = Code::new(204);
    /// Text that is not of the kind the field takes.
    pub const WRONG_TEXT: Code = Code::new(205);
    /// A word that is none of the allowed ones.
    pub const UNKNOWN_WORD: Code = Code::new(206);
    /// A list or mapping with too few or too many entries.
    pub const WRONG_COUNT: Code = Code::new(207);
    /// A field with no value.
    pub const EMPTY_VALUE: Code = Code::new(208);
}

/// Where contracts find every field; [`super::read()`] says it of other documents in their own words.
pub(super) const SEE_SCHEMA: &str =
    "see `baton schema contract` for every field, or complete from it in your editor";

/// Appends to `out` every way in which `node`, found at `pointer`, departs from `shape`.
pub fn check(node: &Node, shape: &Shape, pointer: &str, out: &mut Vec<Diagnostic>) {
    let at = At { node, pointer };
    match shape {
        Shape::Any => {}
        Shape::JsonSchema => {
            if !matches!(node.value, Value::Map(_) | Value::Boolean(_)) {
                out.push(at.wrong_kind("a JSON Schema (a mapping, `true` or `false`)"));
            }
        }
        Shape::Boolean => {
            if !matches!(node.value, Value::Boolean(_)) {
                out.push(at.wrong_kind("`true` or `false`"));
            }
        }
        Shape::Integer { min, max } => out.extend(at.integer(*min, *max)),
        Shape::Text(kind) => match node.text() {
            Some(text) if kind.accepts(text) => {}
            Some(_) => out.push(
                at.report(WRONG_TEXT, "text is not of the kind this field takes")
                    .expected(kind.expected()),
            ),
            None => out.push(at.wrong_kind(kind.expected())),
        },
        Shape::Choice(words) => out.extend(at.word(words)),
        Shape::WordOr(words, other) => match node.text() {
            Some(text) if words.iter().any(|(word, _)| *word == text) => {}
            Some(_) if !matches!(other, Shape::Text(_)) => out.extend(at.word(words)),
            _ => check(node, other, pointer, out),
        },
        Shape::List { item, min, max } => {
            if !matches!(node.value, Value::List(_)) {
                return out.push(at.wrong_kind("a list"));
            }
            out.extend(at.count(node.items().len(), *min, *max));
            for (index, node) in node.items().iter().enumerate() {
                check(node, item, &format!("{pointer}/{index}"), out);
            }
        }
        Shape::Map { value, max } => at.map((value, TextKind::Id), *max, out),
        Shape::Table { value, max } => at.map((value, TextKind::Line), *max, out),
        Shape::OneOrList { item, max } => {
            let is_list = matches!(node.value, Value::List(_));
            let list = Shape::List {
                item,
                min: 1,
                max: *max,
            };
            check(node, if is_list { &list } else { item }, pointer, out);
        }
        Shape::Object(object) => at.object(object, out),
    }
}

/// Returns `token` as one step of a JSON Pointer.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

struct At<'a> {
    node: &'a Node,
    pointer: &'a str,
}

impl At<'_> {
    fn report(&self, code: Code, message: &str) -> Diagnostic {
        Diagnostic::error(code, message)
            .at(self.node.span)
            .pointing_to(self.pointer)
            .found(self.node.describe())
            .hint(SEE_SCHEMA)
    }

    fn wrong_kind(&self, expected: &str) -> Diagnostic {
        if self.node.value == Value::Null {
            return self
                .report(EMPTY_VALUE, "field has no value")
                .expected(expected)
                .hint("write a value, or remove the field: null and absent are not the same");
        }
        self.report(WRONG_KIND, "value is of the wrong kind")
            .expected(expected)
    }

    fn integer(&self, min: i64, max: i64) -> Option<Diagnostic> {
        let expected = format!("an integer from {min} to {max}");
        match self.node.integer() {
            Some(integer) if (min..=max).contains(&integer) => None,
            Some(_) => Some(
                self.report(OUT_OF_RANGE, "number is out of range")
                    .expected(expected),
            ),
            None => Some(self.wrong_kind(&expected)),
        }
    }

    fn word(&self, words: &[Word]) -> Option<Diagnostic> {
        let list: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let expected = format!("one of {}", list.join(", "));
        let Some(text) = self.node.text() else {
            return Some(self.wrong_kind(&expected));
        };
        if words.iter().any(|(word, _)| *word == text) {
            return None;
        }
        let report = self
            .report(UNKNOWN_WORD, "word is none of the allowed ones")
            .expected(expected);
        Some(match closest(text, words.iter().map(|(word, _)| *word)) {
            Some(word) => report.hint(format!("did you mean `{word}`?")),
            None => report,
        })
    }

    fn count(&self, count: usize, min: usize, max: usize) -> Option<Diagnostic> {
        (count < min || count > max).then(|| {
            self.report(WRONG_COUNT, "wrong number of entries")
                .expected(format!("{min} to {max} entries"))
                .found(format!("{count}"))
        })
    }

    fn map(&self, (value, key): (&Shape, TextKind), max: usize, out: &mut Vec<Diagnostic>) {
        if !matches!(self.node.value, Value::Map(_)) {
            return out.push(self.wrong_kind("a mapping from names to values"));
        }
        out.extend(self.count(self.node.entries().len(), 0, max));
        for entry in self.node.entries() {
            let pointer = format!("{}/{}", self.pointer, escape(&entry.key));
            if !key.accepts(&entry.key) {
                out.push(
                    Diagnostic::error(WRONG_TEXT, key_problem(key))
                        .at(entry.key_span)
                        .pointing_to(&pointer)
                        .expected(key.expected())
                        .found(format!("`{}`", entry.key))
                        .hint(match key {
                            TextKind::Id => "use lower-case words joined by hyphens",
                            _ => "write the name as the other system does",
                        }),
                );
            }
            check(&entry.node, value, &pointer, out);
        }
    }

    fn object(&self, object: &Object, out: &mut Vec<Diagnostic>) {
        if !matches!(self.node.value, Value::Map(_)) {
            return out.push(self.wrong_kind(&format!("a mapping: {}", object.doc)));
        }
        // A field written with a typo is one mistake, not two.
        let mut meant = Vec::new();
        for entry in self.node.entries() {
            let pointer = format!("{}/{}", self.pointer, escape(&entry.key));
            match object.fields.iter().find(|field| field.name == entry.key) {
                Some(field) => check(&entry.node, &field.shape, &pointer, out),
                None => {
                    let suggestion =
                        closest(&entry.key, object.fields.iter().map(|field| field.name));
                    meant.extend(suggestion);
                    out.push(unknown_field(entry, object, &pointer, suggestion));
                }
            }
        }
        let missing = |field: &&Field| {
            field.presence == Presence::Required
                && self.node.get(field.name).is_none()
                && !meant.contains(&field.name)
        };
        for field in object.fields.iter().filter(missing) {
            // The start of the mapping: the whole of it would underline half the file.
            let start = self
                .node
                .entries()
                .first()
                .map_or(self.node.span, |entry| entry.key_span);
            out.push(
                self.report(MISSING_FIELD, &format!("field `{}` is missing", field.name))
                    .at(start)
                    .expected(format!("`{}`: {}", field.name, field.doc))
                    .found(format!("{} without it", article(object.name)))
                    .hint(format!("add `{}:` here", field.name)),
            );
        }
    }
}

fn key_problem(key: TextKind) -> &'static str {
    match key {
        TextKind::Id => "key is not an id",
        _ => "key is not a name",
    }
}

fn article(name: &str) -> String {
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

fn unknown_field(
    entry: &crate::syntax::Entry,
    object: &Object,
    pointer: &str,
    suggestion: Option<&str>,
) -> Diagnostic {
    let names: Vec<_> = object.fields.iter().map(|field| field.name).collect();
    let hint = suggestion.map_or_else(
        || "remove it".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    Diagnostic::error(
        UNKNOWN_FIELD,
        format!("{} has no such field", article(object.name)),
    )
    .at(entry.key_span)
    .pointing_to(pointer)
    .expected(format!("one of {}", names.join(", ")))
    .found(format!("`{}`", entry.key))
    .hint(hint)
}

/// Returns the candidate most like `text`, when one is alike enough to be meant.
pub fn closest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = text.chars().count();
    let budget = (length / 3).max(1);
    // No edit distance is smaller than the difference in length; saying so first keeps a hostile
    // text of a megabyte from being compared letter by letter.
    candidates
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= budget)
        .map(|candidate| (strsim::damerau_levenshtein(text, candidate), candidate))
        .filter(|(distance, _)| *distance <= budget)
        .min()
        .map(|(_, candidate)| candidate)
}
