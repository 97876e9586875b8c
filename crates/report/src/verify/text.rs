//! A verification as text for people.

use baton_evidence::trace::Verdict;
use baton_terms::Level;

use super::model::{Finding, Kind, Verification};
use super::replay::{Replay, draw};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, padded};

/// Columns of the words before what a finding says.
const LABEL: usize = 10;

/// Returns a verification as text, `width` columns wide.
pub fn text(verification: &Verification, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    head(&mut page, verification);
    findings(&mut page, &verification.findings);
    list(&mut page, "Covered", &verification.covered);
    list(&mut page, "Not covered", &verification.not_covered);
    if let Some(replay) = &verification.replay {
        let (identical, all) = (replay.identical(), replay.decisions.len());
        page.heading(&format!(
            "Decisions evaluated again: {identical} of {all} identical"
        ));
        draw(&mut page, replay);
    }
    if verification.verdict == Verdict::Untrusted {
        how_to_trust(&mut page, verification);
    }
    page.finish()
}

fn head(page: &mut Page, verification: &Verification) {
    let (conclusion, ink) = conclusion(verification);
    page.wrapped(&Indent::none(), conclusion, ink);
    let origin = match &verification.coverage.origin {
        Some(origin) => format!(", origin {origin}"),
        None => String::new(),
    };
    let (word, name) = (verification.kind.word(), &verification.name);
    let about = format!("{word} {name}{origin}, as of {}", verification.as_of);
    page.wrapped(&Indent::none(), &about, Ink::Faint);
}

fn conclusion(verification: &Verification) -> (&'static str, Ink) {
    let replay = verification.replay.as_ref();
    match verification.verdict {
        Verdict::Verified if !replay.is_none_or(Replay::is_identical) => (
            "NOT REPRODUCED — the bytes are as sealed, but not every decision evaluates to them again",
            Ink::Bad,
        ),
        Verdict::Verified => (
            "VERIFIED — everything looked at is what its trusted signer sealed",
            Ink::Good,
        ),
        Verdict::InPart => (
            "VERIFIED IN PART — what is covered is as sealed, and some of it is not covered",
            Ink::Caution,
        ),
        Verdict::Untrusted => (
            "CONSISTENT, BUT SIGNER NOT TRUSTED — no trusted key vouches for it, so anyone could have made it",
            Ink::Caution,
        ),
        Verdict::Refused => (
            "REFUSED — something is not what it was; the findings name it",
            Ink::Bad,
        ),
    }
}

fn findings(page: &mut Page, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading("Found");
    for finding in findings {
        let ink = match finding.level {
            Level::Error => Ink::Bad,
            Level::Warning => Ink::Caution,
        };
        let indent = Indent::marked(2, format!("{}  ", finding.code));
        page.wrapped(&indent, &finding.message, ink);
        for (label, said) in [
            ("where", &finding.place),
            ("expected", &finding.expected),
            ("found", &finding.found),
            ("hint", &finding.hint),
        ] {
            if !said.is_empty() {
                page.wrapped(&Indent::marked(9, padded(label, LABEL)), said, Ink::Normal);
            }
        }
    }
}

fn list(page: &mut Page, title: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    page.heading(title);
    for sentence in sentences {
        page.wrapped(&Indent::marked(2, "- "), sentence, Ink::Normal);
    }
}

fn how_to_trust(page: &mut Page, verification: &Verification) {
    page.heading("How to trust the signer");
    let steps = match verification.kind {
        Kind::Trace => {
            "Get the signer's public key from the signer, not from where the trace came from, and \
             verify again with --keyring."
        }
        Kind::Bundle | Kind::Page => {
            "Whoever made this file chose the keys in it. Ask each holder for the key id by another \
             way than this file (in person, by telephone), compare it with the one below, and \
             verify again with a --keyring that holds their public keys."
        }
    };
    page.wrapped(&Indent::marked(2, ""), steps, Ink::Normal);
    for key in &verification.keys {
        let holder = format!("{}, {} ({})", key.name, key.identity, key.kind);
        page.wrapped(&Indent::marked(2, "- "), &holder, Ink::Normal);
        page.wrapped(&Indent::marked(4, ""), &key.key_id, Ink::Strong);
    }
}
