//! What a terminal is told of one thing: who it is and where it stands, rows of a name and a value, lists under a title.

use std::fmt::Write as _;

use baton_report::plain;
use baton_terms::Digest;

/// Hexadecimal digits of a digest that are enough to name what it is of.
const DIGITS: usize = 12;

/// Lines being written.
pub(crate) struct Listing(String);

impl Listing {
    pub(crate) fn new(head: &str) -> Self {
        Self(format!("{}\n", plain(head)))
    }

    pub(crate) fn row(&mut self, name: &str, value: &str) {
        // Writing to a String can't fail.
        let _ = writeln!(self.0, "  {name:<10} {}", plain(value));
    }

    /// Writes lines under a title; nothing where there are none.
    pub(crate) fn section(&mut self, title: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_none() {
            return;
        }
        let _ = writeln!(self.0, "{title}");
        for line in lines {
            let _ = writeln!(self.0, "  {}", plain(&line));
        }
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Returns the first digits of a digest.
pub(crate) fn short(digest: &Digest) -> String {
    digest.hex().chars().take(DIGITS).collect()
}
