//! The declared shape of a mapping file: its checks, its schema and its reference in one place.

use baton_document::shape::{self, Object, Shape, TextKind, Word, optional, required};
use serde_json::Value;

use super::model::{Delimiter, Quote};

/// The format every mapping names in its first line.
pub const FORMAT: &str = "mapping/v1";

/// Most columns of a table, and most rules of a mapping.
pub(crate) const COLUMNS_MAX: usize = 4_096;

const LINE: Shape = Shape::Text(TextKind::Line);
const COLUMN: Shape = LINE;
const EXPRESSION: Shape = Shape::Text(TextKind::Expression);

/// Returns the published JSON Schema of mapping files.
pub fn json_schema() -> Value {
    shape::json_schema(
        &MAPPING,
        "https://baton.dev/schemas/mapping-v1.schema.json",
        "Baton mapping of an event log, version 1",
    )
}

/// Returns the reference page of mapping files, as Markdown.
pub fn reference() -> String {
    shape::reference(&MAPPING)
}

pub(super) static MAPPING: Object = Object {
    name: "mapping",
    doc: "Which column of an export is what, and how its texts are read.",
    fields: &[
        required(
            "baton",
            Shape::Choice(&[(FORMAT, "Version 1 of mappings.")]),
            "Format of this file.",
        ),
        optional(
            "table",
            Shape::Object(&TABLE),
            "How the table of events is written.",
        ),
        required(
            "case",
            Shape::OneOrList {
                item: &COLUMN,
                max: 8,
            },
            "Column with the id of the case, or the columns that name it together.",
        ),
        optional("join", JOIN, JOIN_DOC),
        required("time", Shape::Object(&TIME), "When the event happened."),
        optional(
            "order",
            Shape::OneOrList {
                item: &COLUMN,
                max: 4,
            },
            "Columns of integers that number the events of a case, most important first; they say more than times.",
        ),
        required("activity", COLUMN, "Column that says what happened."),
        optional("closing", CLOSING, CLOSING_DOC),
        optional(
            "party",
            COLUMN,
            "Column with the team that holds the case from the event on.",
        ),
        optional(
            "person",
            COLUMN,
            "Column with the person the case is assigned to; used for counting, never shown.",
        ),
        optional(
            "people",
            Shape::Choice(&[
                (
                    "counted",
                    "The distinct persons of the log; a group of which none is known is small.",
                ),
                (
                    "vouched",
                    "You vouch that every group has at least five people.",
                ),
            ]),
            "Where the number of people of a team or group comes from; `counted` when left out. Small groups are never shown by name.",
        ),
        optional(
            "cluster",
            COLUMN,
            "Column whose values name groups of cases that fail together, such as a customer or a release.",
        ),
        optional("missing", MISSING, MISSING_DOC),
        optional("columns", COLUMNS, COLUMNS_DOC),
        optional("others", Shape::Choice(OTHERS), OTHERS_DOC),
        optional(
            "outcomes",
            Shape::Map {
                value: &Shape::Object(&OUTCOME),
                max: 100,
            },
            "What counts as failed, by id.",
        ),
        optional(
            "cases",
            Shape::Object(&CASES),
            "A second table with one row per case.",
        ),
    ],
};

const JOIN: Shape = Shape::WordOr(&[("", "Nothing between them.")], &LINE);
const JOIN_DOC: &str =
    "Text between the values when several columns name the case; `/` when left out.";
const CLOSING: Shape = Shape::List {
    item: &LINE,
    min: 1,
    max: 100,
};
const CLOSING_DOC: &str = "Activities after which the work of a case is done: a case whose last event up to a moment is one of them is not open then. Without any, a case is open up to its last event.";
const MISSING: Shape = Shape::List {
    item: &LINE,
    min: 0,
    max: 100,
};
const MISSING_DOC: &str = "Texts that mean there is no value; the empty text always does.";
const COLUMNS: Shape = Shape::Table {
    value: &Shape::Object(&COLUMN_RULE),
    max: COLUMNS_MAX,
};
const COLUMNS_DOC: &str = "What is said about further columns, by their name in the export.";
const OTHERS: &[Word] = &[
    ("keep", "They are kept as text, known at their event."),
    ("skip", "They are not read."),
];
const OTHERS_DOC: &str = "What happens to columns without a rule; `keep` when left out.";

static TABLE: Object = Object {
    name: "table",
    doc: "How a table of characters is written.",
    fields: &[
        optional(
            "delimiter",
            Shape::Choice(Delimiter::WORDS),
            "Character between fields; `comma` for CSV and `tab` for TSV when left out.",
        ),
        optional(
            "quote",
            Shape::Choice(Quote::WORDS),
            "Character around fields; `double` when left out.",
        ),
        optional(
            "header",
            Shape::WordOr(
                &[("first-row", "The first row names the columns.")],
                &Shape::List {
                    item: &LINE,
                    min: 1,
                    max: COLUMNS_MAX,
                },
            ),
            "Names of the columns when the file has no header row; `first-row` when left out.",
        ),
    ],
};

static TIME: Object = Object {
    name: "time",
    doc: "When the event happened.",
    fields: &[
        required("column", COLUMN, "Column with the time."),
        optional(
            "format",
            LINE,
            "`rfc3339` (when left out), `unix`, `unix-ms`, `unix-us`, or a strftime pattern such as `%d/%m/%Y %H:%M`.",
        ),
        optional(
            "zone",
            Shape::Text(TextKind::Zone),
            "Zone of times that name none; a pattern without `%z` is read as UTC when left out.",
        ),
    ],
};

static COLUMN_RULE: Object = Object {
    name: "column",
    doc: "What is said about one column.",
    fields: &[
        optional(
            "kind",
            Shape::Choice(&[
                ("text", "Text."),
                (
                    "boolean",
                    "`true`/`false`, `yes`/`no`, `1`/`0`, in any case.",
                ),
                ("number", "A decimal number."),
                ("time", "A point in time."),
            ]),
            "What its values are; `text` when left out.",
        ),
        optional(
            "scale",
            Shape::Integer { min: 0, max: 9 },
            "Digits kept after the point of a number; 0 when left out, and then a fraction is not read.",
        ),
        optional(
            "format",
            LINE,
            "Format of a time; as the time of events when left out.",
        ),
        optional(
            "known",
            Shape::WordOr(
                &[
                    ("start", "From the start of the case."),
                    ("event", "When the event it stands on happens."),
                    (
                        "end",
                        "Only when the case is over, although earlier rows show it too.",
                    ),
                ],
                &Shape::Object(&KNOWN),
            ),
            "When a value can be known; `event` when left out (`start` in the table of cases).",
        ),
        optional(
            "person",
            Shape::Boolean,
            "Whether its values name single people; such a column is never mined.",
        ),
        optional(
            "group",
            Shape::Boolean,
            "Whether its values name teams, so that small ones stay hidden.",
        ),
        optional(
            "modifiable",
            Shape::Boolean,
            "Whether somebody can change it.",
        ),
        optional(
            "exclude",
            LINE,
            "Why it is not mined; outcomes may still read it.",
        ),
    ],
};

static KNOWN: Object = Object {
    name: "known",
    doc: "When a value can be known; exactly one of the two.",
    fields: &[
        optional(
            "activity",
            LINE,
            "From the first event of this activity on.",
        ),
        optional("column", COLUMN, "From the time in this column on."),
    ],
};

static OUTCOME: Object = Object {
    name: "outcome",
    doc: "What counts as failed.",
    fields: &[
        required("title", LINE, "Name for readers, such as `SLA missed`."),
        required("failed", EXPRESSION, "Whether the case failed."),
        optional(
            "decided",
            EXPRESSION,
            "Whether its outcome is decided; the case is left out when not.",
        ),
        optional("cost", EXPRESSION, "What the failure cost, a number."),
        optional(
            "cost_unit",
            LINE,
            "What cost is counted in, such as `hours` or `EUR`.",
        ),
    ],
};

static CASES: Object = Object {
    name: "cases",
    doc: "A second table with one row per case.",
    fields: &[
        optional("table", Shape::Object(&TABLE), "How it is written."),
        required(
            "case",
            Shape::OneOrList {
                item: &COLUMN,
                max: 8,
            },
            "Its column with the id of the case, or the columns that name it together.",
        ),
        optional("join", JOIN, JOIN_DOC),
        optional(
            "missing",
            MISSING,
            "Texts that mean there is no value; as in the table of events when left out.",
        ),
        optional("columns", COLUMNS, COLUMNS_DOC),
        optional("others", Shape::Choice(OTHERS), OTHERS_DOC),
    ],
};
