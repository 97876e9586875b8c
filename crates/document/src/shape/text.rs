//! Kinds of text a contract holds, each with one check, one phrase and one JSON Schema form.

use std::sync::OnceLock;

use baton_terms::{Digest, Elapsed, Id, Instant};
use regex::Regex;
use serde_json::{Value, json};

/// A kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// A short line of prose: 1 to 200 characters without line breaks.
    Line,
    /// Prose of 1 to 4,000 characters.
    Prose,
    /// A kebab-case id.
    Id,
    /// A semantic version.
    Version,
    /// An RFC 3339 date-time with offset.
    Instant,
    /// A calendar date `YYYY-MM-DD`.
    Date,
    /// Elapsed time such as `14d`.
    Elapsed,
    /// Business time such as `2bd`, or elapsed time.
    Span,
    /// A CEL expression.
    Expression,
    /// An IANA time zone name.
    Zone,
    /// A local interval `HH:MM-HH:MM`.
    Interval,
    /// An absolute URI.
    Uri,
    /// A URL template with `{placeholders}`.
    UrlTemplate,
    /// The name of a file beside the contract.
    FileName,
    /// A media type.
    MediaType,
    /// A SHA-256 digest.
    Digest,
    /// The word `contract/v1`.
    ContractFormat,
}

static DATE: Pattern = Pattern::new("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
const ELAPSED_PATTERN: &str = "^[0-9]{1,10}[smhdw]$";
static SPAN: Pattern = Pattern::new("^[0-9]{1,10}(s|m|h|d|w|bm|bh|bd)$");
static INTERVAL: Pattern = Pattern::new("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$");
static MEDIA_TYPE: Pattern =
    Pattern::new("^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$");
static FILE_NAME: Pattern = Pattern::new("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$");
const VERSION_PATTERN: &str =
    r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$";

impl TextKind {
    /// Returns what a text of this kind looks like, for the `expected` of a diagnostic.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Line => "one line of 1 to 200 characters",
            Self::Prose => "text of 1 to 4000 characters",
            Self::Id => "an id: lower-case words joined by hyphens, such as `problem-stated`",
            Self::Version => "a semantic version such as `1.2.0`",
            Self::Instant => "a time with offset such as `2026-11-20T09:00:00Z`",
            Self::Date => "a date such as `2026-12-25`",
            Self::Elapsed => "an elapsed time such as `4h` or `14d`",
            Self::Span => "a time span such as `2bd` (business days), `8bh` or `48h`",
            Self::Expression => "a CEL expression",
            Self::Zone => "an IANA time zone such as `Europe/Berlin`",
            Self::Interval => "a local interval such as `09:00-17:00`",
            Self::Uri => "an absolute URI",
            Self::UrlTemplate => "an https URL, with placeholders such as `{trace_id}`",
            Self::FileName => "the name of a file beside the contract, without a path",
            Self::MediaType => "a media type such as `application/json`",
            Self::Digest => "a digest: `sha256:` and 64 lower-case hex digits",
            Self::ContractFormat => "`contract/v1`",
        }
    }

    /// Returns whether `text` is of this kind.
    pub fn accepts(self, text: &str) -> bool {
        let has_length = |max: usize| !text.trim().is_empty() && text.chars().count() <= max;
        match self {
            Self::Line => has_length(200) && !text.contains(['\n', '\r']),
            Self::Prose => has_length(4000),
            Self::Id => text.parse::<Id>().is_ok(),
            Self::Version => semver::Version::parse(text).is_ok(),
            Self::Instant => text.parse::<Instant>().is_ok(),
            Self::Date => DATE.accepts(text) && text.parse::<jiff::civil::Date>().is_ok(),
            Self::Elapsed => text.parse::<Elapsed>().is_ok(),
            Self::Span => SPAN.accepts(text),
            Self::Expression => !text.trim().is_empty(),
            Self::Zone => !text.is_empty() && jiff::tz::TimeZone::get(text).is_ok(),
            Self::Interval => INTERVAL.accepts(text),
            Self::Uri => is_absolute_uri(text),
            Self::UrlTemplate => {
                text.starts_with("https://") && !text.contains(char::is_whitespace)
            }
            Self::FileName => FILE_NAME.accepts(text) && !text.contains(".."),
            Self::MediaType => MEDIA_TYPE.accepts(text),
            Self::Digest => text.parse::<Digest>().is_ok(),
            Self::ContractFormat => text == "contract/v1",
        }
    }

    /// Returns the JSON Schema of this kind of text.
    pub(super) fn json_schema(self) -> Value {
        let pattern = |pattern: &str| json!({"type": "string", "pattern": pattern});
        match self {
            Self::Line => json!({"type": "string", "minLength": 1, "maxLength": 200}),
            Self::Prose => json!({"type": "string", "minLength": 1, "maxLength": 4000}),
            Self::Id => json!({"type": "string", "pattern": Id::PATTERN, "maxLength": 64}),
            Self::Version => pattern(VERSION_PATTERN),
            Self::Instant => json!({"type": "string", "format": "date-time"}),
            Self::Date => json!({"type": "string", "format": "date"}),
            Self::Elapsed => pattern(ELAPSED_PATTERN),
            Self::Span => pattern(SPAN.text),
            Self::Expression | Self::Zone => json!({"type": "string", "minLength": 1}),
            Self::Interval => pattern(INTERVAL.text),
            Self::Uri => json!({"type": "string", "format": "uri"}),
            Self::UrlTemplate => pattern("^https://[^ ]+$"),
            Self::FileName => pattern(FILE_NAME.text),
            Self::MediaType => pattern(MEDIA_TYPE.text),
            Self::Digest => pattern("^sha256:[0-9a-f]{64}$"),
            Self::ContractFormat => json!({"const": "contract/v1"}),
        }
    }
}

/// `scheme:` followed by something, without spaces (RFC 3986 §3.1 for the scheme).
fn is_absolute_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
            && !rest.is_empty()
            && !text.contains(char::is_whitespace)
    })
}

/// A pattern that is compiled when it is first needed, and once.
struct Pattern {
    text: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            regex: OnceLock::new(),
        }
    }

    /// Patterns here are constants; one that failed to compile would match nothing and fail its test.
    fn accepts(&self, text: &str) -> bool {
        let regex = self.regex.get_or_init(|| Regex::new(self.text).ok());
        regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_accepts_its_own_and_refuses_its_neighbours() {
        for (kind, good, bad) in [
            (TextKind::Line, "Requirements to engineering", "two\nlines"),
            (TextKind::Id, "problem-stated", "Problem stated"),
            (TextKind::Version, "1.2.0", "1.2"),
            (TextKind::Instant, "2026-11-20T09:00:00Z", "2026-11-20"),
            (TextKind::Date, "2028-02-29", "2026-02-29"),
            (TextKind::Elapsed, "14d", "14bd"),
            (TextKind::Span, "14bd", "14 days"),
            (TextKind::Zone, "Europe/Berlin", "Mars/Olympus"),
            (TextKind::Interval, "09:00-17:00", "9-17"),
            (TextKind::Uri, "https://example.org/x", "example.org/x"),
            (
                TextKind::UrlTemplate,
                "https://example.org/{trace_id}",
                "http://example.org",
            ),
            (
                TextKind::FileName,
                "package.schema.json",
                "../package.schema.json",
            ),
            (TextKind::MediaType, "application/vnd.in-toto+json", "json"),
            (
                TextKind::Digest,
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "sha256:e3b0",
            ),
            (TextKind::ContractFormat, "contract/v1", "contract/v2"),
        ] {
            assert!(kind.accepts(good), "{kind:?} {good}");
            assert!(!kind.accepts(bad), "{kind:?} {bad}");
        }
    }
}
