//! Other drivers of failure: features that tell failures apart and are known no later than a cause,
//! each cut into a few levels.

use baton_eventlog::cases::{Feature, Origin, Values};
use baton_eventlog::model::{Code, MISSING};

use super::bits::Bits;
use super::blocks::starts;
use super::effect::table;
use super::ground::{Ground, ItemId};
use super::settings::GROUP_CASES_MIN;
use crate::statistics::{Confidence, Hypergeometric, koopman, real};

/// How the time of the start is called as a driver.
const TIME: &str = "time";
/// Most levels of a driver; rarer values share the last.
const LEVELS_MAX: usize = 10;
/// Levels of a number.
const NUMBER_LEVELS: usize = 5;
/// A driver's best level must be this surprising, shared by its levels.
const PLAUSIBLE: f64 = 1e-3;

/// A feature cut into levels.
#[derive(Debug, Clone)]
pub(crate) struct Driver {
    /// Place of the feature; the time of the start has one beyond all.
    pub(crate) feature: usize,
    /// Its name.
    pub(crate) name: String,
    /// What the cases of each level have in common.
    pub(crate) levels: Vec<String>,
    /// Level per row.
    pub(crate) level: Vec<usize>,
    /// The level with the highest risk, when it is large enough to be named.
    pub(crate) strongest: Option<Strongest>,
}

/// The level of a driver with the highest risk.
#[derive(Debug, Clone)]
pub(crate) struct Strongest {
    pub(crate) name: String,
    pub(crate) ratio: f64,
    pub(crate) low: f64,
}

/// Returns the features that may confound a cause.
pub(crate) fn drivers(ground: &Ground<'_>, pattern: &[ItemId], rows: &Bits) -> Vec<Driver> {
    let own: Vec<usize> = ground
        .items(pattern)
        .iter()
        .map(|item| item.feature)
        .collect();
    let features = &ground.table.features;
    let known = own
        .iter()
        .filter_map(|&place| features.get(place))
        .map(|feature| moment(feature.origin))
        .min()
        .unwrap_or_default();
    let mut others = ground.all();
    others.and_not(rows);
    features
        .iter()
        .enumerate()
        .filter(|(place, feature)| !own.contains(place) && moment(feature.origin) <= known)
        .filter_map(|(place, feature)| cut(place, feature))
        .chain(time(ground))
        .filter_map(|driver| plausible(ground, &others, driver))
        .collect()
}

/// Returns the features that a cause is asked to be adjusted for, and those it can't be, each with
/// the reason.
pub(crate) fn asked_for(
    ground: &Ground<'_>,
    pattern: &[ItemId],
    asked: &[String],
) -> (Vec<Driver>, Vec<(String, &'static str)>) {
    let own = ground.items(pattern);
    let is_own = |place: usize| own.iter().any(|item| item.feature == place);
    let mut drivers = Vec::new();
    let mut passed_over = Vec::new();
    for (place, feature) in ground.table.features.iter().enumerate() {
        if !asked.iter().any(|name| **name == *feature.name) {
            continue;
        }
        let name = feature.name.to_string();
        match cut(place, feature) {
            _ if is_own(place) => passed_over.push((name, "it is one of its conditions")),
            Some(driver) => drivers.push(driver),
            None => passed_over.push((name, "it is the same in every case")),
        }
    }
    (drivers, passed_over)
}

/// When a feature is known, in the order of a case's life.
fn moment(origin: Origin) -> u8 {
    match origin {
        Origin::Attribute | Origin::Calendar | Origin::Workload => 0,
        Origin::Flow | Origin::Handover | Origin::Finding => 1,
    }
}

/// The time of the start, which can go with anything.
fn time(ground: &Ground<'_>) -> Option<Driver> {
    let starts = starts(ground.table, &ground.blocks);
    let of_level = starts.len().div_ceil(LEVELS_MAX).max(1);
    let levels: Vec<String> = starts
        .iter()
        .step_by(of_level)
        .map(|(_, day)| format!("{TIME}: from {day}"))
        .collect();
    let level = |block: &u32| {
        let place = starts.partition_point(|(one, _)| one < block);
        place / of_level
    };
    (levels.len() > 1).then(|| Driver {
        feature: usize::MAX,
        name: TIME.to_owned(),
        levels,
        level: ground.blocks.iter().map(level).collect(),
        strongest: None,
    })
}

fn cut(place: usize, feature: &Feature) -> Option<Driver> {
    let (levels, level) = match &feature.values {
        Values::Flag(flags) => (
            vec!["absent".to_owned(), "present".to_owned()],
            flags.iter().map(|&flag| usize::from(flag)).collect(),
        ),
        Values::Category { codes, dictionary } => {
            let text = |code: Code| dictionary.text(code).unwrap_or("(missing)").to_owned();
            categories(codes, text)
        }
        Values::Number { values, .. } => numbers(values),
    };
    (levels.len() > 1).then(|| Driver {
        feature: place,
        name: feature.name.to_string(),
        levels: levels
            .into_iter()
            .map(|level| format!("{}: {level}", feature.name))
            .collect(),
        level,
        strongest: None,
    })
}

/// The most frequent values, and all others as one level.
fn categories(codes: &[Code], text: impl Fn(Code) -> String) -> (Vec<String>, Vec<usize>) {
    let mut sorted = codes.to_vec();
    sorted.sort_unstable();
    let mut counts: Vec<(usize, Code)> = sorted
        .chunk_by(PartialEq::eq)
        .filter_map(|run| Some((run.len(), *run.first()?)))
        .collect();
    counts.sort_unstable_by_key(|&(count, code)| (std::cmp::Reverse(count), code));
    let enough = usize::try_from(GROUP_CASES_MIN).unwrap_or(usize::MAX);
    let kept: Vec<Code> = counts
        .iter()
        .take(LEVELS_MAX - 1)
        .filter(|&&(count, _)| count >= enough)
        .map(|&(_, code)| code)
        .collect();
    let rest = kept.len();
    let place = |code: &Code| kept.iter().position(|one| one == code).unwrap_or(rest);
    let level: Vec<usize> = codes.iter().map(place).collect();
    let mut levels: Vec<String> = kept
        .iter()
        .map(|&code| match code {
            MISSING => "(missing)".to_owned(),
            code => text(code),
        })
        .collect();
    if level.contains(&rest) {
        levels.push("(others)".to_owned());
    }
    (levels, level)
}

/// Fifths of a number, missing ones apart.
fn numbers(values: &[Option<i64>]) -> (Vec<String>, Vec<usize>) {
    let mut sorted: Vec<i64> = values.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let cut = |part: usize| sorted.get(sorted.len() * part / NUMBER_LEVELS).copied();
    let mut cuts: Vec<i64> = (1..NUMBER_LEVELS).filter_map(cut).collect();
    cuts.dedup();
    let missing = cuts.len() + 1;
    let level: Vec<usize> = values
        .iter()
        .map(|value| value.map_or(missing, |value| cuts.partition_point(|&cut| cut <= value)))
        .collect();
    let mut levels: Vec<String> = (1..=missing)
        .map(|part| format!("part {part} of {missing}"))
        .collect();
    if level.contains(&missing) {
        levels.push("(missing)".to_owned());
    }
    (levels, level)
}

/// Keeps a driver that tells failures apart among the cases without the cause, and names its
/// strongest level.
fn plausible(ground: &Ground<'_>, others: &Bits, mut driver: Driver) -> Option<Driver> {
    let failures = others.count_and(&ground.failed);
    let test = Hypergeometric::new(others.count(), failures)?;
    let limit = libm::log(PLAUSIBLE / real(u64::try_from(driver.levels.len()).ok()?));
    let mut tells = false;
    for (place, name) in driver.levels.iter().enumerate() {
        let level = Bits::of(driver.level.iter().map(|&level| level == place));
        let mut within = level.clone();
        within.and(others);
        let p = test.upper_tail(within.count(), within.count_and(&ground.failed))?;
        tells |= p.ln() <= limit;
        let ratio = table(ground, &ground.all(), &level)
            .filter(|table| table.covered() >= GROUP_CASES_MIN)
            .and_then(|table| koopman(&table, Confidence::P95));
        if let Some((ratio, low)) = ratio.and_then(|ratio| ratio.value.zip(ratio.low))
            && driver.strongest.as_ref().is_none_or(|best| low > best.low)
        {
            driver.strongest = Some(Strongest {
                name: name.clone(),
                ratio,
                low,
            });
        }
    }
    tells.then_some(driver)
}
