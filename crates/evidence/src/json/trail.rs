//! Where the reader is and what it found: the JSON Pointer of the current value (RFC 6901), the
//! keys of the open maps, and the problems so far.

use std::borrow::Cow;

use baton_terms::{Code, Diagnostic, Span, limits};

use super::{codes, keys};

/// Keys set aside for at the start: about 1000 bytes. Common allocators serve larger requests by
/// first tidying up everything small that was freed, which costs more than the reading.
const KEYS_OPEN: usize = 25;

/// A key of an open map.
#[derive(Debug)]
pub(super) struct Key<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
}

/// One open list or map.
enum Frame {
    /// A list and the index of its current item.
    List(usize),
    /// A map and the place of its first key in `Trail::keys`.
    Map(usize),
}

/// The open containers, their keys, and the problems found.
pub(super) struct Trail<'a> {
    frames: Vec<Frame>,
    keys: Vec<Key<'a>>,
    problems: Vec<Diagnostic>,
    left_out: usize,
}

impl<'a> Trail<'a> {
    pub(super) fn new() -> Self {
        Self {
            frames: Vec::with_capacity(16),
            keys: Vec::with_capacity(KEYS_OPEN),
            problems: Vec::new(),
            left_out: 0,
        }
    }

    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    #[inline]
    pub(super) fn open_list(&mut self) {
        self.frames.push(Frame::List(0));
    }

    #[inline]
    pub(super) fn next_item(&mut self) {
        if let Some(Frame::List(index)) = self.frames.last_mut() {
            *index += 1;
        }
    }

    #[inline]
    pub(super) fn close_list(&mut self) {
        self.frames.pop();
    }

    #[inline]
    pub(super) fn open_map(&mut self) {
        self.frames.push(Frame::Map(self.keys.len()));
    }

    #[inline]
    pub(super) fn push_key(&mut self, text: Cow<'a, str>, span: Span) {
        self.keys.push(Key { text, span });
    }

    /// Returns the current key of the innermost map, to hand to the builder.
    #[inline]
    pub(super) fn current_key(&self) -> (Cow<'a, str>, Span) {
        self.keys
            .last()
            .map_or_else(Default::default, |key| (key.text.clone(), key.span))
    }

    /// Closes the innermost map and reports its repeated and look-alike keys.
    pub(super) fn close_map(&mut self) {
        let Some(Frame::Map(start)) = self.frames.pop() else {
            return;
        };
        let clashes = keys::clashes(self.keys.get(start..).unwrap_or_default());
        self.keys.truncate(start);
        for clash in clashes {
            let parent = self.pointer();
            self.report(clash.diagnostic(&parent));
        }
    }

    /// Returns a problem at the current value.
    #[cold]
    pub(super) fn problem(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).pointing_to(self.pointer())
    }

    /// Keeps a problem, or counts it when there are too many to show.
    pub(super) fn report(&mut self, problem: Diagnostic) {
        if self.problems.len() < limits::DIAGNOSTICS_MAX {
            self.problems.push(problem);
        } else {
            self.left_out += 1;
        }
    }

    /// Returns the problems in the order of the text.
    pub(super) fn into_problems(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by(|left, right| {
            (left.place.span, left.code).cmp(&(right.place.span, right.code))
        });
        if self.left_out > 0 {
            self.problems.push(
                Diagnostic::error(
                    codes::MORE_PROBLEMS,
                    format!("{} more problems are not shown", self.left_out),
                )
                .expected(format!("at most {} problems", limits::DIAGNOSTICS_MAX))
                .hint("mend the problems shown and read the document again"),
            );
        }
        self.problems
    }

    /// Returns the JSON Pointer of the value being read.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        let mut map_ends: Vec<usize> = Vec::new();
        let mut end = self.keys.len();
        for frame in self.frames.iter().rev() {
            if let Frame::Map(start) = frame {
                map_ends.push(end);
                end = *start;
            }
        }
        for frame in &self.frames {
            match frame {
                Frame::List(index) => push_token(&mut pointer, &index.to_string()),
                Frame::Map(start) => {
                    let current = map_ends.pop().filter(|end| end > start);
                    if let Some(key) = current.and_then(|end| self.keys.get(end - 1)) {
                        push_token(&mut pointer, &key.text);
                    }
                }
            }
        }
        pointer
    }
}

/// Appends a reference token, escaped as RFC 6901 section 3 says.
pub(super) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
