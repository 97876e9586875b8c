//! A KPI table in memory: leaves in the order of their attribute values, each once.

use std::collections::BTreeMap;

/// What the numbers of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A value and its total, such as failures and requests.
    Share,
    /// The same, with both before the jump.
    ShareWithBefore,
    /// What is and what was forecast.
    Forecast,
}

/// One attribute: its name and its values in the order of their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Name of its column.
    pub(super) name: String,
    /// Its values; the empty one stands for a missing value.
    pub(super) values: Vec<Box<str>>,
}

/// Numbers of a leaf in millionths: value, total, value before, total before; or actual, forecast.
pub(super) type Amounts = [i128; 4];

/// A table read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub(super) measure: Measure,
    pub(super) attributes: Vec<Attribute>,
    /// Code of the value of each leaf, one list per attribute.
    pub(super) codes: Vec<Vec<u32>>,
    pub(super) amounts: Vec<Amounts>,
    pub(super) rows: usize,
    pub(super) set_aside: Vec<(String, &'static str)>,
}

/// Takes rows in any order.
#[derive(Debug)]
pub(super) struct Rows {
    names: Vec<String>,
    seen: Vec<BTreeMap<Box<str>, u32>>,
    leaves: BTreeMap<Vec<u32>, Amounts>,
    taken: usize,
}

impl Rows {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self {
            seen: vec![BTreeMap::new(); names.len()],
            names,
            leaves: BTreeMap::new(),
            taken: 0,
        }
    }

    /// Takes one row; rows of the same leaf are added up.
    pub(super) fn push<'v>(&mut self, values: impl Iterator<Item = &'v str>, amounts: Amounts) {
        let key = values
            .zip(&mut self.seen)
            .map(|(value, seen)| {
                if let Some(code) = seen.get(value) {
                    return *code;
                }
                let code = u32::try_from(seen.len()).unwrap_or(u32::MAX);
                seen.insert(value.into(), code);
                code
            })
            .collect();
        let sums = self.leaves.entry(key).or_default();
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum += amount;
        }
        self.taken += 1;
    }

    /// Returns the number of rows taken.
    pub(super) fn len(&self) -> usize {
        self.taken
    }

    /// Returns the table: codes in the order of values, leaves in the order of codes, attributes of
    /// a single value set aside.
    pub(super) fn finish(self, measure: Measure, ignored: Vec<String>) -> Table {
        let mut set_aside: Vec<(String, &'static str)> =
            ignored.into_iter().map(|name| (name, "chosen")).collect();
        let mut kept = Vec::new();
        let mut attributes = Vec::new();
        for (place, (name, seen)) in self.names.into_iter().zip(self.seen).enumerate() {
            if seen.len() < 2 {
                set_aside.push((name, "constant"));
                continue;
            }
            let mut renamed = vec![0; seen.len()];
            for (new, old) in (0_u32..).zip(seen.values()) {
                if let Some(code) = usize::try_from(*old)
                    .ok()
                    .and_then(|old| renamed.get_mut(old))
                {
                    *code = new;
                }
            }
            kept.push((place, renamed));
            attributes.push(Attribute {
                name,
                values: seen.into_keys().collect(),
            });
        }
        set_aside.sort();
        let mut leaves: Vec<(Vec<u32>, Amounts)> = self
            .leaves
            .into_iter()
            .map(|(key, amounts)| (recoded(&key, &kept), amounts))
            .collect();
        leaves.sort_unstable();
        let codes = (0..kept.len())
            .map(|place| {
                let of = |(key, _): &(Vec<u32>, Amounts)| key.get(place).copied().unwrap_or(0);
                leaves.iter().map(of).collect()
            })
            .collect();
        Table {
            measure,
            attributes,
            codes,
            amounts: leaves.into_iter().map(|(_, amounts)| amounts).collect(),
            rows: self.taken,
            set_aside,
        }
    }
}

fn recoded(key: &[u32], kept: &[(usize, Vec<u32>)]) -> Vec<u32> {
    kept.iter()
        .map(|(place, renamed)| {
            let old = key.get(*place).copied().unwrap_or(0);
            let new = usize::try_from(old).ok().and_then(|old| renamed.get(old));
            new.copied().unwrap_or(0)
        })
        .collect()
}

impl Table {
    /// Returns the number of leaves: combinations of attribute values with a row.
    pub fn leaves(&self) -> usize {
        self.amounts.len()
    }

    /// Returns the number of rows read.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns what the numbers are.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// Returns the sum of each number over some leaves.
    pub(super) fn sums(&self, leaves: impl Iterator<Item = usize>) -> Amounts {
        let mut sums = Amounts::default();
        for amounts in leaves.filter_map(|leaf| self.amounts.get(leaf)) {
            for (sum, amount) in sums.iter_mut().zip(amounts) {
                *sum += amount;
            }
        }
        sums
    }
}
