//! Writes anything that serializes straight into canonical form, without a tree in between.
//!
//! Entries of a map are written as they come; when they did not come in canonical order, the bytes
//! of that map are put in order once it is whole. What is skipped, renamed or refused is up to the
//! type and to `serde_json`'s conventions: `None` and `()` are `null`, a variant is its name, a key
//! that is a number is its text.

mod entries;
mod key;

use serde::ser::{self, Serialize};
use serde_json::Error;

use super::write::Writer;
use entries::{Entries, Entry, Items};

/// Writes values; `entries` and `keys` are stacks that all open maps share.
#[derive(Default)]
pub(super) struct Canonical {
    pub(super) writer: Writer,
    entries: Vec<Entry>,
    keys: String,
}

impl Canonical {
    /// Starts a variant that holds something: `{"name":`.
    fn open_variant(&mut self, name: &str) {
        self.writer.bytes.push(b'{');
        self.writer.text(name);
        self.writer.bytes.push(b':');
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.writer.bytes.extend_from_slice(bytes);
    }
}

impl<'c> ser::Serializer for &'c mut Canonical {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'c>;
    type SerializeTuple = Items<'c>;
    type SerializeTupleStruct = Items<'c>;
    type SerializeTupleVariant = Items<'c>;
    type SerializeMap = Entries<'c>;
    type SerializeStruct = Entries<'c>;
    type SerializeStructVariant = Entries<'c>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.raw(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.writer.number(&value.into());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.writer.number(&value.into());
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        match serde_json::Number::from_f64(value) {
            Some(number) => self.writer.number(&number),
            None => self.raw(b"null"),
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.writer.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.raw(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.open_variant(variant);
        value.serialize(&mut *self)?;
        self.raw(b"}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'c>, Error> {
        Ok(Items::open(self, b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'c>, Error> {
        Ok(Items::open(self, b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'c>, Error> {
        Ok(Items::open(self, b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'c>, Error> {
        self.open_variant(variant);
        Ok(Items::open(self, b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'c>, Error> {
        Ok(Entries::open(self, b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'c>, Error> {
        Ok(Entries::open(self, b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries<'c>, Error> {
        self.open_variant(variant);
        Ok(Entries::open(self, b"}}"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use crate::canonical::{of, to_bytes};

    #[derive(Serialize)]
    struct Sample {
        zebra: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<u8>,
        alpha: Option<&'static str>,
        shapes: Vec<Shape>,
        numbers: BTreeMap<i32, f64>,
        ages: BTreeMap<char, bool>,
        pair: (char, ()),
    }

    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "kebab-case")]
    enum Shape {
        PlainDot,
        Circle(u32),
        Box { wide: i64, high: i64 },
        Line(i8, i8),
    }

    #[test]
    fn writes_what_a_tree_in_between_would_write() {
        let sample = Sample {
            zebra: 1,
            absent: None,
            alpha: Some("\u{1f600} \"quoted\"\n"),
            shapes: vec![
                Shape::PlainDot,
                Shape::Circle(3),
                Shape::Box { wide: -1, high: 2 },
                Shape::Line(1, 2),
            ],
            numbers: BTreeMap::from([(2, 0.5), (10, f64::NAN), (-1, 1e21)]),
            // Ordered by scalar value, which UTF-16 order turns around.
            ages: BTreeMap::from([('\u{e000}', true), ('\u{10000}', false)]),
            pair: ('x', ()),
        };
        let tree = serde_json::to_value(&sample).unwrap();
        let written = of(&sample).unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            String::from_utf8(to_bytes(&tree)).unwrap()
        );
    }

    #[test]
    fn refuses_keys_that_are_no_text_and_unsafe_integers() {
        let by_list = BTreeMap::from([(vec![1], 2)]);
        assert!(of(&by_list).is_err());
        assert!(of(&json!({"n": 9_007_199_254_740_992_u64})).is_err());
        assert!(of(&u128::MAX).is_err());
    }

    #[test]
    fn a_repeated_key_is_refused() {
        struct Twice;
        impl Serialize for Twice {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map([("a", 1), ("b", 2), ("a", 3)])
            }
        }
        assert!(of(&Twice).is_err());
    }
}
