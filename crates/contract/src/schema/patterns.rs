//! Patterns, checked for the linear-time engine before anything is compiled.

use baton_terms::Diagnostic;

use super::codes::BAD_PATTERN;
use super::limits::{PATTERN_BYTES_MAX, PATTERN_COMPILED_BYTES_MAX};

/// Returns what is wrong with `pattern`, if anything.
pub(super) fn check(pattern: &str, pointer: &str) -> Option<Diagnostic> {
    let problem = |expected: String, found: String, hint: &str| {
        Diagnostic::error(BAD_PATTERN, "pattern cannot be used")
            .pointing_to(pointer)
            .expected(expected)
            .found(found)
            .hint(hint)
    };
    if pattern.len() > PATTERN_BYTES_MAX {
        return Some(problem(
            format!("a pattern of at most {PATTERN_BYTES_MAX} bytes"),
            format!("{} bytes", pattern.len()),
            "split the pattern, or list the values with `enum`",
        ));
    }
    // The validator reads ECMA-262 and translates; what it cannot translate is told by the plain reader.
    let translated = jsonschema_regex::to_rust_regex(pattern);
    let compiled = regex::RegexBuilder::new(translated.as_deref().unwrap_or(pattern))
        .size_limit(PATTERN_COMPILED_BYTES_MAX)
        .nest_limit(64)
        .build();
    match compiled {
        Ok(_) => None,
        Err(regex::Error::CompiledTooBig(limit)) => Some(problem(
            format!("a pattern that compiles to at most {limit} bytes"),
            "a larger one".to_owned(),
            "use smaller repetition counts, or `maxLength` beside a simpler pattern",
        )),
        Err(error) => Some(problem(
            "a regular expression without look-around and back-references".to_owned(),
            reason(&error),
            "linear-time matching has neither look-around nor back-references; use `allOf` or `not` beside a simpler pattern",
        )),
    }
}

/// Returns the last line of the parser's report: the reason, without the drawing above it.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ")
        .chars()
        .take(160)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: SCHEMA-6
    #[test]
    fn patterns_outside_linear_time_are_refused() {
        for good in ["^[a-z]+(-[a-z]+)*$", "(a+)+$", "\\d{4}", "\\cA", ""] {
            assert!(check(good, "").is_none(), "{good}");
        }
        for bad in [
            "(?=a)",
            "(a)\\1",
            "(",
            "a{1000}{1000}{10}",
            &"a".repeat(3_000),
        ] {
            assert_eq!(check(bad, "/x").unwrap().code, BAD_PATTERN, "{bad}");
        }
    }
}
