//! The tag that nearly all of a log is made of, `<string key="…" value="…"/>`, taken apart where it
//! stands in the input. Whatever is spelled otherwise is for the parser, which gives the same.

/// Where the parts of a tag stand, which is all of the text after white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Usual<'t> {
    pub(super) name: &'t str,
    pub(super) key: &'t str,
    pub(super) value: &'t str,
    /// Bytes up to the end of the tag, white space before it included.
    pub(super) length: usize,
}

/// Returns the tag that `text` starts with, if it is whole, usual, and means what it spells.
#[inline]
pub(super) fn usual(text: &[u8]) -> Option<Usual<'_>> {
    let start = text.trim_ascii_start();
    // The parser knows no form feed as white space.
    let (name, rest) = span(start.strip_prefix(b"<")?, |byte| byte.is_ascii_lowercase())?;
    let (key, rest) = span(rest.strip_prefix(b" key=\"")?, is_plain)?;
    let (value, rest) = span(rest.strip_prefix(b"\" value=\"")?, is_plain)?;
    let rest = rest.strip_prefix(b"\"")?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = rest.strip_prefix(b"/>")?;
    let space = text.len() - start.len();
    if text.iter().take(space).any(|&byte| byte == b'\x0c') {
        return None;
    }
    Some(Usual {
        name,
        key,
        value,
        length: text.len() - rest.len(),
    })
}

/// Returns the text up to the first byte that is not `wanted`, and what is left.
#[inline]
fn span(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| !wanted(*byte))?;
    let (text, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

/// Whether a byte of a value in double quotes means itself.
#[inline]
const fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'"' | b'&' | b'<' | 0..b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_means_what_it_spells_is_taken() {
        let tag = r#"<date key="time:timestamp" value="2026-01-01T00:00:00Z é >"/>"#;
        for before in ["", "\r\n\t\t "] {
            let text = format!("{before}{tag}<next");
            let found = usual(text.as_bytes()).unwrap();
            assert_eq!((found.name, found.key), ("date", "time:timestamp"));
            assert_eq!(found.value, "2026-01-01T00:00:00Z é >");
            assert_eq!(text.get(found.length..), Some("<next"));
            // A tag that is not whole yet is not taken.
            for end in 0..found.length {
                assert_eq!(usual(text.as_bytes().get(..end).unwrap()), None, "{end}");
            }
        }
        for other in [
            r#"x<string key="a" value="b"/>"#,
            "\x0c<string key=\"a\" value=\"b\"/>",
            r#"<string key="a" value="b">"#,
            r#"<string  key="a" value="b"/>"#,
            r#"<string value="b" key="a"/>"#,
            r#"<string key="a" value="b" id="c"/>"#,
            r#"<string key="a" value="b &amp; c"/>"#,
            "<string key=\"a\" value=\"b\nc\"/>",
            r#"<string key="a" value="<"/>"#,
            r#"<x:string key="a" value="b"/>"#,
            r#"</string key="a" value="b"/>"#,
        ] {
            assert_eq!(usual(other.as_bytes()), None, "{other}");
        }
        assert_eq!(usual(b"<string key=\"a\" value=\"\xff\"/>"), None);
    }

    #[test]
    fn a_log_reads_alike_however_its_tags_are_spelled() {
        let usual = "<log>\n<string key=\"of log\" value=\"x\"/><global scope=\"event\">\
                     <string key=\"c\" value=\"none\"/></global><trace>\r\n\t<id key=\"t\" value=\"1\"/>\
                     <event><string key=\"a\" value=\"b é\"/><int key=\"n\" value=\"\"/></event>\
                     <event><list key=\"l\"><values><string key=\"m\" value=\"1\"/><string key=\"m\" value=\"2\" />\
                     </values></list><string key=\"a\" value=\"&lt;\"/><float key=\"p\" value=\"1\"><id key=\"q\" value=\"2\"/>\
                     </float><what key=\"w\" value=\"3\"/></event></trace></log>";
        let other = usual.replace(" value=", "\n value=");
        let read = |text: &str| {
            let mut found = crate::formats::Collected::default();
            crate::formats::xes::read(text.as_bytes(), &mut found).unwrap();
            let notes = found.notes.iter().map(|note| note.message.clone());
            (found.columns, found.records, notes.collect::<Vec<_>>())
        };
        assert_eq!(read(usual), read(&other));
        assert_eq!(read(usual).1.len(), 2);
    }
}
