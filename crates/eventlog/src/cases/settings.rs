//! What a case table is built by. A mapping gives all of it but the landmark.

use hashbrown::HashMap;

use super::landmark::Landmark;
use crate::blameless::People;

/// What counts as failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Name for readers, such as `SLA missed`.
    pub name: Box<str>,
    /// Expression over a case: whether it failed.
    pub failed: Box<str>,
    /// Expression over a case: whether its outcome is decided; all are when absent.
    pub decided: Option<Box<str>>,
    /// Expression over a case: what it cost, a number or a duration (counted in hours).
    pub cost: Option<Box<str>>,
    /// What cost is counted in.
    pub cost_unit: Option<Box<str>>,
    /// JSON Pointer of the outcome in its document, for diagnostics of its expressions.
    pub at: String,
}

/// When the value of a column can be known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Known {
    /// From the start of the case, whatever event it stands on.
    Start,
    /// When the event it stands on happens.
    #[default]
    Event,
    /// Only when the case is over, although the export shows it on earlier rows too.
    End,
    /// From the first event of this activity on.
    Activity(Box<str>),
    /// From the time in this column on.
    Column(Box<str>),
}

/// What the values of a column name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Nobody: a property of the case.
    #[default]
    Property,
    /// Teams or other groups of people; small ones stay hidden.
    Group,
    /// Single people; such a column is never mined.
    Person,
    /// What the user set aside.
    SetAside,
}

/// What is said about a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// When its value can be known.
    pub known: Known,
    /// What its values name.
    pub role: Role,
    /// Whether somebody can change it.
    pub modifiable: bool,
}

/// What a case table is built by.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What counts as failed.
    pub outcome: Outcome,
    /// Up to when a case is looked at.
    pub landmark: Landmark,
    /// Activities after which the work of a case is done, unless it goes on.
    pub closing: Vec<Box<str>>,
    /// What is said about columns, by name; a column without a rule has the default one.
    pub rules: HashMap<Box<str>, Rule>,
    /// What is said about columns with one value per case, by name.
    pub case_rules: HashMap<Box<str>, Rule>,
    /// Columns the log does not even hold because the user set them aside.
    pub set_aside: Vec<Box<str>>,
    /// The column whose values name groups of cases that fail together.
    pub cluster: Option<Box<str>>,
    /// Where the size of groups comes from.
    pub people: People,
    /// The zone of weekdays and hours; UTC when absent.
    pub zone: Option<jiff::tz::TimeZone>,
}

/// Fewest cases that must have a derived feature, and that must not have it.
pub const SUPPORT_MIN: u64 = 20;
/// A derived feature must also be in one case of this many.
pub const SUPPORT_SHARE: u64 = 1_000;
/// Most derived features of a table; the most frequent ones are kept, and the rest is counted.
pub const FEATURES_MAX: usize = 500;
/// Most bytes that derived features of one bit per case may take; the rest is counted.
pub const FEATURE_BYTES_MAX: usize = 512 << 20;
/// A feature that tells at least this many of a million pairs of a failed and a fine case apart
/// restates the outcome.
pub const RESTATES_MILLIONTHS: u32 = 990_000;
/// A time that lies after the landmark in more than this many of a million cases is known later.
pub const LATER_MILLIONTHS: u64 = 10_000;

impl Settings {
    /// Returns what is said about a column.
    pub(super) fn rule(&self, column: &str) -> Rule {
        self.rules.get(column).cloned().unwrap_or_default()
    }

    /// Returns what is said about a column with one value per case. It stands on no event, so it is
    /// known from the start unless something else is said.
    pub(super) fn case_rule(&self, column: &str) -> Rule {
        let mut rule = self.case_rules.get(column).cloned().unwrap_or_default();
        if rule.known == Known::Event {
            rule.known = Known::Start;
        }
        rule
    }

    /// Returns how many of `cases` must have a derived feature, and must not.
    pub(super) fn support(cases: usize) -> usize {
        let cases = u64::try_from(cases).unwrap_or(u64::MAX);
        usize::try_from(SUPPORT_MIN.max(cases.div_ceil(SUPPORT_SHARE))).unwrap_or(usize::MAX)
    }
}
