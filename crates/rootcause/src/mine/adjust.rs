//! What is left of a cause when like is compared with like: strata of other drivers, chosen by data
//! among those that are not later in time than the cause, so that nothing it brings about is held
//! constant (Greenland, Pearl and Robins 1999).

use super::bits::Bits;
use super::drivers::{Driver, asked_for, drivers};
use super::effect::{log10, rounded, table};
use super::ground::{Ground, ItemId};
use super::settings::GROUP_CASES_MIN;
use crate::statistics::{
    Confidence, Estimate, FourfoldTable, LogRatio, breslow_day, e_value, e_value_of_limit,
    is_confounded, is_reversed, koopman, mantel_haenszel, savings,
};
use crate::wire::{Adjustment, Fixed, Sensitivity, Stratum};

/// Most drivers that the data choose.
const DRIVERS_MAX: usize = 3;
/// Most strata.
const STRATA_MAX: usize = 200;
/// Most strata shown.
const SHOWN_MAX: usize = 12;
/// Covered cases that must have others to be compared with, in percent.
const COMPARABLE_MIN: u64 = 80;
/// A further driver must move the logarithm of the ratio by this much.
const MOVES_MIN: f64 = 0.05;
/// Breslow-Day p-value under which strata disagree, as log10.
const DISAGREE: f64 = -2.0;

/// A cause after adjusting.
pub(crate) struct Adjusted {
    /// The adjusted ratio.
    pub(crate) ratio: LogRatio,
    /// Failures that would be saved at that ratio.
    pub(crate) saved: Option<Estimate>,
    /// What the report says of it.
    pub(crate) adjustment: Adjustment,
}

/// Strata of some drivers: per row the stratum it lies in.
#[derive(Clone)]
struct Split<'a> {
    drivers: Vec<&'a Driver>,
    strata: Vec<usize>,
    count: usize,
    ratio: LogRatio,
}

/// What is said of a cause beside other drivers.
pub(crate) struct Held {
    /// What is left after adjusting; none without drivers.
    pub(crate) adjusted: Option<Adjusted>,
    /// How strong something unmeasured would have to be.
    pub(crate) sensitivity: Sensitivity,
    /// Features that were asked for and could not be adjusted for, each with the reason.
    pub(crate) passed_over: Vec<(String, &'static str)>,
}

/// Returns the cause adjusted for the features that were asked for, then for the drivers that move
/// its ratio most.
pub(crate) fn adjust(
    ground: &Ground<'_>,
    pattern: &[ItemId],
    rows: &Bits,
    asked: &[String],
) -> Held {
    let all = ground.all();
    let crude = table(ground, &all, rows).and_then(|table| mantel_haenszel(&[table]));
    let drivers = drivers(ground, pattern, rows);
    let (asked, mut passed_over) = asked_for(ground, pattern, asked);
    let first = crude.map(|crude| Split::whole(ground, crude));
    let first = first.map(|first| held(ground, rows, (&asked, first), &mut passed_over));
    let adjusted = first.and_then(|first| adjusted(ground, rows, (&drivers, first), crude?));
    let sensitivity = sensitivity(ground, rows, adjusted.as_ref(), &drivers);
    Held {
        adjusted,
        sensitivity,
        passed_over,
    }
}

impl<'a> Split<'a> {
    /// All cases in one stratum.
    fn whole(ground: &Ground<'_>, crude: LogRatio) -> Self {
        Self {
            drivers: Vec::new(),
            strata: vec![0; ground.table.ids.len()],
            count: 1,
            ratio: crude,
        }
    }

    /// The split by one more driver; none with too many strata or too few cases to compare.
    fn by(&self, ground: &Ground<'_>, rows: &Bits, driver: &'a Driver) -> Option<Self> {
        let count = self.count * driver.levels.len();
        if count > STRATA_MAX {
            return None;
        }
        let mut next = self.clone();
        for (stratum, level) in next.strata.iter_mut().zip(&driver.level) {
            *stratum = *stratum * driver.levels.len() + level;
        }
        next.count = count;
        next.drivers.push(driver);
        let tables = tables(ground, rows, &next);
        next.ratio = mantel_haenszel(&tables).filter(|_| is_comparable(&tables))?;
        Some(next)
    }
}

/// The split by all features that were asked for and leave cases to compare.
fn held<'a>(
    ground: &Ground<'_>,
    rows: &Bits,
    (asked, first): (&'a [Driver], Split<'a>),
    passed_over: &mut Vec<(String, &'static str)>,
) -> Split<'a> {
    let mut split = first;
    for driver in asked {
        match split.by(ground, rows, driver) {
            Some(next) => split = next,
            None => passed_over.push((
                driver.name.clone(),
                "too few of its cases have others to be compared with",
            )),
        }
    }
    split
}

fn adjusted<'a>(
    ground: &Ground<'_>,
    rows: &Bits,
    (drivers, first): (&'a [Driver], Split<'a>),
    crude: LogRatio,
) -> Option<Adjusted> {
    let asked = first.drivers.len();
    let mut split = first;
    while split.drivers.len() < asked + DRIVERS_MAX {
        let Some(next) = mover(ground, rows, drivers, &split) else {
            break;
        };
        let moved = (next.ratio.ln - split.ratio.ln).abs();
        if split.drivers.len() > asked && moved < MOVES_MIN {
            break;
        }
        split = next;
    }
    if split.drivers.is_empty() {
        return None;
    }
    let tables = tables(ground, rows, &split);
    let heterogeneity = breslow_day(&tables);
    let adjustment = Adjustment {
        drivers: names(&split),
        risk_ratio: rounded(Some(split.ratio.estimate(Confidence::P95))),
        log10_heterogeneity: heterogeneity.map(|test| log10(test.p)),
        simpson: is_reversed(crude, split.ratio),
        confounded: is_confounded(crude, split.ratio),
        heterogeneous: heterogeneity.is_some_and(|test| test.p.log10() < DISAGREE),
        strata: shown(&split, &tables),
    };
    Some(Adjusted {
        ratio: split.ratio,
        saved: savings(&tables, Confidence::P95),
        adjustment,
    })
}

/// The split by one more driver that moves the ratio most.
fn mover<'a>(
    ground: &Ground<'_>,
    rows: &Bits,
    drivers: &'a [Driver],
    split: &Split<'a>,
) -> Option<Split<'a>> {
    let mut best: Option<(f64, Split<'a>)> = None;
    for driver in drivers {
        let used = split
            .drivers
            .iter()
            .any(|one| one.feature == driver.feature);
        let next = (!used).then(|| split.by(ground, rows, driver)).flatten();
        let Some(next) = next else { continue };
        let moved = (next.ratio.ln - split.ratio.ln).abs();
        if best.as_ref().is_none_or(|(most, _)| moved > *most) {
            best = Some((moved, next));
        }
    }
    best.map(|(_, split)| split)
}

/// The fourfold table of each stratum, empty ones included.
fn tables(ground: &Ground<'_>, rows: &Bits, split: &Split<'_>) -> Vec<FourfoldTable> {
    let mut counts = vec![((0, 0), (0, 0)); split.count];
    for (row, &stratum) in split.strata.iter().enumerate() {
        let Some((covered, others)) = counts.get_mut(stratum) else {
            continue;
        };
        let side: &mut (u64, u64) = if rows.contains(row) { covered } else { others };
        side.0 += 1;
        side.1 += u64::from(ground.failed.contains(row));
    }
    let tables = counts.into_iter();
    tables
        .filter_map(|(covered, others)| FourfoldTable::new(covered, others))
        .collect()
}

/// Whether enough covered cases have others in their stratum.
fn is_comparable(tables: &[FourfoldTable]) -> bool {
    let all: u64 = tables.iter().map(FourfoldTable::covered).sum();
    let compared: u64 = tables
        .iter()
        .filter(|table| table.others() > 0)
        .map(FourfoldTable::covered)
        .sum();
    compared * 100 >= all * COMPARABLE_MIN
}

fn names(split: &Split<'_>) -> Vec<String> {
    let mut names: Vec<String> = split
        .drivers
        .iter()
        .map(|driver| driver.name.clone())
        .collect();
    names.sort_unstable();
    names
}

/// The strata that are large enough to be shown, largest first.
fn shown(split: &Split<'_>, tables: &[FourfoldTable]) -> Vec<Stratum> {
    let mut shown: Vec<Stratum> = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| {
            table.covered() >= GROUP_CASES_MIN && table.others() >= GROUP_CASES_MIN
        })
        .map(|(stratum, table)| Stratum {
            name: name(split, stratum),
            exposed: (table.covered(), table.failing()),
            unexposed: (table.others(), table.others_failing()),
        })
        .collect();
    shown.sort_by(|one, other| {
        let size = |stratum: &Stratum| stratum.exposed.0 + stratum.unexposed.0;
        size(other)
            .cmp(&size(one))
            .then_with(|| one.name.cmp(&other.name))
    });
    shown.truncate(SHOWN_MAX);
    shown
}

fn name(split: &Split<'_>, stratum: usize) -> String {
    let mut left = stratum;
    let mut words = Vec::new();
    for driver in split.drivers.iter().rev() {
        let count = driver.levels.len().max(1);
        if let Some(level) = driver.levels.get(left % count) {
            words.push(level.as_str());
        }
        left /= count;
    }
    words.reverse();
    words.join(", ")
}

fn sensitivity(
    ground: &Ground<'_>,
    rows: &Bits,
    adjusted: Option<&Adjusted>,
    drivers: &[Driver],
) -> Sensitivity {
    let one = Fixed::from_millionths(1_000_000);
    let crude = table(ground, &ground.all(), rows)
        .and_then(|table| koopman(&table, Confidence::P95))
        .unwrap_or_default();
    let estimate = adjusted.map_or(crude, |adjusted| adjusted.ratio.estimate(Confidence::P95));
    let published = |value: Option<f64>| value.and_then(Fixed::round).unwrap_or(one);
    let strongest = drivers
        .iter()
        .filter_map(|driver| driver.strongest.clone())
        .max_by(|one, other| {
            let low = one.low.total_cmp(&other.low);
            low.then_with(|| other.name.cmp(&one.name))
        });
    Sensitivity {
        e_value: published(estimate.value.and_then(e_value)),
        e_value_of_limit: published(e_value_of_limit(estimate)),
        strongest_driver: strongest
            .and_then(|level| Some((level.name, Fixed::round(level.ratio)?))),
    }
}
