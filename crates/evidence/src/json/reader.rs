//! The grammar of RFC 8259, by recursion whose depth is bounded before it starts.

use baton_terms::{Diagnostic, Span};
use serde_json::Value;

use super::{
    Build, Limits, Number, codes, number,
    refusal::{not_utf8, too_large},
    trail::Trail,
    value::ValueBuilder,
};

/// UTF-8 form of U+FEFF.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads one document as a [`Value`] whose numbers are canonical.
///
/// # Errors
/// With every problem found, in the order of the text.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Value, Vec<Diagnostic>> {
    match read_with(bytes, limits, ValueBuilder) {
        (Some(value), _) => Ok(value),
        (None, problems) => Err(problems),
    }
}

/// Reads one document with a builder; the tree is there exactly when there are no problems.
pub fn read_with<B: Build>(
    bytes: &[u8],
    limits: Limits,
    builder: B,
) -> (Option<B::Node>, Vec<Diagnostic>) {
    match decoded(bytes, limits) {
        Ok(text) => read_text(text, limits, builder),
        Err(problem) => (None, vec![*problem]),
    }
}

/// Returns the text of a document that is neither too large nor anything but UTF-8.
pub(super) fn decoded(bytes: &[u8], limits: Limits) -> Result<&str, Box<Diagnostic>> {
    if bytes.len() > limits.bytes_max {
        return Err(Box::new(too_large(bytes.len(), limits.bytes_max)));
    }
    let invalid = |error: std::str::Utf8Error| Box::new(not_utf8(bytes, error.valid_up_to()));
    std::str::from_utf8(bytes).map_err(invalid)
}

/// Reads one document whose text is [`decoded`].
pub(super) fn read_text<B: Build>(
    text: &str,
    limits: Limits,
    builder: B,
) -> (Option<B::Node>, Vec<Diagnostic>) {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        nodes: 0,
        limits,
        trail: Trail::new(),
        builder,
    };
    let node = reader.document();
    let problems = reader.trail.into_problems();
    match node {
        Ok(node) if problems.is_empty() => (Some(node), problems),
        _ => (None, problems),
    }
}

/// A problem after which the rest cannot be understood; it is already reported.
#[derive(Debug)]
pub(super) struct Fatal;

/// The state of one run.
pub(super) struct Reader<'a, B> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    /// The current byte.
    pub(super) at: usize,
    pub(super) nodes: usize,
    pub(super) limits: Limits,
    pub(super) trail: Trail<'a>,
    builder: B,
}

impl<B: Build> Reader<'_, B> {
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn document(&mut self) -> Result<B::Node, Fatal> {
        if self.bytes.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
            let problem = self
                .trail
                .problem(
                    codes::BYTE_ORDER_MARK,
                    "document starts with a byte order mark",
                )
                .at(Span::new(0, self.at))
                .expected("UTF-8 without a byte order mark (RFC 8259 section 8.1)")
                .found("U+FEFF")
                .hint("save the file as UTF-8 without a byte order mark");
            self.trail.report(problem);
        }
        let node = self.value()?;
        self.skip_space();
        if self.at < self.bytes.len() {
            let problem =
                Diagnostic::error(codes::TRAILING_CONTENT, "content follows the document")
                    .at(Span::new(self.at, self.bytes.len()))
                    .expected("one value and nothing after it")
                    .found(self.shown())
                    .hint("remove what follows, or put the values into one list");
            self.trail.report(problem);
        }
        Ok(node)
    }

    fn value(&mut self) -> Result<B::Node, Fatal> {
        self.skip_space();
        self.count_node()?;
        match self.peek() {
            Some(b'"') => {
                let (text, span) = self.string()?;
                Ok(self.builder.text(text, span))
            }
            Some(b'{') => self.map(),
            Some(b'[') => self.list(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => {
                let span = self.word("true")?;
                Ok(self.builder.boolean(true, span))
            }
            Some(b'f') => {
                let span = self.word("false")?;
                Ok(self.builder.boolean(false, span))
            }
            Some(b'n') => {
                let span = self.word("null")?;
                Ok(self.builder.null(span))
            }
            Some(b'N' | b'I') => self.not_finite(self.at),
            _ => Err(self.syntax("a value")),
        }
    }

    fn map(&mut self) -> Result<B::Node, Fatal> {
        let start = self.at;
        self.check_depth()?;
        self.trail.open_map();
        self.at += 1;
        let mut map = self.builder.map();
        self.skip_space();
        if self.peek() != Some(b'}') {
            loop {
                self.key()?;
                let node = self.value()?;
                let key = self.trail.current_key();
                self.builder.entry(&mut map, key, node);
                self.skip_space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return Err(self.syntax("`,` or `}`")),
                }
                self.skip_space();
            }
        }
        self.at += 1;
        self.trail.close_map();
        Ok(self.builder.map_end(map, Span::new(start, self.at)))
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(), Fatal> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("a key in double quotes"));
        }
        self.count_node()?;
        let (text, span) = self.string()?;
        self.trail.push_key(text, span);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.syntax("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn list(&mut self) -> Result<B::Node, Fatal> {
        let start = self.at;
        self.check_depth()?;
        self.trail.open_list();
        self.at += 1;
        let mut list = self.builder.list();
        self.skip_space();
        if self.peek() != Some(b']') {
            loop {
                let node = self.value()?;
                self.builder.item(&mut list, node);
                self.skip_space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.syntax("`,` or `]`")),
                }
                self.trail.next_item();
            }
        }
        self.at += 1;
        self.trail.close_list();
        Ok(self.builder.list_end(list, Span::new(start, self.at)))
    }

    fn number(&mut self) -> Result<B::Node, Fatal> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    return Err(self.syntax("a number without a leading zero"));
                }
            }
            Some(b'1'..=b'9') => self.skip_digits(),
            Some(b'I' | b'N') => return self.not_finite(start),
            _ => return Err(self.syntax("a digit")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let span = Span::new(start, self.at);
        let spelling = self.text.get(start..self.at).unwrap_or_default();
        Ok(match number(spelling) {
            Ok(Number::Integer(value)) => self.builder.integer(value, span),
            Ok(Number::Float(value)) => self.builder.float(value, span),
            Err(problem) => {
                self.refuse_number(problem, span);
                self.builder.null(span)
            }
        })
    }

    fn digits(&mut self) -> Result<(), Fatal> {
        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.skip_digits();
            Ok(())
        } else {
            Err(self.syntax("a digit"))
        }
    }

    fn skip_digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    /// Reads `NaN`, `Infinity` or `-Infinity` as a problem; `start` is before any sign.
    fn not_finite(&mut self, start: usize) -> Result<B::Node, Fatal> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = ["NaN", "Infinity"]
            .into_iter()
            .find(|word| rest.starts_with(word.as_bytes()));
        let Some(word) = word else {
            return Err(self.syntax("a value"));
        };
        self.at += word.len();
        let span = Span::new(start, self.at);
        let problem = self
            .trail
            .problem(codes::NOT_FINITE, "number is not finite")
            .at(span)
            .expected("a finite number (RFC 8259 section 6)")
            .found(self.text.get(start..self.at).unwrap_or_default())
            .hint("leave the field out, or use `null` where the contract allows it");
        self.trail.report(problem);
        Ok(self.builder.null(span))
    }

    fn word(&mut self, word: &str) -> Result<Span, Fatal> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.syntax("a value"));
        }
        self.at += word.len();
        Ok(Span::new(start, self.at))
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }
}
