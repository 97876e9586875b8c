//! Lists and maps under way; a map is put in order when it closes.

use std::cmp::Ordering;
use std::ops::Range;

use serde::ser::{self, Error as _, Serialize};
use serde_json::Error;

use super::Canonical;
use super::key::Key;

/// One entry of an open map: its key's text among the keys, its bytes among what is written.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    key: Range<usize>,
    bytes: Range<usize>,
}

/// A list under way.
pub(crate) struct Items<'c> {
    canonical: &'c mut Canonical,
    close: &'static [u8],
    is_first: bool,
}

/// A map under way.
pub(crate) struct Entries<'c> {
    canonical: &'c mut Canonical,
    close: &'static [u8],
    /// Its first entry among the entries, and its first key among the keys.
    first: (usize, usize),
}

impl<'c> Items<'c> {
    pub(super) fn open(canonical: &'c mut Canonical, close: &'static [u8]) -> Self {
        canonical.raw(b"[");
        Self {
            canonical,
            close,
            is_first: true,
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if !self.is_first {
            self.canonical.raw(b",");
        }
        self.is_first = false;
        value.serialize(&mut *self.canonical)
    }

    fn finish(self) {
        self.canonical.raw(self.close);
    }
}

impl<'c> Entries<'c> {
    pub(super) fn open(canonical: &'c mut Canonical, close: &'static [u8]) -> Self {
        canonical.raw(b"{");
        let first = (canonical.entries.len(), canonical.keys.len());
        Self {
            canonical,
            close,
            first,
        }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let start = self.canonical.keys.len();
        key.serialize(Key {
            text: &mut self.canonical.keys,
        })?;
        self.open_entry(start);
        Ok(())
    }

    fn named(&mut self, key: &str) {
        let start = self.canonical.keys.len();
        self.canonical.keys.push_str(key);
        self.open_entry(start);
    }

    /// Starts the entry whose key is what stands among the keys from `start` on.
    fn open_entry(&mut self, start: usize) {
        let Canonical {
            writer,
            entries,
            keys,
        } = &mut *self.canonical;
        if entries.len() > self.first.0 {
            writer.bytes.push(b',');
        }
        let at = writer.bytes.len();
        writer.text(keys.get(start..).unwrap_or_default());
        writer.bytes.push(b':');
        entries.push(Entry {
            key: start..keys.len(),
            bytes: at..at,
        });
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.canonical)?;
        let end = self.canonical.writer.bytes.len();
        if let Some(entry) = self.canonical.entries.last_mut() {
            entry.bytes.end = end;
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Error> {
        let Canonical {
            writer,
            entries,
            keys,
        } = &mut *self.canonical;
        let own = entries.get_mut(self.first.0..).unwrap_or_default();
        let text = |entry: &Entry| keys.get(entry.key.clone()).unwrap_or_default();
        if !is_ordered(own, text) {
            let start = own.first().map_or(0, |entry| entry.bytes.start);
            own.sort_by(|left, right| utf16_order(text(left), text(right)));
            let is_repeated = own.windows(2).any(|pair| match pair {
                [left, right] => text(left) == text(right),
                _ => false,
            });
            if is_repeated {
                return Err(Error::custom("a key occurs twice"));
            }
            let mut ordered = Vec::with_capacity(writer.bytes.len() - start);
            for entry in own.iter() {
                if !ordered.is_empty() {
                    ordered.push(b',');
                }
                ordered
                    .extend_from_slice(writer.bytes.get(entry.bytes.clone()).unwrap_or_default());
            }
            writer.bytes.truncate(start);
            writer.bytes.extend_from_slice(&ordered);
        }
        entries.truncate(self.first.0);
        keys.truncate(self.first.1);
        self.canonical.raw(self.close);
        Ok(())
    }
}

/// Returns whether every key surely comes after the one before it.
fn is_ordered<'k>(entries: &[Entry], text: impl Fn(&Entry) -> &'k str) -> bool {
    entries.windows(2).all(|pair| match pair {
        [left, right] => utf16_order(text(left), text(right)) == Ordering::Less,
        _ => true,
    })
}

/// The order of RFC 8785 section 3.2.3, which for ASCII is that of the bytes.
fn utf16_order(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        left.cmp(right)
    } else {
        left.encode_utf16().cmp(right.encode_utf16())
    }
}

/// The four kinds of lists that types serialize differ in the name of the method only.
macro_rules! items {
    ($($kind:ident: $method:ident),*) => {
        $(impl ser::$kind for Items<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        })*
    };
}

items!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

/// Structs and variants with fields differ in the name of the trait only.
macro_rules! named_entries {
    ($($kind:ident),*) => {
        $(impl ser::$kind for Entries<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.named(key);
                self.value(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        })*
    };
}

named_entries!(SerializeStruct, SerializeStructVariant);
