//! The smallest thing a pattern is made of: an attribute and the codes it may have.

/// One condition on one attribute: its code is in `low..=high`.
///
/// Items of categories and flags hold one code; those of numbers hold a run of bins, or the code
/// of a missing number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// Place of the attribute in [`Encoded::attributes`](super::Encoded::attributes).
    pub attribute: u16,
    /// First code.
    pub low: u16,
    /// Last code, included.
    pub high: u16,
}

impl Item {
    /// Returns the item of one code.
    pub fn of_code(attribute: u16, code: u16) -> Self {
        Self {
            attribute,
            low: code,
            high: code,
        }
    }

    /// Returns whether `code` satisfies the item.
    pub fn holds(self, code: u16) -> bool {
        (self.low..=self.high).contains(&code)
    }
}
