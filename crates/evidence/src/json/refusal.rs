//! Why the reader refuses: limits, numbers it does not keep, and text outside the grammar.

use baton_terms::{Diagnostic, Span, limits};

use super::{
    Build, NumberProblem, codes,
    reader::{Fatal, Reader},
};

impl<B: Build> Reader<'_, B> {
    /// Counts a value or key against the limit.
    #[inline]
    pub(super) fn count_node(&mut self) -> Result<(), Fatal> {
        self.nodes += 1;
        if self.nodes <= self.limits.nodes_max {
            return Ok(());
        }
        let problem = self
            .trail
            .problem(codes::TOO_MANY_VALUES, "document has too many values")
            .at(Span::new(self.at, self.at + 1))
            .expected(format!("at most {} values and keys", self.limits.nodes_max))
            .found("more")
            .hint("split the document");
        self.trail.report(problem);
        Err(Fatal)
    }

    /// Refuses to open a list or map below the deepest level.
    #[inline]
    pub(super) fn check_depth(&mut self) -> Result<(), Fatal> {
        // The recursion is bounded by the common limit whatever the caller asks for.
        let depth_max = self.limits.depth_max.min(limits::DEPTH_MAX);
        if self.trail.depth() < depth_max {
            return Ok(());
        }
        let problem = self
            .trail
            .problem(codes::TOO_DEEP, "document is nested too deeply")
            .at(Span::new(self.at, self.at + 1))
            .expected(format!("at most {depth_max} levels"))
            .found("one more level")
            .hint("flatten the document");
        self.trail.report(problem);
        Err(Fatal)
    }

    /// Reports a well-formed number whose value is refused.
    pub(super) fn refuse_number(&mut self, problem: NumberProblem, span: Span) {
        let (code, message, expected, hint) = match problem {
            NumberProblem::Unsafe => (
                codes::UNSAFE_NUMBER,
                "number is beyond what a double keeps exactly",
                "a number within ±9007199254740991 (RFC 7493 section 2.2)",
                "write it as a string, or in a larger unit",
            ),
            NumberProblem::OutOfRange => (
                codes::OUT_OF_RANGE,
                "number is out of the range of a double",
                "a number that an IEEE 754 double can hold",
                "write it as a string, or in another unit",
            ),
            NumberProblem::NegativeZero => (
                codes::NEGATIVE_ZERO,
                "number is negative zero",
                "`0`",
                "write `0`",
            ),
        };
        let found = clip(self.text.get(span.start..span.end).unwrap_or_default());
        let diagnostic = self
            .trail
            .problem(code, message)
            .at(span)
            .expected(expected)
            .found(found)
            .hint(hint);
        self.trail.report(diagnostic);
    }

    /// Reports that something else stands at the current byte.
    pub(super) fn syntax(&mut self, expected: &str) -> Fatal {
        if self.at >= self.bytes.len() {
            return self.ends_early(expected);
        }
        let found = self.shown();
        let hint = match self.peek() {
            Some(b'\'') => "use double quotes",
            Some(b'/' | b'#') => "JSON has no comments; remove it",
            Some(b'}' | b']') => "remove the comma before the closing bracket",
            Some(b',') => "remove the extra comma",
            _ => "compare with the grammar on json.org",
        };
        let width = found.chars().next().map_or(1, char::len_utf8);
        let problem = self
            .trail
            .problem(codes::SYNTAX, format!("expected {expected}"))
            .at(Span::new(self.at, self.at + width))
            .expected(expected)
            .found(found)
            .hint(hint);
        self.trail.report(problem);
        Fatal
    }

    /// Reports that the text ends inside something.
    pub(super) fn ends_early(&mut self, expected: &str) -> Fatal {
        let end = self.bytes.len();
        let problem = self
            .trail
            .problem(
                codes::ENDS_EARLY,
                format!("document ends before {expected}"),
            )
            .at(Span::new(end, end))
            .expected(expected)
            .found("the end of the document")
            .hint("check that the whole document arrived");
        self.trail.report(problem);
        Fatal
    }

    /// Returns the text from here, short enough to show.
    pub(super) fn shown(&self) -> String {
        clip(self.text.get(self.at..).unwrap_or_default())
    }
}

/// Returns the first characters of a text, which may be long and hostile.
fn clip(text: &str) -> String {
    text.chars().take(20).collect()
}

/// Returns the problem of a document that is not even looked at.
pub(super) fn too_large(found: usize, bytes_max: usize) -> Diagnostic {
    Diagnostic::error(codes::TOO_LARGE, "document is too large")
        .expected(format!("at most {bytes_max} bytes"))
        .found(format!("{found} bytes"))
        .hint("split the document, or attach the bulk as evidence by digest")
}

/// Returns the problem of bytes that are not UTF-8 from `at` on.
pub(super) fn not_utf8(bytes: &[u8], at: usize) -> Diagnostic {
    let rest = bytes.get(at..).unwrap_or_default();
    let span = Span::new(at, at + 1);
    let shown = rest.iter().take(4).map(|byte| format!("{byte:02x}"));
    let found = format!("bytes {}", shown.collect::<Vec<_>>().join(" "));
    // A surrogate encoded as if it were a character: what CESU-8 and WTF-8 writers produce.
    if matches!(rest, [0xed, 0xa0..=0xbf, ..]) {
        return Diagnostic::error(codes::LONE_SURROGATE, "surrogate is encoded as a character")
            .at(span)
            .expected("UTF-8 (RFC 3629 section 3)")
            .found(found)
            .hint("write the character itself in UTF-8");
    }
    Diagnostic::error(codes::NOT_UTF8, "document is not UTF-8")
        .at(span)
        .expected("UTF-8 (RFC 8259 section 8.1)")
        .found(found)
        .hint("save the file as UTF-8")
}
