//! Text from contracts and packages, made safe to show on a terminal.

/// Returns `text` with control characters (among them escape sequences) and invisible or
/// direction-changing characters (Unicode TR 36) written out as `\u{…}`; line breaks and tabs
/// become spaces.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            _ if character.is_control() || is_invisible(character) => {
                shown.extend(character.escape_unicode());
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Returns whether a character is invisible or changes the direction of its line.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_bidi_tricks_become_visible() {
        assert_eq!(plain("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(plain("safe\u{202e}txt"), "safe\\u{202e}txt");
        assert_eq!(plain("two\nlines"), "two lines");
        assert_eq!(plain("Zürich 東京"), "Zürich 東京");
    }
}
