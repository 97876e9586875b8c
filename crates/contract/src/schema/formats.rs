//! The formats that are asserted (JSON Schema 2020-12 Validation, section 7.3), in plain words.

/// Name of each asserted format, and what a reader calls it.
const FORMATS: [(&str, &str); 17] = [
    ("date", "a date such as 2026-11-20"),
    (
        "date-time",
        "a date and time with offset such as 2026-11-20T09:00:00Z",
    ),
    ("duration", "a duration such as P1DT2H"),
    ("email", "an email address"),
    ("hostname", "a host name"),
    ("ipv4", "an IPv4 address"),
    ("ipv6", "an IPv6 address"),
    ("iri", "an internationalized web address (IRI)"),
    (
        "iri-reference",
        "an internationalized web address or relative reference",
    ),
    ("json-pointer", "a JSON Pointer such as /a/b"),
    ("regex", "a regular expression"),
    (
        "relative-json-pointer",
        "a relative JSON Pointer such as 1/a",
    ),
    ("time", "a time with offset such as 09:00:00Z"),
    (
        "uri",
        "a web address (URI) such as https://example.com/page",
    ),
    ("uri-reference", "a web address or relative reference"),
    ("uri-template", "a URI template"),
    (
        "uuid",
        "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
    ),
];

/// Returns the names of all asserted formats.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|(name, _)| *name)
}

/// Returns what a reader calls the format, when it is asserted.
pub(super) fn describe(name: &str) -> Option<&'static str> {
    FORMATS
        .iter()
        .find(|(format, _)| *format == name)
        .map(|(_, text)| *text)
}
