//! What a reader sees is what the contract says: no hidden, reordering or look-alike characters.
//!
//! After Unicode Technical Standard 39 (§4 confusable detection, §5.2 restriction levels): one word
//! does not mix Latin letters with letters of other scripts that look like them.

use baton_terms::lookalike::{hidden, passing_for_latin, words};
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
        let odd = passing_for_latin(word)?;
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
