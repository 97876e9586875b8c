//! Draft contracts for the worst edges of a map: complete enough to pass `baton lint`, with the
//! counts they come from in their comments, and meant to be corrected by the two teams.

use std::collections::BTreeSet;

use baton_eventlog::handover::{Edge, Map, worst};

use super::shown::{number, percent, rate, time};
use crate::plain;

/// A draft contract and the schema it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Name of the contract, and of the folder it belongs in.
    pub name: String,
    /// What goes into `contract.yaml`.
    pub contract: String,
    /// What goes into `package.schema.json`.
    pub schema: &'static str,
}

const SCHEMA: &str = include_str!("draft.schema.json");
/// Most bytes of a name that come from one party.
const SLUG_BYTES: usize = 28;
/// Share of handovers without a person, in percent, from which a draft asks for one.
const NAMELESS_PERCENT: u64 = 10;
/// Share of handovers given straight back, in percent, from which a draft asks why this receiver.
const RETURNED_PERCENT: u64 = 5;

/// Returns draft contracts for at most `most` of the worst edges.
pub fn drafts(map: &Map, most: usize) -> Vec<Draft> {
    let mut names = BTreeSet::new();
    let worst = worst(map).into_iter().take(most);
    let drafted = worst.map(|edge| {
        let (from, to) = (slug(&edge.from, "sender"), slug(&edge.to, "receiver"));
        let base = format!("{from}-to-{to}");
        // Names that read alike as ids are numbered.
        let numbered = (2..).map(|nth| format!("{base}-{nth}"));
        let mut names_free = std::iter::once(base.clone()).chain(numbered);
        let name = names_free
            .find(|name| !names.contains(name))
            .unwrap_or(base);
        names.insert(name.clone());
        Draft {
            contract: contract(map, edge, &name),
            name,
            schema: SCHEMA,
        }
    });
    drafted.collect()
}

/// Returns a name as an id: lower-case words of ASCII letters and digits.
fn slug(name: &str, otherwise: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let mut id = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    let id: String = id.chars().take(SLUG_BYTES).collect();
    let id = id.trim_end_matches('-');
    match id.chars().next() {
        Some(first) if first.is_ascii_lowercase() => id.to_owned(),
        Some(_) => format!("{otherwise}-{id}"),
        None => otherwise.to_owned(),
    }
}

/// Returns text as a JSON string, which YAML reads as itself.
fn quoted(text: &str) -> String {
    serde_json::Value::from(plain(text)).to_string()
}

fn contract(map: &Map, edge: &Edge, name: &str) -> String {
    let (from, to) = (plain(&edge.from), plain(&edge.to));
    let comments = evidence(map, edge);
    let comments: String = comments
        .iter()
        .flat_map(|line| ["# ", line, "\n"])
        .collect();
    let title = quoted(&format!("From {from} to {to}"));
    let purpose = quoted(&format!(
        "Hand work from {from} to {to} so that it can be taken up without asking back."
    ));
    let head = format!(
        "baton: contract/v1\nname: {name}\nversion: 0.1.0\ntitle: {title}\npurpose: {purpose}\n"
    );
    let parties = format!(
        "owner: {{team: {}}}\nfrom: {{role: {}, kind: any}}\nto: {{role: {}, kind: any}}\n",
        slug(&edge.to, "receiver"),
        slug(&edge.from, "sender"),
        distinct(&edge.to, &edge.from)
    );
    let (clauses, deadlines) = (clauses(edge), deadlines(edge));
    [&comments, &head, &parties, FRAME, &clauses, &deadlines].concat()
}

/// Returns the receiver's role, another one than the sender's even where their names read alike.
fn distinct(to: &str, from: &str) -> String {
    let (to, from) = (slug(to, "receiver"), slug(from, "sender"));
    if to == from {
        format!("{to}-receiver")
    } else {
        to
    }
}

/// What the log says about the edge, one line each.
fn evidence(map: &Map, edge: &Edge) -> Vec<String> {
    let (from, to) = (plain(&edge.from), plain(&edge.to));
    let mut lines = vec![
        "Draft. The counts below come from an event log; the clauses are a proposal for both teams to correct."
            .to_owned(),
        format!(
            "{from} → {to}: {} handovers in {} cases.",
            number(edge.handovers),
            number(edge.cases)
        ),
        format!(
            "Given straight back: {} ({}). Handed on: {} ({}).",
            number(edge.returned),
            percent(edge.returned, edge.handovers),
            number(edge.passed_on),
            percent(edge.passed_on, edge.handovers)
        ),
        format!(
            "Wait for the next event: half within {}, nine in ten within {}.",
            time(edge.waiting.median_seconds),
            time(edge.waiting.p90_seconds)
        ),
    ];
    if let Some(nameless) = edge.without_person {
        let share = percent(nameless, edge.handovers);
        lines.push(format!("No person named: {} ({share}).", number(nameless)));
    }
    if let (Some(split), Some(outcome)) = (edge.failures, &map.outcome) {
        lines.push(format!(
            "{}: {} of {} cases ({}); of what {from} handed to others {} of {} ({}). An association, not proof.",
            plain(&outcome.name),
            number(split.with.failures),
            number(split.with.cases),
            rate(split.with),
            number(split.without.failures),
            number(split.without.cases),
            rate(split.without)
        ));
    }
    lines
}

const FRAME: &str = "
outcomes:
  - {id: bounces, metric: bounce-rate, unit: basis-points, direction: lower, baseline: measure, target: 500, window: 90d}

inputs:
  schema_file: package.schema.json

dimensions:
  - {id: readiness, title: Readiness, weight: 70}
  - {id: safety, title: Safety, weight: 30}

clauses:
";

const GATE: &str = "
gates:
  - id: human-impact
    title: Human impact review
    kind: approval
    when: context.risk_tier == \"high\"
    approvers: [human-impact-reviewer]
    quorum: 1
    separation: [not-sender, not-sender-team]
    expires: 7d
    on_expiry: escalate
    because: Work that can hurt people is looked at by somebody else first.
";

fn clauses(edge: &Edge) -> String {
    let mut text = clause(
        ("fits-schema", "The package has the agreed form"),
        ("readiness", 10, "blocker"),
        "check: schema",
        (
            "Every other clause reads the fields of this form.",
            "Correct the fields that are named.",
        ),
    );
    let share = |part: u64| part * 100 / edge.handovers.max(1);
    if share(edge.returned) >= RETURNED_PERCENT {
        let because = format!(
            "{} of {} handovers came straight back.",
            number(edge.returned),
            number(edge.handovers)
        );
        text += &clause(
            ("right-receiver", "It says why this team is the right one"),
            ("readiness", 10, "major"),
            "expect: package.why_this_team.size() >= 20",
            (
                &because,
                "Say what makes this team the right one, and what was ruled out.",
            ),
        );
    }
    if edge
        .without_person
        .is_some_and(|nameless| share(nameless) >= NAMELESS_PERCENT)
    {
        let because = format!(
            "{} of {} handovers named nobody, so nobody knew that it was theirs.",
            number(edge.without_person.unwrap_or(0)),
            number(edge.handovers)
        );
        text += &clause(
            ("contact-named", "Somebody of the receiver is named"),
            ("readiness", 8, "major"),
            "expect: package.contact.size() >= 2",
            (&because, "Name the person or the rota that takes it up."),
        );
    }
    text + &standing()
}

/// Clauses that every handover gains from.
fn standing() -> String {
    let mut text = String::new();
    text += &clause(
        ("attempts-told", "What was tried is told"),
        ("readiness", 6, "minor"),
        "expect: package.tried.size() >= 1",
        (
            "Work that starts again from nothing costs the time twice.",
            "List what was tried and what came of it, or that nothing was.",
        ),
    );
    text += &clause(
        (
            "people-considered",
            "Somebody thought of the people affected",
        ),
        ("safety", 10, "major"),
        "expect: package.people_affected.size() >= 10",
        (
            "Who waits, and what waiting does to them, decides what comes first.",
            "Say who is affected and how urgent it is for them.",
        ),
    );
    text += &clause(
        ("approved-as-is", "The package is the one that was approved"),
        ("safety", 5, "blocker"),
        "check: unchanged-since-approval",
        (
            "An approval counts for exactly what was approved.",
            "Ask for approval of the changed package.",
        ),
    );
    text
}

fn clause(
    (id, title): (&str, &str),
    (dimension, weight, severity): (&str, u32, &str),
    check: &str,
    (because, fix): (&str, &str),
) -> String {
    let (because, fix) = (quoted(because), quoted(fix));
    format!(
        "  - id: {id}\n    title: {title}\n    dimension: {dimension}\n    weight: {weight}\n    severity: {severity}\n    {check}\n    because: {because}\n    fix: {fix}\n    effort: 1\n"
    )
}

/// Deadlines at what half and nine in ten of the handovers kept so far, in whole hours.
fn deadlines(edge: &Edge) -> String {
    let hours = |seconds: Option<i64>| seconds.map_or(24, |s| (s / 3_600 + 1).clamp(1, 24 * 90));
    let acknowledge = hours(edge.waiting.median_seconds);
    let verdict = hours(edge.waiting.p90_seconds).max(acknowledge);
    format!(
        "{GATE}\n# Half of the handovers kept the first, nine in ten the second.\ndeadlines:\n  acknowledge: {{within: {acknowledge}h}}\n  verdict: {{within: {verdict}h}}\n\nrollback: {{to: last-stable-baseline, on: [critical-posture, repeated-failures], failures: 3}}\nbudget: {{waivers: 1, resource_pressure_cap: 8000}}\nvalidation:\n  suites: [unit, integration, simulation, regression]\n  conditions: [pro-humanity-impact, professional-mastery]\n"
    )
}
