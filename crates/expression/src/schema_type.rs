//! The type of a document from its JSON Schema 2020-12 (Core §10, Validation §6).
//!
//! A schema says more than a type can; what is lost becomes wider, never narrower, so the checker
//! refuses only what no valid document could satisfy.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::types::{Field, Object, Type};

/// Schema nesting and `$ref` hops followed before a type becomes `any`; bounds recursive schemas.
const LEVELS_MAX: usize = 12;
/// Subschemas visited before types become `any`; bounds schemas that fan out through `$ref`.
const VISITS_MAX: usize = 20_000;

impl Type {
    /// Returns the type of the documents that `schema` accepts; what it leaves open is `any`.
    pub fn from_schema(schema: &Json) -> Self {
        let mut reader = Reader {
            root: schema,
            visits: 0,
        };
        reader.read(schema, 0)
    }
}

struct Reader<'s> {
    root: &'s Json,
    visits: usize,
}

impl<'s> Reader<'s> {
    fn read(&mut self, schema: &'s Json, level: usize) -> Type {
        self.visits += 1;
        let Json::Object(keywords) = schema else {
            return Type::Any;
        };
        if level > LEVELS_MAX || self.visits > VISITS_MAX {
            return Type::Any;
        }
        let mut kinds = vec![self.own(keywords, level)];
        if let Some(Json::String(reference)) = keywords.get("$ref") {
            kinds.push(self.resolve(reference, level));
        }
        if let Some(Json::Array(all)) = keywords.get("allOf") {
            kinds.extend(all.iter().map(|part| self.read(part, level + 1)));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Json::Array(any)) = keywords.get(keyword) {
                let parts: Vec<_> = any.iter().map(|part| self.read(part, level + 1)).collect();
                kinds.push(Type::union(parts));
            }
        }
        kinds.extend(self.conditional(keywords, level));
        kinds.into_iter().fold(Type::Any, intersect)
    }

    /// `if`/`then`/`else` and `dependentSchemas` declare fields without requiring them.
    fn conditional(&mut self, keywords: &'s Map<String, Json>, level: usize) -> Vec<Type> {
        let branches = ["then", "else"]
            .into_iter()
            .filter_map(|name| keywords.get(name));
        let dependent = keywords
            .get("dependentSchemas")
            .and_then(Json::as_object)
            .into_iter()
            .flat_map(Map::values);
        let parts: Vec<&'s Json> = branches.chain(dependent).collect();
        parts
            .into_iter()
            .filter_map(|part| match self.read(part, level + 1) {
                Type::Object(object) => Some(Type::Object(loosened(object))),
                _ => None,
            })
            .collect()
    }

    fn resolve(&mut self, reference: &str, level: usize) -> Type {
        let Some(fragment) = reference.strip_prefix('#') else {
            return Type::Any;
        };
        let target = if fragment.is_empty() || fragment.starts_with('/') {
            self.root.pointer(fragment)
        } else {
            let definitions = self.root.get("$defs").and_then(Json::as_object);
            definitions.and_then(|definitions| {
                definitions
                    .values()
                    .find(|schema| schema.get("$anchor").and_then(Json::as_str) == Some(fragment))
            })
        };
        target.map_or(Type::Any, |target| self.read(target, level + 1))
    }

    fn own(&mut self, keywords: &'s Map<String, Json>, level: usize) -> Type {
        if let Some(value) = keywords.get("const") {
            return of_value(value);
        }
        if let Some(Json::Array(values)) = keywords.get("enum") {
            return of_values(values);
        }
        match keywords.get("type") {
            Some(Json::String(name)) => self.named(name, keywords, level),
            Some(Json::Array(names)) => {
                let names: Vec<&str> = names.iter().filter_map(Json::as_str).collect();
                let kinds: Vec<_> = names
                    .into_iter()
                    .map(|name| self.named(name, keywords, level))
                    .collect();
                Type::union(kinds)
            }
            _ if keywords.contains_key("properties") => self.named("object", keywords, level),
            _ => Type::Any,
        }
    }

    fn named(&mut self, name: &str, keywords: &'s Map<String, Json>, level: usize) -> Type {
        match name {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "number" => Type::Double,
            "string" => match keywords.get("format").and_then(Json::as_str) {
                Some("date-time") => Type::Timestamp,
                _ => Type::Text,
            },
            "array" => self.array(keywords, level),
            "object" => self.object(keywords, level),
            _ => Type::Any,
        }
    }

    fn array(&mut self, keywords: &'s Map<String, Json>, level: usize) -> Type {
        let prefix = keywords.get("prefixItems").and_then(Json::as_array);
        let rest = keywords.get("items");
        let mut kinds: Vec<_> = prefix
            .into_iter()
            .flatten()
            .map(|item| self.read(item, level + 1))
            .collect();
        match rest {
            Some(Json::Bool(false)) => {}
            Some(items) => kinds.push(self.read(items, level + 1)),
            None => kinds.push(Type::Any),
        }
        Type::List {
            item: Box::new(Type::union(kinds)),
            items_max: keywords.get("maxItems").and_then(Json::as_u64),
        }
    }

    fn object(&mut self, keywords: &'s Map<String, Json>, level: usize) -> Type {
        let additional = keywords
            .get("additionalProperties")
            .or_else(|| keywords.get("unevaluatedProperties"));
        let properties = keywords.get("properties").and_then(Json::as_object);
        let is_open = additional != Some(&Json::Bool(false));
        let Some(properties) = properties.filter(|properties| !properties.is_empty()) else {
            return match additional {
                Some(schema) if is_open => Type::map(self.read(schema, level + 1)),
                Some(_) if !keywords.contains_key("patternProperties") => {
                    Type::Object(Object::default())
                }
                _ => Type::map(Type::Any),
            };
        };
        let required: Vec<&str> = keywords
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let fields = properties
            .iter()
            .map(|(name, schema)| {
                let field = Field {
                    kind: self.read(schema, level + 1),
                    required: required.contains(&name.as_str()),
                };
                (name.clone(), field)
            })
            .collect();
        Type::Object(Object {
            fields,
            open: is_open,
        })
    }
}

fn of_value(value: &Json) -> Type {
    match value {
        Json::Null => Type::Null,
        Json::Bool(_) => Type::Bool,
        Json::Number(number) if number.is_i64() => Type::Int,
        Json::Number(_) => Type::Double,
        Json::String(text) => Type::TextOf(vec![text.clone()]),
        Json::Array(_) => Type::list(Type::Any),
        Json::Object(_) => Type::map(Type::Any),
    }
}

fn of_values(values: &[Json]) -> Type {
    let texts: Vec<String> = values
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    let others = values
        .iter()
        .filter(|value| !value.is_string())
        .map(of_value);
    let texts = (!texts.is_empty()).then_some(Type::TextOf(texts));
    Type::union(texts.into_iter().chain(others))
}

/// Returns the object with nothing required and nothing excluded.
fn loosened(object: Object) -> Object {
    let optional = |(name, field): (String, Field)| (name, Field::optional(field.kind));
    Object {
        fields: object.fields.into_iter().map(optional).collect(),
        open: true,
    }
}

/// Returns the type of values that are of both types, or a wider one where that is unclear.
fn intersect(left: Type, right: Type) -> Type {
    match (left, right) {
        (Type::Any, other) | (other, Type::Any) => other,
        (Type::Object(left), Type::Object(right)) => Type::Object(merge(left, right)),
        // An object that says nothing of its fields adds nothing to one that does.
        (Type::Map(_), Type::Object(object)) | (Type::Object(object), Type::Map(_)) => {
            Type::Object(object)
        }
        (Type::Union(members), other) | (other, Type::Union(members)) => {
            let common: Vec<_> = members
                .iter()
                .filter(|member| member.fits(&other))
                .map(|member| intersect(member.clone(), other.clone()))
                .collect();
            if common.is_empty() {
                other
            } else {
                join_objects(common)
            }
        }
        (Type::Double, Type::Int) => Type::Int,
        (Type::Text, narrower) if narrower.is_text() => narrower,
        (left, _) => left,
    }
}

/// Returns the union of `kinds` with all objects joined into one, so that fields stay known.
fn join_objects(kinds: Vec<Type>) -> Type {
    let mut joined: Option<Object> = None;
    let mut others = Vec::new();
    for kind in kinds {
        match kind {
            Type::Object(object) => {
                joined = Some(match joined {
                    None => object,
                    Some(before) => either(&before, &object),
                });
            }
            other => others.push(other),
        }
    }
    Type::union(joined.map(Type::Object).into_iter().chain(others))
}

/// Returns the object whose fields are those of one or the other.
fn either(left: &Object, right: &Object) -> Object {
    let open = left.open || right.open;
    let mut fields: BTreeMap<String, Field> = BTreeMap::new();
    for (name, field) in &left.fields {
        let joined = match right.fields.get(name) {
            Some(other) => Field {
                kind: Type::union([field.kind.clone(), other.kind.clone()]),
                required: field.required && other.required,
            },
            None => Field::optional(field.kind.clone()),
        };
        fields.insert(name.clone(), joined);
    }
    for (name, field) in &right.fields {
        fields
            .entry(name.clone())
            .or_insert_with(|| Field::optional(field.kind.clone()));
    }
    Object { fields, open }
}

fn merge(left: Object, right: Object) -> Object {
    let open = left.open && right.open;
    let mut fields = left.fields;
    for (name, field) in right.fields {
        match fields.remove(&name) {
            Some(before) => {
                let merged = Field {
                    kind: intersect(before.kind, field.kind),
                    required: before.required || field.required,
                };
                fields.insert(name, merged);
            }
            None => {
                fields.insert(name, field);
            }
        }
    }
    Object { fields, open }
}
