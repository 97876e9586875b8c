//! Text for terminals: wrapping by display width, and a few styles as SGR sequences (ECMA-48 §8.3.117).
//!
//! Whatever is drawn goes through `plain` first, so no text can bring sequences of its own.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::{Appearance, plain};

/// Narrowest column that text is wrapped into, so that deep indents stay readable.
const COLUMN_MIN: usize = 20;

/// What a piece of text is, in color where colors are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// As it is.
    Normal,
    /// A heading, or the word that matters.
    Strong,
    /// Useful to few.
    Faint,
    /// Good news, or the way there.
    Good,
    /// Needs attention.
    Caution,
    /// Stands in the way.
    Bad,
}

impl Ink {
    const fn sequence(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::Strong => Some("1"),
            Self::Faint => Some("2"),
            Self::Good => Some("32"),
            Self::Caution => Some("1;33"),
            Self::Bad => Some("1;31"),
        }
    }
}

/// A page of text being written.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    appearance: Appearance,
    width: usize,
}

impl Page {
    pub(crate) fn new(appearance: Appearance, width: usize) -> Self {
        Self {
            text: String::new(),
            appearance,
            width,
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Writes a heading after an empty line.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        self.wrapped(&Indent::none(), text, Ink::Strong);
    }

    /// Writes text that starts after the indent's mark and continues below itself.
    pub(crate) fn wrapped(&mut self, indent: &Indent, text: &str, ink: Ink) {
        let room = self.width.saturating_sub(indent.width()).max(COLUMN_MIN);
        for (number, line) in wrap(&plain(text), room).iter().enumerate() {
            let before = if number == 0 {
                indent.first()
            } else {
                indent.rest()
            };
            self.text.push_str(&before);
            self.inked(line, ink);
            self.text.push('\n');
        }
    }

    /// Writes one line as it is, wider than the page if need be; for rows of tables.
    pub(crate) fn row(&mut self, cells: &[(String, Ink)]) {
        let drawn_to = cells
            .iter()
            .rposition(|(text, _)| !text.trim_end().is_empty());
        let cells = cells.iter().take(drawn_to.map_or(0, |last| last + 1));
        for (text, ink) in cells {
            self.inked(&plain(text), *ink);
        }
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
    }

    fn inked(&mut self, text: &str, ink: Ink) {
        match ink
            .sequence()
            .filter(|_| self.appearance == Appearance::Colored)
        {
            Some(sequence) => {
                self.text.push_str("\u{1b}[");
                self.text.push_str(sequence);
                self.text.push('m');
                self.text.push_str(text);
                self.text.push_str("\u{1b}[0m");
            }
            None => self.text.push_str(text),
        }
    }
}

/// How far text is set in, and the mark before its first line.
#[derive(Debug, Clone)]
pub(crate) struct Indent {
    by: usize,
    mark: String,
}

impl Indent {
    pub(crate) fn none() -> Self {
        Self::marked(0, "")
    }

    /// Sets text in by `by` columns, with a mark that stands before the first line.
    pub(crate) fn marked(by: usize, mark: impl Into<String>) -> Self {
        Self {
            by,
            mark: mark.into(),
        }
    }

    fn width(&self) -> usize {
        self.by + self.mark.width()
    }

    fn first(&self) -> String {
        format!("{}{}", " ".repeat(self.by), self.mark)
    }

    fn rest(&self) -> String {
        " ".repeat(self.width())
    }
}

/// Pads text on the right to a display width.
pub(crate) fn padded(text: &str, width: usize) -> String {
    let text = plain(text);
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// Returns the display width of text as it will be drawn.
pub(crate) fn drawn_width(text: &str) -> usize {
    plain(text).width()
}

/// Breaks text into lines of at most `room` columns, at spaces where there are any.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (number, piece) in pieces(word, room).into_iter().enumerate() {
            let width = piece.width();
            let gap = usize::from(used > 0 && number == 0);
            if used > 0 && (number > 0 || used + gap + width > room) {
                lines.push(String::new());
                used = 0;
            }
            if let Some(line) = lines.last_mut() {
                if used > 0 {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(&piece);
                used += width;
            }
        }
    }
    lines
}

/// Cuts a word that is wider than a line.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for character in word.chars() {
        let width = character.width().unwrap_or(0);
        if used + width > room && used > 0 {
            pieces.push(String::new());
            used = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
        used += width;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, room: usize, expected: &[&str]) {
        assert_eq!(wrap(text, room), expected, "{text:?} in {room} columns");
    }

    #[test]
    fn lines_break_at_spaces_and_inside_long_words_only() {
        check("", 10, &[""]);
        check("one two three", 7, &["one two", "three"]);
        check("one  two", 20, &["one two"]);
        check("abcdefghij k", 4, &["abcd", "efgh", "ij k"]);
        check("東京 東京", 4, &["東京", "東京"]);
        check("a bbbbbb", 5, &["a", "bbbbb", "b"]);
    }

    #[test]
    fn colors_are_ours_alone() {
        let mut page = Page::new(Appearance::Colored, 80);
        page.wrapped(&Indent::none(), "\u{1b}[31mred", Ink::Good);
        assert_eq!(page.finish(), "\u{1b}[32m\\u{1b}[31mred\u{1b}[0m\n");
        let mut page = Page::new(Appearance::Plain, 80);
        page.wrapped(&Indent::marked(2, "- "), "text", Ink::Bad);
        assert_eq!(page.finish(), "  - text\n");
    }
}
