//! Writes values in canonical form.

use baton_terms::Digest;
use serde::Serialize;
use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256};

use super::serialize::Canonical;
use crate::json::View;
use crate::json::tree::{Entries, Kind};
use crate::scan;

/// 2^53 − 1: up to here an integer and its double are the same (RFC 7493 section 2.2).
const SAFE_MAX: u64 = 9_007_199_254_740_991;
/// UTF-8 bytes from here on start or continue characters whose order differs in UTF-16.
const UTF16_ORDER_DIFFERS_FROM: u8 = 0xee;

/// Bytes set aside at the start.
const CAPACITY: usize = 1000;
/// Bytes from which on a part is handed to the hash: together with most single texts they stay
/// within what was set aside, so that a digest allocates once, whatever the size of the document.
const PART: usize = 512;
/// Bytes the hash takes at once (FIPS 180-4 §1).
const BLOCK: usize = 64;

/// A value that has no canonical form.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalError {
    /// The type did not serialize to JSON, or gives a map one key twice.
    #[error("write the canonical form: the value is not JSON")]
    NotJson(#[from] serde_json::Error),
    /// An integer that a double does not hold exactly.
    #[error("write the canonical form: the value holds an integer beyond 2^53 - 1")]
    UnsafeInteger,
}

/// Returns the canonical bytes of a value.
///
/// Defined for every value; but an integer beyond ±(2^53 − 1), which the reader never lets in,
/// is written as the nearest double like RFC 8785 section 3.2.2.3 says. Use [`of`] to refuse it.
pub fn to_bytes(value: &Value) -> Vec<u8> {
    write(value).bytes
}

/// Returns the digest of the canonical bytes of a value.
pub fn digest(value: &Value) -> Digest {
    let mut writer = Writer::new(Some(Sha256::new()));
    writer.value(value);
    writer.digest()
}

/// Returns the canonical bytes of a value of a tree.
pub fn view_to_bytes(view: View<'_>) -> Vec<u8> {
    let mut writer = Writer::new(None);
    writer.view(view);
    writer.bytes
}

/// Returns the digest of the canonical bytes of a value of a tree.
pub fn view_digest(view: View<'_>) -> Digest {
    let mut writer = Writer::new(Some(Sha256::new()));
    writer.view(view);
    writer.digest()
}

/// Returns the canonical bytes of anything that serializes.
///
/// # Errors
/// When it does not serialize to JSON, or holds an integer that a double does not keep.
pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut canonical = Canonical::default();
    value.serialize(&mut canonical)?;
    let writer = canonical.writer;
    if writer.has_unsafe_integer {
        return Err(CanonicalError::UnsafeInteger);
    }
    Ok(writer.bytes)
}

fn write(value: &Value) -> Writer {
    let mut writer = Writer::new(None);
    writer.value(value);
    writer
}

/// Writes one value after the other.
#[derive(Default)]
pub(super) struct Writer {
    /// What is written; with a hash, what it has not yet taken.
    pub(super) bytes: Vec<u8>,
    hash: Option<Sha256>,
    has_unsafe_integer: bool,
}

impl Writer {
    pub(super) fn new(hash: Option<Sha256>) -> Self {
        Self {
            bytes: Vec::with_capacity(CAPACITY),
            hash,
            has_unsafe_integer: false,
        }
    }

    /// Hands what is written to the hash, when there is enough of it.
    #[inline]
    pub(super) fn hand_over(&mut self) {
        if self.bytes.len() >= PART && self.hash.is_some() {
            self.hash_blocks();
        }
    }

    /// Hands over whole blocks, which the hash takes without keeping any of them.
    fn hash_blocks(&mut self) {
        let whole = self.bytes.len() / BLOCK * BLOCK;
        if let Some(hash) = &mut self.hash {
            hash.update(self.bytes.get(..whole).unwrap_or_default());
            self.bytes.drain(..whole);
        }
    }

    pub(super) fn digest(self) -> Digest {
        let mut hash = self.hash.unwrap_or_default();
        hash.update(&self.bytes);
        Digest::from_bytes(hash.finalize().into())
    }

    fn value(&mut self, value: &Value) {
        self.hand_over();
        match value {
            Value::Null => self.bytes.extend_from_slice(b"null"),
            Value::Bool(true) => self.bytes.extend_from_slice(b"true"),
            Value::Bool(false) => self.bytes.extend_from_slice(b"false"),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text),
            Value::Array(items) => self.list(items),
            Value::Object(map) => self.map(map),
        }
    }

    fn list(&mut self, items: &[Value]) {
        let mut separator = b'[';
        for item in items {
            self.bytes.push(separator);
            self.value(item);
            separator = b',';
        }
        if items.is_empty() {
            self.bytes.push(b'[');
        }
        self.bytes.push(b']');
    }

    fn map(&mut self, map: &Map<String, Value>) {
        self.bytes.push(b'{');
        if is_sorted(map) {
            self.entries(map.iter());
        } else {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by(|left, right| left.0.encode_utf16().cmp(right.0.encode_utf16()));
            self.entries(entries.into_iter());
        }
        self.bytes.push(b'}');
    }

    fn view(&mut self, view: View<'_>) {
        self.hand_over();
        // What had no escapes needs none: quotes, backslashes and control characters are all there are.
        if let Some(quoted) = view.quoted() {
            self.bytes.extend_from_slice(quoted);
            return;
        }
        match view.kind() {
            Kind::Null => self.bytes.extend_from_slice(b"null"),
            Kind::Bool(true) => self.bytes.extend_from_slice(b"true"),
            Kind::Bool(false) => self.bytes.extend_from_slice(b"false"),
            Kind::Integer(value) if value.unsigned_abs() <= SAFE_MAX => {
                if value.is_negative() {
                    self.bytes.push(b'-');
                }
                self.integer(value.unsigned_abs());
            }
            Kind::Integer(value) => self.number(&value.into()),
            Kind::Float(value) => self.double(value),
            Kind::Text(text) => self.text(text),
            Kind::List(items) => {
                self.bytes.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.bytes.push(b',');
                    }
                    self.view(item);
                }
                self.bytes.push(b']');
            }
            Kind::Map(entries) => self.view_map(entries),
        }
    }

    fn view_map(&mut self, entries: Entries<'_>) {
        self.bytes.push(b'{');
        // The order of bytes is that of UTF-16 code units up to U+DFFF.
        if entries.is_ascii() || entries.keys().all(is_plain) {
            self.view_entries(entries.quoted());
        } else {
            let mut sorted: Vec<_> = entries.quoted().collect();
            sorted.sort_by(|left, right| left.1.encode_utf16().cmp(right.1.encode_utf16()));
            self.view_entries(sorted.into_iter());
        }
        self.bytes.push(b'}');
    }

    fn view_entries<'a>(
        &mut self,
        entries: impl Iterator<Item = (Option<&'a [u8]>, &'a str, View<'a>)>,
    ) {
        for (at, (quoted, key, view)) in entries.enumerate() {
            if at > 0 {
                self.bytes.push(b',');
            }
            match quoted {
                Some(quoted) => self.bytes.extend_from_slice(quoted),
                None => self.text(key),
            }
            self.bytes.push(b':');
            self.view(view);
        }
    }

    fn entries<'a>(&mut self, entries: impl Iterator<Item = (&'a String, &'a Value)>) {
        for (at, (key, value)) in entries.enumerate() {
            if at > 0 {
                self.bytes.push(b',');
            }
            self.text(key);
            self.bytes.push(b':');
            self.value(value);
        }
    }

    /// Writes a number as ECMAScript does (RFC 8785 section 3.2.2.3).
    pub(super) fn number(&mut self, number: &Number) {
        let magnitude = number
            .as_u64()
            .or_else(|| number.as_i64().map(i64::unsigned_abs));
        match magnitude {
            Some(magnitude) if magnitude <= SAFE_MAX => {
                if number.as_i64().is_some_and(i64::is_negative) {
                    self.bytes.push(b'-');
                }
                self.integer(magnitude);
            }
            _ => {
                self.has_unsafe_integer |= magnitude.is_some();
                self.double(number.as_f64().unwrap_or_default());
            }
        }
    }

    fn double(&mut self, double: f64) {
        let mut buffer = ryu_js::Buffer::new();
        self.bytes
            .extend_from_slice(buffer.format(double).as_bytes());
    }

    fn integer(&mut self, mut magnitude: u64) {
        let start = self.bytes.len();
        loop {
            // A remainder by ten always fits a byte.
            let digit = u8::try_from(magnitude % 10).unwrap_or_default();
            self.bytes.push(b'0' + digit);
            magnitude /= 10;
            if magnitude == 0 {
                break;
            }
        }
        if let Some(digits) = self.bytes.get_mut(start..) {
            digits.reverse();
        }
    }

    /// Writes a string with the fewest escapes (RFC 8785 section 3.2.2.2).
    pub(super) fn text(&mut self, text: &str) {
        self.bytes.push(b'"');
        let mut rest = text.as_bytes();
        loop {
            let (plain, tail) = rest
                .split_at_checked(scan::plain(rest).length)
                .unwrap_or((rest, &[]));
            self.bytes.extend_from_slice(plain);
            let Some((byte, tail)) = tail.split_first() else {
                break;
            };
            self.escape(*byte);
            rest = tail;
        }
        self.bytes.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let letter = match byte {
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            b'"' | b'\\' => byte,
            other => {
                self.bytes
                    .extend_from_slice(format!("\\u{other:04x}").as_bytes());
                return;
            }
        };
        self.bytes.extend_from_slice(&[b'\\', letter]);
    }
}

/// Returns whether the map's own order surely is the canonical one.
fn is_sorted(map: &Map<String, Value>) -> bool {
    map.keys().is_sorted() && map.keys().all(|key| is_plain(key))
}

/// Returns whether a key's place is the same by bytes and by UTF-16 code units.
fn is_plain(key: &str) -> bool {
    key.is_ascii() || key.bytes().all(|byte| byte < UTF16_ORDER_DIFFERS_FROM)
}
