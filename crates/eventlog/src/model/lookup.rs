//! Finds the code of a text. What is looked up most are texts that were looked up before, and most
//! texts are short: a small cache holds their keys, which tell texts of up to 16 bytes apart without
//! a look at the texts themselves, and a hash table behind it knows all of them.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::dictionary::Code;

/// Most keys of the cache.
const CACHE_KEYS_MAX: usize = 8_192;

/// Texts by their codes, all of them in one piece of memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    /// All texts, one after the other, in the order of their codes.
    arena: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn with_capacity(bytes: usize, texts: usize) -> Self {
        Self {
            arena: String::with_capacity(bytes),
            ends: Vec::with_capacity(texts),
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the bytes of all texts together.
    pub(super) fn bytes(&self) -> usize {
        self.arena.len()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.arena.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.arena.shrink_to_fit();
    }

    pub(super) fn get(&self, code: Code) -> Option<&str> {
        let (start, end) = self.span(code)?;
        self.arena.get(start..end)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let text = self.arena.get(start..end);
            start = end;
            text.unwrap_or_default()
        })
    }

    #[inline]
    fn bytes_of(&self, code: Code) -> &[u8] {
        let span = self.span(code);
        span.and_then(|(start, end)| self.arena.as_bytes().get(start..end))
            .unwrap_or_default()
    }

    #[inline]
    fn span(&self, code: Code) -> Option<(usize, usize)> {
        let place = usize::try_from(code).ok()?;
        let end = *self.ends.get(place)?;
        let start = match place {
            0 => 0,
            _ => *self.ends.get(place - 1)?,
        };
        Some((start, end))
    }
}

/// The first and the last bytes of a text, which are all of it up to 16 bytes, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    first: u64,
    last: u64,
    length: u32,
}

/// Longest text of which [`Ends`] say everything.
const SHORT: u32 = 16;

impl Ends {
    #[inline]
    fn of(bytes: &[u8]) -> Self {
        let eight = bytes.first_chunk().zip(bytes.last_chunk());
        let four = || bytes.first_chunk().zip(bytes.last_chunk());
        let (first, last) = if let Some((first, last)) = eight {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let Some((first, last)) = four() {
            let read = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
            (read(first), read(last))
        } else {
            let read = |word: u64, byte: &u8| word << 8 | u64::from(*byte);
            (bytes.iter().fold(0, read), 0)
        };
        Self {
            first,
            last,
            // Longer texts are compared themselves.
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        }
    }
}

/// What a text is looked up by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    ends: Ends,
    hash: u64,
}

/// A text in the cache.
#[derive(Debug, Clone, Copy)]
struct Known {
    first: u64,
    last: u64,
    length: u32,
    code: Code,
}

impl Known {
    fn new(
        Ends {
            first,
            last,
            length,
        }: Ends,
        code: Code,
    ) -> Self {
        Self {
            first,
            last,
            length,
            code,
        }
    }

    #[inline]
    const fn has(&self, ends: Ends) -> bool {
        self.last == ends.last && self.first == ends.first && self.length == ends.length
    }
}

/// The codes of texts.
#[derive(Debug, Clone)]
pub(super) struct Lookup {
    codes: HashTable<Code>,
    /// Texts found last, each in the place its hash gives it.
    cache: Vec<Known>,
    /// Hashes long texts, and gives the seeds for short ones, so that no file can be made to collide.
    state: DefaultHashBuilder,
    seeds: [u64; 2],
}

impl Lookup {
    /// Returns a lookup of these texts.
    pub(super) fn of(texts: &Texts) -> Self {
        let state = DefaultHashBuilder::default();
        let seeds = [state.hash_one(0), state.hash_one(1)];
        let mut lookup = Self {
            codes: HashTable::with_capacity(texts.len()),
            cache: Vec::new(),
            state,
            seeds,
        };
        for (code, text) in (0..).zip(texts.iter()) {
            let key = lookup.key(text.as_bytes());
            lookup.insert(key, code, texts);
        }
        lookup
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.codes.allocation_size() + self.cache.capacity() * size_of::<Known>()
    }

    #[inline]
    pub(super) fn key(&self, bytes: &[u8]) -> Key {
        let ends = Ends::of(bytes);
        let hash = hash(&self.state, self.seeds, ends, bytes);
        Key { ends, hash }
    }

    /// Returns the code of a text, of which `key` was made, and remembers it.
    #[inline]
    pub(super) fn find(&mut self, key: Key, bytes: &[u8], texts: &Texts) -> Option<Code> {
        let place = self.place(key);
        if let Some(known) = self.cache.get(place)
            && known.has(key.ends)
            && (key.ends.length <= SHORT || texts.bytes_of(known.code) == bytes)
        {
            return Some(known.code);
        }
        let code = self.search(key, bytes, texts)?;
        if let Some(known) = self.cache.get_mut(place) {
            *known = Known::new(key.ends, code);
        }
        Some(code)
    }

    /// Returns the code of a text, of which `key` was made.
    #[inline]
    pub(super) fn search(&self, key: Key, bytes: &[u8], texts: &Texts) -> Option<Code> {
        let is_it = |&code: &Code| {
            let known = texts.bytes_of(code);
            if key.ends.length <= SHORT {
                Ends::of(known) == key.ends
            } else {
                known == bytes
            }
        };
        self.codes.find(key.hash, is_it).copied()
    }

    /// Adds the code of a text that is not there yet.
    pub(super) fn insert(&mut self, key: Key, code: Code, texts: &Texts) {
        let (state, seeds) = (&self.state, self.seeds);
        self.codes.insert_unique(key.hash, code, |&code| {
            let bytes = texts.bytes_of(code);
            hash(state, seeds, Ends::of(bytes), bytes)
        });
        // Twice as many places as texts, so that few texts share one.
        let wanted = (self.codes.len() * 2).next_power_of_two();
        if wanted > self.cache.len() && self.cache.len() < CACHE_KEYS_MAX {
            self.cache.clear();
            self.cache.resize(wanted, Known::new(key.ends, code));
        }
    }

    #[inline]
    fn place(&self, key: Key) -> usize {
        let mask = self.cache.len().wrapping_sub(1);
        usize::try_from(key.hash).unwrap_or_default() & mask
    }
}

#[inline]
fn hash(state: &DefaultHashBuilder, [one, other]: [u64; 2], ends: Ends, bytes: &[u8]) -> u64 {
    if ends.length > SHORT {
        return state.hash_one(bytes);
    }
    let length = u64::from(ends.length);
    let (low, high) = (ends.first ^ one).carrying_mul(ends.last ^ other ^ length << 56, 0);
    low ^ high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_told_apart() {
        let text = "0123456789abcdefghijklmnopqrstuvwxyz";
        let mut all = vec![
            "\0".to_owned(),
            "\0\0".to_owned(),
            "0\0\0\0\0\0\0\0".to_owned(),
        ];
        for length in 0..=text.len() {
            let start: String = text.chars().take(length).collect();
            all.push(start.clone());
            for at in 0..length {
                let mut other = start.clone();
                other.replace_range(at..=at, "~");
                all.push(other);
            }
        }
        let mut texts = Texts::default();
        let mut lookup = Lookup::of(&texts);
        for (code, text) in (0..).zip(&all) {
            let key = lookup.key(text.as_bytes());
            assert_eq!(lookup.find(key, text.as_bytes(), &texts), None, "{text}");
            texts.push(text);
            lookup.insert(key, code, &texts);
        }
        for lookup in [&mut lookup, &mut Lookup::of(&texts)] {
            for _ in 0..2 {
                for (code, text) in (0..).zip(&all) {
                    let key = lookup.key(text.as_bytes());
                    let found = lookup.find(key, text.as_bytes(), &texts);
                    assert_eq!(found, Some(code), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_cache_stays_small() {
        let mut texts = Texts::default();
        let mut lookup = Lookup::of(&texts);
        for code in 0..20_000 {
            let text = code.to_string();
            let key = lookup.key(text.as_bytes());
            texts.push(&text);
            lookup.insert(key, code, &texts);
            assert!(lookup.cache.len() <= CACHE_KEYS_MAX);
            assert_eq!(lookup.find(key, text.as_bytes(), &texts), Some(code));
        }
    }
}
