//! One attribute of events or cases: a code per row, a dictionary, and the numbers its texts mean.

use super::builder::Unread;
use super::dictionary::{Code, Dictionary, MISSING, NotText};

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text without further meaning.
    Text,
    /// `true` or `false`; its numbers are 1 and 0.
    Boolean,
    /// A number with this many decimal digits, kept as an integer of that unit.
    Number {
        /// Decimal digits after the point, at most 9.
        scale: u8,
    },
    /// A point in time; its numbers are microseconds since 1970-01-01T00:00:00Z.
    Time,
}

/// One attribute with a value per row, [`MISSING`] where there is none.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name as the mapping gives it.
    pub name: Box<str>,
    /// What its values are.
    pub kind: Kind,
    /// Whether its values name single people; such a column is never mined.
    pub person: bool,
    /// Code per row.
    pub codes: Vec<Code>,
    /// Texts of the codes.
    pub dictionary: Dictionary,
    /// What each text of the dictionary means as a number; empty for [`Kind::Text`].
    pub numbers: Vec<i64>,
}

impl Column {
    /// Returns an empty column.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            person: false,
            codes: Vec::new(),
            dictionary: Dictionary::new(),
            numbers: Vec::new(),
        }
    }

    /// Returns the code at `row`, or `None` where the value is missing.
    pub fn code(&self, row: usize) -> Option<Code> {
        self.codes.get(row).copied().filter(|&code| code != MISSING)
    }

    /// Returns the text at `row`, or `None` where the value is missing.
    pub fn text(&self, row: usize) -> Option<&str> {
        self.dictionary.text(self.code(row)?)
    }

    /// Returns the number at `row`, or `None` where the value is missing or has no number.
    pub fn number(&self, row: usize) -> Option<i64> {
        let place = usize::try_from(self.code(row)?).ok()?;
        self.numbers.get(place).copied()
    }

    /// Returns the bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        self.codes.capacity() * size_of::<Code>()
            + self.numbers.capacity() * size_of::<i64>()
            + self.dictionary.memory_bytes()
    }
}

impl Column {
    /// Takes the value of one more row; the empty text means there is none.
    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) -> Result<(), NotText> {
        let code = if bytes.is_empty() {
            MISSING
        } else {
            self.dictionary.intern_bytes(bytes)?
        };
        self.codes.push(code);
        Ok(())
    }

    /// Puts the dictionary in order, without the texts that mean there is no value and, when there
    /// are leftovers, without those that are in no row.
    pub(crate) fn sort(&mut self, missing: &[Box<str>], has_leftovers: bool) {
        let mut used = vec![!has_leftovers; self.dictionary.len()];
        if has_leftovers {
            for code in &self.codes {
                mark(&mut used, *code);
            }
        }
        let keep = |code, text: &str| {
            is_marked(&used, code) && !missing.iter().any(|known| **known == *text)
        };
        let renamed = self.dictionary.sort_and_keep(keep);
        for code in &mut self.codes {
            *code = rename(&renamed, *code);
        }
    }

    /// Reads the numbers of the texts, when the kind asks for them; rows whose text has none become
    /// missing.
    pub(crate) fn read_numbers(
        &mut self,
        number: impl FnMut(&str) -> Option<i64>,
    ) -> Option<Unread> {
        if self.kind == Kind::Text {
            return None;
        }
        let texts = self.dictionary.texts();
        let read: Vec<_> = texts.map(number).collect();
        let first = read.iter().zip(self.dictionary.texts());
        let first = first.into_iter().find(|(number, _)| number.is_none());
        let text = first.map(|(_, text)| Box::from(text));
        let unread = text.map(|text| Unread {
            column: self.name.clone(),
            rows: self.drop_unread(&read),
            text,
        });
        self.numbers = read.into_iter().flatten().collect();
        unread
    }

    /// Drops the texts without a number; returns how many rows had one.
    fn drop_unread(&mut self, read: &[Option<i64>]) -> u64 {
        let renamed = self.dictionary.sort_and_keep(|code, _| {
            let place = usize::try_from(code).ok();
            place
                .and_then(|place| read.get(place))
                .is_some_and(Option::is_some)
        });
        let mut rows = 0;
        for code in self.codes.iter_mut().filter(|code| **code != MISSING) {
            *code = rename(&renamed, *code);
            rows += u64::from(*code == MISSING);
        }
        rows
    }
}

pub(super) fn slot<T>(values: &mut [T], code: Code) -> Option<&mut T> {
    values.get_mut(usize::try_from(code).ok()?)
}

pub(super) fn mark(used: &mut [bool], code: Code) {
    if let Some(used) = slot(used, code) {
        *used = true;
    }
}

pub(super) fn is_marked(used: &[bool], code: Code) -> bool {
    usize::try_from(code).ok().and_then(|code| used.get(code)) == Some(&true)
}

pub(super) fn rename(renamed: &[Code], code: Code) -> Code {
    usize::try_from(code)
        .ok()
        .and_then(|code| renamed.get(code).copied())
        .unwrap_or(MISSING)
}
