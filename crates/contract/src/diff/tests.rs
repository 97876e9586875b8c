//! Tests of the comparison: each changes one thing of a sound contract.

#![expect(clippy::string_slice, reason = "the contract under test is ASCII")]

use baton_terms::Source;

use super::meaning;
use super::*;
use crate::document::{Document, Reading};
use crate::lint::rules::tests::SOUND;
use crate::model::SHAPE;
use crate::shape::{Object, Shape};

fn read(text: &str) -> Reading {
    Document::alone(Source::new("contract.yaml", text)).read()
}

fn check(from: &str, to: &str, expected: &[(&str, Class, Step)]) {
    check_between(SOUND, &[(from, to)], expected);
}

fn check_between(old: &str, edits: &[(&str, &str)], expected: &[(&str, Class, Step)]) {
    let mut new = old.to_owned();
    for (from, to) in edits {
        assert!(new.contains(from), "the contract has no `{from}`");
        new = new.replacen(from, to, 1);
    }
    let changes = diff(&read(old), &read(&new)).unwrap();
    let shown: Vec<_> = changes
        .iter()
        .map(|c| (c.pointer.as_str(), c.class, c.step))
        .collect();
    assert_eq!(shown, expected, "{edits:?}");
}

/// Checks one edit and the edit that takes it back.
fn check_both((from, to): (&str, &str), pointer: &str, there: (Class, Step), back: (Class, Step)) {
    check(from, to, &[(pointer, there.0, there.1)]);
    let new = SOUND.replacen(from, to, 1);
    let changes = diff(&read(&new), &read(SOUND)).unwrap();
    let shown: Vec<_> = changes
        .iter()
        .map(|c| (c.pointer.as_str(), c.class, c.step))
        .collect();
    assert_eq!(shown, [(pointer, back.0, back.1)], "back from {to}");
}

const FOR_SENDER: (Class, Step) = (Class::StricterForSender, Step::Major);
const FOR_RECEIVER: (Class, Step) = (Class::StricterForReceiver, Step::Major);
const LOOSER: (Class, Step) = (Class::Looser, Step::Minor);
const COMPATIBLE: (Class, Step) = (Class::Compatible, Step::Minor);
const COSMETIC: (Class, Step) = (Class::Cosmetic, Step::Patch);

const CLAUSE: &str = "  - id: more\n    dimension: readiness\n    weight: 1\n    severity: minor\n    expect: package.notes != \"\"\n    because: Notes help readers.\n    fix: Write some notes.\n    effort: 1\nthresholds:";

// spec: DIFF-1
#[test]
fn words_and_spelling_are_cosmetic() {
    for (from, to, pointer) in [
        ("title: Design to build", "title: Design to code", "/title"),
        (
            "    effort: 3",
            "    effort: 4",
            "/clauses/states-covered/effort",
        ),
        ("ready_min: 7400, ", "", "/thresholds/ready_min"),
        (", kind: human}\nto:", "}\nto:", "/from/kind"),
        (", clock: to", "", "/deadlines/acknowledge/clock"),
        (
            "max_age: 30d",
            "max_age: 720h",
            "/inputs/evidence/prototype/max_age",
        ),
        (
            ", required: true",
            "",
            "/inputs/evidence/prototype/required",
        ),
        (
            "teams: [payments, search]",
            "teams: [search, payments]",
            "/to/teams",
        ),
        (
            "expect: package.states.size() >= 3",
            "expect: package.states.size()>=3 // at least",
            "/clauses/states-covered/expect",
        ),
    ] {
        check_both((from, to), pointer, COSMETIC, COSMETIC);
    }
}

#[test]
fn default_dimensions_written_out_are_cosmetic() {
    let from = SOUND.find("dimensions:").unwrap();
    let to = SOUND.find("clauses:").unwrap();
    let without = format!("{}{}", &SOUND[..from], &SOUND[to..]);
    let written = without.replacen(
        "clauses:",
        "dimensions: [{id: evidence, title: Evidence, weight: 25}, {id: readiness, title: Readiness, weight: 15}, {id: safety, title: Safety, weight: 40}, {id: impact, title: Impact, weight: 20}]\nclauses:",
        1,
    );
    let changes = diff(&read(&without), &read(&written)).unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].class, Class::Cosmetic);
}

/// An edit, the place it touches, what it means, and what taking it back means.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    (Class, Step),
    (Class, Step),
);

const LIMITS: &[Case] = &[
    (
        "ready_min: 7400",
        "ready_min: 8000",
        "/thresholds/ready_min",
        FOR_SENDER,
        LOOSER,
    ),
    (
        "review_risk: 6200",
        "review_risk: 6000",
        "/thresholds/review_risk",
        FOR_SENDER,
        LOOSER,
    ),
    (
        "ready_min: 7400, ",
        "ready_min: 7000, ",
        "/thresholds/ready_min",
        LOOSER,
        FOR_SENDER,
    ),
    (
        "quorum: 1",
        "quorum: 2",
        "/gates/human-impact/quorum",
        FOR_SENDER,
        LOOSER,
    ),
    (
        "of: 3",
        "of: 2",
        "/gates/human-impact/of",
        FOR_SENDER,
        LOOSER,
    ),
    (
        "expires: 3bd",
        "expires: 2bd",
        "/gates/human-impact/expires",
        FOR_SENDER,
        LOOSER,
    ),
    (
        "waivers: 2",
        "waivers: 1",
        "/budget/waivers",
        FOR_SENDER,
        LOOSER,
    ),
    (", waivers: 2", "", "/budget/waivers", FOR_SENDER, LOOSER),
    (
        "wip_limit: 5",
        "wip_limit: 6",
        "/routing/wip_limit",
        FOR_RECEIVER,
        LOOSER,
    ),
    (
        "  wip_limit: 5\n",
        "",
        "/routing/wip_limit",
        FOR_RECEIVER,
        LOOSER,
    ),
    (
        "  strategy: least-loaded",
        "  capabilities: [web]\n  strategy: least-loaded",
        "/routing/capabilities",
        FOR_RECEIVER,
        LOOSER,
    ),
    (
        "failures: 3",
        "failures: 2",
        "/rollback/failures",
        FOR_SENDER,
        LOOSER,
    ),
    ("time: 2h", "time: 1h", "/budget/time", FOR_RECEIVER, LOOSER),
    (
        "max_age: 30d",
        "max_age: 10d",
        "/inputs/evidence/prototype/max_age",
        FOR_SENDER,
        LOOSER,
    ),
    (
        ", max_age: 30d",
        "",
        "/inputs/evidence/prototype/max_age",
        LOOSER,
        FOR_SENDER,
    ),
    (
        "    effort: 3\n",
        "    effort: 3\n    when: package.states.size() > 1\n",
        "/clauses/states-covered/when",
        LOOSER,
        FOR_SENDER,
    ),
    (
        "    when: package.states.size() > 0\n",
        "    when: package.states.size() > 1\n",
        "/clauses/share-covered/when",
        COMPATIBLE,
        COMPATIBLE,
    ),
];

// spec: DIFF-2
#[test]
fn limits_know_their_direction_and_defaults() {
    for &(from, to, pointer, there, back) in LIMITS {
        check_both((from, to), pointer, there, back);
    }
    check_both(
        ("verdict: {within: 2bd", "verdict: {within: 16bh"),
        "/deadlines/verdict/within",
        FOR_RECEIVER,
        FOR_RECEIVER,
    );
}

// spec: DIFF-3
#[test]
fn a_clause_is_stricter_unless_it_is_pending() {
    let sender = |pointer| (pointer, Class::StricterForSender, Step::Major);
    let compatible = |pointer| (pointer, Class::Compatible, Step::Minor);
    let looser = |pointer| (pointer, Class::Looser, Step::Minor);
    check("thresholds:", CLAUSE, &[sender("/clauses/more")]);
    let pending = (
        "pending:\n",
        "pending:\n  - {clause: more, until: 2027-01-01T00:00:00Z}\n",
    );
    let edits = [("thresholds:", CLAUSE), pending];
    check_between(
        SOUND,
        &edits,
        &[compatible("/clauses/more"), compatible("/pending/more")],
    );
    let with_more = SOUND.replacen("thresholds:", CLAUSE, 1);
    let with_pending = with_more.replacen(pending.0, pending.1, 1);
    let back = |from, to| (from, to);
    check_between(
        &with_more,
        &[back(CLAUSE, "thresholds:")],
        &[looser("/clauses/more")],
    );
    // What was pending counts now; what starts to wait counts no more.
    check_between(
        &with_pending,
        &[back(pending.1, pending.0)],
        &[sender("/pending/more")],
    );
    check_between(&with_more, &[pending], &[looser("/pending/more")]);
    check_between(
        &with_pending,
        &[back(pending.1, pending.0), back(CLAUSE, "thresholds:")],
        &[looser("/clauses/more"), compatible("/pending/more")],
    );
    // While a clause only warns, it may become stricter; later deadlines for it ask less.
    check_between(
        &with_pending,
        &[(
            "severity: minor\n    expect: package.notes",
            "severity: blocker\n    expect: package.notes",
        )],
        &[compatible("/clauses/more/severity")],
    );
    check(
        "until: 2027-01-01",
        "until: 2027-06-01",
        &[looser("/pending/share-covered/until")],
    );
    check(
        "until: 2027-01-01",
        "until: 2026-12-01",
        &[sender("/pending/share-covered/until")],
    );
}

// spec: DIFF-3
#[test]
fn the_last_clause_of_a_dimension_leaves_it_unknown() {
    let from = SOUND.find("  - id: evidence-complete").unwrap();
    let to = SOUND.find("  - id: states-covered").unwrap();
    let clause = &SOUND[from..to];
    check(
        clause,
        "",
        &[(
            "/clauses/evidence-complete",
            Class::StricterForSender,
            Step::Major,
        )],
    );
}

// spec: DIFF-2
#[test]
fn gates_ask_the_sender() {
    let from = SOUND.find("  - id: no-late-surprise").unwrap();
    let to = SOUND.find("deadlines:").unwrap();
    let gate = &SOUND[from..to];
    check_both((gate, ""), "/gates/no-late-surprise", LOOSER, FOR_SENDER);
    for (from, to, pointer, there, back) in [
        (
            "separation: [not-sender, not-sender-team]",
            "separation: [not-sender]",
            "/gates/human-impact/separation",
            LOOSER,
            FOR_SENDER,
        ),
        (
            "    separation: [not-sender, not-sender-team]\n",
            "",
            "/gates/human-impact/separation",
            LOOSER,
            FOR_SENDER,
        ),
        (
            "approvers: [impact-reviewer]",
            "approvers: [impact-reviewer, ethics-board]",
            "/gates/human-impact/approvers",
            LOOSER,
            FOR_SENDER,
        ),
        (
            "    quorum: 1\n",
            "    quorum: 1\n    decided_by: anyone\n",
            "/gates/human-impact/decided_by",
            LOOSER,
            FOR_SENDER,
        ),
        (
            "expires: 3bd\n    on_expiry: escalate",
            "expires: 3bd\n    on_expiry: reject",
            "/gates/human-impact/on_expiry",
            FOR_SENDER,
            LOOSER,
        ),
    ] {
        check_both((from, to), pointer, there, back);
    }
}

// spec: DIFF-4
#[test]
fn deadlines_touch_the_party_whose_clock_runs() {
    let within = "/deadlines/verdict/within";
    check_both(
        ("verdict: {within: 2bd", "verdict: {within: 1bd"),
        within,
        FOR_RECEIVER,
        LOOSER,
    );
    check_both(
        (
            "  verdict: {within: 2bd, calendar: office, clock: to, on_expiry: escalate}\n",
            "",
        ),
        "/deadlines/verdict",
        LOOSER,
        FOR_RECEIVER,
    );
    let clock = "/deadlines/complete/clock";
    let (to, from) = (
        "10bd, calendar: office, clock: to",
        "10bd, calendar: office, clock: from",
    );
    check_both((to, from), clock, FOR_SENDER, FOR_RECEIVER);
    let senders = SOUND.replacen(to, from, 1);
    check_between(
        &senders,
        &[("complete: {within: 10bd", "complete: {within: 8bd")],
        &[(
            "/deadlines/complete/within",
            Class::StricterForSender,
            Step::Major,
        )],
    );
    check_both(
        ("      - {date: 2027-01-01, name: New Year}\n", ""),
        "/calendar/office/holidays/2027-01-01",
        FOR_RECEIVER,
        LOOSER,
    );
    check_both(
        (
            "    holidays:\n",
            "    covers: {first: 2026, last: 2027}\n    holidays:\n",
        ),
        "/calendar/office/covers",
        COMPATIBLE,
        COMPATIBLE,
    );
}

// spec: DIFF-5
#[test]
fn schemas_are_compared_by_what_they_admit() {
    let inputs = "/inputs/schema";
    check_both(
        ("maxLength: 2000}", "maxLength: 3000}"),
        inputs,
        LOOSER,
        FOR_SENDER,
    );
    check_both(
        (
            "required: [title, states, owner]",
            "required: [owner, states, title]",
        ),
        inputs,
        COSMETIC,
        COSMETIC,
    );
    // A weaker promise breaks those downstream who rely on it.
    check_both(
        ("required: [build]", "required: []"),
        "/outputs/schema",
        (Class::Looser, Step::Major),
        FOR_RECEIVER,
    );
}

// spec: DIFF-2
#[test]
fn fewer_senders_or_media_types_are_stricter() {
    let media = "/inputs/evidence/prototype/media_types";
    for (from, to, pointer, there, back) in [
        (
            "teams: [design]",
            "teams: [design, research]",
            "/from/teams",
            LOOSER,
            FOR_SENDER,
        ),
        (", teams: [design]", "", "/from/teams", LOOSER, FOR_SENDER),
        (
            "[design], kind: human",
            "[design], kind: any",
            "/from/kind",
            LOOSER,
            FOR_SENDER,
        ),
        (
            "[design], kind: human",
            "[design], kind: agent",
            "/from/kind",
            FOR_SENDER,
            FOR_SENDER,
        ),
        (
            "[text/html]",
            "[text/html, application/pdf]",
            media,
            LOOSER,
            FOR_SENDER,
        ),
        (
            "      predicate_types: [\"https://in-toto.io/attestation/test-result/v0.1\"]\n",
            "",
            "/inputs/evidence/usability-test/predicate_types",
            LOOSER,
            FOR_SENDER,
        ),
        (
            "      signer: {identity: \"research-*\"}\n",
            "",
            "/inputs/evidence/usability-test/signer/identity",
            LOOSER,
            FOR_SENDER,
        ),
    ] {
        check_both((from, to), pointer, there, back);
    }
}

// spec: DIFF-2
#[test]
fn evidence_is_asked_for_always_sometimes_or_never() {
    let when = "/inputs/evidence/usability-test/when";
    let required = "/inputs/evidence/prototype/required";
    let condition = "      when: context.risk_tier == \"high\"\n";
    check_both(
        ("required: true", "required: false"),
        required,
        LOOSER,
        FOR_SENDER,
    );
    check_both(
        (condition, "      required: false\n"),
        when,
        LOOSER,
        FOR_SENDER,
    );
    check_both(
        (condition, "      required: true\n"),
        when,
        FOR_SENDER,
        LOOSER,
    );
    check_both(
        (condition, "      when: context.risk_tier != \"low\"\n"),
        when,
        FOR_SENDER,
        FOR_SENDER,
    );
    let optional =
        "  evidence:\n    - {id: film, title: Film, media_types: [video/mp4], required: false}\n";
    check(
        "  evidence:\n",
        optional,
        &[("/inputs/evidence/film", Class::Compatible, Step::Minor)],
    );
    let asked = optional.replace("false", "true");
    check_both(
        ("  evidence:\n", &asked),
        "/inputs/evidence/film",
        FOR_SENDER,
        LOOSER,
    );
}

/// Every declared field has a row, its own or that of a section compared as a whole: a new field
/// can't be forgotten here.
#[test]
fn the_table_covers_every_declared_field() {
    const KEYED: [&str; 5] = ["/clauses", "/dimensions", "/outcomes", "/gates", "/pending"];
    fn visit(shape: &Shape, pointer: &str, missing: &mut Vec<String>) {
        if meaning::of(pointer).is_some() && !meaning::looks_inside(pointer) {
            return;
        }
        let is_keyed = KEYED.contains(&pointer)
            || pointer.ends_with("/evidence")
            || pointer.ends_with("/holidays");
        match shape {
            Shape::Object(object) => fields(object, pointer, missing),
            Shape::List { item, .. } if is_keyed => visit(item, &format!("{pointer}/*"), missing),
            Shape::Map { value, .. } => visit(value, &format!("{pointer}/*"), missing),
            _ => missing.push(pointer.to_owned()),
        }
    }
    fn fields(object: &Object, pointer: &str, missing: &mut Vec<String>) {
        for field in object.fields {
            visit(&field.shape, &format!("{pointer}/{}", field.name), missing);
        }
    }
    let mut missing = Vec::new();
    fields(&SHAPE, "", &mut missing);
    // The key of an entry is its name and can't change; files are inlined in the normal form.
    let is_apart = ["/*/id", "/*/clause", "/*/date", "puts/schema_file"];
    missing.retain(|pointer| !is_apart.iter().any(|end| pointer.ends_with(end)));
    assert_eq!(missing, Vec::<String>::new());
}
