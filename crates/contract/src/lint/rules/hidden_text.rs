//! What a reader sees is what the contract says: no hidden, reordering or look-alike characters.
//!
//! After Unicode Technical Standard 39 (§4 confusable detection, §5.2 restriction levels): one word
//! does not mix Latin letters with letters of other scripts that look like them.

use baton_terms::{Code, Diagnostic, Span};

use crate::lint::scan::{Found, scan};
use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(370),
    name: "hidden-text",
    summary: "No character is hidden, reorders text or passes for another.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let rule = (RULE.code, "text is not what it looks like");
    let mend = |diagnostic: Diagnostic| {
        diagnostic
            .expected("visible characters, and words of one script")
            .hint("type the word again; copied text often brings such characters along")
    };
    scan(subject, rule, &find).into_iter().map(mend).collect()
}

fn find(text: &str) -> Vec<Found> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found: Vec<_> = text
        .char_indices()
        .filter_map(|(at, c)| Some((at, c, hidden(c)?)))
        .map(|(at, c, what)| Found {
            span: Span::new(at, at + c.len_utf8()),
            what: format!("{what} U+{:04X}", u32::from(c)),
        })
        .collect();
    found.extend(words(text).filter_map(|(at, word)| {
        let odd = look_alike(word)?;
        Some(Found {
            span: Span::new(at, at + word.len()),
            what: format!(
                "`{odd}` (U+{:04X}) that looks Latin and is not",
                u32::from(odd)
            ),
        })
    }));
    found
}

/// Returns what is wrong with a character that can't be seen where it stands.
fn hidden(c: char) -> Option<&'static str> {
    match c {
        '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{061C}' => Some("bidirectional control"),
        '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}'
        | '\u{00AD}'
        | '\u{180E}' => Some("zero-width character"),
        '\u{2028}' | '\u{2029}' | '\u{0085}' => Some("hidden line break"),
        '\u{E0000}'..='\u{E007F}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' => {
            Some("invisible character")
        }
        '\u{0080}'..='\u{009F}' => Some("control character"),
        _ => None,
    }
}

/// Returns the runs of letters with the bytes they start at.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(|c: char| !c.is_alphabetic())
        .map(move |piece| {
            let start = at;
            at += piece.len();
            (start, piece.trim_end_matches(|c: char| !c.is_alphabetic()))
        })
        .filter(|(_, word)| !word.is_empty())
}

/// Returns a letter of a word that passes for a Latin one.
fn look_alike(word: &str) -> Option<char> {
    let styled = |c: char| matches!(c, '\u{FF21}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D7FF}');
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}');
    word.chars().find(|c| styled(*c)).or_else(|| {
        let mixes = word.chars().any(is_latin);
        word.chars().find(|c| mixes && LOOK_ALIKES.contains(*c))
    })
}

/// Cyrillic, Greek and Armenian letters drawn like Latin ones (Unicode `confusables.txt`, the
/// letters whose skeleton is a single ASCII letter).
const LOOK_ALIKES: &str = "аеіјорсуѕхһԁԛԝԍүкАВЕЅІЈКМНОРСТУХԌԚԜҮαγιονρυϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹօսոհցքՕՏԼ";

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    const TITLE: &str = "title: Design to build";

    #[test]
    fn hidden_characters_are_found_where_they_stand() {
        for hidden in ["\u{202e}", "\u{200b}", "\u{2066}", "\u{ad}", "\u{e0041}"] {
            let title = format!("title: Design{hidden} to build");
            check(&RULE, TITLE, &title, &[&format!("E0370 error {hidden:?}")]);
        }
        let comment = "title: Design to build # \u{202e}dliub";
        check(&RULE, TITLE, comment, &["E0370 error \"\\u{202e}\""]);
    }

    #[test]
    fn escapes_hide_nothing() {
        let title = "title: \"Design\\u202E to build\"";
        check(
            &RULE,
            TITLE,
            title,
            &[r#"E0370 error "\"Design\\u202E to build\"""#],
        );
    }

    #[test]
    fn look_alikes_are_words_of_two_scripts() {
        let cyrillic = "title: Dеsign to build";
        check(&RULE, TITLE, cyrillic, &["E0370 error \"Dеsign\""]);
        let wide = "title: Ｄesign to build";
        check(&RULE, TITLE, wide, &["E0370 error \"Ｄesign\""]);
    }

    #[test]
    fn other_languages_are_welcome() {
        for title in [
            "Übergabe an die Entwicklung",
            "Передача в разработку",
            "Παράδοση",
            "設計から実装へ",
            "Δt within 5 µs",
        ] {
            check(&RULE, TITLE, &format!("title: {title}"), &[]);
        }
    }
}
