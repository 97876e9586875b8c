//! Strings: a fast scan for plain ones, and the decoding of escapes (RFC 8259 section 7).

use std::borrow::Cow;

use baton_terms::Span;

use super::{
    Build, codes,
    reader::{Fatal, Reader},
};
use crate::scan;

/// What stands for a character that had to be refused, while reading goes on.
const REPLACEMENT: char = '\u{fffd}';

impl<'a, B: Build> Reader<'a, B> {
    /// Reads a string whose opening quote is the current byte; the span includes both quotes.
    pub(super) fn string(&mut self) -> Result<(Cow<'a, str>, Span), Fatal> {
        let start = self.at;
        self.at += 1;
        let is_ascii = self.skip_plain();
        if self.peek() == Some(b'"') {
            let plain = self.text.get(start + 1..self.at).unwrap_or_default();
            self.at += 1;
            if !is_ascii {
                self.check_characters(plain, start + 1);
            }
            return Ok((Cow::Borrowed(plain), Span::new(start, self.at)));
        }
        let decoded = self.decode(start)?;
        Ok((Cow::Owned(decoded), Span::new(start, self.at)))
    }

    /// Moves to the next quote, backslash, control character or the end, and returns whether all
    /// before it surely is ASCII.
    #[inline]
    fn skip_plain(&mut self) -> bool {
        let plain = scan::plain(self.bytes.get(self.at..).unwrap_or_default());
        self.at += plain.length;
        plain.is_ascii
    }

    /// Decodes a string with escapes; the current byte is the first that is not plain.
    fn decode(&mut self, start: usize) -> Result<String, Fatal> {
        let mut text = String::new();
        let mut from = start + 1;
        loop {
            let plain = self.text.get(from..self.at).unwrap_or_default();
            self.check_characters(plain, from);
            text.push_str(plain);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(control) => {
                    self.refuse_control(control);
                    text.push(char::from(control));
                    self.at += 1;
                }
                None => return Err(self.ends_early("the closing `\"` of a string")),
            }
            from = self.at;
            self.skip_plain();
        }
    }

    fn refuse_control(&mut self, control: u8) {
        let problem = self
            .trail
            .problem(
                codes::CONTROL_CHARACTER,
                "control character stands unescaped in a string",
            )
            .at(Span::new(self.at, self.at + 1))
            .expected(format!("the escape `\\u{control:04x}`"))
            .found(format!("byte 0x{control:02x}"))
            .hint("escape it; a raw line break often means that a closing quote is missing");
        self.trail.report(problem);
    }

    /// Decodes one escape at the current backslash.
    fn escape(&mut self) -> Result<char, Fatal> {
        let start = self.at;
        let letter = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        let character = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            Some(_) => {
                self.at = start;
                return Err(
                    self.syntax("one of the escapes `\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u`")
                );
            }
            None => {
                self.at = self.bytes.len();
                return Err(self.ends_early("an escape"));
            }
        };
        Ok(character)
    }

    /// Decodes `\uXXXX`, and the pair of a surrogate; `start` is the backslash.
    fn unicode_escape(&mut self, start: usize) -> Result<char, Fatal> {
        let high = self.four_digits()?;
        let character = match high {
            0xd800..=0xdbff => self.low_surrogate(high)?,
            _ => char::from_u32(high),
        };
        let span = Span::new(start, self.at);
        if let Some(character) = character {
            self.check_character(character, span);
            return Ok(character);
        }
        self.refuse_surrogate(high, span);
        Ok(REPLACEMENT)
    }

    /// Returns the character of a pair when its second half follows, and moves past it only then.
    fn low_surrogate(&mut self, high: u32) -> Result<Option<char>, Fatal> {
        let after_high = self.at;
        if self.bytes.get(self.at..self.at + 2) != Some(br"\u") {
            return Ok(None);
        }
        self.at += 2;
        let low = self.four_digits()?;
        if (0xdc00..=0xdfff).contains(&low) {
            return Ok(char::from_u32(
                0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00),
            ));
        }
        self.at = after_high;
        Ok(None)
    }

    fn four_digits(&mut self) -> Result<u32, Fatal> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let is_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex {
            return Err(self.syntax("four hexadecimal digits after `\\u`"));
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Fatal)
    }

    fn refuse_surrogate(&mut self, half: u32, span: Span) {
        let problem = self
            .trail
            .problem(
                codes::LONE_SURROGATE,
                "half of a surrogate pair stands alone",
            )
            .at(span)
            .expected("a high surrogate followed by a low one, or the character itself")
            .found(format!("U+{half:04X}"))
            .hint("write the character itself in UTF-8");
        self.trail.report(problem);
    }

    /// Refuses the noncharacters in text that starts at byte `start`; ASCII text has none.
    fn check_characters(&mut self, text: &str, start: usize) {
        if text.is_ascii() {
            return;
        }
        for (at, character) in text.char_indices() {
            let at = start + at;
            self.check_character(character, Span::new(at, at + character.len_utf8()));
        }
    }

    fn check_character(&mut self, character: char, span: Span) {
        if !is_noncharacter(character) {
            return;
        }
        let problem = self
            .trail
            .problem(codes::NONCHARACTER, "string holds a Unicode noncharacter")
            .at(span)
            .expected("characters that may be interchanged (RFC 7493 section 2.1)")
            .found(format!("U+{:04X}", u32::from(character)))
            .hint("remove it");
        self.trail.report(problem);
    }
}

/// Returns whether a character is one of the 66 noncharacters (Unicode section 23.7).
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}
