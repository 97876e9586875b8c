//! A problem in something a user wrote: a value, never an `Err`, so that all of them are reported at once.

use serde::Serialize;

use crate::Span;

/// A stable code such as `E0123`; `baton help E0123` explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// Text that is not a diagnostic code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read `{found}` as a code: expected `E` and four digits")]
pub struct CodeError {
    found: String,
}

impl Code {
    /// Returns the code with this number (at most four digits are ever assigned).
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Returns the code's number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "E{:04}", self.0)
    }
}

impl std::str::FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix(['E', 'e'])
            .filter(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(Self)
            .ok_or_else(|| CodeError {
                found: text.chars().take(100).collect(),
            })
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The input is refused.
    Error,
    /// The input is usable, but probably not what its author wants.
    Warning,
}

/// Where a problem is: a byte span, a JSON Pointer (RFC 6901), or both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Name of the file beside the main document, when the problem stands there.
    pub file: Option<String>,
    /// Byte span in the source text, when the source is text.
    pub span: Option<Span>,
    /// JSON Pointer of the value concerned; empty for the whole document.
    pub pointer: String,
}

/// One problem, with everything its reader needs to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// Whether the input is refused because of it.
    pub level: Level,
    /// Lower-case fragment that says what is wrong.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// What was expected there.
    pub expected: String,
    /// What was found there.
    pub found: String,
    /// How to mend it.
    pub hint: String,
}

impl Diagnostic {
    /// Returns an error with a code and message, and nothing else said yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            level: Level::Error,
            message: message.into(),
            place: Place::default(),
            expected: String::new(),
            found: String::new(),
            hint: String::new(),
        }
    }

    /// Returns a warning with a code and message, and nothing else said yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self {
            level: Level::Warning,
            ..Self::error(code, message)
        }
    }

    /// Sets the span.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.place.span = Some(span);
        self
    }

    /// Names the file beside the main document that the place is in.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.place.file = Some(file.into());
        self
    }

    /// Sets the JSON Pointer.
    #[must_use]
    pub fn pointing_to(mut self, pointer: impl Into<String>) -> Self {
        self.place.pointer = pointer.into();
        self
    }

    /// Sets what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Sets what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = found.into();
        self
    }

    /// Sets how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_print_with_four_digits_and_read_back() {
        assert_eq!(Code::new(101).to_string(), "E0101");
        assert_eq!("E0101".parse(), Ok(Code::new(101)));
        assert_eq!("e0101".parse(), Ok(Code::new(101)));
        for text in ["", "E", "E101", "E01011", "X0101", "E+101"] {
            assert!(text.parse::<Code>().is_err(), "{text}");
        }
    }
}
