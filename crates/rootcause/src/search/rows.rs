//! The codes of the columns that are searched, for some of the rows.

use std::borrow::Cow;

use super::space::{Column, Space};
use crate::encode::{Bitmap, Codes, Encoded};

/// Codes of all columns of a space, for the rows that are counted.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    /// Codes by column.
    pub(super) codes: Vec<Cow<'a, Codes>>,
    /// How many rows there are.
    pub(super) len: usize,
}

impl<'a> Rows<'a> {
    /// Returns the codes of the rows of `among`, or of all rows without a copy when `None`.
    pub(super) fn of(encoded: &'a Encoded, space: &Space, among: Option<&Bitmap>) -> Self {
        let picked: Option<Vec<usize>> = among.map(|among| among.iter().collect());
        let codes = |column: &Column| -> Cow<'a, Codes> {
            let Some(attribute) = encoded.attributes().get(usize::from(column.attribute)) else {
                return Cow::Owned(Codes::Narrow(Vec::new()));
            };
            let codes = attribute.codes();
            let coarse = column
                .starts
                .as_ref()
                .map(|_| column.coarse(attribute.size()));
            match (&picked, coarse) {
                (None, None) => Cow::Borrowed(codes),
                (None, Some(coarse)) => Cow::Owned(codes.map(&coarse)),
                (Some(rows), None) => Cow::Owned(codes.pick(rows)),
                (Some(rows), Some(coarse)) => Cow::Owned(codes.pick(rows).map(&coarse)),
            }
        };
        Self {
            codes: space.columns.iter().map(codes).collect(),
            len: picked.as_ref().map_or(encoded.rows(), Vec::len),
        }
    }

    /// Returns the codes of a column.
    pub(super) fn column(&self, column: u32) -> Option<&Codes> {
        let place = usize::try_from(column).ok()?;
        self.codes.get(place).map(AsRef::as_ref)
    }
}
