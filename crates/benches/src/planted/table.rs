//! From invented cases to the case table, with the planted truth beside it.

use baton_eventlog::cases::{CaseTable, Feature, Origin, Unit, Values};
use baton_eventlog::model::{Dictionary, MISSING};
use baton_rootcause::wire::Condition;

use super::case::{
    CHANNELS, Case, KINDS, LANGUAGES, OFFICES, PRIORITIES, PRODUCTS, REGIONS, TEAMS, TIERS,
};
use super::shape::{Force, Shape};
use crate::random::Random;

/// Chances in 10,000 that a case fails without any cause.
const BASE_CHANCES: u64 = 600;
/// Days over which the cases start.
const DAYS: u64 = 360;
/// 2025-01-06T00:00:00Z, a Monday, in microseconds.
const FIRST_DAY: i64 = 1_736_121_600_000_000;
const DAY_MICROSECONDS: i64 = 86_400_000_000;
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A case table and what was planted in it.
#[derive(Debug, Clone)]
pub struct Planted {
    /// The table.
    pub table: CaseTable,
    /// The conditions of each planted cause, in the order of their features.
    pub truth: Vec<Vec<Condition>>,
}

/// Returns `count` cases with what is planted; the same for the same arguments.
pub fn planted(seed: u64, count: usize, shape: Shape, force: Force) -> Planted {
    let mut random = Random::new(seed);
    let planted = shape.causes(force);
    let mut starts: Vec<i64> = (0..count)
        .map(|_| {
            let micros = random.below(DAYS * DAY_MICROSECONDS.unsigned_abs() / 1_000_000);
            FIRST_DAY + i64::try_from(micros).unwrap_or_default() * 1_000_000
        })
        .collect();
    starts.sort_unstable();
    let mut cases = Vec::with_capacity(count);
    let mut failed = Vec::with_capacity(count);
    for &start in &starts {
        let case = Case::draw(&mut random, (start - FIRST_DAY) / DAY_MICROSECONDS);
        // Every chance is drawn, so that the cases are the same whatever is planted.
        let chances = planted
            .iter()
            .map(|cause| (cause.holds)(&case).then_some(cause.chances));
        let by_cause: Vec<bool> = chances
            .map(|chances| random.happens(chances.unwrap_or(0)))
            .collect();
        let fails = random.happens(BASE_CHANCES) || by_cause.contains(&true);
        cases.push(case);
        failed.push(fails);
    }
    let table = CaseTable {
        ids: (0..count)
            .map(|row| format!("case-{row:07}").into())
            .collect(),
        start: starts,
        failed,
        features: features(&cases),
        ..CaseTable::default()
    };
    let truth = planted.into_iter().map(|cause| cause.conditions).collect();
    Planted { table, truth }
}

fn features(cases: &[Case]) -> Vec<Feature> {
    let mut features = categories(cases);
    features.extend(flows(cases));
    features.extend([
        number(
            "open work",
            (Origin::Workload, Unit::Count),
            cases,
            |case| case.open_work,
        ),
        number("points", (Origin::Attribute, Unit::Count), cases, |case| {
            case.points
        }),
        number(
            "waiting time",
            (Origin::Handover, Unit::Seconds),
            cases,
            |case| case.waiting_seconds,
        ),
    ]);
    features.sort_by(|one, other| one.name.cmp(&other.name));
    features
}

fn categories(cases: &[Case]) -> Vec<Feature> {
    let plain = |name, words: &[&str], place: fn(&Case) -> usize| {
        category(
            name,
            cases.iter().map(|case| {
                words
                    .get(place(case))
                    .copied()
                    .unwrap_or_default()
                    .to_owned()
            }),
        )
    };
    let component = cases
        .iter()
        .map(|case| format!("part-{:02}", case.component));
    let mut features = vec![
        plain("channel", &CHANNELS, |case| case.channel),
        category("component", component),
        plain("kind", &KINDS, |case| case.kind),
        plain("language", &LANGUAGES, |case| case.language),
        plain("office", &OFFICES, |case| case.office),
        plain("priority", &PRIORITIES, |case| case.priority),
        plain("product", &PRODUCTS, |case| case.product),
        plain("region", &REGIONS, |case| case.region),
        plain("team", &TEAMS, |case| {
            case.path.first().copied().unwrap_or_default()
        }),
        plain("tier", &TIERS, |case| case.tier),
        plain("weekday", &WEEKDAYS, |case| case.weekday),
    ];
    for feature in &mut features {
        match feature.name.as_ref() {
            "team" | "office" => feature.group = true,
            "weekday" => feature.origin = Origin::Calendar,
            _ => {}
        }
    }
    features
}

fn flows(cases: &[Case]) -> Vec<Feature> {
    let flag = |name: String, origin, holds: &dyn Fn(&Case) -> bool| Feature {
        name: name.into(),
        origin,
        modifiable: true,
        group: false,
        values: Values::Flag(cases.iter().map(holds).collect()),
    };
    let mut features = vec![
        flag("assignee missing".to_owned(), Origin::Handover, &|case| {
            case.assignee_missing
        }),
        flag("fast track".to_owned(), Origin::Flow, &|case| {
            case.fast_track
        }),
        flag("ping-pong".to_owned(), Origin::Handover, &Case::bounced),
    ];
    for (from, to) in [(1, 7), (1, 6), (5, 1), (3, 1), (7, 1), (6, 3)] {
        let team = |place: usize| TEAMS.get(place).copied().unwrap_or_default();
        let name = format!("handover: {} → {}", team(from), team(to));
        features.push(flag(name, Origin::Handover, &|case| case.handed(from, to)));
    }
    features
}

fn category(name: &str, texts: impl Iterator<Item = String>) -> Feature {
    let mut dictionary = Dictionary::new();
    let mut codes: Vec<u32> = texts.map(|text| dictionary.intern(&text)).collect();
    let renamed = dictionary.sort();
    for code in &mut codes {
        let place = usize::try_from(*code).ok();
        *code = place
            .and_then(|place| renamed.get(place))
            .copied()
            .unwrap_or(MISSING);
    }
    Feature {
        name: name.into(),
        origin: Origin::Attribute,
        modifiable: false,
        group: false,
        values: Values::Category { codes, dictionary },
    }
}

fn number(
    name: &str,
    (origin, unit): (Origin, Unit),
    cases: &[Case],
    value: fn(&Case) -> i64,
) -> Feature {
    Feature {
        name: name.into(),
        origin,
        modifiable: false,
        group: false,
        values: Values::Number {
            values: cases.iter().map(|case| Some(value(case))).collect(),
            unit,
        },
    }
}
