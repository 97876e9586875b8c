//! Distinct texts and their codes: every text of a log is stored once, all of them in one piece of
//! memory.

use super::lookup::{Lookup, Texts};

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
    texts: Texts,
    /// Finds the code of a text; absent while the texts are in the order of their bytes.
    lookup: Option<Lookup>,
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

    #[inline]
    fn place<'t>(
        &mut self,
        bytes: &'t [u8],
        text: impl FnOnce(&'t [u8]) -> Result<&'t str, NotText>,
    ) -> Result<Code, NotText> {
        let texts = &mut self.texts;
        let lookup = self.lookup.get_or_insert_with(|| Lookup::of(texts));
        let wanted = lookup.key(bytes);
        if let Some(code) = lookup.find(wanted, bytes, texts) {
            return Ok(code);
        }
        let Some(code) = Code::try_from(texts.len())
            .ok()
            .filter(|&code| code != MISSING)
        else {
            return Ok(MISSING);
        };
        texts.push(text(bytes)?);
        lookup.insert(wanted, code, texts);
        Ok(code)
    }

    /// Returns the code of `text`, if it has one.
    pub fn code(&self, text: &str) -> Option<Code> {
        if let Some(lookup) = &self.lookup {
            let bytes = text.as_bytes();
            return lookup.search(lookup.key(bytes), bytes, &self.texts);
        }
        let mut range = 0..self.texts.len();
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

    /// Returns the text of `code`.
    pub fn text(&self, code: Code) -> Option<&str> {
        self.texts.get(code)
    }

    /// Returns all texts in the order of their codes.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter()
    }

    /// Returns the number of distinct texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.texts.len() == 0
    }

    /// Returns the bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let lookup = self.lookup.as_ref().map(Lookup::memory_bytes);
        self.texts.memory_bytes() + lookup.unwrap_or_default()
    }

    /// Puts the texts in the order of their bytes; returns the new code of each old one.
    pub fn sort(&mut self) -> Vec<Code> {
        self.sort_and_keep(|_, _| true)
    }

    /// Puts the texts that `keep` wants in the order of their bytes and drops the others; returns
    /// the new code of each old one, [`MISSING`] for those that are gone.
    pub fn sort_and_keep(&mut self, keep: impl Fn(Code, &str) -> bool) -> Vec<Code> {
        let mut renamed = vec![MISSING; self.len()];
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
        let mut texts = Texts::with_capacity(self.texts.bytes(), order.len());
        for (new, (_, old)) in (0..).zip(order) {
            texts.push(self.text(old).unwrap_or_default());
            let place = usize::try_from(old)
                .ok()
                .and_then(|old| renamed.get_mut(old));
            if let Some(place) = place {
                *place = new;
            }
        }
        texts.shrink_to_fit();
        *self = Self {
            texts,
            lookup: None,
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
