//! Distinct texts and their codes: every text of a log is stored once, all of them in one piece of
//! memory.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The place of a text in its dictionary.
pub type Code = u32;

/// The code of a value that is not there.
pub const MISSING: Code = Code::MAX;

/// Bytes that are not UTF-8, and so no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("read bytes as UTF-8 text")]
pub struct NotText;

/// Distinct texts by code.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// All texts, one after the other, in the order of their codes.
    arena: String,
    /// Where each text ends.
    ends: Vec<usize>,
    lookup: Lookup,
}

/// How a text finds its code.
#[derive(Debug, Clone)]
enum Lookup {
    Hashed {
        codes: HashTable<Code>,
        state: DefaultHashBuilder,
    },
    /// The texts are in the order of their bytes; the table is not needed.
    Sorted,
}

impl Default for Lookup {
    fn default() -> Self {
        Self::Hashed {
            codes: HashTable::new(),
            state: DefaultHashBuilder::default(),
        }
    }
}

impl Dictionary {
    /// Returns an empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the code of `text`, giving it the next one when it is new; [`MISSING`] once all
    /// codes are used.
    pub fn intern(&mut self, text: &str) -> Code {
        self.place(text.as_bytes(), |_| Ok(text)).unwrap_or(MISSING)
    }

    /// Does the same with bytes, which are checked only when they are new.
    ///
    /// # Errors
    /// [`NotText`] when they are not UTF-8.
    #[inline]
    pub fn intern_bytes(&mut self, bytes: &[u8]) -> Result<Code, NotText> {
        self.place(bytes, |bytes| {
            std::str::from_utf8(bytes).map_err(|_| NotText)
        })
    }

    /// Returns whether `code` has exactly these bytes.
    #[inline]
    pub fn is(&self, code: Code, bytes: &[u8]) -> bool {
        bytes_of(&self.arena, &self.ends, code).is_some_and(|text| same(text, bytes))
    }

    /// Returns the code of `bytes`, which is mostly the last one: neighboring rows repeat values,
    /// and comparing beats hashing.
    ///
    /// # Errors
    /// [`NotText`] when they are not UTF-8.
    #[inline]
    pub(crate) fn last_or_intern(
        &mut self,
        last: Option<&Code>,
        bytes: &[u8],
    ) -> Result<Code, NotText> {
        match last {
            Some(&last) if self.is(last, bytes) => Ok(last),
            _ => self.intern_bytes(bytes),
        }
    }

    #[inline]
    fn place<'t>(
        &mut self,
        bytes: &'t [u8],
        text: impl FnOnce(&'t [u8]) -> Result<&'t str, NotText>,
    ) -> Result<Code, NotText> {
        if matches!(self.lookup, Lookup::Sorted) {
            self.lookup = self.hashed();
        }
        let Lookup::Hashed { codes, state } = &mut self.lookup else {
            return Ok(MISSING);
        };
        let (arena, ends) = (&mut self.arena, &mut self.ends);
        let hash = state.hash_one(bytes);
        if let Some(&code) = codes.find(hash, |&code| {
            bytes_of(arena, ends, code).is_some_and(|text| same(text, bytes))
        }) {
            return Ok(code);
        }
        let Some(code) = Code::try_from(ends.len())
            .ok()
            .filter(|&code| code != MISSING)
        else {
            return Ok(MISSING);
        };
        arena.push_str(text(bytes)?);
        ends.push(arena.len());
        codes.insert_unique(hash, code, |&code| {
            state.hash_one(bytes_of(arena, ends, code).unwrap_or_default())
        });
        Ok(code)
    }

    fn hashed(&self) -> Lookup {
        let state = DefaultHashBuilder::default();
        let mut codes = HashTable::with_capacity(self.ends.len());
        let hash = |&code: &Code| {
            state.hash_one(bytes_of(&self.arena, &self.ends, code).unwrap_or_default())
        };
        for (code, _) in (0..).zip(&self.ends) {
            codes.insert_unique(hash(&code), code, hash);
        }
        Lookup::Hashed { codes, state }
    }

    /// Returns the code of `text`, if it has one.
    pub fn code(&self, text: &str) -> Option<Code> {
        let bytes = text.as_bytes();
        match &self.lookup {
            Lookup::Hashed { codes, state } => codes
                .find(state.hash_one(bytes), |&code| self.is(code, bytes))
                .copied(),
            Lookup::Sorted => {
                let mut range = 0..self.ends.len();
                while !range.is_empty() {
                    let middle = range.start + range.len() / 2;
                    let code = Code::try_from(middle).ok()?;
                    match self.text(code)?.cmp(text) {
                        std::cmp::Ordering::Equal => return Some(code),
                        std::cmp::Ordering::Less => range.start = middle + 1,
                        std::cmp::Ordering::Greater => range.end = middle,
                    }
                }
                None
            }
        }
    }

    /// Returns the text of `code`.
    pub fn text(&self, code: Code) -> Option<&str> {
        let (start, end) = span(&self.ends, code)?;
        self.arena.get(start..end)
    }

    /// Returns all texts in the order of their codes.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let text = self.arena.get(start..end);
            start = end;
            text.unwrap_or_default()
        })
    }

    /// Returns the number of distinct texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let lookup = match &self.lookup {
            Lookup::Hashed { codes, .. } => codes.allocation_size(),
            Lookup::Sorted => 0,
        };
        self.arena.capacity() + self.ends.capacity() * size_of::<usize>() + lookup
    }

    /// Puts the texts in the order of their bytes; returns the new code of each old one.
    pub fn sort(&mut self) -> Vec<Code> {
        self.sort_and_keep(|_, _| true)
    }

    /// Puts the texts that `keep` wants in the order of their bytes and drops the others; returns
    /// the new code of each old one, [`MISSING`] for those that are gone.
    pub fn sort_and_keep(&mut self, keep: impl Fn(Code, &str) -> bool) -> Vec<Code> {
        let mut renamed = vec![MISSING; self.ends.len()];
        let shared = self.shared_start();
        let mut order: Vec<(u64, Code)> = (0..)
            .zip(self.texts())
            .filter(|(code, text)| keep(*code, text))
            .map(|(code, text)| (prefix(text.as_bytes(), shared), code))
            .collect();
        order.sort_unstable_by(|(one, a), (other, b)| {
            one.cmp(other)
                .then_with(|| self.text(*a).cmp(&self.text(*b)))
        });
        let mut arena = String::with_capacity(self.arena.len());
        let mut ends = Vec::with_capacity(order.len());
        for (new, (_, old)) in (0..).zip(order) {
            arena.push_str(self.text(old).unwrap_or_default());
            ends.push(arena.len());
            let place = usize::try_from(old)
                .ok()
                .and_then(|old| renamed.get_mut(old));
            if let Some(place) = place {
                *place = new;
            }
        }
        arena.shrink_to_fit();
        *self = Self {
            arena,
            ends,
            lookup: Lookup::Sorted,
        };
        renamed
    }

    /// Returns how many bytes all texts start with alike: ids mostly do, and what tells them apart
    /// comes after.
    fn shared_start(&self) -> usize {
        let mut texts = self.texts().map(str::as_bytes);
        let Some(first) = texts.next() else { return 0 };
        let mut shared = first.len();
        for text in texts {
            let same = first
                .iter()
                .zip(text)
                .take(shared)
                .take_while(|(a, b)| a == b);
            shared = same.count();
            if shared == 0 {
                break;
            }
        }
        shared
    }
}

#[inline]
fn span(ends: &[usize], code: Code) -> Option<(usize, usize)> {
    let place = usize::try_from(code).ok()?;
    let end = *ends.get(place)?;
    let start = match place {
        0 => 0,
        _ => *ends.get(place - 1)?,
    };
    Some((start, end))
}

#[inline]
fn bytes_of<'a>(arena: &'a str, ends: &[usize], code: Code) -> Option<&'a [u8]> {
    let (start, end) = span(ends, code)?;
    arena.as_bytes().get(start..end)
}

/// Returns whether two texts are equal. Most are short, and then two loads of each beat a call; ids
/// differ at their end, so that is looked at first.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    if one.len() > 16 {
        return one == other;
    }
    if let (Some(a), Some(b)) = (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        return u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b)
            && one.first_chunk::<8>() == other.first_chunk::<8>();
    }
    if let (Some(a), Some(b)) = (one.last_chunk::<4>(), other.last_chunk::<4>()) {
        return u32::from_ne_bytes(*a) == u32::from_ne_bytes(*b)
            && one.first_chunk::<4>() == other.first_chunk::<4>();
    }
    one.iter().eq(other)
}

/// Returns eight bytes from `skip` on as a number that orders as they do.
fn prefix(bytes: &[u8], skip: usize) -> u64 {
    let rest = bytes.get(skip..).unwrap_or_default();
    let mut start = [0; 8];
    for (to, from) in start.iter_mut().zip(rest) {
        *to = *from;
    }
    u64::from_be_bytes(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_do_not_depend_on_the_order_of_arrival_once_sorted() {
        let mut one = Dictionary::new();
        let mut other = Dictionary::new();
        for text in ["b", "a", "c", "a"] {
            one.intern(text);
        }
        for text in ["c", "b", "a"] {
            other.intern(text);
        }
        assert_eq!(one.sort(), [1, 0, 2]);
        assert_eq!(other.sort(), [2, 1, 0]);
        assert!(one.texts().eq(other.texts()));
        assert_eq!(one.code("c"), Some(2));
        assert_eq!(one.text(MISSING), None);
    }

    #[test]
    fn sorting_is_by_bytes_whatever_the_texts_share() {
        let mut texts: Vec<String> = (0..300)
            .map(|number| format!("INC00{}", number * 7919 % 1000))
            .collect();
        texts.extend([
            "INC00".to_owned(),
            "INC001234567890".to_owned(),
            "INC00123456789".to_owned(),
        ]);
        let mut dictionary = Dictionary::new();
        for text in &texts {
            dictionary.intern(text);
        }
        dictionary.sort();
        texts.sort();
        texts.dedup();
        assert!(dictionary.texts().eq(texts.iter().map(String::as_str)));
        for (code, text) in (0..).zip(&texts) {
            assert_eq!(dictionary.code(text), Some(code));
        }
        assert_eq!(dictionary.code("INC"), None);
    }

    #[test]
    fn texts_of_any_length_are_told_apart() {
        let text = "0123456789abcdefghij";
        for length in 0..=text.len() {
            let one = text.as_bytes()[..length].to_vec();
            assert!(same(&one, &one));
            for at in 0..length {
                let mut other = one.clone();
                other[at] ^= 1;
                assert!(!same(&one, &other), "{length} {at}");
            }
        }
    }

    #[test]
    fn a_sorted_dictionary_takes_more_texts() {
        let mut dictionary = Dictionary::new();
        dictionary.intern("b");
        dictionary.intern("");
        dictionary.sort();
        assert_eq!(dictionary.intern("b"), 1);
        assert_eq!(dictionary.intern("a"), 2);
        assert_eq!(dictionary.intern_bytes(b"\xff"), Err(NotText));
        assert_eq!(dictionary.len(), 3);
        assert_eq!(
            dictionary.sort_and_keep(|_, text| text != "a"),
            [0, 1, MISSING]
        );
    }
}
