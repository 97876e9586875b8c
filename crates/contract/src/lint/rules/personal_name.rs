//! A contract names roles and teams: people change, and findings blame nobody.

use baton_terms::{Code, Diagnostic, Span};
use regex::Regex;

use crate::lint::{Rule, Subject};
use crate::model::Contract;

pub(super) const RULE: Rule = Rule {
    code: Code::new(384),
    name: "personal-name",
    summary: "Texts of a contract name no person.",
    check,
};

/// An address, or a handle at the start of a word.
const PATTERN: &str =
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|(?:^|[\s(,;:])@[A-Za-z0-9_-]{2,}";

/// What may stand in front of a handle and is no part of it.
const BEFORE_HANDLE: &str = " \t\n(,;:";

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Ok(pattern) = Regex::new(PATTERN) else {
        return Vec::new();
    };
    let texts = texts(subject.contract());
    let personal = texts
        .iter()
        .filter_map(|(at, text)| Some((at, pattern.find(text)?)));
    personal
        .map(|(at, part)| {
            let named = part
                .as_str()
                .trim_start_matches(|c| BEFORE_HANDLE.contains(c));
            let span = Span::new(part.end() - named.len(), part.end());
            let diagnostic = Diagnostic::warning(RULE.code, "text names a person")
                .at(span)
                .expected("a role or a team")
                .found(format!("`{named}`"))
                .hint("name the role; addresses belong into `owner.contact`");
            subject.inside_text(at, diagnostic)
        })
        .collect()
}

/// Returns the prose of a contract, each with its place; `owner.contact` may be an address.
fn texts(contract: &Contract) -> Vec<(String, &str)> {
    let mut texts = vec![
        ("/title".to_owned(), contract.title.as_str()),
        ("/purpose".to_owned(), contract.purpose.as_str()),
    ];
    for clause in &contract.clauses {
        for (field, text) in [
            ("title", &clause.title),
            ("because", &clause.because),
            ("fix", &clause.fix),
        ] {
            texts.push((format!("{}/{field}", clause.at), text));
        }
    }
    for gate in &contract.gates {
        texts.push((format!("{}/title", gate.at), &gate.title));
        texts.push((format!("{}/because", gate.at), &gate.because));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn people_are_not_named() {
        let fix = "fix: Name the team that answers.";
        check(
            &RULE,
            fix,
            "fix: Ask @kim-lee first.",
            &["E0384 warning \"@kim-lee\""],
        );
        check(
            &RULE,
            fix,
            "fix: Write to kim.lee@example.org about it.",
            &["E0384 warning \"kim.lee@example.org\""],
        );
        check(&RULE, fix, "fix: Ask the owner, 3 @ 5 hours a day.", &[]);
    }
}
