//! From a schema that the scan found sound to what is checked directly.

use std::collections::BTreeMap;

use jsonschema::Validator;
use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::super::instance::Trees;
use super::super::limits::PATTERN_COMPILED_BYTES_MAX;
use super::super::package_schema::options;
use super::super::pointer::{join, percent_decode};
use super::{At, Direct, Field, Here, Others, Rules, Subschema, Types};

/// Keywords whose effect reaches beyond the subschema they stand in.
const FAR_REACHING: [&str; 8] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveRef",
    "$vocabulary",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords that assert nothing.
const SILENT: [&str; 10] = [
    "$comment",
    "$defs",
    "$schema",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];
/// Levels of subschemas that apply one another to the same value: a check nests as deep as the
/// document times this.
const HERE_LEVELS_MAX: usize = 8;
/// Up to here an integer and its double are the same (RFC 7493 section 2.2).
const EXACT_MAX: u64 = 9_007_199_254_740_991;

struct Compiler<'s> {
    schema: &'s Value,
    by_pointer: BTreeMap<String, At>,
    /// Pointers to the subschemas in the order of their places.
    pointers: Vec<String>,
}

impl Direct {
    /// Compiles a schema; nothing when a keyword in it reaches too far.
    pub(in super::super) fn compile(schema: &Value) -> Option<Self> {
        if mentions(schema, &FAR_REACHING) {
            return None;
        }
        let mut compiler = Compiler {
            schema,
            by_pointer: BTreeMap::new(),
            pointers: Vec::new(),
        };
        compiler.place(String::new());
        let mut subschemas = Vec::new();
        // What is compiled names further subschemas, which are compiled in their turn.
        while let Some(pointer) = compiler.pointers.get(subschemas.len()).cloned() {
            let value = schema.pointer(&pointer)?;
            subschemas.push(compiler.subschema(value, &pointer)?);
        }
        let direct = Self { subschemas };
        direct.is_shallow().then_some(direct)
    }

    /// Whether subschemas apply one another to the same value on few levels only.
    fn is_shallow(&self) -> bool {
        let mut levels = vec![0; self.subschemas.len()];
        for _ in 0..=HERE_LEVELS_MAX {
            let level = |at: At| levels.get(at).map_or(0, |level| level + 1);
            let below = |subschema: &Subschema| subschema.here().map(level).max().unwrap_or(0);
            let next: Vec<usize> = self.subschemas.iter().map(below).collect();
            if next == levels {
                return true;
            }
            levels = next;
        }
        false
    }
}

impl Subschema {
    /// Returns what applies to the same value.
    fn here(&self) -> impl Iterator<Item = At> {
        let here = match self {
            Self::Rules(rules) => rules.here.as_slice(),
            Self::Never | Self::Other(_) => &[],
        };
        here.iter().flat_map(|here| match here {
            Here::All(list) | Here::Any(list) | Here::One(list) => list.to_vec(),
            Here::Not(at) => vec![*at],
            Here::If(test, then, otherwise) => [Some(*test), *then, *otherwise]
                .into_iter()
                .flatten()
                .collect(),
        })
    }
}

/// Whether any map in a value has one of these keys.
fn mentions(value: &Value, keys: &[&str]) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| keys.contains(&key.as_str()) || mentions(value, keys)),
        Value::Array(list) => list.iter().any(|value| mentions(value, keys)),
        _ => false,
    }
}

impl Compiler<'_> {
    /// Returns the place of the subschema a pointer leads to.
    fn place(&mut self, pointer: String) -> At {
        let next = self.pointers.len();
        let at = *self.by_pointer.entry(pointer.clone()).or_insert(next);
        if at == next {
            self.pointers.push(pointer);
        }
        at
    }

    fn subschema(&mut self, value: &Value, pointer: &str) -> Option<Subschema> {
        let map = match value {
            Value::Bool(true) => return Some(Subschema::Rules(Box::default())),
            Value::Bool(false) => return Some(Subschema::Never),
            Value::Object(map) => map,
            _ => return None,
        };
        let mut rules = Rules::default();
        let is_direct = map
            .iter()
            .all(|(keyword, value)| self.keyword(&mut rules, map, (keyword, value, pointer)));
        if is_direct {
            return Some(Subschema::Rules(Box::new(rules)));
        }
        // By itself a subschema has nothing that its references could lead to.
        if mentions(value, &["$ref"]) {
            return None;
        }
        let validator: Validator<Trees> = options::<Trees>().build(value).ok()?;
        Some(Subschema::Other(Box::new(validator)))
    }

    /// Takes one keyword into the rules and returns whether it can be checked directly.
    fn keyword(
        &mut self,
        rules: &mut Rules,
        map: &Map<String, Value>,
        (keyword, value, pointer): (&str, &Value, &str),
    ) -> bool {
        let below = || join(pointer, keyword);
        let taken = match keyword {
            "type" => types(value).map(|types| rules.types = types),
            // Both together go elsewhere.
            "enum" | "const" => offered(keyword, value)
                .filter(|_| rules.options.is_none())
                .map(|offered| rules.options = Some(offered)),
            "minLength" => count(value).map(|least| rules.text.characters.least = least),
            "maxLength" => count(value).map(|most| rules.text.characters.most = most),
            "minItems" => count(value).map(|least| rules.list.count.least = least),
            "maxItems" => count(value).map(|most| rules.list.count.most = most),
            "minProperties" => count(value).map(|least| rules.map.count.least = least),
            "maxProperties" => count(value).map(|most| rules.map.count.most = most),
            "minimum" => exact(value).map(|limit| rules.number.least = Some(limit)),
            "maximum" => exact(value).map(|limit| rules.number.most = Some(limit)),
            "exclusiveMinimum" => exact(value).map(|limit| rules.number.above = Some(limit)),
            "exclusiveMaximum" => exact(value).map(|limit| rules.number.below = Some(limit)),
            "pattern" => regex(value).map(|regex| rules.text.pattern = Some(regex)),
            "items" => {
                rules.list.items = Some(self.place(below()));
                Some(())
            }
            "uniqueItems" => (value == &Value::Bool(false)).then_some(()),
            "properties" | "required" => self.fields(rules, map, pointer),
            "additionalProperties" => {
                rules.map.others = match value {
                    Value::Bool(true) => Others::Any,
                    Value::Bool(false) => Others::None,
                    _ => Others::Like(self.place(below())),
                };
                Some(())
            }
            "$ref" | "allOf" | "anyOf" | "oneOf" | "not" | "if" => self
                .here(map, (keyword, value, pointer))
                .map(|here| rules.here.push(here)),
            // They say something beside `if` only.
            "then" | "else" => Some(()),
            silent => SILENT.contains(&silent).then_some(()),
        };
        taken.is_some()
    }

    fn fields(&mut self, rules: &mut Rules, map: &Map<String, Value>, pointer: &str) -> Option<()> {
        let mut fields: BTreeMap<&str, Field> = BTreeMap::new();
        let field = |name: &str| Field {
            name: Box::from(name),
            is_required: false,
            described: None,
        };
        if let Some(properties) = map.get("properties") {
            let at = join(pointer, "properties");
            for name in properties.as_object()?.keys() {
                let described = Some(self.place(join(&at, name)));
                let field = Field {
                    described,
                    ..field(name)
                };
                fields.insert(name, field);
            }
        }
        if let Some(required) = map.get("required") {
            for name in required.as_array()? {
                let name = name.as_str()?;
                let field = fields.entry(name).or_insert_with(|| field(name));
                field.is_required = true;
            }
        }
        rules.map.fields = fields.into_values().collect();
        Some(())
    }

    fn here(
        &mut self,
        map: &Map<String, Value>,
        (keyword, value, pointer): (&str, &Value, &str),
    ) -> Option<Here> {
        let mut beside = |keyword: &str| {
            map.contains_key(keyword)
                .then(|| self.place(join(pointer, keyword)))
        };
        let (then, otherwise) = match keyword {
            "if" => (beside("then"), beside("else")),
            _ => (None, None),
        };
        let at = join(pointer, keyword);
        let mut list = || -> Option<Box<[At]>> {
            let count = value.as_array()?.len();
            Some(
                (0..count)
                    .map(|index| self.place(join(&at, &index.to_string())))
                    .collect(),
            )
        };
        Some(match keyword {
            "$ref" => {
                let fragment = value.as_str()?.strip_prefix('#')?;
                let target = percent_decode(fragment)?;
                self.schema.pointer(&target)?;
                Here::All(Box::from([self.place(target)]))
            }
            "allOf" => Here::All(list()?),
            "anyOf" => Here::Any(list()?),
            "oneOf" => Here::One(list()?),
            "not" => Here::Not(self.place(at)),
            _ => Here::If(self.place(at), then, otherwise),
        })
    }
}

fn types(value: &Value) -> Option<Types> {
    let one = |name: &Value| {
        Some(match name.as_str()? {
            "array" => Types::LIST,
            "boolean" => Types::BOOL,
            "integer" => Types::INTEGER,
            "null" => Types::NULL,
            "number" => Types::NUMBER,
            "object" => Types::MAP,
            "string" => Types::TEXT,
            _ => return None,
        })
    };
    match value {
        Value::Array(names) => names
            .iter()
            .try_fold(Types(0), |all, name| Some(Types(all.0 | one(name)?.0))),
        name => one(name),
    }
}

/// Returns the texts of `enum`, or of `const` the one; nothing when there are other values.
fn offered(keyword: &str, value: &Value) -> Option<Box<[Box<str>]>> {
    let text = |value: &Value| value.as_str().map(Box::from);
    match keyword {
        "enum" => value.as_array()?.iter().map(text).collect(),
        _ => Some(Box::from([text(value)?])),
    }
}

fn count(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}

fn exact(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .filter(|limit| limit.unsigned_abs() <= EXACT_MAX)
}

/// Returns the pattern as the validator translates it.
fn regex(value: &Value) -> Option<Regex> {
    let translated = jsonschema_regex::to_rust_regex(value.as_str()?).ok()?;
    RegexBuilder::new(&translated)
        .size_limit(PATTERN_COMPILED_BYTES_MAX)
        .dfa_size_limit(PATTERN_COMPILED_BYTES_MAX)
        .build()
        .ok()
}
