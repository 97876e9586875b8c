//! A contract file with the files beside it, read as one.

use std::collections::{BTreeMap, BTreeSet};

use baton_evidence::canonical;
use baton_terms::{Code, Diagnostic, Digest, Level, Source};
use serde_json::Value;

use crate::model::{Contract, Exchange, SHAPE};
use crate::shape;
use crate::syntax::{self, Node, Parsed};

/// A file the contract names is not there.
pub const FILE_MISSING: Code = Code::new(209);

/// A contract's text and the texts of the files it names.
#[derive(Debug, Clone)]
pub struct Document {
    /// The contract file.
    pub main: Source,
    /// Files beside it, by name.
    pub files: BTreeMap<String, Source>,
}

/// What a document says, and every problem met in reading it.
#[derive(Debug)]
pub struct Reading {
    pub(crate) contract: Contract,
    pub(crate) node: Option<Node>,
    pub(crate) files: BTreeMap<String, Node>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// Returns a document that names no other file.
    pub fn alone(main: Source) -> Self {
        Self {
            main,
            files: BTreeMap::new(),
        }
    }

    /// Returns the names of the files the contract refers to, so that the caller can read them.
    pub fn files_named_in(main: &Source) -> Vec<String> {
        let Some(node) = syntax::parse(main).node else {
            return Vec::new();
        };
        let name = |section: &str| {
            node.get(section)?
                .get("schema_file")?
                .text()
                .map(str::to_owned)
        };
        let mut names: Vec<_> = [name("inputs"), name("outputs")]
            .into_iter()
            .flatten()
            .collect();
        names.retain(|name| shape::TextKind::FileName.accepts(name));
        names.sort();
        names.dedup();
        names
    }

    /// Reads the document; problems are in the reading, in the order of their place.
    pub fn read(&self) -> Reading {
        self.read_parsed(syntax::parse(&self.main))
    }

    /// Reads the document as a trace records it, in normal form, which may be longer than what its
    /// author wrote.
    pub fn read_recorded(&self) -> Reading {
        self.read_parsed(syntax::parse_recorded(&self.main))
    }

    fn read_parsed(&self, parsed: Parsed) -> Reading {
        let mut diagnostics = parsed.diagnostics;
        let mut files = BTreeMap::new();
        for (name, source) in &self.files {
            let parsed = syntax::parse(source);
            let in_file = |diagnostic: Diagnostic| diagnostic.in_file(name);
            diagnostics.extend(parsed.diagnostics.into_iter().map(in_file));
            files.extend(parsed.node.map(|node| (name.clone(), node)));
        }
        let empty = Node {
            span: baton_terms::Span::default(),
            value: syntax::Value::Map(Vec::new()),
        };
        let root = parsed.node.as_ref().unwrap_or(&empty);
        if parsed.node.is_some() {
            let mut departures = Vec::new();
            shape::check(root, &shape::Shape::Object(&SHAPE), "", &mut departures);
            // A value that could not be read is one mistake, whatever its stand-in looks like.
            let unread: BTreeSet<_> = diagnostics.iter().map(|d| d.place.span).collect();
            departures.retain(|problem| !unread.contains(&problem.place.span));
            diagnostics.extend(departures);
        }
        let mut contract = Contract::read(root);
        let mut resolve = |section: &str, exchange: &mut Exchange| {
            diagnostics.extend(resolve_schema(section, exchange, root, &files));
        };
        resolve("inputs", &mut contract.inputs);
        if let Some(outputs) = &mut contract.outputs {
            resolve("outputs", outputs);
        }
        Reading {
            contract,
            node: parsed.node,
            files,
            diagnostics,
        }
    }
}

fn resolve_schema(
    section: &str,
    exchange: &mut Exchange,
    root: &Node,
    files: &BTreeMap<String, Node>,
) -> Option<Diagnostic> {
    let schema = exchange.schema.as_mut()?;
    let name = schema.file.as_ref()?;
    if let Some(node) = files.get(name) {
        schema.value = node.to_json();
        return None;
    }
    let pointer = format!("/{section}/schema_file");
    Some(
        Diagnostic::error(FILE_MISSING, "file named by the contract is not there")
            .at(root.nearest(&pointer).span)
            .pointing_to(pointer)
            .expected(format!("a readable file `{name}` beside the contract"))
            .found("no such file, or one that can't be read")
            .hint("correct the name, or put the schema inline under `schema`"),
    )
}

impl Reading {
    /// Returns the contract when nothing was wrong with the way it is written.
    pub fn contract(&self) -> Option<&Contract> {
        let is_sound = !self
            .diagnostics
            .iter()
            .any(|problem| problem.level == Level::Error);
        (self.node.is_some() && is_sound).then_some(&self.contract)
    }

    /// Returns every problem met in reading.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns the digest of the normal form's canonical bytes (RFC 8785): the contract's identity.
    pub fn digest(&self) -> Option<Digest> {
        self.normal_form().as_ref().map(canonical::digest)
    }

    /// Returns the contract as one JSON document in normal form: files inlined, and lists whose
    /// order carries no meaning sorted by id. Its canonical bytes identify the contract.
    pub fn normal_form(&self) -> Option<Value> {
        let mut value = self.node.as_ref()?.to_json();
        for section in ["inputs", "outputs"] {
            if let Some(exchange) = value.get_mut(section).and_then(Value::as_object_mut) {
                if let Some(Value::String(name)) = exchange.remove("schema_file") {
                    exchange.insert("schema".to_owned(), self.files.get(&name)?.to_json());
                }
                sort_by_key(exchange.get_mut("evidence"), "id");
            }
        }
        for (list, key) in [
            ("clauses", "id"),
            ("dimensions", "id"),
            ("outcomes", "id"),
            ("gates", "id"),
            ("pending", "clause"),
        ] {
            sort_by_key(value.get_mut(list), key);
        }
        Some(value)
    }
}

fn sort_by_key(list: Option<&mut Value>, key: &str) {
    if let Some(items) = list.and_then(Value::as_array_mut) {
        items.sort_by(|a, b| {
            a.get(key)
                .and_then(Value::as_str)
                .cmp(&b.get(key).and_then(Value::as_str))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Reading {
        Document::alone(Source::new("contract.yaml", text)).read()
    }

    #[test]
    fn every_missing_field_is_named_at_once() {
        let reading = read("baton: contract/v1\nname: a\n");
        let missing: Vec<_> = reading
            .diagnostics()
            .iter()
            .map(|d| d.message.clone())
            .collect();
        let fields = [
            "version", "title", "purpose", "owner", "from", "to", "outcomes", "inputs", "clauses",
        ];
        assert_eq!(
            missing,
            fields.map(|field| format!("field `{field}` is missing"))
        );
        assert!(reading.contract().is_none());
    }

    #[test]
    fn a_typo_gets_the_field_that_was_meant() {
        let reading = read("baton: contract/v1\nverzion: 1.0.0\n");
        let typo = reading
            .diagnostics()
            .iter()
            .find(|d| d.code.number() == 201)
            .unwrap();
        assert_eq!(typo.hint, "did you mean `version`?");
        assert_eq!(typo.place.span, Some(baton_terms::Span::new(19, 26)));
    }

    #[test]
    fn the_normal_form_forgets_files_and_meaningless_order() {
        let text = "inputs: {schema_file: s.json, evidence: [{id: b}, {id: a}]}\nclauses: [{id: z}, {id: y}]\n";
        let mut document = Document::alone(Source::new("contract.yaml", text));
        document.files.insert(
            "s.json".to_owned(),
            Source::new("s.json", "{\"type\": \"object\"}"),
        );
        let inlined = "inputs: {schema: {type: object}, evidence: [{id: a}, {id: b}]}\nclauses: [{id: y}, {id: z}]\n";
        assert_eq!(document.read().normal_form(), read(inlined).normal_form());
        assert_eq!(Document::files_named_in(&document.main), ["s.json"]);
    }
}
