//! A meter of what a mission has used, against the caps of its budget.
//!
//! Time, rows, attempts and money add up; memory, open work and resource pressure are levels of which
//! the highest counts. Nothing wraps or saturates unseen: a sum that no longer fits is beyond its cap,
//! and so is what was used of a thing without a cap only once it no longer fits a number at all.

use std::collections::BTreeMap;

use baton_contract::model::Budget;
use serde::{Deserialize, Serialize};

/// One thing a budget limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cap {
    /// Run time in seconds.
    Time,
    /// Memory in mebibytes.
    Memory,
    /// Rows read.
    Rows,
    /// Attempts made.
    Attempts,
    /// Open handoffs of one receiver.
    OpenWork,
    /// Money, in the smallest unit of the currency.
    MoneyUnits,
    /// Pressure on the receiver's resources, in basis points.
    ResourcePressure,
}

/// An amount of one thing, used or about to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// What is used.
    pub cap: Cap,
    /// How much, in the unit of the cap.
    pub amount: u64,
}

/// A cap that is reached: what was asked for does not fit below it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error,
)]
#[serde(deny_unknown_fields)]
#[error("stay within the budget: `{cap}` is capped at {limit}, {used} used, {asked} more asked")]
pub struct Reached {
    /// Which cap.
    pub cap: Cap,
    /// Its limit.
    pub limit: u64,
    /// What was used before; of a level, the highest so far.
    pub used: u64,
    /// What was asked for on top; of a level, the level asked for.
    pub asked: u64,
}

/// What a mission has used of each thing its budget limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    limits: BTreeMap<Cap, u64>,
    used: BTreeMap<Cap, u64>,
}

impl Cap {
    /// Every cap, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Time,
        Self::Memory,
        Self::Rows,
        Self::Attempts,
        Self::OpenWork,
        Self::MoneyUnits,
        Self::ResourcePressure,
    ];

    /// Returns the field of a contract's `budget` that sets it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Memory => "memory_mib",
            Self::Rows => "rows",
            Self::Attempts => "attempts",
            Self::OpenWork => "open_work",
            Self::MoneyUnits => "money_units",
            Self::ResourcePressure => "resource_pressure_cap",
        }
    }

    /// Returns whether amounts of it add up; otherwise the highest counts.
    pub fn adds_up(self) -> bool {
        match self {
            Self::Time | Self::Rows | Self::Attempts | Self::MoneyUnits => true,
            Self::Memory | Self::OpenWork | Self::ResourcePressure => false,
        }
    }

    fn limit(self, budget: &Budget) -> Option<u64> {
        match self {
            Self::Time => budget.time.map(baton_terms::Elapsed::seconds),
            Self::Memory => budget.memory_mib,
            Self::Rows => budget.rows,
            Self::Attempts => budget.attempts,
            Self::OpenWork => budget.open_work,
            Self::MoneyUnits => budget.money_units,
            Self::ResourcePressure => budget
                .resource_pressure_cap
                .map(baton_terms::BasisPoints::get),
        }
    }
}

impl std::fmt::Display for Cap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.field())
    }
}

impl Meter {
    /// Returns the meter of a budget of which nothing is used yet.
    pub fn new(budget: &Budget) -> Self {
        let limit = |cap: Cap| cap.limit(budget).map(|limit| (cap, limit));
        Self {
            limits: Cap::ALL.into_iter().filter_map(limit).collect(),
            used: BTreeMap::new(),
        }
    }

    /// Returns what is used of `cap`; of a level, the highest so far.
    pub fn used(&self, cap: Cap) -> u64 {
        self.used.get(&cap).copied().unwrap_or_default()
    }

    /// Returns the limit of `cap`, or nothing when it has none.
    pub fn limit(&self, cap: Cap) -> Option<u64> {
        self.limits.get(&cap).copied()
    }

    /// Returns whether `charge` fits below its cap.
    ///
    /// # Errors
    /// With the cap, when it does not; then nothing of it may be begun.
    pub fn admits(&self, charge: Charge) -> Result<(), Reached> {
        let used = self.used(charge.cap);
        let limit = self.limit(charge.cap).unwrap_or(u64::MAX);
        let fits = match self.total(charge) {
            Some(total) => total <= limit,
            None => false,
        };
        if fits {
            return Ok(());
        }
        Err(Reached {
            cap: charge.cap,
            limit,
            used,
            asked: charge.amount,
        })
    }

    /// Returns every cap that `charges`, taken together, do not fit below, in the order of the caps.
    pub fn reached(&self, charges: &[Charge]) -> Vec<Reached> {
        let mut meter = self.clone();
        let mut reached: BTreeMap<Cap, Reached> = BTreeMap::new();
        for charge in charges {
            if let Err(cap) = meter.admits(*charge) {
                reached.entry(charge.cap).or_insert(cap);
            }
            meter = meter.after(*charge);
        }
        reached.into_values().collect()
    }

    /// Returns the meter after `charge`, which has happened and counts even beyond its cap.
    ///
    /// A sum that no longer fits a number stands at the largest one, which [`Self::admits`] has
    /// answered with a reached cap.
    #[must_use]
    pub fn after(&self, charge: Charge) -> Self {
        let mut used = self.used.clone();
        used.insert(charge.cap, self.total(charge).unwrap_or(u64::MAX));
        Self {
            limits: self.limits.clone(),
            used,
        }
    }

    fn total(&self, charge: Charge) -> Option<u64> {
        let used = self.used(charge.cap);
        if charge.cap.adds_up() {
            used.checked_add(charge.amount)
        } else {
            Some(used.max(charge.amount))
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_terms::{BasisPoints, Elapsed};
    use proptest::prelude::*;

    use super::*;

    fn budget() -> Budget {
        Budget {
            time: Some(Elapsed::from_seconds(60)),
            memory_mib: Some(512),
            rows: Some(1_000),
            attempts: Some(4),
            open_work: Some(3),
            money_units: Some(250),
            resource_pressure_cap: Some(BasisPoints::new(8_000).unwrap()),
            waivers: None,
        }
    }

    // spec: BUDGET-1
    #[test]
    fn each_cap_takes_its_limit_and_refuses_one_more() {
        for (cap, limit) in [
            (Cap::Time, 60),
            (Cap::Memory, 512),
            (Cap::Rows, 1_000),
            (Cap::Attempts, 4),
            (Cap::OpenWork, 3),
            (Cap::MoneyUnits, 250),
            (Cap::ResourcePressure, 8_000),
        ] {
            let meter = Meter::new(&budget());
            assert_eq!(meter.limit(cap), Some(limit));
            let full = Charge { cap, amount: limit };
            assert_eq!(meter.admits(full), Ok(()), "{cap}");
            let over = Charge {
                cap,
                amount: limit + 1,
            };
            let reached = meter.admits(over).unwrap_err();
            assert_eq!(
                (reached.cap, reached.limit, reached.used, reached.asked),
                (cap, limit, 0, limit + 1)
            );
            let message = reached.to_string();
            assert!(message.contains(cap.field()), "{message}");
        }
    }

    // spec: BUDGET-2
    #[test]
    fn amounts_add_up_and_levels_do_not() {
        for (cap, first, second, used) in [
            (Cap::Time, 20, 30, 50),
            (Cap::Rows, 1, 2, 3),
            (Cap::Attempts, 1, 1, 2),
            (Cap::MoneyUnits, 100, 50, 150),
            (Cap::Memory, 400, 300, 400),
            (Cap::OpenWork, 1, 3, 3),
            (Cap::ResourcePressure, 7_000, 10, 7_000),
        ] {
            let meter = Meter::new(&budget())
                .after(Charge { cap, amount: first })
                .after(Charge {
                    cap,
                    amount: second,
                });
            assert_eq!(meter.used(cap), used, "{cap}");
        }
    }

    // spec: BUDGET-3
    #[test]
    fn a_sum_that_does_not_fit_is_beyond_every_cap() {
        let charge = |amount| Charge {
            cap: Cap::Rows,
            amount,
        };
        let unlimited = Meter::new(&Budget::default()).after(charge(u64::MAX));
        assert_eq!(unlimited.admits(charge(0)), Ok(()));
        assert!(unlimited.admits(charge(1)).is_err());
        assert_eq!(unlimited.after(charge(1)).used(Cap::Rows), u64::MAX);
    }

    // spec: BUDGET-1
    #[test]
    fn a_cap_of_zero_admits_nothing_and_no_cap_admits_anything() {
        let none = Budget {
            money_units: Some(0),
            ..Budget::default()
        };
        let meter = Meter::new(&none);
        let money = |amount| Charge {
            cap: Cap::MoneyUnits,
            amount,
        };
        assert_eq!(meter.admits(money(0)), Ok(()));
        assert!(meter.admits(money(1)).is_err());
        let rows = Charge {
            cap: Cap::Rows,
            amount: u64::MAX,
        };
        assert_eq!(meter.admits(rows), Ok(()));
    }

    // spec: BUDGET-4
    #[test]
    fn every_reached_cap_is_named_at_once() {
        let charges = [
            (Cap::MoneyUnits, 200),
            (Cap::Rows, 5_000),
            (Cap::MoneyUnits, 51),
            (Cap::Time, 60),
        ]
        .map(|(cap, amount)| Charge { cap, amount });
        let reached = Meter::new(&budget()).reached(&charges);
        let caps: Vec<(Cap, u64)> = reached.iter().map(|cap| (cap.cap, cap.used)).collect();
        assert_eq!(caps, [(Cap::Rows, 0), (Cap::MoneyUnits, 200)]);
    }

    proptest! {
        // spec: BUDGET-3
        #[test]
        fn what_is_admitted_never_ends_beyond_the_cap(
            limit in 0_u64..100,
            amounts in proptest::collection::vec(0_u64..60, 0..12),
        ) {
            let budget = Budget { rows: Some(limit), ..Budget::default() };
            let mut meter = Meter::new(&budget);
            for amount in amounts {
                let charge = Charge { cap: Cap::Rows, amount };
                if meter.admits(charge).is_ok() {
                    meter = meter.after(charge);
                }
            }
            prop_assert!(meter.used(Cap::Rows) <= limit);
        }
    }
}
