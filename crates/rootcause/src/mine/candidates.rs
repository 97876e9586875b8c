//! The patterns that may become causes: what the search finds over all earlier cases, and what it
//! finds again among those that no cause covers yet.

use baton_eventlog::cases::{CaseTable, Values};

use super::bits::Bits;
use super::cells::Cells;
use super::cover::{Chosen, Side, Source};
use super::ground::{Ground, Pattern};
use super::item::{Item, Test};
use super::productive::{Counts, is_productive};
use super::sharpen::sharpen;
use super::stability::key;
use crate::encode::{self, Bitmap, Encoded};
use crate::search::{self, Found, Labels, Level, Levels, Shuffles};
use crate::statistics::LogProbability;
use crate::wire::{Condition, Fixed};

/// Patterns of the whole search that are kept as candidates, most evidence first.
const POOL_MAX: usize = 3_000;
/// Productive patterns a later search may add.
const AGAIN_MAX: usize = 500;
/// Productive patterns that are kept of a search at a loose level, most evidence first.
const LOOSE_MAX: usize = 300;
/// Patterns of a search at a loose level that are looked at for them.
const LOOSE_TRIES_MAX: usize = 3_000;

/// What the search over all earlier cases found.
pub(crate) struct Candidates<'a> {
    encoded: &'a Encoded,
    failed: Bitmap,
    earlier: Bits,
    settings: search::Settings,
    /// What a condition must reach on the cases of the others.
    part_level: LogProbability,
    /// Productive patterns, most evidence first.
    pub(crate) pool: Vec<Pattern>,
    /// All significant patterns as the search gave them.
    pub(crate) found: Found,
    /// Productive patterns there were.
    pub(crate) productive: u64,
}

impl<'a> Candidates<'a> {
    /// Searches all earlier cases.
    ///
    /// # Errors
    /// When the search is refused.
    pub(crate) fn search(
        ground: &mut Ground<'_>,
        encoded: &'a Encoded,
        earlier: &Bits,
        (settings, permutations): (search::Settings, u32),
    ) -> Result<Self, search::Error> {
        let cases = ground.table.ids.len();
        let failed = bitmap(&ground.failed, cases);
        let among = bitmap(earlier, cases);
        let labels = Labels {
            failed: &failed,
            among: Some(&among),
        };
        let mut found = search::search(encoded, &labels, &settings)?;
        if permutations > 0 {
            let shuffles = Shuffles {
                permutations,
                strata: None,
                // Not the stream that resamples are drawn from.
                key: !key(ground),
            };
            let tarone = (&settings, found.levels);
            let levels = search::westfall_young_by_kind(encoded, &labels, tarone, &shuffles)?;
            let settings = search::Settings {
                level: Level::Given(levels),
                ..settings
            };
            found = search::search(encoded, &labels, &settings)?;
        }
        let part_level = part_level(encoded, settings.level);
        let mut candidates = Self {
            encoded,
            failed,
            earlier: earlier.clone(),
            settings: search::Settings {
                level: Level::Given(found.levels),
                ..settings
            },
            part_level,
            pool: Vec::new(),
            productive: 0,
            found,
        };
        let patterns =
            candidates.productive(ground, &candidates.found.patterns, (part_level, usize::MAX));
        candidates.productive = u64::try_from(patterns.len()).unwrap_or(u64::MAX);
        candidates.pool = patterns;
        candidates.pool.truncate(POOL_MAX);
        Ok(candidates)
    }

    /// Searches other rows at another error rate, as deep as before: the strongest productive
    /// patterns, and what each kind had to reach.
    ///
    /// # Errors
    /// When the search is refused.
    pub(crate) fn loosely(
        &self,
        ground: &mut Ground<'_>,
        among: &Bits,
        rate: f64,
    ) -> Result<(Vec<Pattern>, Levels), search::Error> {
        let settings = search::Settings {
            level: Level::ByKind(rate),
            ..self.settings
        };
        let among = bitmap(among, ground.table.ids.len());
        let labels = Labels {
            failed: &self.failed,
            among: Some(&among),
        };
        let mut found = search::search(self.encoded, &labels, &settings)?;
        found.patterns.truncate(LOOSE_TRIES_MAX);
        let level = part_level(self.encoded, settings.level);
        let patterns = self.productive(ground, &found.patterns, (level, LOOSE_MAX));
        Ok((patterns, found.levels))
    }

    /// Returns the first `most` of the patterns of which each condition reaches the level.
    fn productive(
        &self,
        ground: &mut Ground<'_>,
        patterns: &[search::Pattern],
        (level, most): (LogProbability, usize),
    ) -> Vec<Pattern> {
        let mut counts = Counts::default();
        let mut productive = Vec::new();
        for pattern in patterns {
            if productive.len() >= most {
                break;
            }
            let items = pattern.items.iter();
            let items = items.filter_map(|&item| first_item(self.encoded, ground.table, item));
            let pattern = ground.pattern(items.collect());
            if is_productive(ground, &mut counts, &pattern, level) {
                productive.push(pattern);
            }
        }
        productive
    }

    /// Returns the ways to say each item of a pattern that the search found.
    pub(crate) fn said(&self, table: &CaseTable, pattern: &search::Pattern) -> Vec<Vec<Item>> {
        let items = pattern.items.iter();
        items
            .map(|&item| all_items(self.encoded, table, item))
            .collect()
    }
}

impl Source for Candidates<'_> {
    fn candidates(&mut self, ground: &mut Ground<'_>, chosen: &[Chosen]) -> Vec<Pattern> {
        let mut candidates = self.pool.clone();
        if chosen.is_empty() {
            return candidates;
        }
        let mut left = self.earlier.clone();
        for cause in chosen.iter().filter(|one| one.side == Side::Covered) {
            left.and_not(&cause.rows);
        }
        let among = bitmap(&left, ground.table.ids.len());
        let labels = Labels {
            failed: &self.failed,
            among: Some(&among),
        };
        if let Ok(mut again) = search::search(self.encoded, &labels, &self.settings) {
            again.patterns.truncate(AGAIN_MAX);
            candidates.extend(self.productive(
                ground,
                &again.patterns,
                (self.part_level, usize::MAX),
            ));
        }
        candidates
    }

    fn sharpen(&self, ground: &mut Ground<'_>, cells: &Cells<'_>, pattern: Pattern) -> Pattern {
        sharpen(ground, cells, pattern)
    }
}

/// The error rate shared by all conditions that could have been added to a part.
fn part_level(encoded: &Encoded, level: Level) -> LogProbability {
    let (Level::FamilyWise(alpha) | Level::ByKind(alpha)) = level else {
        return LogProbability::ONE;
    };
    let conditions: u64 = encoded.attributes().iter().map(conditions).sum();
    LogProbability::from_probability(alpha / crate::statistics::real(conditions.max(1)))
        .unwrap_or(LogProbability::ONE)
}

/// Returns how many conditions on an attribute are searched.
pub(crate) fn conditions(attribute: &encode::Attribute) -> u64 {
    match attribute.kind() {
        encode::Kind::Category => u64::try_from(attribute.size()).unwrap_or(u64::MAX),
        encode::Kind::Number { bins } => u64::from(bins) * (u64::from(bins) + 1) / 2,
    }
}

fn bitmap(bits: &Bits, cases: usize) -> Bitmap {
    Bitmap::of((0..cases).map(|row| bits.contains(row)))
}

fn first_item(encoded: &Encoded, table: &CaseTable, item: encode::Item) -> Option<Item> {
    all_items(encoded, table, item).into_iter().next()
}

/// Returns an item of the search as each feature that says the same would say it.
fn all_items(encoded: &Encoded, table: &CaseTable, item: encode::Item) -> Vec<Item> {
    let Some(attribute) = encoded.attributes().get(usize::from(item.attribute)) else {
        return Vec::new();
    };
    let said = attribute.features().zip(encoded.descriptions(item));
    said.filter_map(|(feature, condition)| {
        let test = test(table, feature, &condition).or_else(|| {
            let rows = encoded.bitmap(item);
            rare(table, feature, &rows)
        })?;
        Some(Item { feature, test })
    })
    .collect()
}

/// The test a condition stands for; none for values that share a code.
fn test(table: &CaseTable, feature: usize, condition: &Condition) -> Option<Test> {
    let values = &table.features.get(feature)?.values;
    match (condition, values) {
        (Condition::Is { value, .. }, Values::Category { dictionary, .. }) => {
            dictionary.code(value).map(|code| Test::In(vec![code]))
        }
        (Condition::Missing { .. }, _) => Some(Test::Missing),
        (Condition::Present { .. }, _) => Some(Test::Present),
        (Condition::Absent { .. }, _) => Some(Test::Absent),
        (Condition::Between { low, high, .. }, Values::Number { unit, .. }) => {
            let limit = |limit: Fixed| super::item::limit(limit, *unit);
            Some(Test::Between(low.map(limit), high.map(limit)))
        }
        _ => None,
    }
}

/// The test for values too rare to be told apart: whatever stands in these rows.
fn rare(table: &CaseTable, feature: usize, rows: &Bitmap) -> Option<Test> {
    let Values::Category { codes, .. } = &table.features.get(feature)?.values else {
        return None;
    };
    let mut found: Vec<_> = rows
        .iter()
        .filter_map(|row| codes.get(row).copied())
        .collect();
    found.sort_unstable();
    found.dedup();
    Some(Test::Rare(found))
}
