//! Reads a schema whole: every subschema, how they apply to each other, and every problem on the way.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, limits::DIAGNOSTICS_MAX};
use serde_json::{Map, Value};

use super::codes::{
    DUPLICATE_ANCHOR, OTHER_DIALECT, REMOTE_REFERENCE, TOO_DEEP, TOO_MANY_SUBSCHEMAS,
    UNASSERTED_KEYWORD, UNKNOWN_KEYWORD, UNKNOWN_VOCABULARY, UNRESOLVED_REFERENCE, UNUSABLE_ID,
};
use super::keywords::{self, Kind};
use super::limits::{SCHEMA_DEPTH_MAX, SUBSCHEMAS_MAX};
use super::pointer::{join, percent_decode};
use super::{patterns, values};
use crate::shape::closest;

/// The only dialect.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const VOCABULARY: &str = "https://json-schema.org/draft/2020-12/vocab/";
const VOCABULARIES: [&str; 8] = [
    "core",
    "applicator",
    "unevaluated",
    "validation",
    "meta-data",
    "format-annotation",
    "format-assertion",
    "content",
];

/// Which value of an instance a subschema applies to, seen from its parent's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Applies {
    /// The same value.
    Here,
    /// A property of this name.
    Property(String),
    /// Any property but the ones named beside it.
    OtherProperties,
    /// Any property.
    AnyProperty,
    /// A property's name.
    Name,
    /// The item at this position.
    Position(usize),
    /// The items from this position on.
    ItemsFrom(usize),
    /// Any item.
    AnyItem,
}

/// One way in which a subschema applies another.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// The subschema applied, an index into [`Scan::nodes`].
    pub to: usize,
    /// To which value.
    pub applies: Applies,
}

/// One subschema.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its JSON Pointer within the schema.
    pub pointer: String,
    /// What it applies.
    pub edges: Vec<Edge>,
}

/// A schema read whole.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// All subschemas, the root first.
    pub(super) nodes: Vec<Node>,
    /// Everything wrong with them.
    pub(super) problems: Vec<Diagnostic>,
    by_pointer: BTreeMap<String, usize>,
    anchors: BTreeMap<String, usize>,
    references: Vec<Reference>,
    root_id: Option<String>,
    is_cut: bool,
}

/// The value of a keyword, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    /// The subschema it belongs to.
    from: usize,
    /// Levels of that subschema.
    depth: usize,
    value: &'a Value,
    at: &'a str,
}

#[derive(Debug)]
struct Reference {
    from: usize,
    text: String,
    pointer: String,
}

impl Scan {
    /// Reads `schema`.
    pub(crate) fn new(schema: &Value) -> Self {
        let root_id = schema.get("$id").and_then(Value::as_str);
        let mut scan = Self {
            root_id: root_id.map(|id| id.trim_end_matches('#').to_owned()),
            ..Self::default()
        };
        scan.subschema(schema, String::new(), 0);
        for reference in std::mem::take(&mut scan.references) {
            scan.connect(&reference);
        }
        scan
    }

    fn report(&mut self, problem: Diagnostic) {
        if self.problems.len() < DIAGNOSTICS_MAX {
            self.problems.push(problem);
        }
    }

    /// Reads the subschema at `pointer` and returns its index.
    fn subschema(&mut self, schema: &Value, pointer: String, depth: usize) -> Option<usize> {
        if self.is_cut {
            return None;
        }
        if depth > SCHEMA_DEPTH_MAX || self.nodes.len() >= SUBSCHEMAS_MAX {
            self.is_cut = true;
            self.report(if depth > SCHEMA_DEPTH_MAX {
                Diagnostic::error(TOO_DEEP, "schema is nested too deeply")
                    .pointing_to(pointer)
                    .expected(format!("at most {SCHEMA_DEPTH_MAX} levels"))
                    .found("more")
                    .hint("name inner schemas in `$defs` and refer to them")
            } else {
                Diagnostic::error(TOO_MANY_SUBSCHEMAS, "schema has too many subschemas")
                    .pointing_to(pointer)
                    .expected(format!("at most {SUBSCHEMAS_MAX} subschemas"))
                    .found("more")
                    .hint("name repeated schemas once in `$defs`")
            });
            return None;
        }
        let index = self.nodes.len();
        self.by_pointer.insert(pointer.clone(), index);
        self.nodes.push(Node {
            pointer: pointer.clone(),
            edges: Vec::new(),
        });
        match schema {
            Value::Bool(_) => {}
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    let at = join(&pointer, keyword);
                    let place = Place {
                        from: index,
                        depth,
                        value,
                        at: &at,
                    };
                    self.keyword(keyword, place, keywords);
                }
            }
            other => self.report(values::problem(&pointer, "an object, true or false", other)),
        }
        Some(index)
    }

    fn keyword(&mut self, keyword: &str, place: Place<'_>, beside: &Map<String, Value>) {
        let Place {
            from, value, at, ..
        } = place;
        let Some(kind) = keywords::kind(keyword) else {
            self.report(unknown_keyword(keyword, at));
            return;
        };
        match kind {
            Kind::Reference => self.reference(from, value, at),
            Kind::Anchor => self.anchor(from, value, at),
            Kind::Dialect => self.dialect(value, at),
            Kind::Identifier => self.identifier(from, value, at),
            Kind::Vocabulary => self.vocabulary(value, at),
            Kind::Unasserted => self.report(unasserted(keyword, at)),
            Kind::HereOne
            | Kind::OtherProperties
            | Kind::AnyProperty
            | Kind::Names
            | Kind::OtherItems
            | Kind::AnyItem => {
                let applies = applies_one(kind, beside);
                self.child(place, (value, at.to_owned()), Some(applies));
            }
            Kind::HereList | Kind::Positions => self.list(kind, place),
            Kind::HereMap | Kind::Definitions | Kind::Properties | Kind::PatternProperties => {
                self.map(kind, place);
            }
            _ => {
                if let Some(problem) = values::check(kind, value, at) {
                    self.report(problem);
                }
            }
        }
    }

    fn child(
        &mut self,
        place: Place<'_>,
        (schema, pointer): (&Value, String),
        applies: Option<Applies>,
    ) {
        let Some(to) = self.subschema(schema, pointer, place.depth + 1) else {
            return;
        };
        if let (Some(applies), Some(node)) = (applies, self.nodes.get_mut(place.from)) {
            node.edges.push(Edge { to, applies });
        }
    }

    fn list(&mut self, kind: Kind, place: Place<'_>) {
        let Place { value, at, .. } = place;
        let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
            self.report(values::problem(at, "a list of at least one schema", value));
            return;
        };
        for (position, schema) in list.iter().enumerate() {
            let applies = match kind {
                Kind::Positions => Applies::Position(position),
                _ => Applies::Here,
            };
            let child = (schema, format!("{at}/{position}"));
            self.child(place, child, Some(applies));
        }
    }

    fn map(&mut self, kind: Kind, place: Place<'_>) {
        let Place { value, at, .. } = place;
        let Some(map) = value.as_object() else {
            self.report(values::problem(at, "schemas by name", value));
            return;
        };
        for (name, schema) in map {
            let pointer = join(at, name);
            let applies = match kind {
                Kind::Properties => Some(Applies::Property(name.clone())),
                Kind::PatternProperties => {
                    if let Some(problem) = patterns::check(name, &pointer) {
                        self.report(problem);
                    }
                    Some(Applies::AnyProperty)
                }
                Kind::Definitions => None,
                _ => Some(Applies::Here),
            };
            self.child(place, (schema, pointer), applies);
        }
    }

    fn reference(&mut self, from: usize, value: &Value, at: &str) {
        match value.as_str() {
            Some(text) => self.references.push(Reference {
                from,
                text: text.to_owned(),
                pointer: at.to_owned(),
            }),
            None => self.report(values::problem(
                at,
                "a reference such as `#/$defs/owner`",
                value,
            )),
        }
    }

    fn anchor(&mut self, from: usize, value: &Value, at: &str) {
        let is_name = |text: &&str| {
            let mut bytes = text.bytes();
            bytes
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let Some(name) = value.as_str().filter(is_name) else {
            let expected = "a name of letters, digits, `-`, `_` and `.`";
            self.report(values::problem(at, expected, value));
            return;
        };
        if self.anchors.insert(name.to_owned(), from).is_some() {
            self.report(
                Diagnostic::error(DUPLICATE_ANCHOR, "anchor is given twice")
                    .pointing_to(at)
                    .expected("each anchor once")
                    .found(format!("`{name}` again"))
                    .hint("rename one of them; a reference could mean either"),
            );
        }
    }

    fn dialect(&mut self, value: &Value, at: &str) {
        if value.as_str().map(|text| text.trim_end_matches('#')) != Some(DIALECT)
            || at != "/$schema"
        {
            self.report(
                Diagnostic::error(OTHER_DIALECT, "schema names another dialect")
                    .pointing_to(at)
                    .expected(format!("`{DIALECT}`, at the top only"))
                    .found(values::found(value))
                    .hint("leave `$schema` out, or name JSON Schema 2020-12"),
            );
        }
    }

    fn identifier(&mut self, from: usize, value: &Value, at: &str) {
        let is_plain = value.as_str().is_some_and(|id| {
            let id = id.trim_end_matches('#');
            (id.starts_with("https://") || id.starts_with("urn:"))
                && !id.starts_with("https://json-schema.org/")
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b'#')
        });
        if from != 0 || !is_plain {
            self.report(
                Diagnostic::error(UNUSABLE_ID, "`$id` cannot be used here")
                    .pointing_to(at)
                    .expected("at most one `$id`, at the top, an `https:` or `urn:` URI of your own without a fragment")
                    .found(values::found(value))
                    .hint("an inner `$id` changes what references mean; use `$defs` and `$anchor`"),
            );
        }
    }

    fn vocabulary(&mut self, value: &Value, at: &str) {
        let Some(map) = value.as_object() else {
            self.report(values::problem(at, "true or false by vocabulary", value));
            return;
        };
        for (uri, required) in map {
            let is_known = uri
                .strip_prefix(VOCABULARY)
                .is_some_and(|name| VOCABULARIES.contains(&name));
            if !is_known && required != &Value::Bool(false) {
                self.report(
                    Diagnostic::error(UNKNOWN_VOCABULARY, "vocabulary is unknown")
                        .pointing_to(join(at, uri))
                        .expected("only vocabularies of JSON Schema 2020-12 to be required")
                        .found(format!("`{}`", uri.chars().take(200).collect::<String>()))
                        .hint("its keywords would not be checked; remove it"),
                );
            }
        }
    }

    /// Returns the pointer of the subschema that a reference of this schema means.
    pub(crate) fn target(&self, reference: &str) -> Option<&str> {
        let node = self.resolve(reference)?;
        self.nodes.get(node).map(|node| node.pointer.as_str())
    }

    /// Returns how many subschemas there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn resolve(&self, reference: &str) -> Option<usize> {
        let fragment = percent_decode(&self.local_fragment(reference)?)?;
        let target = if fragment.is_empty() || fragment.starts_with('/') {
            self.by_pointer.get(&fragment)
        } else {
            self.anchors.get(&fragment)
        };
        target.copied()
    }

    /// Resolves a reference within the schema.
    fn connect(&mut self, reference: &Reference) {
        if self.local_fragment(&reference.text).is_none() {
            self.report(remote_reference(reference));
            return;
        }
        let target = self.resolve(&reference.text);
        match (target, self.nodes.get_mut(reference.from)) {
            (Some(to), Some(node)) => node.edges.push(Edge {
                to,
                applies: Applies::Here,
            }),
            _ if self.is_cut => {}
            _ => self.report(
                Diagnostic::error(UNRESOLVED_REFERENCE, "reference leads nowhere")
                    .pointing_to(&reference.pointer)
                    .expected("the pointer or anchor of a schema in this document")
                    .found(format!("`{}`", reference.text))
                    .hint("define it in `$defs` and refer to `#/$defs/NAME`"),
            ),
        }
    }

    fn local_fragment(&self, text: &str) -> Option<String> {
        let (document, fragment) = text.split_once('#').unwrap_or((text, ""));
        let is_local = document.is_empty() || Some(document) == self.root_id.as_deref();
        // An empty reference means the whole document (RFC 3986 section 4.4).
        is_local.then(|| fragment.to_owned())
    }
}

fn applies_one(kind: Kind, beside: &Map<String, Value>) -> Applies {
    match kind {
        Kind::OtherProperties => Applies::OtherProperties,
        Kind::AnyProperty => Applies::AnyProperty,
        Kind::Names => Applies::Name,
        Kind::OtherItems => {
            let positions = beside.get("prefixItems").and_then(Value::as_array);
            Applies::ItemsFrom(positions.map_or(0, Vec::len))
        }
        Kind::AnyItem => Applies::AnyItem,
        _ => Applies::Here,
    }
}

fn unknown_keyword(keyword: &str, at: &str) -> Diagnostic {
    let suggestion = closest(keyword, keywords::names());
    let hint = match (keywords::successor(keyword), suggestion) {
        (Some(successor), _) => successor.to_owned(),
        (None, Some(known)) => format!("did you mean `{known}`?"),
        (None, None) => "remove it, or say it in `$comment`".to_owned(),
    };
    Diagnostic::error(UNKNOWN_KEYWORD, "keyword is unknown")
        .pointing_to(at)
        .expected("a keyword of JSON Schema 2020-12")
        .found(format!(
            "`{}`",
            keyword.chars().take(100).collect::<String>()
        ))
        .hint(hint)
}

fn unasserted(keyword: &str, at: &str) -> Diagnostic {
    Diagnostic::error(UNASSERTED_KEYWORD, "keyword would not be checked")
        .pointing_to(at)
        .expected("only keywords that are checked")
        .found(format!("`{keyword}`"))
        .hint("JSON Schema 2020-12 only notes it; require evidence of that media type instead")
}

fn remote_reference(reference: &Reference) -> Diagnostic {
    Diagnostic::error(REMOTE_REFERENCE, "reference leads outside the schema")
        .pointing_to(&reference.pointer)
        .expected("a reference within this schema, such as `#/$defs/owner`")
        .found(format!(
            "`{}`",
            reference.text.chars().take(200).collect::<String>()
        ))
        .hint("copy the referenced schema into `$defs`; nothing is ever fetched")
}
