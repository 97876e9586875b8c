//! The shape of a scenario's file, declared once.

use baton_document::shape::{self, Object, Shape, TextKind, choices, optional, required};
use serde_json::Value;

/// The format's name.
pub const FORMAT: &str = "scenario/v1";
/// Most teams that one scenario names.
const TEAMS_MAX: usize = 1_000;
/// Most gates of one scenario.
const APPROVALS_MAX: usize = 50;
/// Most times that an approval may take.
const TAKES_MAX: usize = 100;

const LINE: Shape = Shape::Text(TextKind::Line);
const ELAPSED: Shape = Shape::Text(TextKind::Elapsed);

choices! {
    /// A day of the week.
    Weekday {
        Monday = "monday", "Monday.";
        Tuesday = "tuesday", "Tuesday.";
        Wednesday = "wednesday", "Wednesday.";
        Thursday = "thursday", "Thursday.";
        Friday = "friday", "Friday.";
        Saturday = "saturday", "Saturday.";
        Sunday = "sunday", "Sunday.";
    }
}

/// Returns the published JSON Schema of scenarios.
pub fn json_schema() -> Value {
    shape::json_schema(
        &SCENARIO,
        "https://baton.dev/schemas/scenario-v1.schema.json",
        "Baton scenario of a simulation, version 1",
    )
}

pub(super) static SCENARIO: Object = Object {
    name: "scenario",
    doc: "What would be otherwise in a simulation of a handoff network.",
    fields: &[
        required(
            "baton",
            Shape::Choice(&[(FORMAT, "Version 1 of these files.")]),
            "Format of this file.",
        ),
        required("name", Shape::Text(TextKind::Id), "Name of the scenario."),
        optional("title", LINE, "What it is about; the name when left out."),
        optional(
            "arrivals",
            Shape::Object(&ARRIVALS),
            "More or less new work.",
        ),
        optional(
            "every_team",
            Shape::Object(&TEAM),
            "What changes for every team that is not named below, or says nothing else there.",
        ),
        optional(
            "teams",
            Shape::Table {
                value: &Shape::Object(&TEAM),
                max: TEAMS_MAX,
            },
            "What changes for one team, by its name in the log.",
        ),
        optional(
            "approvals",
            Shape::List {
                item: &Shape::Object(&APPROVAL),
                min: 1,
                max: APPROVALS_MAX,
            },
            "Gates before handovers; the first that applies to a handover holds it.",
        ),
    ],
};

static ARRIVALS: Object = Object {
    name: "arrivals",
    doc: "More or less new work than was fitted.",
    fields: &[
        required(
            "percent",
            Shape::Integer { min: 0, max: 1_000 },
            "New work in percent of what it was: 120 is a fifth more.",
        ),
        optional("team", LINE, "Only new work that begins at this team."),
    ],
};

static TEAM: Object = Object {
    name: "team",
    doc: "What changes for a team.",
    fields: &[
        optional(
            "capacity",
            Shape::Integer {
                min: 1,
                max: 1_000_000,
            },
            "Cases it can have in work at once.",
        ),
        optional(
            "capacity_percent",
            Shape::Integer { min: 1, max: 1_000 },
            "The same in percent of the most that it was seen with, rounded up.",
        ),
        optional(
            "wip_limit",
            Shape::Integer {
                min: 1,
                max: 1_000_000,
            },
            "Cases it holds at once, waiting or in work; more wait before its door.",
        ),
        optional("hours", Shape::Object(&HOURS), "When it works."),
        optional(
            "returns_percent",
            Shape::Integer { min: 0, max: 100 },
            "What it gives straight back to the sender, in percent of what it did.",
        ),
        optional(
            "retries",
            Shape::Object(&RETRIES),
            "Work that is not begun after a while is handed over again.",
        ),
        optional(
            "deadline",
            ELAPSED,
            "Time after which a wait is late; the answer says how many are.",
        ),
    ],
};

static HOURS: Object = Object {
    name: "hours",
    doc: "When a team works.",
    fields: &[
        required(
            "zone",
            Shape::Text(TextKind::Zone),
            "Time zone of the hours; its offset when the simulated weeks begin holds for all of them.",
        ),
        required(
            "days",
            Shape::List {
                item: &Shape::Choice(Weekday::WORDS),
                min: 1,
                max: 7,
            },
            "Days of work.",
        ),
        required(
            "open",
            Shape::OneOrList {
                item: &Shape::Text(TextKind::Interval),
                max: 8,
            },
            "Hours of each of these days; one that ends before it begins passes midnight.",
        ),
    ],
};

static RETRIES: Object = Object {
    name: "retries",
    doc: "When and how often work is handed over again.",
    fields: &[
        required("after", ELAPSED, "Time without a touch before each retry."),
        required(
            "most",
            Shape::Integer { min: 1, max: 20 },
            "How often at most.",
        ),
    ],
};

static APPROVAL: Object = Object {
    name: "approval",
    doc: "A gate before handovers.",
    fields: &[
        optional("to", LINE, "Handovers to this team; all when left out."),
        optional(
            "percent",
            Shape::Integer { min: 1, max: 100 },
            "How many of them in a hundred; all when left out.",
        ),
        required(
            "approvers",
            Shape::Integer {
                min: 1,
                max: 10_000,
            },
            "Approvals that can be under way at once.",
        ),
        required(
            "takes",
            Shape::OneOrList {
                item: &ELAPSED,
                max: TAKES_MAX,
            },
            "How long an approval takes; of several times each is equally likely.",
        ),
    ],
};
