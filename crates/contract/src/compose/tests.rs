//! Tests of links: each changes one thing of two contracts that fit.

#![expect(clippy::string_slice, reason = "the contract under test is ASCII")]

use baton_terms::Source;

use super::*;
use crate::document::{Document, Reading};
use crate::lint::rules::tests::SOUND;

fn read(text: &str) -> Reading {
    Document::alone(Source::new("contract.yaml", text)).read()
}

/// The sound contract, handed over by those who take over in it.
fn next() -> String {
    SOUND
        .replace("name: design-to-build", "name: build-to-quality")
        .replace(
            "from: {role: designer, teams: [design], kind: human}\nto: {role: engineer, teams: [payments, search], kind: human}",
            "from: {role: engineer, teams: [payments, search], kind: human}\nto: {role: tester, teams: [quality], kind: human}",
        )
}

/// The sound contract with outputs that are exactly its inputs.
fn first() -> String {
    let inputs = SOUND.find("inputs:").unwrap();
    let outputs = SOUND.find("outputs:").unwrap();
    let dimensions = SOUND.find("dimensions:").unwrap();
    let promised = SOUND[inputs..outputs].replacen("inputs:", "outputs:", 1);
    format!("{}{promised}{}", &SOUND[..outputs], &SOUND[dimensions..])
}

/// Edits the outputs or parties of the first contract.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(first(), |text, (from, to)| {
        let outputs = text.find("outputs:").unwrap();
        let at = text[outputs..].find(from).map(|at| at + outputs);
        let at = at
            .or_else(|| text.find(from))
            .unwrap_or_else(|| panic!("no `{from}`"));
        format!("{}{to}{}", &text[..at], &text[at + from.len()..])
    })
}

fn check(edits: &[(&str, &str)], answer: Answer, worst: &str) {
    let (from, to) = (read(&edited(edits)), read(&next()));
    let chain = [from.contract().unwrap(), to.contract().unwrap()];
    let links = compose(&chain);
    let [link] = links.as_slice() else {
        panic!("{links:?}");
    };
    assert_eq!(link.answer(), answer, "{edits:?}: {:?}", link.checks);
    let worst_check = link.checks.iter().max_by_key(|check| check.answer).unwrap();
    let shown = format!("{} {}", worst_check.pointer, worst_check.because);
    assert!(shown.contains(worst), "{edits:?}: {shown}");
    assert_eq!(
        worst_check.counterexample.is_some(),
        worst_check.about == About::Payload && answer == Answer::No,
    );
}

// spec: COMPOSE-8
#[test]
fn parties_must_be_able_to_do_both() {
    check(&[], Answer::Yes, "handed on");
    check(
        &[("role: engineer", "role: writer")],
        Answer::No,
        "/from/role `writer` takes over",
    );
    check(
        &[("teams: [payments, search]", "teams: [accounts]")],
        Answer::No,
        "/from/teams no team",
    );
    check(
        &[("teams: [payments, search], ", "")],
        Answer::Yes,
        "handed on",
    );
    check(
        &[(
            "teams: [payments, search], kind: human",
            "teams: [search], kind: agent",
        )],
        Answer::No,
        "/from/kind agent",
    );
    check(
        &[(
            "teams: [payments, search], kind: human",
            "teams: [search], kind: any",
        )],
        Answer::Yes,
        "handed on",
    );
}

// spec: COMPOSE-8
#[test]
fn outputs_must_be_inputs() {
    let refused = "/inputs/schema/properties/title/minLength";
    check(&[("minLength: 5", "minLength: 4")], Answer::No, refused);
    check(
        &[("minLength: 5", "minLength: 6")],
        Answer::Yes,
        "handed on",
    );
    // Equivalent to the length the next contract asks for, but out of the proof's reach.
    let long_way = ("minLength: 5", "not: {maxLength: 4}");
    check(&[long_way], Answer::Unknown, "/inputs/schema");
}

// spec: COMPOSE-8
#[test]
fn outputs_without_a_schema_are_unknown() {
    let text = first();
    let outputs = text.find("outputs:").unwrap();
    let evidence = outputs + text[outputs..].find("  evidence:").unwrap();
    let without = format!("{}outputs:\n{}", &text[..outputs], &text[evidence..]);
    let (from, to) = (read(&without), read(&next()));
    let links = compose(&[from.contract().unwrap(), to.contract().unwrap()]);
    assert_eq!(links[0].answer(), Answer::Unknown);
    assert!(compose(&[to.contract().unwrap()]).is_empty());
}

// spec: COMPOSE-9
#[test]
fn evidence_is_handed_on_or_the_senders_own_duty() {
    for (from, to, answer, worst) in [
        (
            "id: prototype",
            "id: film",
            Answer::Yes,
            "not promised by the outputs",
        ),
        (
            "required: true",
            "required: false",
            Answer::Yes,
            "promised for some packages only",
        ),
        ("max_age: 30d", "max_age: 10d", Answer::Yes, "handed on"),
        ("max_age: 30d", "max_age: 60d", Answer::No, "as old as"),
        (", max_age: 30d", "", Answer::No, "of any age"),
        (
            "[text/html]",
            "[text/html, text/plain]",
            Answer::No,
            "`text/plain`",
        ),
        (
            "identity: \"research-*\"",
            "identity: \"research-berlin\"",
            Answer::Yes,
            "handed on",
        ),
        (
            "identity: \"research-*\"",
            "identity: \"*-berlin\"",
            Answer::Unknown,
            "signer",
        ),
        (
            "      signer: {identity: \"research-*\"}\n",
            "",
            Answer::No,
            "signer",
        ),
        (
            "test-result/v0.1",
            "test-result/v0.2",
            Answer::No,
            "may state",
        ),
    ] {
        check(&[(from, to)], answer, worst);
    }
}
