//! Reading documents field by field, so that every problem is reported in one run with its pointer.

use std::collections::BTreeSet;
use std::str::FromStr;

use baton_evidence::json::View;
use baton_evidence::json::tree::{Entries, Kind};
use baton_terms::{Code, Diagnostic, lookalike};

use crate::codes;

/// An object at a known place of its document.
pub(crate) struct Fields<'v, 'p> {
    map: Entries<'v>,
    place: Place<'p>,
}

/// A place in a document; its pointer is written out only where there is a problem.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    outer: Option<&'p Self>,
    /// The pointer of the outermost place, else the name of a field.
    name: &'p str,
    /// Which item of the list in that field.
    item: Option<usize>,
}

impl<'p> From<&'p str> for Place<'p> {
    fn from(name: &'p str) -> Self {
        Self {
            outer: None,
            name,
            item: None,
        }
    }
}

impl std::fmt::Display for Place<'_> {
    /// Writes the JSON Pointer (RFC 6901).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.outer {
            None => f.write_str(self.name)?,
            Some(outer) => {
                let token = self.name.replace('~', "~0").replace('/', "~1");
                write!(f, "{outer}/{token}")?;
            }
        }
        self.item.map_or(Ok(()), |item| write!(f, "/{item}"))
    }
}

/// The problems met so far.
#[derive(Default)]
pub(crate) struct Problems {
    found: Vec<Diagnostic>,
}

impl<'v> Fields<'v, '_> {
    /// Returns the JSON Pointer (RFC 6901) of a field.
    pub(crate) fn at(&self, key: &str) -> String {
        self.place(key).to_string()
    }

    fn place<'q>(&'q self, name: &'q str) -> Place<'q> {
        Place {
            outer: Some(&self.place),
            name,
            item: None,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<View<'v>> {
        self.map.get(key)
    }
}

impl Problems {
    /// Returns `value` when nothing was wrong, else every problem.
    pub(crate) fn or<T>(self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.found),
        }
    }

    pub(crate) fn add(&mut self, problem: Diagnostic) {
        self.found.push(problem);
    }

    /// Returns an object whose fields are all known.
    pub(crate) fn object<'v, 'p>(
        &mut self,
        value: View<'v>,
        place: impl Into<Place<'p>>,
        known: &[&str],
    ) -> Option<Fields<'v, 'p>> {
        let place = place.into();
        let Some(map) = value.as_map() else {
            self.wrong_kind(place.to_string(), "an object", value);
            return None;
        };
        let fields = Fields { map, place };
        for key in map.keys().filter(|key| !known.contains(key)) {
            self.add(
                Diagnostic::error(codes::FIELD_UNKNOWN, "field is not part of the format")
                    .pointing_to(fields.at(key))
                    .expected(format!("one of: {}", known.join(", ")))
                    .found(format!("`{}`", clipped(key)))
                    .hint("remove it or mend its spelling; details of the work belong into the payload"),
            );
        }
        Some(fields)
    }

    /// Returns a required object field.
    pub(crate) fn child<'v, 'p>(
        &mut self,
        fields: &'p Fields<'v, '_>,
        key: &'p str,
        known: &[&str],
    ) -> Option<Fields<'v, 'p>> {
        let value = self.required(fields, key, "an object")?;
        self.object(value, fields.place(key), known)
    }

    /// Returns a required field of any kind.
    pub(crate) fn required<'v>(
        &mut self,
        fields: &Fields<'v, '_>,
        key: &str,
        expected: &str,
    ) -> Option<View<'v>> {
        let value = fields.get(key);
        if value.is_none() {
            self.add(
                Diagnostic::error(codes::FIELD_MISSING, format!("field `{key}` is missing"))
                    .pointing_to(fields.at(key))
                    .expected(expected)
                    .found("nothing")
                    .hint(format!("add `{key}`")),
            );
        }
        value
    }

    /// Returns a required text that is not blank.
    pub(crate) fn text(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<String> {
        self.required(fields, key, "text")?;
        self.optional_text(fields, key)
    }

    /// Returns the name of a party that may be absent; it must be what it looks like.
    pub(crate) fn party(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<String> {
        let name = self.optional_text(fields, key)?;
        let Some(disguise) = lookalike::disguise(&name) else {
            return Some(name);
        };
        self.add(
            Diagnostic::error(codes::NAME_DISGUISED, "name is not what it looks like")
                .pointing_to(fields.at(key))
                .expected("a name of visible letters, each word in one script")
                .found(format!("{disguise} in `{}`", clipped(&name)))
                .hint("type the name again; copied text often brings such characters along"),
        );
        None
    }

    /// Returns a text that may be absent, but not blank.
    pub(crate) fn optional_text(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<String> {
        let value = fields.get(key)?;
        let Some(text) = value.as_str() else {
            self.wrong_kind(fields.at(key), "text", value);
            return None;
        };
        if text.trim().is_empty() || text.chars().count() > TEXT_CHARACTERS_MAX {
            self.wrong_form(
                fields.at(key),
                &format!("text of 1 to {TEXT_CHARACTERS_MAX} characters"),
                text,
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// Returns a required text read as `T`.
    pub(crate) fn parsed<T: FromStr>(
        &mut self,
        fields: &Fields<'_, '_>,
        key: &str,
        expected: &str,
    ) -> Option<T> {
        self.required(fields, key, expected)?;
        self.optional_parsed(fields, key, expected)
    }

    /// Returns a text that may be absent, read as `T`.
    pub(crate) fn optional_parsed<T: FromStr>(
        &mut self,
        fields: &Fields<'_, '_>,
        key: &str,
        expected: &str,
    ) -> Option<T> {
        let value = fields.get(key)?;
        let Some(text) = value.as_str() else {
            self.wrong_kind(fields.at(key), expected, value);
            return None;
        };
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.wrong_form(fields.at(key), expected, text);
        }
        parsed
    }

    /// Returns a whole number that may be absent, from 0 to `max`.
    pub(crate) fn optional_count(
        &mut self,
        fields: &Fields<'_, '_>,
        key: &str,
        max: u64,
    ) -> Option<u64> {
        let value = fields.get(key)?;
        let count = value.as_u64().filter(|count| *count <= max);
        if count.is_none() {
            self.wrong_kind(
                fields.at(key),
                &format!("a whole number from 0 to {max}"),
                value,
            );
        }
        count
    }

    /// Returns the items of a list with their pointers; none when the field is absent.
    pub(crate) fn optional_list<'v, 'p>(
        &mut self,
        fields: &'p Fields<'v, '_>,
        key: &'p str,
        max: usize,
    ) -> Vec<(View<'v>, Place<'p>)> {
        let Some(value) = fields.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.as_list() else {
            self.wrong_kind(fields.at(key), "a list", value);
            return Vec::new();
        };
        if items.len() > max {
            self.add(
                Diagnostic::error(codes::TOO_MANY, "list is too long")
                    .pointing_to(fields.at(key))
                    .expected(format!("at most {max} entries"))
                    .found(format!("{} entries", items.len()))
                    .hint("split the work, or leave out what nobody reads"),
            );
        }
        let place = |(index, item)| {
            let place = fields.place(key);
            (
                item,
                Place {
                    item: Some(index),
                    ..place
                },
            )
        };
        items.iter().enumerate().take(max).map(place).collect()
    }

    /// Checks the field `baton` against the format that is read here.
    pub(crate) fn format(&mut self, fields: &Fields<'_, '_>, format: &str) {
        let Some(found) = fields.get("baton") else {
            self.required(fields, "baton", &format!("`{format}`"));
            return;
        };
        if found.as_str() != Some(format) {
            self.add(
                Diagnostic::error(codes::FORMAT_UNKNOWN, "format or version is not known")
                    .pointing_to(fields.at("baton"))
                    .expected(format!("`{format}`"))
                    .found(shown(found))
                    .hint("write the format this program reads, or use a newer program"),
            );
        }
    }

    /// Refuses ids that occur twice; `pointer` names the list and `key` the id's field.
    pub(crate) fn unique<'i>(&mut self, ids: impl IntoIterator<Item = &'i str>, pointer: &str) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                self.add(
                    Diagnostic::error(codes::ID_REPEATED, "id is used twice")
                        .pointing_to(format!("{pointer}/{index}/id"))
                        .expected("an id of its own")
                        .found(format!("`{id}` again"))
                        .hint("give each entry an id of its own"),
                );
            }
        }
    }

    pub(crate) fn wrong_kind(&mut self, pointer: String, expected: &str, found: View<'_>) {
        self.add(
            Diagnostic::error(codes::WRONG_KIND, "value is of the wrong kind")
                .pointing_to(pointer)
                .expected(expected)
                .found(shown(found))
                .hint("compare with the format's page"),
        );
    }

    pub(crate) fn wrong_form(&mut self, pointer: String, expected: &str, found: &str) {
        self.coded_form(codes::WRONG_FORM, pointer, (expected, found));
    }

    /// Reports a text of the wrong form under a code of its own; `texts` are expected and found.
    pub(crate) fn coded_form(&mut self, code: Code, pointer: String, texts: (&str, &str)) {
        self.add(
            Diagnostic::error(code, "value is not spelled as it must be")
                .pointing_to(pointer)
                .expected(texts.0)
                .found(format!("`{}`", clipped(texts.1)))
                .hint("write it as expected"),
        );
    }
}

/// Characters in any single text of a package, waiver or history file outside the payload.
const TEXT_CHARACTERS_MAX: usize = 4000;

/// Returns the first characters of a text, escaped.
pub(crate) fn clipped(text: &str) -> String {
    let head: String = text.chars().take(80).collect();
    let dots = if text.chars().nth(80).is_some() {
        "…"
    } else {
        ""
    };
    format!("{}{dots}", head.escape_debug())
}

/// Returns a value in a few words.
pub(crate) fn shown(value: View<'_>) -> String {
    match value.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) => format!("`{}`", value.to_value()),
        Kind::Text(text) => format!("text `{}`", clipped(text)),
        Kind::List(items) => format!("a list of {} items", items.len()),
        Kind::Map(fields) => format!("an object of {} fields", fields.len()),
    }
}
