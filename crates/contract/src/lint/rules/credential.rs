//! A contract is read by everybody and evaluated without secrets: it holds none and asks for none.

use baton_terms::{Code, Diagnostic, Span};
use regex::Regex;

use crate::lint::scan::{Found, scan};
use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(371),
    name: "credential",
    summary: "A contract holds no credential and names none of the server's.",
    check,
};

/// What gives a credential away, and what it is.
const PATTERNS: &[(&str, &str)] = &[
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----", "a private key"),
    (r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", "an AWS access key id"),
    (r"\bgh[pousr]_[A-Za-z0-9]{36,}", "a GitHub token"),
    (r"\bglpat-[A-Za-z0-9_-]{20,}", "a GitLab token"),
    (r"\bxox[abeprs]-[A-Za-z0-9-]{10,}", "a Slack token"),
    (r"\bsk-[A-Za-z0-9_-]{20,}", "an API key"),
    (r"(?i)\bbearer\s+[a-z0-9._~+/-]{20,}", "a bearer token"),
    (
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+",
        "a JSON Web Token",
    ),
    (
        r"\b[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s:@]+:[^/\s@]+@",
        "a password in a URL",
    ),
    (r"\$\{[^}\n]*\}", "an interpolation of the environment"),
    (r"\{\{[^}\n]*\}\}", "an interpolation of a secret"),
    (r"\$\([^)\n]*\)", "an interpolation of a command"),
];

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let patterns: Vec<_> = PATTERNS
        .iter()
        .filter_map(|(pattern, what)| Some((Regex::new(pattern).ok()?, *what)))
        .collect();
    let find = |text: &str| {
        let mut found = Vec::new();
        for (pattern, what) in &patterns {
            found.extend(pattern.find_iter(text).map(|part| Found {
                span: Span::new(part.start(), part.end()),
                what: format!("what looks like {what}"),
            }));
        }
        found
    };
    let mend = |diagnostic: Diagnostic| {
        diagnostic
            .expected("no credential, and nothing to be filled in by the server")
            .hint("revoke it if it was real; Baton never fills secrets into a contract")
    };
    let rule = (RULE.code, "contract holds or asks for a credential");
    scan(subject, rule, &find).into_iter().map(mend).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    const TITLE: &str = "title: Design to build";

    #[test]
    fn every_pattern_is_one() {
        for (pattern, _) in super::PATTERNS {
            assert!(regex::Regex::new(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn credentials_are_found_wherever_they_stand() {
        for text in [
            format!("AKIA{}", "A1B2C3D4E5F6G7H8"),
            format!("ghp_{}", "a".repeat(36)),
            format!("Bearer {}", "a".repeat(24)),
            format!("-----BEGIN EC {}-----", "PRIVATE KEY"),
            "postgres://app:hunter22@".to_owned(),
            "${DATABASE_URL}".to_owned(),
            "{{ secrets.TOKEN }}".to_owned(),
            "$(cat /etc/passwd)".to_owned(),
        ] {
            let expected = format!("E0371 error {text:?}");
            check(&RULE, TITLE, &format!("title: 'see {text}'"), &[&expected]);
            check(&RULE, TITLE, &format!("{TITLE} # {text}"), &[&expected]);
        }
    }

    #[test]
    fn escapes_hide_nothing() {
        let title = r#"title: "\u0024{HOME}""#;
        check(&RULE, TITLE, title, &[r#"E0371 error "\"\\u0024{HOME}\"""#]);
    }

    #[test]
    fn placeholders_and_expressions_are_no_credentials() {
        check(
            &RULE,
            TITLE,
            "title: 'costs $ 5 {a} (b) bearer of news'",
            &[],
        );
    }
}
