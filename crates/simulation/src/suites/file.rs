//! The test file of a contract, format `contract-tests/v1`: every problem at once, with its span.

use std::collections::BTreeMap;

use baton_contract::model::Condition;
use baton_contract::shape::{self, Fields, Object, Shape, TextKind, Word, optional, required};
use baton_contract::syntax;
use baton_scoring::evidence::State;
use baton_scoring::wire::{FindingState, Posture};
use baton_terms::{BasisPoints, Code, Diagnostic, Digest, Instant, Level, Source};
use serde_json::Value;

/// The format's name.
pub const FORMAT: &str = "contract-tests/v1";
/// The file does not say that it is a test file.
pub(super) const NOT_A_TEST_FILE: Code = Code::new(801);
/// A test file without any case.
pub(super) const NO_CASES: Code = Code::new(802);

/// The cases of a contract's suites.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestFile {
    /// Examples with expected findings.
    pub unit: Vec<Case>,
    /// Examples whose evidence is verified and whose delivery is tried.
    pub integration: Vec<Case>,
    /// Scenarios under a named condition.
    pub simulation: Vec<Case>,
    /// Golden scorecards.
    pub regression: Vec<Case>,
}

/// One case of a suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Name, unique in its suite.
    pub name: String,
    /// Path of the package, relative to the test file.
    pub package: String,
    /// Path of a keyring, relative to the test file.
    pub keyring: Option<String>,
    /// Time of the check.
    pub as_of: Instant,
    /// Condition of a scenario.
    pub condition: Option<Condition>,
    /// States of evidence taken as given.
    pub evidence: BTreeMap<String, EvidenceState>,
    /// Circumstances.
    pub facts: Facts,
    /// What must come out.
    pub expect: Option<Expectation>,
    /// Whether the package and its decision are dropped as files and read back.
    pub is_delivered: bool,
    /// Digest of the golden scorecard.
    pub scorecard: Option<Digest>,
    /// JSON Pointer of the case.
    pub at: String,
}

/// Circumstances of a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Share of the receiver's capacity that is taken.
    pub receiver_pressure: BasisPoints,
    /// Digest of the package that was approved.
    pub approved: Option<Digest>,
    /// History fields.
    pub history: Value,
    /// Waivers, as in `waivers/v1`.
    pub waivers: Vec<Value>,
}

/// A state of evidence taken as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceState {
    /// The state.
    pub state: State,
    /// Result of the tests it reports.
    pub result: Option<String>,
    /// Identity of who signed it.
    pub signer: Option<String>,
    /// Properties it verifies.
    pub properties: Vec<String>,
}

/// What must come out of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expectation {
    /// Posture.
    pub posture: Option<Posture>,
    /// Score.
    pub score: Option<BasisPoints>,
    /// Risk.
    pub risk: Option<BasisPoints>,
    /// States of findings by clause; others must not be failed or unknown.
    pub findings: BTreeMap<String, FindingState>,
    /// States of evidence by id.
    pub evidence: BTreeMap<String, State>,
}

const POSTURES: &[Word] = &[
    ("ready", "Nothing stands in the way."),
    ("review", "A person has to look."),
    ("critical", "The handoff must not go on."),
];
const FINDING_STATES: &[Word] = &[
    ("passed", "The clause is met."),
    ("failed", "The clause is not met, or not wholly."),
    ("unknown", "It could not be found out."),
    ("pending", "The clause only warns for now."),
    ("waived", "Not met, and excused."),
    ("not-applicable", "The clause does not apply."),
];
const EVIDENCE_STATES: &[Word] = &[
    ("present", "It is there and everything asked of it holds."),
    ("missing", "It is asked for and not there."),
    ("stale", "It is older than allowed."),
    ("mismatched", "It is not what it is declared to be."),
    (
        "unverifiable",
        "It could not be looked at, or its signatures do not hold.",
    ),
    ("not-required", "It is not asked for and not there."),
];

const POINTS: Shape = Shape::Integer {
    min: 0,
    max: 10_000,
};
const LINE: Shape = Shape::Text(TextKind::Line);

static EVIDENCE_FACTS: Object = Object {
    name: "evidence facts",
    doc: "What is taken as given about an artifact.",
    fields: &[
        required("state", Shape::Choice(EVIDENCE_STATES), "Its state."),
        optional("result", LINE, "Result of the tests it reports."),
        optional("signer", LINE, "Identity of who signed it."),
        optional(
            "properties",
            Shape::List {
                item: &LINE,
                min: 0,
                max: 100,
            },
            "Properties it verifies.",
        ),
    ],
};
const EVIDENCE: Shape = Shape::Map {
    value: &Shape::WordOr(EVIDENCE_STATES, &Shape::Object(&EVIDENCE_FACTS)),
    max: 200,
};

static EXPECT: Object = Object {
    name: "expectation",
    doc: "What must come out.",
    fields: &[
        optional("posture", Shape::Choice(POSTURES), "Posture."),
        optional("score", POINTS, "Score in basis points."),
        optional("risk", POINTS, "Risk in basis points."),
        optional(
            "findings",
            Shape::Map {
                value: &Shape::Choice(FINDING_STATES),
                max: 500,
            },
            "States of findings; clauses left out must not be failed or unknown.",
        ),
        optional(
            "evidence",
            Shape::Map {
                value: &Shape::Choice(EVIDENCE_STATES),
                max: 200,
            },
            "States of evidence.",
        ),
    ],
};

static CONTEXT: Object = Object {
    name: "context",
    doc: "Circumstances of the check.",
    fields: &[
        optional(
            "receiver_pressure",
            POINTS,
            "Share of the receiver's capacity that is taken.",
        ),
        optional(
            "approved",
            Shape::Text(TextKind::Digest),
            "Digest of the package that was approved.",
        ),
    ],
};

const COUNT: Shape = Shape::Integer {
    min: 0,
    max: 1_000_000_000,
};

static HISTORY: Object = Object {
    name: "history",
    doc: "Facts about earlier handoffs of the sender.",
    fields: &[
        optional("handoffs", COUNT, "Handoffs submitted."),
        optional("accepted", COUNT, "Handoffs accepted."),
        optional("needs_input", COUNT, "Handoffs answered with needs-input."),
        optional("declined", COUNT, "Handoffs declined."),
        optional("reopened", COUNT, "Handoffs reopened after acceptance."),
        optional(
            "met",
            Shape::List {
                item: &Shape::Text(TextKind::Id),
                min: 0,
                max: 500,
            },
            "Clauses the sender has met before.",
        ),
    ],
};

static UNIT: Object = Object {
    name: "unit case",
    doc: "An example with expected findings.",
    fields: &[
        required("name", LINE, "Name, unique in its suite."),
        required("package", LINE, "Path of the package, from the test file."),
        required(
            "as_of",
            Shape::Text(TextKind::Instant),
            "Time of the check.",
        ),
        optional("evidence", EVIDENCE, "States of evidence taken as given."),
        optional("context", Shape::Object(&CONTEXT), "Circumstances."),
        optional(
            "history",
            Shape::Object(&HISTORY),
            "Fields of `history/v1`; what is left out is unknown.",
        ),
        optional(
            "waivers",
            Shape::List {
                item: &Shape::Any,
                min: 0,
                max: 100,
            },
            "Waivers.",
        ),
        required("expect", Shape::Object(&EXPECT), "What must come out."),
    ],
};

static INTEGRATION: Object = Object {
    name: "integration case",
    doc: "An example whose evidence is verified and whose delivery is tried.",
    fields: &[
        required("name", LINE, "Name, unique in its suite."),
        required("package", LINE, "Path of the package, from the test file."),
        required(
            "as_of",
            Shape::Text(TextKind::Instant),
            "Time of the check.",
        ),
        optional(
            "keyring",
            LINE,
            "Path of the keys that count, from the test file.",
        ),
        optional("context", Shape::Object(&CONTEXT), "Circumstances."),
        required("expect", Shape::Object(&EXPECT), "What must come out."),
        optional(
            "delivery",
            Shape::Choice(&[(
                "file-drop",
                "Package and decision are dropped as files and read back.",
            )]),
            "How delivery to the receiver is tried.",
        ),
    ],
};

static SIMULATION: Object = Object {
    name: "simulation case",
    doc: "Scenarios under a named condition.",
    fields: &[
        required("name", LINE, "Name, unique in its suite."),
        required(
            "condition",
            Shape::Choice(Condition::WORDS),
            "The condition.",
        ),
        required(
            "package",
            LINE,
            "Path of the package to start from, from the test file.",
        ),
        required(
            "as_of",
            Shape::Text(TextKind::Instant),
            "Time of the check.",
        ),
        optional("evidence", EVIDENCE, "States of evidence taken as given."),
    ],
};

static REGRESSION: Object = Object {
    name: "regression case",
    doc: "A golden scorecard.",
    fields: &[
        required("name", LINE, "Name, unique in its suite."),
        required("package", LINE, "Path of the package, from the test file."),
        required(
            "as_of",
            Shape::Text(TextKind::Instant),
            "Time of the check.",
        ),
        optional(
            "keyring",
            LINE,
            "Path of the keys that count, from the test file.",
        ),
        required(
            "scorecard",
            LINE,
            "Digest of the scorecard; `baton test --bless` writes it.",
        ),
    ],
};

const fn suite(case: &'static Shape) -> Shape {
    Shape::List {
        item: case,
        min: 0,
        max: 1000,
    }
}

static FILE: Object = Object {
    name: "contract tests",
    doc: "The cases of a contract's suites.",
    fields: &[
        required(
            "baton",
            Shape::Choice(&[(FORMAT, "This format.")]),
            "Format of this file.",
        ),
        optional(
            "unit",
            suite(&Shape::Object(&UNIT)),
            "Examples with expected findings.",
        ),
        optional(
            "integration",
            suite(&Shape::Object(&INTEGRATION)),
            "Evidence and delivery.",
        ),
        optional(
            "simulation",
            suite(&Shape::Object(&SIMULATION)),
            "Scenarios.",
        ),
        optional(
            "regression",
            suite(&Shape::Object(&REGRESSION)),
            "Golden scorecards.",
        ),
    ],
};

impl TestFile {
    /// Returns the published JSON Schema (2020-12) of a test file.
    pub fn json_schema() -> Value {
        let id = "https://baton.dev/schemas/contract-tests-v1.schema.json";
        shape::json_schema(&FILE, id, "Contract tests of Baton")
    }

    /// Reads a test file.
    ///
    /// # Errors
    /// With every problem found, each with its span.
    pub fn read(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let parsed = syntax::parse(source);
        let mut problems = parsed.diagnostics;
        let Some(root) = parsed.node else {
            return Err(problems);
        };
        if root.get("baton").is_none() {
            problems.push(
                Diagnostic::error(NOT_A_TEST_FILE, "file does not say what it is")
                    .at(root.span)
                    .expected("`baton: contract-tests/v1`")
                    .found("no `baton` field")
                    .hint("add the line at the top of the file"),
            );
        }
        shape::check(&root, &Shape::Object(&FILE), "", &mut problems);
        let fields = Fields::root(&root);
        let file = Self {
            unit: fields.list("unit", Case::read),
            integration: fields.list("integration", Case::read),
            simulation: fields.list("simulation", Case::read),
            regression: fields.list("regression", Case::read),
        };
        let cases = [
            &file.unit,
            &file.integration,
            &file.simulation,
            &file.regression,
        ];
        if problems.is_empty() && cases.iter().all(|suite| suite.is_empty()) {
            problems.push(
                Diagnostic::error(NO_CASES, "file has no case")
                    .at(root.span)
                    .expected("at least one case in one suite")
                    .found("none")
                    .hint("nothing tested is not a pass; start with a `unit` case"),
            );
        }
        let is_refused = problems.iter().any(|problem| problem.level == Level::Error);
        if is_refused { Err(problems) } else { Ok(file) }
    }
}

impl Case {
    fn read(fields: &Fields<'_>) -> Option<Self> {
        let context = fields.child("context");
        let context = context.as_ref();
        let waivers = fields.node("waivers").map(syntax::Node::to_json);
        Some(Self {
            name: fields.text("name")?,
            package: fields.text("package")?,
            keyring: fields.text("keyring"),
            as_of: fields.parse("as_of")?,
            condition: fields.word("condition", Condition::from_word),
            evidence: fields
                .node("evidence")
                .map(syntax::Node::entries)
                .unwrap_or_default()
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), EvidenceState::read(&entry.node)?)))
                .collect(),
            facts: Facts {
                receiver_pressure: context
                    .and_then(|context| context.integer("receiver_pressure"))
                    .and_then(|points| BasisPoints::new(points).ok())
                    .unwrap_or_default(),
                approved: context.and_then(|context| context.parse("approved")),
                history: fields
                    .node("history")
                    .map(syntax::Node::to_json)
                    .unwrap_or_default(),
                waivers: waivers
                    .and_then(|list| list.as_array().cloned())
                    .unwrap_or_default(),
            },
            expect: fields.child("expect").as_ref().map(Expectation::read),
            is_delivered: fields.has("delivery"),
            scorecard: fields.parse("scorecard"),
            at: fields.at(),
        })
    }
}

impl EvidenceState {
    fn read(node: &syntax::Node) -> Option<Self> {
        if let Some(word) = node.text() {
            let (result, signer) = (None, None);
            return Some(Self {
                state: from_word(word)?,
                result,
                signer,
                properties: Vec::new(),
            });
        }
        let fields = Fields::root(node);
        Some(Self {
            state: fields.word("state", from_word)?,
            result: fields.text("result"),
            signer: fields.text("signer"),
            properties: fields.texts("properties", |text| Some(text.to_owned())),
        })
    }
}

impl Expectation {
    fn read(fields: &Fields<'_>) -> Self {
        let points = |name| {
            fields
                .integer(name)
                .and_then(|value| BasisPoints::new(value).ok())
        };
        Self {
            posture: fields.word("posture", from_word),
            score: points("score"),
            risk: points("risk"),
            findings: states(fields, "findings"),
            evidence: states(fields, "evidence"),
        }
    }
}

fn states<T: serde::de::DeserializeOwned>(fields: &Fields<'_>, name: &str) -> BTreeMap<String, T> {
    let entries = fields
        .node(name)
        .map(syntax::Node::entries)
        .unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), from_word(entry.node.text()?)?)))
        .collect()
}

/// Reads a word by the type's own spelling, so that files and scorecards use the same.
fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}
