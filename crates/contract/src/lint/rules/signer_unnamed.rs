//! A signer says who: by key, by identity, or both. One that anybody fits demands nothing.

use baton_terms::{Code, Diagnostic, Digest};

use crate::lint::{Rule, Subject};
use crate::model::Signer;

pub(super) const RULE: Rule = Rule {
    code: Code::new(385),
    name: "signer-unnamed",
    summary: "A signer is named by a key id, or by an identity that not everybody fits.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let evidence = subject.contract().evidence_requirements();
    let named =
        evidence.filter_map(|requirement| Some((requirement, requirement.signer.as_ref()?)));
    named
        .filter_map(|(requirement, signer)| {
            let (field, found) = unnamed(signer)?;
            let at = format!("{}/signer{field}", requirement.at);
            Some(
                subject
                    .error(RULE.code, &at, "signer names nobody in particular")
                    .expected("a key id as `baton keys show` prints it, or an identity such as `research-*`")
                    .found(found)
                    .hint("say whose signature counts, or remove the signer"),
            )
        })
        .collect()
}

/// Returns the field that names nobody, and what it says.
fn unnamed(signer: &Signer) -> Option<(&'static str, String)> {
    let is_key = |key: &String| key.parse::<Digest>().is_ok();
    if let Some(key) = signer.key.as_ref().filter(|key| !is_key(key)) {
        return Some(("/key", format!("`{key}`")));
    }
    match &signer.identity {
        Some(identity) if identity.chars().all(|c| c == '*') => {
            Some(("/identity", format!("`{identity}`")))
        }
        None if signer.key.is_none() => Some(("", "neither key nor identity".to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    #[test]
    fn a_signer_is_somebody() {
        let sound = "signer: {identity: \"research-*\"}";
        for (written, underlined) in [
            ("signer: {}", "{}"),
            ("signer: {identity: \"**\"}", "\"**\""),
            ("signer: {key: ana-laptop}", "ana-laptop"),
            ("signer: {key: \"*\", identity: ana}", "\"*\""),
        ] {
            let expected = format!("E0385 error {underlined:?}");
            check(&RULE, sound, written, &[&expected]);
        }
        let key = format!("signer: {{key: \"sha256:{}\"}}", "a".repeat(64));
        check(&RULE, sound, &key, &[]);
    }
}
