//! Where features are collected: dense ones at once, rare ones only with enough support and within
//! the limits, the rest counted.

use std::collections::BTreeMap;
use std::hash::Hash;

use hashbrown::HashMap;

use crate::cases::settings::{FEATURE_BYTES_MAX, FEATURES_MAX, Settings};
use crate::cases::table::{CaseTable, Excluded, Feature, Origin, Unit, Values, Why};

/// Rows in which something was seen, with how often; one row after the other.
pub(in crate::cases) struct Sightings<K> {
    seen: HashMap<K, Vec<(u32, u32)>>,
}

impl<K: Eq + Hash + Copy + Ord> Sightings<K> {
    /// Returns an empty collection.
    pub(in crate::cases) fn new() -> Self {
        Self {
            seen: HashMap::new(),
        }
    }

    /// Notes that `what` was seen in a row.
    pub(in crate::cases) fn see(&mut self, what: K, row: u32) {
        let rows = self.seen.entry(what).or_default();
        match rows.last_mut() {
            Some((last, times)) if *last == row => *times = times.saturating_add(1),
            _ => rows.push((row, 1)),
        }
    }

    fn sorted(self) -> Vec<(K, Vec<(u32, u32)>)> {
        let mut all: Vec<_> = self.seen.into_iter().collect();
        all.sort_unstable_by_key(|(what, _)| *what);
        all
    }
}

/// A feature that may be left out for the limits.
struct Candidate {
    name: Box<str>,
    origin: Origin,
    rows: Vec<(u32, u32)>,
    /// Whether the number of times is the feature, instead of whether there is any.
    is_count: bool,
}

/// Features on their way into a table.
pub(in crate::cases) struct Sink {
    rows: usize,
    support: usize,
    candidates: Vec<Candidate>,
    /// Features that are kept whatever the limits.
    pub(in crate::cases) features: Vec<Feature>,
    /// What is set aside.
    pub(in crate::cases) excluded: Vec<Excluded>,
    not_generated: BTreeMap<Box<str>, u64>,
}

impl Sink {
    /// Returns an empty sink for a table of this many rows.
    pub(in crate::cases) fn new(rows: usize) -> Self {
        Self {
            rows,
            support: Settings::support(rows),
            candidates: Vec::new(),
            features: Vec::new(),
            excluded: Vec::new(),
            not_generated: BTreeMap::new(),
        }
    }

    /// Sets a column or feature aside.
    pub(in crate::cases) fn exclude(&mut self, name: &str, why: Why) {
        self.excluded.push(Excluded {
            name: name.into(),
            why,
        });
    }

    /// Takes a feature with a value for every row.
    pub(in crate::cases) fn dense(&mut self, name: &str, origin: Origin, values: Values) {
        self.features.push(Feature {
            name: name.into(),
            origin,
            modifiable: is_modifiable(origin),
            group: false,
            values,
        });
    }

    /// Takes numbers of rows.
    pub(in crate::cases) fn numbers(
        &mut self,
        name: &str,
        origin: Origin,
        (values, unit): (Vec<Option<i64>>, Unit),
    ) {
        self.dense(name, origin, Values::Number { values, unit });
    }

    /// Takes what was seen as features of presence, and of number where enough rows have several.
    pub(in crate::cases) fn sightings<K: Eq + Hash + Copy + Ord>(
        &mut self,
        origin: Origin,
        seen: Sightings<K>,
        name: impl Fn(K) -> Option<String>,
    ) {
        for (what, rows) in seen.sorted() {
            let absent = self.rows.saturating_sub(rows.len());
            if rows.len() < self.support || self.rows < self.support {
                self.count("in too few cases");
                continue;
            }
            // A name that must not be shown gives no feature, and no hint of it either.
            let Some(name) = name(what) else {
                self.count("names a small group or a person");
                continue;
            };
            let several = rows.iter().filter(|(_, times)| *times > 1).count();
            if several >= self.support {
                self.candidates.push(Candidate {
                    name: format!("count of {name}").into(),
                    origin,
                    rows: rows.clone(),
                    is_count: true,
                });
            }
            if absent < self.support {
                self.count("in nearly all cases");
                continue;
            }
            self.candidates.push(Candidate {
                name: name.into(),
                origin,
                rows,
                is_count: false,
            });
        }
    }

    fn count(&mut self, reason: &str) {
        *self.not_generated.entry(reason.into()).or_default() += 1;
    }

    /// Returns a table of all features in the order of their names, what is set aside, and what was
    /// not made; nothing else of the table is there yet.
    pub(in crate::cases) fn finish(mut self) -> CaseTable {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.sort_unstable_by(|a, b| {
            (b.rows.len().cmp(&a.rows.len())).then_with(|| a.name.cmp(&b.name))
        });
        let fits = FEATURES_MAX.min(FEATURE_BYTES_MAX / self.rows.max(1));
        let beyond = candidates.len().saturating_sub(fits);
        if beyond > 0 {
            let beyond = u64::try_from(beyond).unwrap_or(u64::MAX);
            let reason = format!("beyond the limit of {fits} derived features");
            self.not_generated.insert(reason.into(), beyond);
        }
        candidates.truncate(fits);
        for candidate in candidates {
            let values = if candidate.is_count {
                counts(self.rows, &candidate.rows)
            } else {
                flags(self.rows, &candidate.rows)
            };
            self.dense(&candidate.name, candidate.origin, values);
        }
        // Attributes come first, so of two features of one name the derived one is renamed.
        self.features
            .sort_by(|a, b| a.name.cmp(&b.name).then(a.origin.cmp(&b.origin)));
        let mut before: Option<Box<str>> = None;
        for feature in &mut self.features {
            let name = feature.name.clone();
            if before.as_ref() == Some(&name) {
                feature.name = format!("{name} (derived)").into();
            }
            before = Some(name);
        }
        self.features.sort_by(|a, b| a.name.cmp(&b.name));
        self.excluded
            .sort_by(|a, b| a.name.cmp(&b.name).then(a.why.cmp(&b.why)));
        self.excluded
            .dedup_by(|later, first| later.name == first.name);
        CaseTable {
            features: self.features,
            excluded: self.excluded,
            not_generated: self.not_generated.into_iter().collect(),
            ..CaseTable::default()
        }
    }
}

/// The calendar goes its way; how work flows is somebody's choice.
fn is_modifiable(origin: Origin) -> bool {
    match origin {
        Origin::Flow | Origin::Handover | Origin::Workload | Origin::Finding => true,
        Origin::Attribute | Origin::Calendar => false,
    }
}

fn flags(rows: usize, seen: &[(u32, u32)]) -> Values {
    let mut flags = vec![false; rows];
    for (row, _) in seen {
        if let Some(flag) = usize::try_from(*row)
            .ok()
            .and_then(|row| flags.get_mut(row))
        {
            *flag = true;
        }
    }
    Values::Flag(flags)
}

fn counts(rows: usize, seen: &[(u32, u32)]) -> Values {
    let mut values = vec![Some(0); rows];
    for (row, times) in seen {
        if let Some(value) = usize::try_from(*row)
            .ok()
            .and_then(|row| values.get_mut(row))
        {
            *value = Some(i64::from(*times));
        }
    }
    Values::Number {
        values,
        unit: Unit::Count,
    }
}
