//! The answer as data, format `localisation/v1`: what `baton localise` writes as JSON and what its
//! pages are drawn from.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::{Condition, Fixed};

/// An amount in the units of the table, exact to millionths, written as a JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i128);

impl Amount {
    /// Returns the amount of this many millionths.
    pub fn from_millionths(millionths: i128) -> Self {
        Self(millionths)
    }

    /// Returns a number rounded to the nearest millionth; zero when it is not finite.
    pub fn round(number: f64) -> Self {
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "`as` saturates, and makes zero of what is not a number"
        )]
        let millionths = (number * 1e6).round() as i128;
        Self(millionths)
    }

    /// Returns the amount in millionths.
    pub fn millionths(self) -> i128 {
        self.0
    }

    /// Returns the number for drawing.
    pub fn to_f64(self) -> f64 {
        super::numbers::real(self.0)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0 / 1_000_000) {
            Ok(whole) if self.0 % 1_000_000 == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(self.to_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::round)
    }
}

/// The answer of one localisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localisation {
    /// Always `localisation/v1`.
    pub baton: String,
    /// Version of the engine.
    pub engine: String,
    /// What was read.
    pub table: TableRead,
    /// The whole table.
    pub overall: Overall,
    /// How restless leaves are.
    pub noise: Noise,
    /// Longest combination that was looked at.
    pub conditions_max: u32,
    /// Combinations that were looked at.
    pub candidates: u64,
    /// Chance of naming any cause where there is none, at most.
    pub alpha: Fixed,
    /// The causes that together explain the jump best, the strongest first.
    pub causes: Vec<Located>,
    /// Other explanations that are nearly as good, best first.
    pub alternatives: Vec<Alternative>,
    /// What a reader must know before using it.
    pub cautions: Vec<String>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRead {
    /// Name of the table as the user gave it, without its folder.
    pub name: String,
    /// Digest of its bytes, `sha256:…`.
    pub digest: String,
    /// `share`, `share-with-before` or `forecast`.
    pub measure: String,
    /// Rows.
    pub rows: u64,
    /// Leaves; fewer than rows when some rows have the same attribute values.
    pub leaves: u64,
    /// Attributes, in the order of the table.
    pub attributes: Vec<AttributeRead>,
    /// Columns that were not used, in the order of their names.
    pub set_aside: Vec<SetAside>,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeRead {
    /// Its name.
    pub name: String,
    /// Number of its values.
    pub values: u64,
}

/// A column that was not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Its name.
    pub name: String,
    /// `constant` or `chosen`.
    pub why: String,
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overall {
    /// Sum of what is.
    pub actual: Amount,
    /// Sum of what was expected.
    pub expected: Amount,
    /// Sum of the totals, for shares.
    pub total: Option<Amount>,
    /// `up` or `down`: which way the causes go.
    pub direction: String,
    /// Level of the leaves outside all causes: what is, divided by what was expected.
    pub level: Option<Fixed>,
}

/// How restless leaves are without any cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// Variance per expected count; 1 is that of counting.
    pub of_count: Fixed,
    /// Relative standard deviation of a leaf beyond that.
    pub of_leaf: Fixed,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Located {
    /// Conditions that hold together, in the order of the table's columns.
    pub conditions: Vec<Condition>,
    /// Other descriptions of the very same leaves that are as short.
    pub aliases: Vec<Vec<Condition>>,
    /// Leaves it holds for.
    pub leaves: u64,
    /// What is.
    pub actual: Amount,
    /// What was expected.
    pub expected: Amount,
    /// The total, for shares.
    pub total: Option<Amount>,
    /// What is, divided by what was expected at the level of the other leaves.
    pub ratio: Option<Fixed>,
    /// Deviation score `2 (f - v) / (f + v)` of forecast and value (Li et al., Squeeze, 2019).
    pub deviation: Fixed,
    /// What is above what was expected at the level of the other leaves; below zero for a fall.
    pub excess: Amount,
    /// Part of the whole excess.
    pub share_of_jump: Option<Fixed>,
    /// Gain in ln likelihood over the other causes alone.
    pub gain: Fixed,
    /// log10 of its p-value, corrected for all combinations looked at.
    pub log10_p: Fixed,
}

/// Another explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Its causes.
    pub causes: Vec<Vec<Condition>>,
    /// How much better the answer is, in ln likelihood less the price of the descriptions.
    pub behind: Fixed,
}
