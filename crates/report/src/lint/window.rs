//! The part of a source that is drawn around a place: its line, the line before and the one after.
//!
//! A hostile document can be one line of a megabyte, or have a problem whose place is all of it, a
//! thousand times over; what is drawn is bounded whatever the document.

use baton_terms::{Source, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::plain::{is_invisible, plain};

/// Bytes drawn on each side of a place, and of the place itself.
const SIDE_BYTES_MAX: usize = 160;

/// Lines around a place, with spans as in the whole source.
#[derive(Debug)]
pub(super) struct Window {
    name: String,
    text: String,
    /// Offset of `text` in the source.
    start: usize,
    /// The place, up to the end of its first line.
    pub(super) place: Span,
    /// Line and column of `text`, and the column of the place on its line, all from zero.
    at: (usize, usize),
    place_at: (usize, usize),
}

impl Window {
    /// Returns the window around `span`.
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let text = source.text();
        let line_start = |at: usize| text.get(..at).and_then(|head| head.rfind('\n'));
        let line_start = |at: usize| line_start(at).map_or(0, |before| before + 1);
        let line_end = |at: usize| text.get(at..).and_then(|tail| tail.find('\n'));
        let line_end = |at: usize| line_end(at).map_or(text.len(), |length| at + length);
        let from = text.floor_char_boundary(span.start);
        let (own_start, own_end) = (line_start(from), line_end(from));
        let to = span.end.clamp(from, own_end).min(from + SIDE_BYTES_MAX);
        let to = text.floor_char_boundary(to);
        let near = |start: &usize| from - start <= SIDE_BYTES_MAX;
        let start = [line_start(own_start.saturating_sub(1)), own_start]
            .into_iter()
            .find(near)
            .unwrap_or_else(|| text.floor_char_boundary(from - SIDE_BYTES_MAX));
        let near = |end: &usize| end - to <= SIDE_BYTES_MAX;
        let end = [line_end((own_end + 1).min(text.len())), own_end]
            .into_iter()
            .find(near)
            .unwrap_or_else(|| text.floor_char_boundary(to + SIDE_BYTES_MAX));
        let at = |offset: usize| {
            let at = source.line_column(offset);
            (at.line.saturating_sub(1), at.column.saturating_sub(1))
        };
        Self {
            name: plain(source.name()),
            text: harmless(source.slice(Span::new(start, end))),
            start,
            place: Span::new(from, to),
            at: at(start),
            place_at: at(from),
        }
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        _context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without lines around it, the place itself is asked for.
        let (start, (line, column)) = if context_lines_before == 0 {
            (span.offset(), self.place_at)
        } else {
            (self.start, self.at)
        };
        let data = self.text.get(start.saturating_sub(self.start)..);
        let data = data.ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (start, data.len()).into(),
            line,
            column,
            data.lines().count(),
        )))
    }
}

/// Replaces what a terminal would obey or not show by as many bytes of `?`, so that spans keep
/// their place; a carriage return before a line break becomes a space.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' => shown.push(character),
            '\r' if characters.peek() == Some(&'\n') => shown.push(' '),
            _ if character.is_control() || is_invisible(character) => {
                shown.extend(std::iter::repeat_n('?', character.len_utf8()));
            }
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str, start: usize, end: usize) -> Window {
        Window::new(&Source::new("a.yaml", text), Span::new(start, end))
    }

    #[test]
    fn the_lines_before_and_after_are_drawn() {
        let window = window("one\ntwo\nthree\nfour\nfive\n", 8, 13);
        assert_eq!(window.text, "two\nthree\nfour");
        assert_eq!(
            (window.start, window.at, window.place_at),
            (4, (1, 0), (2, 0))
        );
        assert_eq!(window.place, Span::new(8, 13));
    }

    #[test]
    fn a_place_is_drawn_to_the_end_of_its_first_line() {
        assert_eq!(window("a: {\n  b\n}\n", 3, 10).place, Span::new(3, 4));
    }

    #[test]
    fn long_lines_are_cut_on_whole_characters() {
        let line = "ü".repeat(100_000);
        let window = window(&line, 100_000, 150_000);
        assert!(window.text.len() <= 3 * SIDE_BYTES_MAX);
        assert!(window.text.chars().all(|c| c == 'ü'));
        assert_eq!(window.at, (0, window.start / 2));
        let long_around = format!("{line}\nb\n{line}\n");
        let window = self::window(&long_around, 200_001, 200_002);
        assert_eq!(window.text, "b");
    }

    #[test]
    fn every_span_has_a_window() {
        let text = "ab\r\n\u{202e}c\u{9b}\n\nd";
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                let window = window(text, start, end);
                assert!(window.text.len() <= text.len());
                assert!(!window.text.contains(['\r', '\u{202e}', '\u{9b}']));
            }
        }
    }
}
