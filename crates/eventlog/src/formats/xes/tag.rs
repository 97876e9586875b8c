//! Key and value of one attribute tag. The common spelling is taken apart by hand; whatever else
//! XML allows goes through the parser.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use crate::formats::sink::Hint;
use crate::formats::xml::{Unreadable, attribute, value};

/// What an element inside a log, trace, event or attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An attribute with a value.
    Value(Hint),
    /// A list or container: its members are the values.
    List,
    /// The wrapper of a list's members.
    Members,
    /// Anything else.
    Other,
}

/// Returns what an element of this name is (IEEE 1849-2023 section 6.3).
pub(super) fn kind(name: &str) -> Kind {
    match name {
        "string" | "id" => Kind::Value(Hint::Text),
        "date" => Kind::Value(Hint::Time),
        "int" => Kind::Value(Hint::Integer),
        "float" => Kind::Value(Hint::Decimal),
        "boolean" => Kind::Value(Hint::Boolean),
        "list" | "container" => Kind::List,
        "values" => Kind::Members,
        _ => Kind::Other,
    }
}

/// The key and value of an attribute.
#[derive(Debug)]
pub(super) struct Pair<'t> {
    /// Its key; `None` when it has none.
    pub(super) key: Option<Cow<'t, str>>,
    /// Its value; `None` when it has none.
    pub(super) value: Option<Cow<'t, str>>,
}

/// Returns the key and value that a tag carries.
pub(super) fn pair<'t>(tag: &'t BytesStart<'_>) -> Result<Pair<'t>, Unreadable> {
    if let Some((key, text)) = usual(tag.attributes_raw()) {
        return Ok(Pair {
            key: Some(value(Cow::Borrowed(key))?),
            value: Some(value(Cow::Borrowed(text))?),
        });
    }
    Ok(Pair {
        key: attribute(tag, "key")?,
        value: attribute(tag, "value")?,
    })
}

/// Takes apart ` key="…" value="…"`, as nearly every program writes it.
fn usual(raw: &str) -> Option<(&str, &str)> {
    let (key, rest) = raw.strip_prefix(" key=\"")?.split_once('"')?;
    let (value, rest) = rest.strip_prefix(" value=\"")?.split_once('"')?;
    matches!(rest, "" | " ").then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_tag_reads_alike() {
        for raw in [
            r#"string key="a" value="b &amp; c""#,
            r#"string key="a" value="b &amp; c" "#,
            r"string  key='a'   value='b &amp; c'",
            "string value=\"b\n&#38; c\" key=\"a\"",
            r#"string key = "a" id="7" value = "b &#x26; c""#,
        ] {
            let tag = BytesStart::from_content(raw, 6);
            let pair = pair(&tag).unwrap();
            assert_eq!(pair.key.as_deref(), Some("a"), "{raw}");
            assert_eq!(pair.value.as_deref(), Some("b & c"), "{raw}");
        }
    }

    #[test]
    fn unknown_entities_and_broken_quotes_are_refused() {
        for raw in [
            r#"string key="a" value="&bomb;""#,
            r#"string key="a" value="#,
        ] {
            let tag = BytesStart::from_content(raw, 6);
            assert!(pair(&tag).is_err(), "{raw}");
        }
    }
}
