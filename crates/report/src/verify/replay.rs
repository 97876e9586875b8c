//! Decisions evaluated again: text and `replay/v1`.

use baton_evidence::trace::{Entry, Replayed, lines};
use serde::Serialize;
use serde_json::{Value, json};

use crate::draw::{Indent, Ink, Page};
use crate::{Appearance, plain};

/// JSON Schema of `replay/v1`.
pub const REPLAY_SCHEMA: &str = include_str!("replay-v1.schema.json");

/// How one decision compares with its evaluation now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The decision's place in the trace.
    pub sequence: u64,
    /// The work it is about.
    pub subject: String,
    /// `identical`, `different`, `inputs-missing`, `inputs-changed`, `unknown-semantics` or `failed`.
    pub outcome: &'static str,
    /// What that means here.
    pub detail: String,
}

/// Every decision of a trace, evaluated again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replay {
    /// One outcome per decision, in order.
    pub decisions: Vec<Outcome>,
}

impl Replay {
    /// Returns the outcomes of the decisions in the lines `entries`.
    pub fn new(replayed: &[(u64, Replayed)], entries: &[u8]) -> Self {
        let subjects: Vec<String> = lines(entries).map(subject).collect();
        let subject = |sequence: u64| {
            let at = usize::try_from(sequence).ok();
            at.and_then(|at| subjects.get(at)).cloned()
        };
        let outcome = |(sequence, replayed): &(u64, Replayed)| {
            let (outcome, detail) = words(replayed);
            Outcome {
                sequence: *sequence,
                subject: subject(*sequence).unwrap_or_default(),
                outcome,
                detail,
            }
        };
        Self {
            decisions: replayed.iter().map(outcome).collect(),
        }
    }

    /// Returns how many decisions gave the same bytes.
    pub fn identical(&self) -> usize {
        let decisions = self.decisions.iter();
        decisions
            .filter(|decision| decision.outcome == IDENTICAL)
            .count()
    }

    /// Returns whether there are decisions and each gave the same bytes; nothing evaluated proves
    /// nothing, so no decision is no pass.
    pub fn is_identical(&self) -> bool {
        !self.decisions.is_empty() && self.identical() == self.decisions.len()
    }
}

const IDENTICAL: &str = "identical";

fn subject(line: &[u8]) -> String {
    let entry = Entry::parse(line);
    entry.map_or_else(|_| String::new(), |entry| entry.draft().subject.clone())
}

fn words(replayed: &Replayed) -> (&'static str, String) {
    let listed = |names: &[baton_terms::Id]| {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    match replayed {
        Replayed::Identical { product, digest } => (IDENTICAL, format!("{product} {digest}")),
        Replayed::Different { recorded, produced } => (
            "different",
            format!("recorded {recorded}, evaluated now {produced}"),
        ),
        Replayed::InputsMissing { names } => {
            ("inputs-missing", format!("not at hand: {}", listed(names)))
        }
        Replayed::InputsChanged { names } => (
            "inputs-changed",
            format!("not the bytes the entry names: {}", listed(names)),
        ),
        Replayed::UnknownSemantics { found } => (
            "unknown-semantics",
            format!("made under rules `{found}`, which this version does not know"),
        ),
        Replayed::Failed { why } => ("failed", why.clone()),
    }
}

/// Returns the replay of `name` as text, `width` columns wide.
pub fn replay_text(name: &str, replay: &Replay, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    let (identical, all) = (replay.identical(), replay.decisions.len());
    let (conclusion, ink) = if replay.is_identical() {
        (
            "IDENTICAL — everything recorded evaluates to the same bytes",
            Ink::Good,
        )
    } else if all == 0 {
        (
            "NOTHING REPLAYED — no decision, mining run or comparison is recorded, which proves nothing",
            Ink::Caution,
        )
    } else {
        (
            "NOT IDENTICAL — not everything recorded evaluates to the same bytes",
            Ink::Bad,
        )
    };
    page.wrapped(&Indent::none(), conclusion, ink);
    let about = format!("trace {name}, {identical} of {all} identical");
    page.wrapped(&Indent::none(), &about, Ink::Faint);
    draw(&mut page, replay);
    page.finish()
}

/// Draws one outcome after the other.
pub(super) fn draw(page: &mut Page, replay: &Replay) {
    for decision in &replay.decisions {
        let is_good = decision.outcome == IDENTICAL;
        let ink = if is_good { Ink::Good } else { Ink::Bad };
        let mark = format!("entry {}  {}  ", decision.sequence, decision.subject);
        page.wrapped(&Indent::marked(2, plain(&mark)), decision.outcome, ink);
        page.wrapped(&Indent::marked(4, ""), &decision.detail, Ink::Normal);
    }
}

/// Returns the replay of `name` as a `replay/v1` document.
pub fn replay_json(name: &str, replay: &Replay) -> Value {
    let mut value = value(replay);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("baton".to_owned(), "replay/v1".into());
        fields.insert("name".to_owned(), name.into());
    }
    value
}

pub(super) fn value(replay: &Replay) -> Value {
    json!({
        "is_identical": replay.is_identical(),
        "identical": replay.identical(),
        "decisions": replay.decisions,
    })
}
