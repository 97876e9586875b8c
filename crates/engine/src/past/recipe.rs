//! What a recipe says, and the shape of its file, declared once.

use baton_contract::model::RiskTier;
use baton_document::shape::{self, Object, Shape, TextKind, optional, required};
use baton_terms::{Code, Id};
use serde_json::Value;

/// The format's name.
pub const FORMAT: &str = "package-fields/v1";
/// A field of a package that cannot be taken from the log.
pub const FIELD: Code = Code::new(1357);
/// Most activities that handovers are chosen by.
const ACTIVITIES_MAX: usize = 100;
/// Most fields of one payload.
const FIELDS_MAX: usize = 200;

const LINE: Shape = Shape::Text(TextKind::Line);

/// How a handover of a log becomes a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Name of the contract the packages are for.
    pub contract: Id,
    /// Role of whoever hands over.
    pub role: Id,
    /// Risk tier that each package declares.
    pub risk_tier: RiskTier,
    /// Only handovers at which one of these happened become packages; all do when there is none.
    pub activities: Vec<Box<str>>,
    /// Fields of the payload, by name.
    pub fields: Vec<Field>,
    /// The recipe as it was read, for records.
    pub json: Value,
}

/// One field of the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Box<str>,
    /// Where its value comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The value of a column at the handover; the field is left out where there is none.
    Column(Box<str>),
    /// The latest value of a column up to the handover, where rows hold only what changed.
    Latest(Box<str>),
    /// Whether a column has a value at the handover: all that may be said of a person.
    Present(Box<str>),
    /// Something known of the handover itself.
    Fact(Fact),
    /// The same text in every package.
    Text(Box<str>),
}

baton_document::shape::choices! {
    /// Something known of a handover itself.
    Fact {
        Activity = "activity", "What happened at the handover.";
        From = "from", "The team that hands over.";
        To = "to", "The team that receives.";
        At = "at", "When.";
        HandoversBefore = "handovers-before", "How many handovers the case has behind it.";
        IsReturn = "is-return", "Whether the receiver is who the sender had the case from.";
        WasHere = "was-here", "Whether the receiver held the case at any time before.";
        MinutesOpen = "minutes-open", "Minutes since the first event of the case.";
        MinutesHeld = "minutes-held", "Minutes since the sender got the case.";
    }
}

/// Returns the published JSON Schema of recipes.
pub fn json_schema() -> Value {
    shape::json_schema(
        &RECIPE,
        "https://baton.dev/schemas/package-fields-v1.schema.json",
        "Baton fields of packages made from an event log, version 1",
    )
}

pub(super) static RECIPE: Object = Object {
    name: "package-fields",
    doc: "How a handover of an event log becomes a package.",
    fields: &[
        required(
            "baton",
            Shape::Choice(&[(FORMAT, "Version 1 of these files.")]),
            "Format of this file.",
        ),
        required(
            "contract",
            Shape::Text(TextKind::Id),
            "Name of the contract the packages are for.",
        ),
        required(
            "role",
            Shape::Text(TextKind::Id),
            "Role of whoever hands over.",
        ),
        optional(
            "risk_tier",
            Shape::Choice(RiskTier::WORDS),
            "Risk tier that each package declares; `low` when left out.",
        ),
        optional(
            "activities",
            Shape::List {
                item: &LINE,
                min: 1,
                max: ACTIVITIES_MAX,
            },
            "Only handovers at which one of these happened become packages, for a contract is about one kind of handoff; all of them when left out.",
        ),
        required(
            "payload",
            Shape::Table {
                value: &Shape::Object(&ORIGIN),
                max: FIELDS_MAX,
            },
            "Fields of the payload, by name.",
        ),
    ],
};

static ORIGIN: Object = Object {
    name: "origin",
    doc: "Where the value of a field comes from; exactly one of these.",
    fields: &[
        optional(
            "column",
            LINE,
            "Column of the log, with its value at the handover; the field is left out where there is none.",
        ),
        optional(
            "latest",
            LINE,
            "Column of the log, with its latest value up to the handover, where rows hold only what changed.",
        ),
        optional(
            "present",
            LINE,
            "Column of the log: whether it has a value at the handover. A person is never named, but may be counted so.",
        ),
        optional(
            "fact",
            Shape::Choice(Fact::WORDS),
            "Something known of the handover itself.",
        ),
        optional("text", LINE, "The same text in every package."),
    ],
};
