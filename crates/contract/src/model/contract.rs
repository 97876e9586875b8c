//! The contract as a whole.

use std::collections::BTreeMap;

use baton_terms::Id;
use semver::Version;

use super::{
    Budget, CalendarSection, Clause, Deadlines, Dimension, EvidenceRequirement, Exchange, Gate,
    Outcome, Party, Pending, Retries, Rollback, Rollout, Routing, Thresholds, Validation,
};
use super::{
    calendar, clause, deadline, exchange, gate, operation, outcome, party, rollout, score,
};
use crate::shape::Fields;
use crate::shape::{self, Object, Shape, TextKind, optional, required};
use crate::syntax::Node;

/// A versioned document that both parties of a kind of handoff agree to.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// Name, the same for all versions.
    pub name: Id,
    /// Version.
    pub version: Version,
    /// Title for readers.
    pub title: String,
    /// What the handoff is for.
    pub purpose: String,
    /// Who answers for the contract.
    pub owner: Option<Owner>,
    /// Area of work.
    pub domain: Option<Id>,
    /// The sender.
    pub from: Option<Party>,
    /// The receiver.
    pub to: Option<Party>,
    /// Results it exists for.
    pub outcomes: Vec<Outcome>,
    /// What the sender provides.
    pub inputs: Exchange,
    /// What the receiver guarantees.
    pub outputs: Option<Exchange>,
    /// What is scored, in the order written.
    pub dimensions: Vec<Dimension>,
    /// Expectations in the order written.
    pub clauses: Vec<Clause>,
    /// Where postures begin.
    pub thresholds: Thresholds,
    /// Decisions needed.
    pub gates: Vec<Gate>,
    /// By when each step must be done.
    pub deadlines: Deadlines,
    /// Business calendars.
    pub calendars: Vec<CalendarSection>,
    /// How a receiver is found.
    pub routing: Option<Routing>,
    /// How transient failures are retried.
    pub retries: Retries,
    /// When and where to roll back.
    pub rollback: Option<Rollback>,
    /// What a handoff may cost.
    pub budget: Budget,
    /// What a version must pass.
    pub validation: Option<Validation>,
    /// How a version is exposed.
    pub rollout: Option<Rollout>,
    /// Clauses that only warn for now.
    pub pending: Vec<Pending>,
    /// URL templates for telemetry.
    pub links: BTreeMap<String, String>,
}

/// Who answers for a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Team.
    pub team: Id,
    /// How to reach it.
    pub contact: Option<String>,
}

static OWNER: Object = Object {
    name: "owner",
    doc: "Who answers for the contract: a team, never a person.",
    fields: &[
        required("team", Shape::Text(TextKind::Id), "The team."),
        optional("contact", Shape::Text(TextKind::Line), "How to reach it."),
    ],
};

/// The declared shape of a contract file.
pub(crate) static SHAPE: Object = Object {
    name: "contract",
    doc: "What the sender provides, what the receiver guarantees, what is checked, who approves, by when, and what happens when it fails.",
    fields: &[
        required(
            "baton",
            Shape::Text(TextKind::ContractFormat),
            "Format of this file.",
        ),
        required(
            "name",
            Shape::Text(TextKind::Id),
            "Name, the same for all versions.",
        ),
        required(
            "version",
            Shape::Text(TextKind::Version),
            "Semantic version.",
        ),
        required("title", Shape::Text(TextKind::Line), "Title for readers."),
        required(
            "purpose",
            Shape::Text(TextKind::Prose),
            "What the handoff is for.",
        ),
        required(
            "owner",
            Shape::Object(&OWNER),
            "Team that answers for the contract.",
        ),
        optional("domain", Shape::Text(TextKind::Id), "Area of work."),
        required("from", Shape::Object(&party::SHAPE), "The sender."),
        required("to", Shape::Object(&party::SHAPE), "The receiver."),
        required(
            "outcomes",
            Shape::List {
                item: &Shape::Object(&outcome::SHAPE),
                min: 0,
                max: 50,
            },
            "Measurable results the contract exists for.",
        ),
        required(
            "inputs",
            Shape::Object(&exchange::SHAPE),
            "What the sender provides.",
        ),
        optional(
            "outputs",
            Shape::Object(&exchange::SHAPE),
            "What the receiver guarantees.",
        ),
        optional(
            "dimensions",
            Shape::List {
                item: &Shape::Object(&score::DIMENSION),
                min: 1,
                max: 32,
            },
            "What is scored; evidence 25, readiness 15, safety 40 and impact 20 when left out.",
        ),
        required(
            "clauses",
            Shape::List {
                item: &Shape::Object(&clause::SHAPE),
                min: 0,
                max: 500,
            },
            "Checkable expectations.",
        ),
        optional(
            "thresholds",
            Shape::Object(&score::THRESHOLDS),
            "Where postures begin.",
        ),
        optional(
            "gates",
            Shape::List {
                item: &Shape::Object(&gate::SHAPE),
                min: 0,
                max: 50,
            },
            "Decisions needed before the handoff may go on.",
        ),
        optional(
            "deadlines",
            Shape::Object(&deadline::SHAPE),
            "By when each step must be done.",
        ),
        optional(
            "calendar",
            Shape::Map {
                value: &Shape::Object(&calendar::SHAPE),
                max: 20,
            },
            "Business calendars by id.",
        ),
        optional(
            "routing",
            Shape::Object(&operation::ROUTING),
            "How a receiver is found.",
        ),
        optional(
            "retries",
            Shape::Object(&operation::RETRIES),
            "How transient failures are retried.",
        ),
        optional(
            "rollback",
            Shape::Object(&operation::ROLLBACK),
            "When and where to roll back.",
        ),
        optional(
            "budget",
            Shape::Object(&operation::BUDGET),
            "What a handoff may cost.",
        ),
        optional(
            "validation",
            Shape::Object(&operation::VALIDATION),
            "What a version must pass before it is promoted.",
        ),
        optional(
            "rollout",
            Shape::Object(&rollout::SHAPE),
            "How a version is exposed.",
        ),
        optional(
            "pending",
            Shape::List {
                item: &Shape::Object(&clause::PENDING),
                min: 0,
                max: 500,
            },
            "Clauses that only warn for now.",
        ),
        optional(
            "links",
            Shape::Map {
                value: &Shape::Text(TextKind::UrlTemplate),
                max: 20,
            },
            "URL templates for telemetry, by id.",
        ),
    ],
};

/// Returns the published JSON Schema (2020-12) of a contract file.
pub fn contract_schema() -> serde_json::Value {
    let id = "https://baton.dev/schemas/contract-v1.schema.json";
    shape::json_schema(&SHAPE, id, "Handoff contract of Baton")
}

/// Returns the reference of a contract's fields as Markdown.
pub fn contract_reference() -> String {
    shape::reference(&SHAPE)
}

impl Contract {
    /// Reads as much of a contract as a tree holds; what is missing has been reported by its shape.
    pub(crate) fn read(node: &Node) -> Self {
        let fields = Fields::root(node);
        let child = |name| fields.child(name);
        let dimensions = fields.list("dimensions", Dimension::read);
        Self {
            name: fields.parse("name").unwrap_or_else(unnamed),
            version: fields.parse("version").unwrap_or(Version::new(0, 0, 0)),
            title: fields.text("title").unwrap_or_default(),
            purpose: fields.text("purpose").unwrap_or_default(),
            owner: child("owner").and_then(|owner| {
                Some(Owner {
                    team: owner.parse("team")?,
                    contact: owner.text("contact"),
                })
            }),
            domain: fields.parse("domain"),
            from: child("from").as_ref().and_then(Party::read),
            to: child("to").as_ref().and_then(Party::read),
            outcomes: fields.list("outcomes", Outcome::read),
            inputs: child("inputs")
                .as_ref()
                .map(Exchange::read)
                .unwrap_or_default(),
            outputs: child("outputs").as_ref().map(Exchange::read),
            dimensions: if fields.has("dimensions") {
                dimensions
            } else {
                Dimension::defaults()
            },
            clauses: fields.list("clauses", Clause::read),
            thresholds: child("thresholds")
                .as_ref()
                .map(Thresholds::read)
                .unwrap_or_default(),
            gates: fields.list("gates", Gate::read),
            deadlines: child("deadlines")
                .as_ref()
                .map(Deadlines::read)
                .unwrap_or_default(),
            calendars: fields
                .entries("calendar")
                .iter()
                .filter_map(|(id, calendar)| CalendarSection::read(id, calendar))
                .collect(),
            routing: child("routing").as_ref().and_then(Routing::read),
            retries: child("retries")
                .as_ref()
                .map(Retries::read)
                .unwrap_or_default(),
            rollback: child("rollback").as_ref().and_then(Rollback::read),
            budget: child("budget")
                .as_ref()
                .map(Budget::read)
                .unwrap_or_default(),
            validation: child("validation").as_ref().map(Validation::read),
            rollout: child("rollout").as_ref().and_then(Rollout::read),
            pending: fields.list("pending", Pending::read),
            links: fields
                .node("links")
                .map(Node::entries)
                .unwrap_or_default()
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), entry.node.text()?.to_owned())))
                .collect(),
        }
    }

    /// Returns what either party must attach, the sender's first.
    pub fn evidence_requirements(&self) -> impl Iterator<Item = &EvidenceRequirement> {
        std::iter::once(&self.inputs)
            .chain(self.outputs.iter())
            .flat_map(|exchange| &exchange.evidence)
    }

    /// Returns the clause called `id`.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id.as_str() == id)
    }
}

/// Stands in for a name that could not be read, so that other problems are still found.
fn unnamed() -> Id {
    "unnamed"
        .parse()
        .unwrap_or_else(|_| unreachable!("`unnamed` is an id"))
}
