//! Text of others inside our Markdown (GitHub Flavored Markdown 0.29): shown, never interpreted.

use std::fmt::Write as _;

use crate::plain;

/// Returns text that shows as itself: no markup, HTML, link, mention or issue reference comes of it.
///
/// Every ASCII punctuation character but the harmless ones becomes a numeric character reference,
/// which can't take part in structure (`CommonMark` 0.31 §2.5). Services that look for mentions and
/// links after rendering meet a zero width space (U+200B) instead.
pub(crate) fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in plain(text).chars() {
        // `- `, `1. ` and `1) ` would open a list.
        let opens_line = shown
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b' ');
        match character {
            ',' | ';' | '?' | '(' | '/' | '\'' | '%' => shown.push(character),
            '-' | '.' | ')' if !opens_line => shown.push(character),
            '@' | '#' | ':' => {
                reference(&mut shown, character);
                shown.push('\u{200B}');
            }
            _ if character.is_ascii_punctuation() => reference(&mut shown, character),
            _ => shown.push(character),
        }
        if character == '.' && ends_with_www(&shown) {
            shown.push('\u{200B}');
        }
    }
    shown
}

/// Returns text as code, shown letter by letter.
pub(crate) fn code(shown: &str) -> String {
    format!("<code>{}</code>", text(shown))
}

fn ends_with_www(shown: &str) -> bool {
    let end = shown
        .len()
        .checked_sub(4)
        .and_then(|start| shown.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("www."))
}

fn reference(shown: &mut String, character: char) {
    // Writing to a String can't fail.
    let _ = write!(shown, "&#{};", u32::from(character));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_others_is_shown_and_not_interpreted() {
        for (given, expected) in [
            ("plain words, really?", "plain words, really?"),
            ("<script>", "&#60;script&#62;"),
            ("a | b", "a &#124; b"),
            ("[x](y)", "&#91;x&#93;(y)"),
            ("@team", "&#64;\u{200B}team"),
            ("https://x.example", "https&#58;\u{200B}//x.example"),
            ("see www.x.example", "see www.\u{200B}x.example"),
            ("1. one", "1&#46; one"),
            ("1) one", "1&#41; one"),
            ("- item", "&#45; item"),
            ("\n# head", " &#35;\u{200B} head"),
            ("a\u{202e}b", "a&#92;u&#123;202e&#125;b"),
        ] {
            assert_eq!(text(given), expected, "{given:?}");
        }
    }
}
