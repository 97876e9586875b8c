//! What a mining run promises, on small made tables whose truth is known.

use baton_eventlog::cases::{CaseTable, Feature, Origin, Unit, Values};
use baton_eventlog::model::{Dictionary, MISSING};

use super::{GROUP_CASES_MIN, Mined, RawSettings, Settings, mine};
use crate::statistics::{Stream, shuffle_within};
use crate::wire::{Condition, Confirmation, Input, MiningReport};

const DAY: i64 = 86_400_000_000;

fn settings(resamples: u32) -> Settings {
    let raw = RawSettings {
        depth: 2,
        resamples,
        ..RawSettings::default()
    };
    Settings::check(raw).unwrap()
}

fn run(table: &CaseTable) -> Mined {
    mine(table, &settings(0), &mut |_| ())
}

fn report(table: &CaseTable) -> MiningReport {
    let input = Input {
        name: String::new(),
        digests: Vec::new(),
        mapping: serde_json::Value::Null,
        settings: serde_json::Value::Null,
        outcome: String::new(),
        outcome_name: String::new(),
        import: serde_json::Value::Null,
        landmark: String::new(),
    };
    mine(table, &settings(4), &mut |_| ()).report("0", input)
}

fn category(name: &str, texts: impl IntoIterator<Item = String>) -> Feature {
    let mut dictionary = Dictionary::new();
    let mut codes: Vec<u32> = texts
        .into_iter()
        .map(|text| dictionary.intern(&text))
        .collect();
    let renamed = dictionary.sort();
    for code in &mut codes {
        let place = usize::try_from(*code).unwrap();
        *code = renamed.get(place).copied().unwrap_or(MISSING);
    }
    feature(name, Values::Category { codes, dictionary })
}

fn feature(name: &str, values: Values) -> Feature {
    Feature {
        name: name.into(),
        origin: Origin::Attribute,
        modifiable: false,
        group: false,
        values,
    }
}

/// Cases of a kind, a team that most cases of that kind share, a size, and a short way that hard
/// cases rarely take; `chances` in a thousand of failing by (kind, size, short way).
fn table(seed: u64, cases: usize, chances: impl Fn(u32, i64, bool) -> u32) -> CaseTable {
    let mut stream = Stream::new(seed, 0, 0);
    let (mut kinds, mut teams, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ways, mut places, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..cases {
        let kind = stream.below(4);
        let team = if stream.below(10) < 8 {
            kind
        } else {
            stream.below(4)
        };
        let size = i64::from(stream.below(100));
        let way = stream.below(100) < if kind == 3 { 8 } else { 60 };
        failed.push(stream.below(1_000) < chances(kind, size, way));
        kinds.push(format!("kind-{kind}"));
        teams.push(format!("team-{team}"));
        places.push(format!(
            "place-{}",
            stream.below(60) * stream.below(60) / 60
        ));
        sizes.push(Some(size));
        ways.push(way);
    }
    let unit = Unit::Count;
    CaseTable {
        ids: (0..cases).map(|row| format!("c{row:06}").into()).collect(),
        start: (0_i64..).take(cases).map(|row| row * DAY / 20).collect(),
        failed,
        features: vec![
            category("kind", kinds),
            category("place", places),
            feature("short way", Values::Flag(ways)),
            feature(
                "size",
                Values::Number {
                    values: sizes,
                    unit,
                },
            ),
            category("team", teams),
        ],
        ..CaseTable::default()
    }
}

fn is(feature: &str, value: &str) -> Condition {
    Condition::Is {
        feature: feature.to_owned(),
        value: value.to_owned(),
    }
}

fn conditions(mined: &Mined) -> Vec<Vec<Condition>> {
    let causes = mined.causes.iter();
    causes.map(|cause| cause.conditions.clone()).collect()
}

// spec: MINING-1
#[test]
fn a_stand_in_for_the_true_cause_is_not_listed() {
    let mined = run(&table(
        1,
        4_000,
        |kind, _, _| if kind == 2 { 300 } else { 50 },
    ));
    assert_eq!(conditions(&mined), [[is("kind", "kind-2")]]);
    let cause = mined.causes.first().unwrap();
    assert_eq!(cause.confirmation, Confirmation::Replicated);
    assert!(cause.later.is_some());
}

// spec: MINING-2
#[test]
fn a_reversal_is_found_behind_the_hard_cases_and_said() {
    let chances =
        |kind: u32, _, way| 50 + if kind == 3 { 450 } else { 0 } + if way { 90 } else { 0 };
    let mined = run(&table(2, 8_000, chances));
    let way = Condition::Present {
        feature: "short way".to_owned(),
    };
    assert_eq!(conditions(&mined), [vec![is("kind", "kind-3")], vec![way]]);
    let second = mined.causes.last().unwrap();
    assert!(second.effect.risk_ratio.value.unwrap().to_f64() < 1.0);
    let adjustment = second.adjustment.as_ref().unwrap();
    assert!(adjustment.simpson, "{adjustment:?}");
    assert!(adjustment.risk_ratio.low.unwrap().to_f64() > 1.0);
}

#[test]
fn limits_of_numbers_are_plain_and_near_the_truth() {
    let mined = run(&table(
        3,
        6_000,
        |_, size, _| if size >= 70 { 300 } else { 40 },
    ));
    let [Condition::Between { low, high, .. }] = mined.causes[0].conditions.as_slice() else {
        unreachable!("{:?}", conditions(&mined))
    };
    assert_eq!((low.unwrap().to_f64(), *high), (70.0, None));
    assert_eq!(mined.causes.len(), 1);
}

// spec: MINING-2
#[test]
fn a_cause_is_adjusted_for_what_is_asked_even_where_the_data_do_not_suggest_it() {
    let table = table(1, 4_000, |kind, _, _| if kind == 2 { 300 } else { 50 });
    let drivers = |adjust: &[&str]| {
        let raw = RawSettings {
            depth: 1,
            resamples: 0,
            adjust: adjust.iter().map(ToString::to_string).collect(),
            ..RawSettings::default()
        };
        let settings = Settings::check(raw).unwrap();
        assert!(settings.fit(&table).is_ok());
        let mined = mine(&table, &settings, &mut |_| ());
        let first = mined.causes.into_iter().next().unwrap();
        let cautions = mined.cautions.into_iter();
        let left_out: Vec<_> = cautions.filter(|one| one.kind == "not-adjusted").collect();
        (first.adjustment.map(|one| one.drivers), left_out)
    };
    assert_eq!(drivers(&[]).0, None);
    let (adjusted, left_out) = drivers(&["short way", "size", "kind"]);
    assert_eq!(adjusted.unwrap(), ["short way", "size"]);
    let texts: Vec<_> = left_out.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(
        texts,
        ["Cause 1 is not adjusted for “kind”: it is one of its conditions."]
    );
}

// spec: MINING-9
#[test]
fn relabeling_raises_the_level_and_finds_nothing_in_shuffled_outcomes() {
    let made = table(4, 800, |kind, _, _| if kind == 2 { 300 } else { 50 });
    let relabeled = |table: &CaseTable, permutations| {
        let raw = RawSettings {
            depth: 2,
            resamples: 0,
            permutations,
            ..RawSettings::default()
        };
        mine(table, &Settings::check(raw).unwrap(), &mut |_| ())
    };
    let (tarone, young) = (relabeled(&made, 0), relabeled(&made, 90));
    assert_eq!(
        (tarone.search.method.as_str(), tarone.search.permutations),
        ("tarone", 0)
    );
    assert_eq!(
        (young.search.method.as_str(), young.search.permutations),
        ("westfall-young", 90)
    );
    assert!(young.search.log10_threshold > tarone.search.log10_threshold);
    assert_eq!(conditions(&young).first(), conditions(&tarone).first());
    let strata = vec![0; made.failed.len()];
    let reporting = (0..20).filter(|&shuffle| {
        let mut shuffled = made.clone();
        shuffle_within(&mut shuffled.failed, &strata, (11, shuffle));
        !relabeled(&shuffled, 90).causes.is_empty()
    });
    assert!(reporting.count() <= 2);
}

// spec: MINING-3
#[test]
fn shuffled_outcomes_rarely_give_a_cause() {
    let made = table(4, 1_000, |kind, _, _| if kind == 2 { 300 } else { 50 });
    let strata = vec![0; made.failed.len()];
    let reporting = (0..40).filter(|&shuffle| {
        let mut shuffled = made.clone();
        shuffle_within(&mut shuffled.failed, &strata, (9, shuffle));
        !run(&shuffled).causes.is_empty()
    });
    assert!(reporting.count() <= 2);
}

// spec: MINING-4
#[test]
fn the_same_bytes_for_any_threads_and_any_order() {
    let chances = |kind, size, _| 40 + 200 * u32::from(kind == 2) + 200 * u32::from(size > 80);
    let made = table(5, 3_000, chances);
    let bytes = |table: &CaseTable| serde_json::to_string(&report(table)).unwrap();
    let expected = bytes(&made);
    let mut turned = made.clone();
    turned.ids.reverse();
    turned.start.reverse();
    turned.failed.reverse();
    turned.features.reverse();
    for feature in &mut turned.features {
        match &mut feature.values {
            Values::Category { codes, .. } => codes.reverse(),
            Values::Number { values, .. } => values.reverse(),
            Values::Flag(flags) => flags.reverse(),
        }
    }
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        assert!(pool.install(|| bytes(&made)) == expected);
        assert!(pool.install(|| bytes(&turned)) == expected);
    }
    assert!(
        report(&made)
            .causes
            .iter()
            .all(|cause| cause.stability.is_some())
    );
}

/// The table with cases that fail ever more often, and more and more open cases.
fn drifting(seed: u64) -> CaseTable {
    let mut made = table(seed, 6_000, |kind, _, _| if kind == 2 { 200 } else { 50 });
    let mut stream = Stream::new(seed, 1, 0);
    let mut open = Vec::new();
    for (row, failed) in (0_u32..).zip(&mut made.failed) {
        *failed |= stream.below(6_000) < row / 3;
        open.push(Some(i64::from(500 + row / 4 + stream.below(100))));
    }
    let unit = Unit::Count;
    let values = Values::Number { values: open, unit };
    made.features.push(feature("open cases", values));
    made
}

fn said<'a>(mined: &'a Mined, kind: &str) -> Vec<&'a str> {
    let cautions = mined.cautions.iter();
    let said = cautions.filter(|caution| caution.kind == kind);
    said.map(|caution| caution.text.as_str()).collect()
}

// spec: MINING-7
#[test]
fn what_drifts_with_the_failure_rate_is_named_and_is_no_cause() {
    for seed in 10..13 {
        let mined = run(&drifting(seed));
        let [cause] = conditions(&mined).try_into().unwrap();
        assert!(cause.contains(&is("kind", "kind-2")));
        assert!(!format!("{cause:?}").contains("open cases"), "{cause:?}");
        let [drift] = mined.drift.as_slice() else {
            panic!("{:?}", mined.drift)
        };
        assert_eq!(drift.feature, "open cases");
        assert!(drift.within.to_f64() < 0.5 * drift.over_all.to_f64());
        assert_eq!(said(&mined, "drift").len(), 1);
    }
}

// spec: MINING-7
#[test]
fn load_that_matters_at_the_same_time_stays_a_cause() {
    let mut made = drifting(13);
    let mut stream = Stream::new(13, 2, 0);
    let Values::Number { values, .. } = &mut made.features[5].values else {
        unreachable!("open cases are numbers")
    };
    for (row, value) in (0_u32..).zip(values.iter_mut()) {
        *value = Some(i64::from(500 + row / 4 + stream.below(1_000)));
    }
    let loads: Vec<i64> = values.iter().flatten().copied().collect();
    for (failed, load) in made.failed.iter_mut().zip(loads) {
        *failed |= load >= 1_700 && stream.below(10) < 3;
    }
    let found = conditions(&run(&made));
    let loaded = |cause: &Vec<Condition>| matches!(cause.as_slice(), [Condition::Between { feature, .. }] if feature == "open cases");
    assert!(found.iter().any(loaded), "{found:?}");
}

// spec: MINING-8
#[test]
fn what_covers_most_cases_is_said_from_its_other_side() {
    let mut made = table(14, 4_000, |kind, _, _| if kind == 2 { 450 } else { 250 });
    let mut stream = Stream::new(14, 1, 0);
    let checked: Vec<bool> = (0..4_000).map(|_| stream.below(100) < 12).collect();
    for (failed, checked) in made.failed.iter_mut().zip(&checked) {
        *failed &= !checked || stream.below(10) < 2;
    }
    let cases = checked.iter().filter(|checked| **checked).count();
    made.features
        .push(feature("handover: check", Values::Flag(checked)));
    let mined = run(&made);
    assert_eq!(conditions(&mined), [[is("kind", "kind-2")]]);
    let [few] = mined.fewer_failures.as_slice() else {
        panic!("{:?}", mined.fewer_failures)
    };
    let feature = "handover: check".to_owned();
    assert_eq!(few.condition, Condition::Absent { feature });
    assert_eq!(few.cases, u64::try_from(cases).unwrap());
    assert!(few.rate.value.unwrap() < few.other_rate);
}

// spec: MINING-10
#[test]
fn a_weak_cause_is_a_suspect_and_no_cause() {
    let mut seen = 0;
    for seed in 0..6 {
        let mined = run(&table(
            seed,
            1_500,
            |kind, _, _| if kind == 1 { 170 } else { 100 },
        ));
        assert!(mined.suspects.len() <= 5);
        let causes = conditions(&mined);
        for suspect in &mined.suspects {
            assert!(!causes.contains(&suspect.conditions));
            assert!(suspect.by_chance.to_f64() <= 0.9);
            seen += usize::from(suspect.conditions == [is("kind", "kind-1")]);
        }
        let covered = mined.coverage.len();
        assert_eq!(covered, causes.len());
    }
    assert!(seen > 0, "the weak cause is never seen");
}

// spec: MINING-5
#[test]
fn no_group_under_twenty_cases_is_in_a_report() {
    for seed in 0..12 {
        let cases = 150 + usize::try_from(seed).unwrap() * 60;
        let report = report(&table(
            seed,
            cases,
            |kind, _, _| if kind == 1 { 700 } else { 60 },
        ));
        let counts = report.causes.iter().flat_map(|cause| {
            let strata = cause
                .adjustment
                .iter()
                .flat_map(|adjustment| &adjustment.strata);
            let sides = strata.flat_map(|stratum| [stratum.exposed.0, stratum.unexposed.0]);
            let periods = cause.periods.iter().map(|period| period.0);
            sides
                .chain(periods.filter(|&cases| cases > 0))
                .chain([cause.effect.cases])
                .chain(cause.later.as_ref().map(|later| later.cases))
                .collect::<Vec<_>>()
        });
        let suspects = report.suspects.iter().map(|suspect| suspect.cases);
        assert!(counts.chain(suspects).all(|cases| cases >= GROUP_CASES_MIN));
        assert!(
            report
                .overview
                .periods
                .iter()
                .all(|period| period.cases >= GROUP_CASES_MIN)
        );
    }
}

// spec: MINING-6
#[test]
fn tables_with_nothing_to_learn_say_so() {
    let chances = |_: u32, _: i64, _: bool| 0;
    let kinds = |table: &CaseTable| {
        let mined = run(table);
        assert!(mined.causes.is_empty());
        mined
            .cautions
            .into_iter()
            .map(|caution| caution.kind)
            .collect::<Vec<_>>()
    };
    let says = |table: &CaseTable, kind: &str| {
        assert!(kinds(table).iter().any(|said| said == kind), "{kind}");
    };
    says(&CaseTable::default(), "no-cases");
    says(&table(6, 300, chances), "no-failures");
    says(&table(6, 300, |_, _, _| 1_000), "all-failures");
    says(&table(6, 300, |_, _, _| 20), "few-failures");
    let mut constant = table(6, 300, |_, _, _| 200);
    constant
        .features
        .push(feature("same", Values::Flag(vec![true; 300])));
    says(&constant, "constant-features");
    constant.features.clear();
    says(&constant, "no-features");
    constant.start = vec![0; 300];
    assert_eq!(run(&constant).overview.split, None);
}

#[test]
fn a_hundred_thousand_values_hide_no_cause() {
    let mut made = table(7, 100_000, |kind, _, _| if kind == 2 { 100 } else { 20 });
    let names = (0..100_000).map(|row| format!("value-{row}"));
    made.features = vec![made.features.swap_remove(0), category("name", names)];
    assert_eq!(conditions(&run(&made)), [[is("kind", "kind-2")]]);
}

#[test]
fn an_outcome_restated_in_a_feature_is_one_cause_not_many() {
    let mut made = table(8, 2_000, |kind, _, _| if kind == 2 { 300 } else { 50 });
    let restated = made.failed.clone();
    made.features
        .push(feature("resolved late", Values::Flag(restated)));
    let told = Condition::Present {
        feature: "resolved late".to_owned(),
    };
    assert_eq!(conditions(&run(&made)), [[told]]);
}

#[test]
fn cases_that_fail_together_count_once() {
    let mut made = table(9, 2_000, |_, _, _| 100);
    // One incident of 60 cases, all of one place and all failed.
    let Values::Category { codes, .. } = &mut made.features[1].values else {
        unreachable!("places are categories")
    };
    codes[300..360].fill(7);
    made.failed[300..360].fill(true);
    assert!(!run(&made).causes.is_empty());
    let clusters = (0..2_000).map(|row| if (300..360).contains(&row) { 300 } else { row });
    made.cluster = Some(clusters.collect());
    assert_eq!(conditions(&run(&made)), Vec::<Vec<Condition>>::new());
}
