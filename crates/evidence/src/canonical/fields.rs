//! The digest of a document that is described field by field, without the document in between.

use baton_terms::Digest;
use sha2::{Digest as _, Sha256};

use super::write::Writer;
use crate::json::Members;

/// Writes the members of a map straight into canonical form.
///
/// Keys are given in canonical order, which a debug build asserts.
pub struct Fields {
    writer: Writer,
    last: Option<&'static str>,
}

/// Returns the digest of the canonical form of a map with the members that `fill` gives it, in the
/// order of their keys.
pub fn digest_of(fill: impl FnOnce(&mut Fields)) -> Digest {
    let mut fields = Fields {
        writer: Writer::new(Some(Sha256::new())),
        last: None,
    };
    fields.braced(fill);
    fields.writer.digest()
}

impl Fields {
    fn braced(&mut self, fill: impl FnOnce(&mut Self)) {
        self.writer.bytes.push(b'{');
        let outer = self.last.take();
        fill(self);
        self.last = outer;
        self.writer.bytes.push(b'}');
    }

    fn key(&mut self, key: &'static str) {
        debug_assert!(self.last.is_none_or(|last| last < key) && key.is_ascii());
        self.writer.hand_over();
        if self.last.is_some() {
            self.writer.bytes.push(b',');
        }
        self.last = Some(key);
        self.writer.text(key);
        self.writer.bytes.push(b':');
    }

    fn listed<T>(
        &mut self,
        key: &'static str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.key(key);
        self.writer.bytes.push(b'[');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.writer.bytes.push(b',');
            }
            self.writer.hand_over();
            write(self, item);
        }
        self.writer.bytes.push(b']');
    }

    /// Adds a list of maps.
    pub fn maps<T>(
        &mut self,
        key: &'static str,
        items: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(&mut Self, T),
    ) {
        self.listed(key, items, |fields, item| {
            fields.braced(|fields| fill(fields, item));
        });
    }
}

impl Members for Fields {
    fn text(&mut self, key: &'static str, value: &str) {
        self.key(key);
        self.writer.text(value);
    }

    fn count(&mut self, key: &'static str, value: u64) {
        self.key(key);
        self.writer.number(&value.into());
    }

    fn texts<'v>(&mut self, key: &'static str, values: impl IntoIterator<Item = &'v str>) {
        self.listed(key, values, |fields, text| fields.writer.text(text));
    }

    fn map(&mut self, key: &'static str, fill: impl FnOnce(&mut Self)) {
        self.key(key);
        self.braced(fill);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::canonical::digest;

    #[test]
    fn the_digest_is_that_of_the_document() {
        let long = "a \"quoted\" text\n".repeat(200);
        let described = digest_of(|fields| {
            fields.count("count", 7);
            fields.map("empty", |_| {});
            fields.maps("items", ["x", "y"], |fields, item| fields.text("id", item));
            fields.maps("nothing", [""; 0], |_, _| {});
            fields.map("who", |fields| {
                fields.text("name", &long);
                fields.texts("roles", ["b", "a"]);
            });
            fields.texts("words", []);
        });
        let document = json!({
            "count": 7, "empty": {}, "items": [{"id": "x"}, {"id": "y"}], "nothing": [],
            "who": {"name": long, "roles": ["b", "a"]}, "words": [],
        });
        assert_eq!(described, digest(&document));
    }
}
