//! Text inside XML attributes: escaped so that it reads back as it is (XML 1.0 sections 2.2, 3.3.3).

/// Appends a text to an attribute value; returns how many characters XML can't carry.
pub(super) fn push(out: &mut String, text: &str) -> u64 {
    let mut replaced = 0;
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                replaced += 1;
                out.push('\u{fffd}');
            }
            _ => out.push(character),
        }
    }
    replaced
}
