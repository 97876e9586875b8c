//! Distinct texts and their codes: every text of a log is stored once.

use hashbrown::HashMap;

/// The place of a text in its dictionary.
pub type Code = u32;

/// The code of a value that is not there.
pub const MISSING: Code = Code::MAX;

/// Distinct texts by code.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    texts: Vec<Box<str>>,
    codes: HashMap<Box<str>, Code>,
}

impl Dictionary {
    /// Returns an empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the code of `text`, giving it the next one when it is new; [`MISSING`] once all
    /// codes are used.
    pub fn intern(&mut self, text: &str) -> Code {
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let Some(code) = Code::try_from(self.texts.len())
            .ok()
            .filter(|&code| code != MISSING)
        else {
            return MISSING;
        };
        self.texts.push(text.into());
        self.codes.insert(text.into(), code);
        code
    }

    /// Returns the code of `text`, if it has one.
    pub fn code(&self, text: &str) -> Option<Code> {
        self.codes.get(text).copied()
    }

    /// Returns the text of `code`.
    pub fn text(&self, code: Code) -> Option<&str> {
        let place = usize::try_from(code).ok()?;
        self.texts.get(place).map(AsRef::as_ref)
    }

    /// Returns all texts in the order of their codes.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// Returns the number of distinct texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Puts the texts in the order of their bytes; returns the new code of each old one.
    pub fn sort(&mut self) -> Vec<Code> {
        let mut order: Vec<Code> = (0..).take(self.texts.len()).collect();
        order.sort_unstable_by(|&a, &b| self.text(a).cmp(&self.text(b)));
        let mut renamed = vec![MISSING; order.len()];
        for (new, old) in (0..).zip(&order) {
            if let Some(place) = usize::try_from(*old)
                .ok()
                .and_then(|old| renamed.get_mut(old))
            {
                *place = new;
            }
        }
        self.texts.sort_unstable();
        self.codes = self.texts.iter().cloned().zip(0..).collect();
        renamed
    }
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
}
