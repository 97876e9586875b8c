//! Keys of one map that are equal, or equal after Unicode normalization (UAX #15, form C).
//!
//! Look-alike keys pass every reader and are told apart by every computer, never by a person.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, Span};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    codes,
    trail::{Key, push_token},
};

/// Maps up to this size are compared pair by pair, which beats sorting and allocates nothing.
const PAIRWISE_MAX: usize = 16;

/// Two keys that must not stand in one map.
pub(super) struct Clash {
    key: String,
    span: Span,
    first: Span,
    is_equal: bool,
}

impl Clash {
    /// Returns the diagnostic at the later key, in the map that `parent` points to.
    pub(super) fn diagnostic(self, parent: &str) -> Diagnostic {
        let mut pointer = parent.to_owned();
        push_token(&mut pointer, &self.key);
        let (code, message, hint) = if self.is_equal {
            (
                codes::DUPLICATE_KEY,
                format!("key `{}` is repeated", self.key),
                "keep one of the two, or rename one",
            )
        } else {
            (
                codes::LOOKALIKE_KEY,
                format!(
                    "key `{}` differs from another only by Unicode normalization",
                    self.key
                ),
                "write both in normalization form C, and keep one",
            )
        };
        Diagnostic::error(code, message)
            .at(self.span)
            .pointing_to(pointer)
            .expected("each key once in an object")
            .found(format!("the same key first at byte {}", self.first.start))
            .hint(hint)
    }
}

/// Returns the clashes among the keys of one map, each at its later key.
pub(super) fn clashes(keys: &[Key<'_>]) -> Vec<Clash> {
    let mut clashes = if keys.len() <= PAIRWISE_MAX {
        pairwise(keys)
    } else {
        ordered(keys)
    };
    if keys.iter().any(|key| !key.text.is_ascii()) {
        clashes.extend(lookalikes(keys));
    }
    clashes
}

fn pairwise(keys: &[Key<'_>]) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let earlier = keys.get(..at).unwrap_or_default();
        if let Some(first) = earlier.iter().find(|other| other.text == key.text) {
            clashes.push(equal(key, first.span));
        }
    }
    clashes
}

fn ordered(keys: &[Key<'_>]) -> Vec<Clash> {
    let mut sorted: Vec<&Key<'_>> = keys.iter().collect();
    sorted.sort_by(|left, right| (&left.text, left.span).cmp(&(&right.text, right.span)));
    let mut clashes = Vec::new();
    let mut first: Option<&Key<'_>> = None;
    for key in sorted {
        match first {
            Some(other) if other.text == key.text => clashes.push(equal(key, other.span)),
            _ => first = Some(key),
        }
    }
    clashes
}

fn equal(key: &Key<'_>, first: Span) -> Clash {
    Clash {
        key: key.text.clone().into_owned(),
        span: key.span,
        first,
        is_equal: true,
    }
}

/// Returns the keys whose form C another spelling had before; ASCII keys take part because some
/// characters, such as U+212A KELVIN SIGN, normalize to ASCII.
fn lookalikes(keys: &[Key<'_>]) -> Vec<Clash> {
    let mut seen: BTreeMap<String, &Key<'_>> = BTreeMap::new();
    let mut clashes = Vec::new();
    for key in keys {
        let normal: String = key.text.nfc().collect();
        match seen.get(&normal) {
            Some(first) if first.text != key.text => clashes.push(Clash {
                key: key.text.clone().into_owned(),
                span: key.span,
                first: first.span,
                is_equal: false,
            }),
            Some(_) => {}
            None => {
                seen.insert(normal, key);
            }
        }
    }
    clashes
}
