//! One attribute of events or cases: a code per row, a dictionary, and the numbers its texts mean.

use super::dictionary::{Code, Dictionary, MISSING};

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
}
