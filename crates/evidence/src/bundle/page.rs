//! The page form of a bundle: the same bytes inside one self-contained HTML file.
//!
//! The data stands in a script element of a type that browsers do not run, with `<` escaped so that
//! nothing in it can end the element. The content security policy allows exactly the page's own
//! script and style, by digest, and no request to anywhere.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use baton_terms::Digest;

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
const BODY: &str = include_str!("page.html");
/// What every page starts with.
const START: &[u8] = b"<!doctype html>\n";
const OPEN: &[u8] = b"<script type=\"application/json\" id=\"bundle\">";
const CLOSE: &[u8] = b"</script>";

/// Returns the page that shows and verifies `bundle` in a browser.
pub fn html(bundle: &[u8]) -> Vec<u8> {
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        source(SCRIPT),
        source(STYLE)
    );
    let head = BODY.replace("{policy}", &policy).replace("{style}", STYLE);
    let (head, tail) = head.split_once("{data}").unwrap_or((&head, ""));
    let mut page = Vec::with_capacity(bundle.len() + head.len() + SCRIPT.len() + 1024);
    page.extend_from_slice(START);
    page.extend_from_slice(head.as_bytes());
    page.extend_from_slice(OPEN);
    for byte in bundle {
        match byte {
            b'<' => page.extend_from_slice(b"\\u003c"),
            _ => page.push(*byte),
        }
    }
    page.extend_from_slice(CLOSE);
    page.extend_from_slice(tail.replace("{script}", SCRIPT).as_bytes());
    page
}

/// Returns the bundle inside a page, or `None` when the bytes are no page.
pub(super) fn extract(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.strip_prefix(START)?;
    let start = memchr::memmem::find(bytes, OPEN)? + OPEN.len();
    let rest = bytes.get(start..)?;
    let data = rest.get(..memchr::memmem::find(rest, CLOSE)?)?;
    Some(unescape(data))
}

/// Undoes the escape of `<`, and no other.
fn unescape(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, escaped) = rest.split_at(at);
        bytes.extend_from_slice(plain);
        rest = if let Some(after) = escaped.strip_prefix(b"\\u003c") {
            bytes.push(b'<');
            after
        } else {
            // The byte after a backslash may be a backslash that escapes nothing itself.
            let (pair, after) = escaped.split_at(escaped.len().min(2));
            bytes.extend_from_slice(pair);
            after
        };
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// Returns the digest of an inline source as content security policies write it.
fn source(text: &str) -> String {
    let digest = Digest::of(text.as_bytes());
    format!("sha256-{}", STANDARD.encode(digest.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: EVIDENCE-75
    #[test]
    fn data_survives_the_page_and_cannot_leave_its_element() {
        for data in [
            "{}",
            r#"{"a":"</script><script>alert(1)</script>"}"#,
            r#"{"a":"<!--"}"#,
            r#"{"a":"\\u003c \\\\u003c \\<"}"#,
            r#"{"a":"\"\\"}"#,
            "\\",
        ] {
            let page = html(data.as_bytes());
            assert_eq!(extract(&page).unwrap(), data.as_bytes());
            let text = String::from_utf8(page).unwrap();
            assert_eq!(text.matches("</script").count(), 2, "{data}");
        }
        assert_eq!(extract(b"{}"), None);
    }

    // spec: EVIDENCE-75
    #[test]
    fn the_page_asks_for_nothing_from_anywhere() {
        let page = String::from_utf8(html(b"{}")).unwrap();
        for foreign in [
            "http:",
            "https:",
            "src=",
            "url(",
            "@import",
            "innerHTML",
            "eval(",
        ] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("default-src 'none'"));
        assert!(page.contains(&source(SCRIPT)));
        for placeholder in ["{policy}", "{style}", "{data}", "{script}"] {
            assert!(!page.contains(placeholder), "{placeholder}");
        }
    }
}
