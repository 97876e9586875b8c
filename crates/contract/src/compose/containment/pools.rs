//! Values and names that either schema mentions: where a counterexample is most likely to differ.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use super::side::Side;

/// Values kept of each sort.
const EACH_MAX: usize = 60;
/// Longest text or list made to pass a bound.
const LENGTH_MAX: u64 = 600;

/// What either schema mentions.
#[derive(Debug, Default)]
pub(super) struct Pools {
    pub values: Vec<Value>,
    pub numbers: Vec<Value>,
    pub texts: Vec<String>,
    pub lengths: BTreeSet<u64>,
    pub names: BTreeSet<String>,
}

impl Pools {
    /// Collects what the two schemas mention.
    pub(super) fn new(narrow: &Side<'_>, wide: &Side<'_>) -> Self {
        let mut pools = Self::default();
        for number in ["0", "1", "-1", "0.5", "7"] {
            pools.numbers.extend(serde_json::from_str(number));
        }
        pools
            .texts
            .extend(["", "a", "B", "0", " ", "x-1", "é"].map(str::to_owned));
        pools.texts.extend(FORMAT_TEXTS.map(str::to_owned));
        pools.lengths.extend([0, 1, 2]);
        // The wide schema first: what it refuses is what is looked for.
        pools.visit(wide.root());
        pools.visit(narrow.root());
        pools.names.insert("unforeseen".to_owned());
        pools
    }

    fn visit(&mut self, schema: &Value) {
        match schema {
            Value::Array(list) => list.iter().for_each(|inner| self.visit(inner)),
            Value::Object(map) => {
                map.iter()
                    .for_each(|(keyword, value)| self.keyword(keyword, value));
            }
            _ => {}
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Value) {
        match (keyword, value) {
            ("const" | "default", value) => self.listed(value),
            ("enum" | "examples", Value::Array(list)) => {
                for one in list {
                    self.listed(one);
                }
            }

            ("pattern", Value::String(pattern)) => self.witness(pattern),
            ("patternProperties", Value::Object(map)) => {
                let witnesses = map
                    .keys()
                    .filter_map(|name| jsonschema_regex::pattern_witness(name));
                self.names.extend(witnesses.take(EACH_MAX));
                map.values().for_each(|inner| self.visit(inner));
            }
            ("properties" | "dependentSchemas" | "$defs", Value::Object(map)) => {
                if keyword != "$defs" {
                    self.names.extend(map.keys().take(EACH_MAX).cloned());
                }
                map.values().for_each(|inner| self.visit(inner));
            }
            ("required", Value::Array(list)) => {
                let names = list.iter().filter_map(Value::as_str).map(str::to_owned);
                self.names.extend(names.take(EACH_MAX));
            }
            (
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minContains" | "maxContains"
                | "minProperties" | "maxProperties",
                Value::Number(number),
            ) => self.length(number),
            (_, Value::Number(number)) => self.number(number),
            _ => self.visit(value),
        }
    }

    fn listed(&mut self, value: &Value) {
        if self.values.len() < EACH_MAX && !self.values.contains(value) {
            self.values.push(value.clone());
        }
    }

    fn witness(&mut self, pattern: &str) {
        let witness = jsonschema_regex::pattern_witness(pattern);
        self.texts
            .extend(witness.filter(|_| self.texts.len() < EACH_MAX));
    }

    fn length(&mut self, number: &Number) {
        let Some(length) = number.as_u64().filter(|length| *length <= LENGTH_MAX) else {
            return;
        };
        self.lengths
            .extend([length.saturating_sub(1), length, length + 1]);
    }

    /// A bound, its neighbors, and its halfway points.
    fn number(&mut self, number: &Number) {
        if self.numbers.len() >= EACH_MAX {
            return;
        }
        self.numbers.push(Value::Number(number.clone()));
        let Some(whole) = number
            .as_i64()
            .filter(|whole| whole.unsigned_abs() < 1 << 40)
        else {
            return;
        };
        for near in [whole - 1, whole + 1, whole * 2, -whole] {
            self.numbers.push(Value::from(near));
        }
        let half = format!("{whole}.5");
        self.numbers.extend(serde_json::from_str::<Value>(&half));
    }
}

/// One text per common format, so that required formats can be met.
const FORMAT_TEXTS: [&str; 10] = [
    "2026-11-20",
    "2026-11-20T09:00:00Z",
    "09:00:00Z",
    "P1D",
    "a@example.com",
    "example.com",
    "192.0.2.1",
    "2001:db8::1",
    "https://example.com/a",
    "123e4567-e89b-12d3-a456-426614174000",
];
