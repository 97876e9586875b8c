//! Reads the fields of JSON objects and collects everything that is wrong with their shape.

use baton_terms::{Code, Diagnostic};
use serde_json::{Map, Value};

/// One object and where it stands.
pub(crate) struct Object<'v> {
    map: &'v Map<String, Value>,
    pointer: String,
}

impl<'v> Object<'v> {
    pub(crate) fn new(map: &'v Map<String, Value>, pointer: String) -> Self {
        Self { map, pointer }
    }

    /// Returns the fields.
    pub(crate) fn map(&self) -> &'v Map<String, Value> {
        self.map
    }

    /// Returns the JSON Pointer of a field.
    pub(crate) fn at(&self, key: &str) -> String {
        format!(
            "{}/{}",
            self.pointer,
            key.replace('~', "~0").replace('/', "~1")
        )
    }

    /// Returns a field's value, where `null` is not absence.
    pub(crate) fn get(&self, key: &str) -> Option<&'v Value> {
        self.map.get(key)
    }
}

/// The problems of one document, all under one code.
pub(crate) struct Shape {
    code: Code,
    /// What was found so far.
    pub(crate) problems: Vec<Diagnostic>,
}

impl Shape {
    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            problems: Vec::new(),
        }
    }

    /// Reports a value that is not what is expected; `None` is a missing one.
    pub(crate) fn wrong(&mut self, pointer: String, expected: &str, found: Option<&Value>) {
        let message = match found {
            Some(_) => format!("expected {expected}"),
            None => format!("field is missing: expected {expected}"),
        };
        self.problems.push(
            Diagnostic::error(self.code, message)
                .pointing_to(pointer)
                .expected(expected)
                .found(found.map_or_else(|| "nothing".to_owned(), shown))
                .hint("compare with the example on the page of this code"),
        );
    }

    pub(crate) fn object<'v>(&mut self, value: &'v Value, pointer: &str) -> Option<Object<'v>> {
        if let Value::Object(map) = value {
            return Some(Object {
                map,
                pointer: pointer.to_owned(),
            });
        }
        self.wrong(pointer.to_owned(), "an object", Some(value));
        None
    }

    /// Returns a required object field.
    pub(crate) fn child<'v>(&mut self, object: &Object<'v>, key: &str) -> Option<Object<'v>> {
        let Some(value) = object.get(key) else {
            self.wrong(object.at(key), "an object", None);
            return None;
        };
        self.object(value, &object.at(key))
    }

    /// Returns a required text field.
    pub(crate) fn text<'v>(&mut self, object: &Object<'v>, key: &str) -> Option<&'v str> {
        let text = object.get(key).and_then(Value::as_str);
        if text.is_none() {
            self.wrong(object.at(key), "a text", object.get(key));
        }
        text
    }

    /// Returns a text field that may be absent.
    pub(crate) fn optional_text<'v>(&mut self, object: &Object<'v>, key: &str) -> Option<&'v str> {
        object.get(key)?;
        self.text(object, key)
    }

    /// Returns a field read by the rules of `T`, such as a time.
    pub(crate) fn parsed<T: std::str::FromStr>(
        &mut self,
        object: &Object<'_>,
        key: &str,
        expected: &str,
    ) -> Option<T> {
        let parsed = object
            .get(key)
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok());
        if parsed.is_none() {
            self.wrong(object.at(key), expected, object.get(key));
        }
        parsed
    }

    /// Returns the items of a required list field with their pointers.
    pub(crate) fn list<'v>(&mut self, object: &Object<'v>, key: &str) -> Vec<(&'v Value, String)> {
        let Some(Value::Array(items)) = object.get(key) else {
            self.wrong(object.at(key), "a list", object.get(key));
            return Vec::new();
        };
        let parent = object.at(key);
        let pointed = items.iter().enumerate();
        pointed
            .map(|(at, item)| (item, format!("{parent}/{at}")))
            .collect()
    }

    /// Returns the texts of a list field that may be absent.
    pub(crate) fn optional_texts(&mut self, object: &Object<'_>, key: &str) -> Vec<String> {
        if object.get(key).is_none() {
            return Vec::new();
        }
        let mut texts = Vec::new();
        for (item, pointer) in self.list(object, key) {
            match item.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(pointer, "a text", Some(item)),
            }
        }
        texts
    }

    /// Refuses the fields that are not listed.
    pub(crate) fn refuse_unknown(&mut self, object: &Object<'_>, known: &[&str]) {
        for key in object.map.keys() {
            if !known.contains(&key.as_str()) {
                self.problems.push(
                    Diagnostic::error(self.code, format!("field `{}` is unknown", clip(key)))
                        .pointing_to(object.at(key))
                        .expected(format!("one of: {}", known.join(", ")))
                        .found(clip(key))
                        .hint("remove it, or mend its spelling"),
                );
            }
        }
    }
}

/// Returns a value short enough to show.
fn shown(value: &Value) -> String {
    clip(&value.to_string())
}

/// Returns the first characters of a text.
pub(crate) fn clip(text: &str) -> String {
    text.chars().take(80).collect()
}
