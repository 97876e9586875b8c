//! Names that look alike: the one place that says when two names pass for one another.
//!
//! Separation of duties compares names, and people compare what they see. Two names are the same
//! when only case, surrounding space, compatibility forms or invisible characters tell them apart,
//! and look alike when their skeletons agree (Unicode Technical Standard 39, section 4).

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{MixedScript as _, skeleton};

/// A name as a reader takes it in, ready to be compared with others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Appearance {
    /// Without case, compatibility forms and invisible characters.
    plain: String,
    /// The skeleton of that.
    folded: String,
    /// The skeleton of the name with its case, for a capital `I` passes for an `l`.
    drawn: String,
}

/// Why a name is not what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disguise {
    /// A character that can't be seen, or that reorders others.
    Hidden(char),
    /// A form of letters that passes for the plain ones, such as full width.
    Styled(char),
    /// A letter of another script than its word.
    Foreign(char),
}

impl Appearance {
    /// Returns the appearance of a name.
    pub fn of(name: &str) -> Self {
        let visible: String = name.nfkc().filter(|c| !is_ignorable(*c)).collect();
        let visible = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = visible.to_lowercase();
        Self {
            folded: skeleton(&plain).collect(),
            drawn: skeleton(&visible).collect::<String>().to_lowercase(),
            plain,
        }
    }

    /// Whether two names mean one party.
    pub fn is_same(&self, other: &Self) -> bool {
        self.plain == other.plain
    }

    /// Whether a reader could take one name for the other, the same name included.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.is_same(other) || self.folded == other.folded || self.drawn == other.drawn
    }
}

impl std::fmt::Display for Disguise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, c) = match self {
            Self::Hidden(c) => (hidden(*c).unwrap_or("invisible character"), c),
            Self::Styled(c) => ("letter in another form", c),
            Self::Foreign(c) => ("letter of another script", c),
        };
        write!(f, "{what} U+{:04X}", u32::from(*c))
    }
}

/// Returns every pair of names that look alike and are not equal, as indexes, the later one first;
/// each name is paired with the first it looks like.
pub fn pairs(names: &[&str]) -> Vec<(usize, usize)> {
    // The first name of each skeleton; names that are the same have the same skeletons.
    let (mut folded, mut drawn) = (BTreeMap::new(), BTreeMap::new());
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let appearance = Appearance::of(name);
        let first = *folded.entry(appearance.folded).or_insert(at);
        let first = first.min(*drawn.entry(appearance.drawn).or_insert(at));
        if first < at && names.get(first) != Some(name) {
            found.push((at, first));
        }
    }
    found
}

/// Returns why a name is not what it looks like; nothing for an honest one in any script.
pub fn disguise(name: &str) -> Option<Disguise> {
    let is_hidden = |c: &char| is_ignorable(*c) || c.is_control() || hidden(*c).is_some();
    if let Some(c) = name.chars().find(is_hidden) {
        return Some(Disguise::Hidden(c));
    }
    if name.is_ascii() {
        return None;
    }
    if let Some(c) = name.chars().find(|c| is_styled(*c)) {
        return Some(Disguise::Styled(c));
    }
    words(name)
        .find_map(|(_, word)| foreign(word))
        .map(Disguise::Foreign)
}

/// Returns what is wrong with a character that can't be seen where it stands.
pub fn hidden(c: char) -> Option<&'static str> {
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

/// Whether a character is not drawn at all (`Default_Ignorable_Code_Point` of the Unicode Character
/// Database); names need none of them.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a letter is one of the forms that compatibility normalization makes plain.
fn is_styled(c: char) -> bool {
    c.is_alphanumeric() && !std::iter::once(c).nfkc().eq(std::iter::once(c).nfc())
}

/// Returns the runs of letters with the bytes they start at.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(|c: char| !c.is_alphabetic())
        .map(move |piece| {
            let start = at;
            at += piece.len();
            (start, piece.trim_end_matches(|c: char| !c.is_alphabetic()))
        })
        .filter(|(_, word)| !word.is_empty())
}

/// Returns a letter of a word that passes for a Latin one; for prose, where a word may mix scripts
/// that nobody confuses, as in `Δt`.
pub fn passing_for_latin(word: &str) -> Option<char> {
    let styled = |c: char| matches!(c, '\u{FF21}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D7FF}');
    word.chars().find(|c| styled(*c)).or_else(|| {
        let mixes = word.chars().any(is_latin);
        word.chars().find(|c| mixes && LATIN_LOOKS.contains(*c))
    })
}

/// Returns a letter of a word whose letters are of scripts that are not written together: one
/// script, or Latin beside those of Chinese, Japanese and Korean (UTS 39, section 5.2, highly
/// restrictive).
fn foreign(word: &str) -> Option<char> {
    let others: String = word.chars().filter(|c| !is_east_asian(*c)).collect();
    if others.as_str().is_single_script() {
        return None;
    }
    let odd = |c: &char| !is_latin(*c);
    others.chars().find(odd).or_else(|| others.chars().next())
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Letters of Han, Hiragana, Katakana, Bopomofo and Hangul.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Cyrillic, Greek and Armenian letters drawn like Latin ones (Unicode `confusables.txt`, the
/// letters whose skeleton is a single ASCII letter).
const LATIN_LOOKS: &str = "аеіјорсуѕхһԁԛԝԍүкАВЕЅІЈКМНОРСТУХԌԚԜҮαγιονρυϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹօսոհցքՕՏԼ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_they_are_seen() {
        for (a, b, is_same, looks_like) in [
            ("ana", "Ana ", true, true),
            ("ana", "a\u{200B}na", true, true),
            ("ana", "ａｎａ", true, true),
            ("ana  maria", "ana maria", true, true),
            ("jos\u{e9}", "jose\u{301}", true, true),
            ("ana", "аnа", false, true),
            ("ANA", "АNА", false, true),
            ("boss", "bоѕѕ", false, true),
            ("lana", "Iana", false, true),
            ("qa-lead", "qa-1ead", false, true),
            ("admin", "adrnin", false, true),
            ("o-team", "0-team", false, true),
            ("ana", "anna", false, false),
            ("ana", "bo", false, false),
            ("José", "Jose", false, false),
        ] {
            let (left, right) = (Appearance::of(a), Appearance::of(b));
            assert_eq!(left.is_same(&right), is_same, "{a} {b}");
            assert_eq!(left.looks_like(&right), looks_like, "{a} {b}");
            assert_eq!(right.looks_like(&left), looks_like, "{b} {a}");
        }
    }

    #[test]
    fn disguises_are_found_and_named() {
        for (name, expected) in [
            ("an\u{200D}a", "zero-width character U+200D"),
            ("\u{202E}ana", "bidirectional control U+202E"),
            ("ana\u{FE0F}", "invisible character U+FE0F"),
            ("ana\u{7}", "invisible character U+0007"),
            ("ａna", "letter in another form U+FF41"),
            ("\u{1D41A}na", "letter in another form U+1D41A"),
            ("аna@example.com", "letter of another script U+0430"),
            ("Ωmega", "letter of another script U+03A9"),
        ] {
            let found = disguise(name).map(|found| found.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{name:?}");
        }
    }

    #[test]
    fn honest_names_of_any_script_are_welcome() {
        for name in [
            "ana@example.com",
            "Zoë Müller-Łukasiewicz",
            "Nguyễn Thị Minh",
            "Анна Петрова",
            "Άννα",
            "山田 太郎",
            "山田Taro",
            "さくらカナ",
            "김민수",
            "अनन्या",
            "عائشة",
            "O’Neill (QA) #2",
        ] {
            assert_eq!(disguise(name), None, "{name}");
        }
    }

    #[test]
    fn pairs_name_the_later_and_the_first() {
        let names = ["ana", "bo", "ana", "аnа", "b0", "bo"];
        assert_eq!(pairs(&names), [(3, 0), (4, 1)]);
    }
}
