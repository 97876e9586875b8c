//! What a mapping says, once it is checked.

use baton_document::shape::choices;
use baton_terms::Id;

use super::time::{TimeFormat, Zone};
use crate::blameless::People;
use crate::model::Kind;

choices! {
    /// The character between the fields of a table.
    Delimiter {
        Comma = "comma", "`,`";
        Semicolon = "semicolon", "`;`";
        Tab = "tab", "A tab.";
        Pipe = "pipe", "`|`";
        Colon = "colon", "`:`";
        Space = "space", "A space.";
    }
}

choices! {
    /// The character around fields that hold a delimiter or a line break; written twice inside.
    Quote {
        Double = "double", "`\"`";
        Single = "single", "`'`";
        None = "none", "No quoting: a quote is a character like any other.";
    }
}

/// The names of the fields of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    /// The first row has them.
    FirstRow,
    /// They are given, and the first row is an event already.
    Names(Vec<Box<str>>),
}

/// How a table is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Between fields; absent: what the format says (`,` for CSV, a tab for TSV).
    pub delimiter: Option<Delimiter>,
    /// Around fields.
    pub quote: Quote,
    /// Names of the fields.
    pub header: Header,
}

/// The columns that together name a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseKey {
    /// Columns, in order.
    pub columns: Vec<Box<str>>,
    /// Text between their values when there are several.
    pub join: Box<str>,
}

/// The column with the time of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeColumn {
    /// Its name.
    pub column: Box<str>,
    /// How its texts are read.
    pub format: TimeFormat,
    /// The zone of times that name none.
    pub zone: Option<Zone>,
}

/// What the values of a column are read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    Text,
    /// `true`/`false`, `yes`/`no`, `1`/`0` in any case.
    Boolean,
    /// A decimal number, kept with this many digits after the point.
    Number {
        /// Digits after the point, 0 to 9.
        scale: u8,
    },
    /// A point in time.
    Time {
        /// How it is written; absent: as the time of the event.
        format: Option<TimeFormat>,
    },
}

impl ValueKind {
    /// Returns the kind of the column in the log.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Boolean => Kind::Boolean,
            Self::Number { scale } => Kind::Number { scale: *scale },
            Self::Time { .. } => Kind::Time,
        }
    }
}

/// When the value of a column can be known. A value must not be used to explain what happened
/// before it was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// From the start of the case, whatever event it stands on.
    Start,
    /// When the event it stands on happens.
    Event,
    /// Only when the case is over, although the export shows it on earlier rows too.
    End,
    /// From the first event of this activity on.
    Activity(Box<str>),
    /// From the time in this column on.
    Column(Box<str>),
}

/// What is said about one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRule {
    /// Its name in the export.
    pub name: Box<str>,
    /// What its values are.
    pub kind: ValueKind,
    /// When a value can be known.
    pub known: Known,
    /// Whether its values name single people.
    pub person: bool,
    /// Whether its values name teams or other groups of people.
    pub group: bool,
    /// Whether somebody can change it.
    pub modifiable: bool,
    /// Why it is not mined, when it is not; it is not kept in the log either, unless an outcome
    /// reads it.
    pub exclude: Option<Box<str>>,
}

impl ColumnRule {
    /// Returns the rule of a column of which the mapping says nothing.
    pub fn plain(name: &str) -> Self {
        Self {
            name: name.into(),
            kind: ValueKind::Text,
            known: Known::Event,
            person: false,
            group: false,
            modifiable: false,
            exclude: None,
        }
    }
}

/// What counts as failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its id, as `--outcome` names it.
    pub id: Id,
    /// Name for readers.
    pub title: Box<str>,
    /// Expression over a case: whether it failed.
    pub failed: Box<str>,
    /// Expression over a case: whether its outcome is decided; all are when absent.
    pub decided: Option<Box<str>>,
    /// Expression over a case: what it cost.
    pub cost: Option<Box<str>>,
    /// What cost is counted in.
    pub cost_unit: Option<Box<str>>,
    /// JSON Pointer of the outcome in the mapping, for diagnostics of its expressions.
    pub at: String,
}

/// The second table: one row per case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasesTable {
    /// How it is written.
    pub table: Table,
    /// Its columns that name the case.
    pub case: CaseKey,
    /// Texts that mean "no value", besides the empty text.
    pub missing: Vec<Box<str>>,
    /// What is said about its columns, in the order written.
    pub columns: Vec<ColumnRule>,
    /// Whether columns without a rule are kept, as text.
    pub is_open: bool,
}

/// A mapping that has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// How the table of events is written.
    pub table: Table,
    /// Which columns name the case.
    pub case: CaseKey,
    /// When the event happened.
    pub time: TimeColumn,
    /// Integer columns that number the events of a case, most important first; where there are any,
    /// they come before the time.
    pub order: Vec<Box<str>>,
    /// What happened.
    pub activity: Box<str>,
    /// Activities after which the work of a case is done, unless it goes on.
    pub closing: Vec<Box<str>>,
    /// The team that holds the case from the event on.
    pub party: Option<Box<str>>,
    /// The person it is assigned to, for counting only.
    pub person: Option<Box<str>>,
    /// Where the number of people of a group comes from.
    pub people: People,
    /// The column whose values name groups of cases that fail together.
    pub cluster: Option<Box<str>>,
    /// Texts that mean "no value", besides the empty text.
    pub missing: Vec<Box<str>>,
    /// What is said about further columns, in the order written.
    pub columns: Vec<ColumnRule>,
    /// Whether columns without a rule are kept, as text known at their event.
    pub is_open: bool,
    /// What can be mined for, in the order written.
    pub outcomes: Vec<Outcome>,
    /// The second table, if there is one.
    pub cases: Option<CasesTable>,
    /// The mapping as JSON, for reports.
    pub json: serde_json::Value,
}

impl Mapping {
    /// Returns what is said about a column of the events.
    pub fn column(&self, name: &str) -> Option<&ColumnRule> {
        self.columns.iter().find(|rule| &*rule.name == name)
    }

    /// Returns what is said about a column of the cases.
    pub fn case_column(&self, name: &str) -> Option<&ColumnRule> {
        let cases = self.cases.as_ref()?;
        cases.columns.iter().find(|rule| &*rule.name == name)
    }

    /// Returns the outcome of this id.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes
            .iter()
            .find(|outcome| outcome.id.as_str() == id)
    }
}
