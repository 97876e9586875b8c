//! The declared shape of a mission file: its checks and its schema in one place.

use baton_contract::model::{BUDGET, Direction, RETRIES, RollbackTrigger};
use baton_document::shape::{self, Object, Shape, TextKind, optional, required};
use serde_json::Value;

use super::model::Measured;

/// The format's name.
pub const FORMAT: &str = "mission/v1";
/// Most goals of one mission.
const GOALS_MAX: usize = 50;

const LINE: Shape = Shape::Text(TextKind::Line);
const ID: Shape = Shape::Text(TextKind::Id);
const COUNT: Shape = Shape::Integer {
    min: 0,
    max: 9_007_199_254_740_991,
};

/// Returns the published JSON Schema of mission files.
pub fn json_schema() -> Value {
    shape::json_schema(
        &MISSION,
        "https://baton.dev/schemas/mission-v1.schema.json",
        "Baton mission, version 1",
    )
}

pub(super) static MISSION: Object = Object {
    name: "mission",
    doc: "One run of a capability: what it is about, what it reads, what it may cost and what it is judged by.",
    fields: &[
        required(
            "baton",
            Shape::Choice(&[(FORMAT, "Version 1 of missions.")]),
            "Format of this file.",
        ),
        required("id", ID, "Id of the mission, at most 40 characters."),
        required("title", LINE, "Its name for people."),
        required(
            "capability",
            Shape::Choice(&[
                ("handoff-contracting", "Hold handoffs against a contract."),
                ("failure-root-cause-mining", "Find out why work fails."),
            ]),
            "What it runs.",
        ),
        required("scope", Shape::Text(TextKind::Prose), "What it is about."),
        optional(
            "autonomy",
            Shape::Choice(&[
                ("autonomous", "From the first step to the last."),
                ("guided", "A person confirms each step after the first."),
            ]),
            "How far it goes by itself; `autonomous` when left out.",
        ),
        required(
            "oversight",
            ID,
            "Role that is told when the mission is blocked, and decides then.",
        ),
        optional(
            "flag",
            ID,
            "Key of the feature flag that must be on; it is read from the input `flags`.",
        ),
        required(
            "inputs",
            Shape::Object(&INPUTS),
            "Files it reads, relative to this file; each can be given on the command line instead.",
        ),
        optional(
            "question",
            Shape::Object(&QUESTION),
            "What a mining mission asks.",
        ),
        optional(
            "compare_from",
            Shape::Text(TextKind::Instant),
            "What was handed over from then on is measured; what was before it is the baseline of goals that say `measure`.",
        ),
        optional(
            "as_of",
            Shape::Text(TextKind::Instant),
            "Time at which packages of a folder are checked; handovers of a log are checked at their own.",
        ),
        optional(
            "needs",
            Shape::Object(&NEEDS),
            "What must be there besides inputs and flag.",
        ),
        optional(
            "budget",
            Shape::Object(&BUDGET),
            "What it may cost; reaching a cap stops it cleanly and escalates. Everything but money is measured.",
        ),
        optional("charges", Shape::Object(&CHARGES), "What it costs."),
        optional("retries", Shape::Object(&RETRIES), "How steps are retried."),
        optional(
            "rollback",
            Shape::Object(&ROLLBACK),
            "When it is rolled back, and where to.",
        ),
        required(
            "goals",
            Shape::List {
                item: &Shape::Object(&GOAL),
                min: 1,
                max: GOALS_MAX,
            },
            "What it is judged by.",
        ),
        optional(
            "links",
            Shape::Map {
                value: &Shape::Text(TextKind::UrlTemplate),
                max: 20,
            },
            "Telemetry links by name; `{mission}` and `{trace_id}` are filled in.",
        ),
    ],
};

static INPUTS: Object = Object {
    name: "inputs",
    doc: "Files of a mission.",
    fields: &[
        optional("log", LINE, "An event log."),
        optional("mapping", LINE, "How the event log is read (`mapping/v1`)."),
        optional(
            "cases",
            LINE,
            "A second table of the log with one row per case.",
        ),
        optional("contract", LINE, "The contract, a file or a folder."),
        optional(
            "fields",
            LINE,
            "How handovers of the log become packages (`package-fields/v1`).",
        ),
        optional("packages", LINE, "A folder of packages, instead of a log."),
        optional("keyring", LINE, "Keys whose signatures count."),
        optional(
            "validation",
            LINE,
            "What `baton test --format json` wrote about the contract.",
        ),
        optional("flags", LINE, "Feature flags in flagd's file format."),
    ],
};

static QUESTION: Object = Object {
    name: "question",
    doc: "What a mining mission asks.",
    fields: &[
        optional(
            "outcome",
            LINE,
            "What counts as failed: the id of an outcome of the mapping, or an expression over a case.",
        ),
        optional(
            "at",
            LINE,
            "Up to when a case is looked at: `start`, `first-handoff`, `event=ACTIVITY`, `age=2d` or `end`; `start` when left out.",
        ),
        optional(
            "depth",
            Shape::Integer { min: 1, max: 4 },
            "Most conditions of a cause; 3 when left out.",
        ),
        optional("causes", Shape::Integer { min: 1, max: 50 }, "Most causes."),
    ],
};

static NEEDS: Object = Object {
    name: "needs",
    doc: "What must be there before a mission starts.",
    fields: &[
        optional(
            "key",
            Shape::Boolean,
            "Whether a key must be there that the record is sealed with.",
        ),
        optional(
            "validation",
            Shape::Boolean,
            "Whether a report must be there that all suites passed for the exact contract.",
        ),
        optional(
            "approvals",
            Shape::List {
                item: &Shape::Object(&APPROVAL),
                min: 0,
                max: 20,
            },
            "Decisions of people that must be there.",
        ),
    ],
};

static APPROVAL: Object = Object {
    name: "mission-approval",
    doc: "A signed decision about this very mission on these very inputs.",
    fields: &[
        required("role", ID, "Role that decides."),
        required(
            "signer",
            LINE,
            "Identity of the key it signs with; each `*` stands for any characters.",
        ),
    ],
};

static CHARGES: Object = Object {
    name: "charges",
    doc: "What a run costs, counted against `budget.money_units`.",
    fields: &[
        optional(
            "money_units",
            COUNT,
            "What the run costs as a whole, in the smallest unit of the currency; counted when its inputs have been read.",
        ),
        optional(
            "steps",
            Shape::Object(&STEP_COSTS),
            "What each attempt at a step costs; counted when the attempt begins, so that a retry costs again.",
        ),
    ],
};

static STEP_COSTS: Object = Object {
    name: "step-costs",
    doc: "Money units by step.",
    fields: &[
        optional("gather", COUNT, "Reading the inputs."),
        optional("check", COUNT, "Holding handoffs against the contract."),
        optional("mine", COUNT, "Mining causes."),
        optional("judge", COUNT, "Judging what was found."),
    ],
};

static ROLLBACK: Object = Object {
    name: "mission-rollback",
    doc: "When a mission is rolled back, and where to.",
    fields: &[
        required(
            "on",
            Shape::List {
                item: &Shape::Choice(RollbackTrigger::WORDS),
                min: 1,
                max: 3,
            },
            "What causes it.",
        ),
        optional(
            "failures",
            Shape::Integer { min: 1, max: 100 },
            "Failed rounds that count as repeated; 3 when left out.",
        ),
        optional(
            "baseline",
            Shape::Text(TextKind::Digest),
            "Outcome report it returns to; that of the last completed run when left out.",
        ),
    ],
};

static GOAL: Object = Object {
    name: "goal",
    doc: "An outcome with baseline and target.",
    fields: &[
        required("id", ID, "Its id."),
        required("title", LINE, "Its name for people."),
        required(
            "measure",
            Shape::Choice(Measured::WORDS),
            "What is measured.",
        ),
        optional("clause", ID, "The clause that `clause-met` is about."),
        required(
            "direction",
            Shape::Choice(Direction::WORDS),
            "Which way is better.",
        ),
        required(
            "baseline",
            Shape::WordOr(
                &[(
                    "measure",
                    "It is measured on what was before `compare_from`.",
                )],
                &Shape::Integer {
                    min: 0,
                    max: 1_000_000_000,
                },
            ),
            "Where it stood.",
        ),
        required(
            "target",
            Shape::Integer {
                min: 0,
                max: 1_000_000_000,
            },
            "Where it is to get.",
        ),
        optional(
            "minimum_sample",
            COUNT,
            "Fewest handoffs or cases that say anything; 20 when left out.",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::super::InputName;
    use super::*;

    #[test]
    fn inputs_are_those_the_model_knows() {
        let declared: Vec<&str> = INPUTS.fields.iter().map(|field| field.name).collect();
        let known: Vec<&str> = InputName::WORDS.iter().map(|(word, _)| *word).collect();
        assert_eq!(declared, known);
    }
}
