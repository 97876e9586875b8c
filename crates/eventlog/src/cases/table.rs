//! The case table: what the miner reads. One row per case, one feature per column.
//!
//! INVARIANT: all columns, `failed`, `start` and `cost` (if any) are as long as `ids`; rows are in
//! the order of (start, id bytes), so they do not depend on the order of the imported rows.

use crate::model::{Code, Dictionary};

/// Cases with their features and outcome.
#[derive(Debug, Clone, Default)]
pub struct CaseTable {
    /// Case ids, one per row.
    pub ids: Vec<Box<str>>,
    /// Start of each case, microseconds since 1970-01-01T00:00:00Z.
    pub start: Vec<i64>,
    /// Whether each case failed.
    pub failed: Vec<bool>,
    /// Cost of each case in thousandths of `cost_unit`, when the outcome has a cost.
    pub cost: Option<Vec<i64>>,
    /// What cost is counted in, such as `hours` or `EUR`.
    pub cost_unit: Option<Box<str>>,
    /// Cluster of each case, when cases come in groups that fail together.
    pub cluster: Option<Vec<Code>>,
    /// Features that may be mined, in the order of their names.
    pub features: Vec<Feature>,
    /// Columns and features set aside, each with the reason, in the order of their names.
    pub excluded: Vec<Excluded>,
    /// Cases of the log that are not rows here, by reason (still open, outcome unknown, …).
    pub left_out: Vec<(Box<str>, u64)>,
    /// Features that were not made or not kept, by reason (too rare, beyond the limit, …).
    pub not_generated: Vec<(Box<str>, u64)>,
}

/// One feature of every case.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Name as the report shows it, such as `priority`, `handovers` or `handover: A → B`.
    pub name: Box<str>,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether somebody can change it: of two equivalent descriptions the modifiable one is kept.
    pub modifiable: bool,
    /// Whether its values name teams or other groups of people, so that small groups stay hidden.
    pub group: bool,
    /// Its value per row.
    pub values: Values,
}

/// Where a feature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An attribute as it stood when the case started or at the landmark.
    Attribute,
    /// Activities and their order.
    Flow,
    /// Handovers between parties.
    Handover,
    /// Work that was open elsewhere at the time.
    Workload,
    /// Weekday, hour and other facts of the calendar.
    Calendar,
    /// Findings of a contract.
    Finding,
}

/// What a number of a feature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Things.
    Count,
    /// Seconds.
    Seconds,
    /// An integer of this many decimal digits.
    Decimal(u8),
}

/// The values of a feature.
#[derive(Debug, Clone)]
pub enum Values {
    /// A category per row: codes of `dictionary`, `MISSING` where there is none.
    Category {
        /// Code per row.
        codes: Vec<Code>,
        /// Texts of the codes, in the order of their bytes.
        dictionary: Dictionary,
    },
    /// A number per row.
    Number {
        /// Value per row; `None` where there is none.
        values: Vec<Option<i64>>,
        /// What it counts.
        unit: Unit,
    },
    /// Present or absent.
    Flag(Vec<bool>),
}

/// A column or feature that is not mined, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// Its name.
    pub name: Box<str>,
    /// Why it is set aside.
    pub why: Why,
}

/// Why a column or feature is not mined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is known only after the landmark.
    KnownLater,
    /// It restates the outcome: it tells this many of a million case pairs (failed, fine) apart.
    RestatesOutcome {
        /// Millionths of pairs told apart.
        told_apart: u32,
    },
    /// It names single people.
    Person,
    /// It is read by the outcome expression.
    InOutcome,
    /// It has the same value in every case.
    Constant,
    /// It has a distinct value in (nearly) every case.
    Identifier,
    /// The user set it aside.
    Chosen,
}
