//! Both engines against the naive search, and what must not change an answer.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "small numbers of generated tables"
)]

use super::naive::{self, Random};
use super::*;
use crate::encode::{self, Bitmap, Encoded};
use crate::statistics::LogProbability;
use crate::wire::Condition;
use baton_eventlog::cases::{CaseTable, Values};
use baton_eventlog::model::Dictionary;

/// What two searches must agree on; of numbers, counts and p-value of the best box.
type Summary = Vec<((Vec<encode::Item>, Vec<u16>), u64)>;

fn summary(patterns: &[Pattern]) -> Summary {
    let mut found: Summary = patterns
        .iter()
        .map(|pattern| (naive::context(&pattern.items), pattern.p.ln().to_bits()))
        .collect();
    found.sort();
    found
}

fn settings(random: &mut Random, depth: u32) -> Settings {
    Settings {
        depth: Depth::of(depth).unwrap(),
        support: Support {
            cases: random.below(9),
            failures: random.below(4),
        },
        level: match random.below(6) {
            0 => Level::Given(Levels::same(
                LogProbability::from_probability(0.003).unwrap(),
            )),
            1 => Level::FamilyWise(0.9),
            2 => Level::ByKind(0.9),
            3 => Level::ByKind(0.3),
            _ => Level::FamilyWise(0.2),
        },
        engine: Engine::Cheapest,
    }
}

fn encoded(table: &CaseTable, floor: u64, bins: u16) -> Encoded {
    let encoded = Encoded::of(table, None, &encode::Settings { floor, bins }).unwrap();
    naive::look_at(&encoded);
    encoded
}

// spec: SEARCH-1
// spec: SEARCH-2
#[test]
fn both_engines_find_what_the_naive_search_finds() {
    let mut with_patterns = 0;
    for seed in 0..100 {
        let mut random = Random(seed);
        let rows = random.below(120) as usize;
        let features = 1 + random.below(5) as usize;
        let table = naive::table(&mut random, rows, features);
        let depth = 1 + random.below(if features < 4 { 4 } else { 3 }) as u32;
        let bins = 1 + random.below(if depth > 2 { 4 } else { 20 }) as u16;
        let encoded = encoded(&table, random.below(4), bins);
        let failed = naive::failed(&table);
        let among = Bitmap::of((0..rows).map(|_| random.below(5) > 0));
        let labels = Labels {
            failed: &failed,
            among: (random.below(3) == 0).then_some(&among),
        };
        let mut settings = settings(&mut random, depth);
        let (hypotheses, testable, levels, patterns) = naive::search(&encoded, &labels, &settings);
        with_patterns += usize::from(!patterns.is_empty());
        let mut answers = Vec::new();
        for engine in [Engine::Cubes, Engine::Bitmaps, Engine::Cheapest] {
            settings.engine = engine;
            let found = search(&encoded, &labels, &settings).unwrap();
            assert_eq!(found.hypotheses, hypotheses, "{seed} {settings:?}");
            assert_eq!(found.testable, testable, "{seed} {settings:?}");
            assert_eq!(found.levels, levels, "{seed} {settings:?}");
            assert_eq!(
                summary(&found.patterns),
                summary(&patterns),
                "{seed} {settings:?}"
            );
            for pattern in &found.patterns {
                let covered = encoded.covered(&pattern.items);
                let covered = labels
                    .among
                    .map_or(covered.clone(), |among| covered.and(among));
                assert_eq!(covered.count(), pattern.cases);
                assert_eq!(covered.count_both(&failed), pattern.failures);
            }
            answers.push(found);
        }
        assert_eq!(answers[0], answers[1], "{seed}");
        assert_eq!(answers[0], answers[2], "{seed}");
    }
    assert!(with_patterns > 30, "{with_patterns}");
}

// spec: SEARCH-5
#[test]
fn relabelings_give_the_level_that_their_least_p_values_give() {
    for seed in 0..4 {
        let mut random = Random(1_000 + seed);
        let table = naive::table(&mut random, 90, 2);
        let encoded = encoded(&table, 2, 5);
        let failed = naive::failed(&table);
        let strata: Vec<u32> = (0..90).map(|row| row % 3).collect();
        let labels = Labels {
            failed: &failed,
            among: None,
        };
        let shuffles = Shuffles {
            permutations: 39,
            strata: (seed % 2 == 0).then_some(&strata),
            key: seed,
        };
        for engine in [Engine::Cubes, Engine::Bitmaps] {
            let settings = Settings {
                support: Support {
                    cases: 5,
                    failures: 0,
                },
                level: Level::FamilyWise(0.1),
                engine,
                ..Settings::default()
            };
            let urn = shuffle::Urn::of(&encoded, &labels, shuffles.strata).unwrap();
            let every = Settings {
                level: Level::Given(Levels::same(LogProbability::from_probability(0.1).unwrap())),
                ..settings
            };
            let mut least: Vec<f64> = (0..39)
                .filter_map(|permutation| {
                    let failed = urn.draw(seed, permutation);
                    assert_eq!(failed.count(), labels.failed.count());
                    let labels = Labels {
                        failed: &failed,
                        ..labels
                    };
                    let (_, _, _, patterns) = naive::search(&encoded, &labels, &every);
                    patterns.first().map(Pattern::ln_p)
                })
                .collect();
            least.sort_by(f64::total_cmp);
            let tarone = search(&encoded, &labels, &settings).unwrap().level;
            let level = westfall_young(&encoded, &labels, (&settings, tarone), &shuffles).unwrap();
            // Three of 39 and the true labels are a tenth of forty.
            let expected = least.get(3).map_or(0.1_f64.ln(), |ln| ln - 1e-9);
            let expected = expected.max(tarone.ln());
            assert!((level.ln() - expected).abs() < 1e-12, "{seed} {engine:?}");
        }
    }
}

#[test]
fn relabeling_by_kind_gives_each_kind_the_level_of_its_share() {
    let table = naive::table(&mut Random(7), 120, 2);
    let (encoded, failed) = (encoded(&table, 2, 5), naive::failed(&table));
    let labels = Labels {
        failed: &failed,
        among: None,
    };
    let shuffles = Shuffles {
        permutations: 99,
        strata: None,
        key: 3,
    };
    let settings = |level, depth| Settings {
        depth,
        level,
        ..Settings::default()
    };
    let two = settings(Level::ByKind(0.2), Depth::Two);
    let found = search(&encoded, &labels, &two).unwrap();
    let levels = westfall_young_by_kind(&encoded, &labels, (&two, found.levels), &shuffles);
    let levels = levels.unwrap();
    // No number: one condition or two.
    assert_eq!(found.kinds.len(), 2, "{:?}", found.kinds);
    let one = settings(Level::FamilyWise(0.1), Depth::One);
    let tarone = search(&encoded, &labels, &one).unwrap().level;
    let alone = westfall_young(&encoded, &labels, (&one, tarone), &shuffles).unwrap();
    assert_eq!(levels.level(1, false), alone);
    for kind in &found.kinds {
        let level = levels.level(kind.conditions, kind.numbers);
        assert!(level >= kind.level, "{kind:?}");
    }
}

#[test]
fn too_few_relabelings_are_refused() {
    let table = naive::table(&mut Random(5), 60, 2);
    let (encoded, failed) = (encoded(&table, 2, 5), naive::failed(&table));
    let labels = Labels {
        failed: &failed,
        among: None,
    };
    let shuffles = Shuffles {
        permutations: 18,
        strata: None,
        key: 0,
    };
    let settings = (&Settings::default(), LogProbability::ONE);
    let refused = westfall_young(&encoded, &labels, settings, &shuffles);
    assert_eq!(refused, Err(Error::Permutations));
}

// spec: SEARCH-3
#[test]
fn neither_threads_nor_the_order_of_rows_and_features_change_an_answer() {
    for seed in 0..4 {
        let mut random = Random(50 + seed);
        let table = naive::table(&mut random, 300, 5);
        let mut shuffled = table.clone();
        let mut order: Vec<usize> = (0..300).collect();
        order.sort_by_key(|row| row * 7_919 % 300);
        reorder(&mut shuffled, &order);
        shuffled.features.reverse();
        let answer = |table: &CaseTable, threads: usize, engine: Engine| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| {
                let encoded = encoded(table, 3, 12);
                let failed = naive::failed(table);
                let labels = Labels {
                    failed: &failed,
                    among: None,
                };
                let settings = Settings {
                    level: Level::FamilyWise(0.5),
                    engine,
                    ..Settings::default()
                };
                let found = search(&encoded, &labels, &settings).unwrap();
                let said: Vec<Vec<Condition>> = found
                    .patterns
                    .iter()
                    .flat_map(|pattern| &pattern.items)
                    .map(|item| encoded.descriptions(*item))
                    .collect();
                (found, said)
            })
        };
        let first = answer(&table, 1, Engine::Cheapest);
        for (threads, engine) in [(2, Engine::Cubes), (8, Engine::Bitmaps)] {
            assert_eq!(answer(&table, threads, engine), first, "{seed}");
            assert_eq!(answer(&shuffled, threads, engine), first, "{seed}");
        }
    }
}

fn reorder(table: &mut CaseTable, order: &[usize]) {
    fn by<T: Clone>(values: &[T], order: &[usize]) -> Vec<T> {
        order.iter().map(|row| values[*row].clone()).collect()
    }
    table.failed = by(&table.failed, order);
    for feature in &mut table.features {
        match &mut feature.values {
            Values::Category { codes, .. } => *codes = by(codes, order),
            Values::Number { values, .. } => *values = by(values, order),
            Values::Flag(flags) => *flags = by(flags, order),
        }
    }
}

/// Folding rare values must not fold the cause: every value of six cases, all failed, is a cause
/// among a thousand cases, however many values there are.
// spec: SEARCH-4
#[test]
fn a_rare_value_that_could_be_a_cause_is_not_folded() {
    let mut table = naive::table(&mut Random(3), 1_000, 1);
    let mut dictionary = Dictionary::new();
    let codes = (0..1_000)
        .map(|row| match row {
            0..6 => dictionary.intern("culprit"),
            6..9 => dictionary.intern(&format!("once {row}")),
            _ => dictionary.intern(&format!("usual {}", row % 90)),
        })
        .collect();
    table.failed = (0..1_000).map(|row| row < 6 || row % 11 == 7).collect();
    table.features[0].values = Values::Category { codes, dictionary };
    let failed = naive::failed(&table);
    let settings = Settings {
        support: Support {
            cases: 1,
            failures: 1,
        },
        ..Settings::default()
    };
    let floor = floor(1_000, failed.count(), &settings);
    assert_eq!(floor, 2);
    let encoded = encoded(&table, floor, 64);
    assert_eq!(encoded.attributes()[0].folded(), 3);
    let labels = Labels {
        failed: &failed,
        among: None,
    };
    let found = search(&encoded, &labels, &settings).unwrap();
    let first = found.patterns.first().unwrap();
    assert_eq!((first.cases, first.failures), (6, 6));
    assert_eq!(
        encoded.condition(first.items[0]),
        Some(Condition::Is {
            feature: "f0".to_owned(),
            value: "culprit".to_owned(),
        })
    );
}

/// Every three of 16 columns of one size stand in exactly one block of four; other tables need few
/// more passes, and every set is answered once.
#[test]
fn blocks_answer_for_every_set_once() {
    let check = |sizes: &[u32], passes: std::ops::RangeInclusive<usize>| {
        let mut random = Random(1);
        let mut table = naive::table(&mut random, 100, 1);
        let feature = table.features.remove(0);
        for (place, size) in sizes.iter().enumerate() {
            let mut dictionary = Dictionary::new();
            let codes = (0..100)
                .map(|row| {
                    let value = if row < *size {
                        u64::from(row)
                    } else {
                        random.below(u64::from(*size))
                    };
                    dictionary.intern(&format!("{value}"))
                })
                .collect();
            table.features.push(baton_eventlog::cases::Feature {
                name: format!("f{place:02}").into(),
                values: Values::Category { codes, dictionary },
                ..feature.clone()
            });
        }
        let encoded = encoded(&table, 1, 64);
        let settings = Settings::default();
        let space = space::Space::of(&encoded, &settings).unwrap();
        let blocks = blocks::cover(&space, &space.sets, 1_000_000);
        let mut answered: Vec<space::Set> = blocks
            .iter()
            .flat_map(|block| &block.sets)
            .copied()
            .collect();
        answered.sort();
        let mut asked = space.sets.clone();
        asked.sort();
        assert_eq!(answered, asked);
        assert!(
            passes.contains(&blocks.len()),
            "{sizes:?}: {}",
            blocks.len()
        );
    };
    check(&[12; 16], 140..=140);
    check(&[12; 15], 138..=138);
    check(
        &[5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20],
        119..=119,
    );
    check(&[2; 20], 1..=40);
    check(&[40, 40, 40, 40], 4..=4);
}

// spec: SEARCH-6
#[test]
fn features_that_say_the_same_are_searched_once() {
    let mut table = naive::table(&mut Random(8), 200, 1);
    let first = table.features.remove(0);
    let mut feature = |name: &str, modifiable: bool, values: Values| {
        table.features.push(baton_eventlog::cases::Feature {
            name: name.into(),
            modifiable,
            values,
            ..first.clone()
        });
    };
    let texts = |of: &dyn Fn(u32) -> u32| {
        let mut dictionary = Dictionary::new();
        let codes = (0..200).map(|row| dictionary.intern(&format!("v{}", of(row))));
        let codes = codes.collect();
        Values::Category { codes, dictionary }
    };
    feature("a: city", false, texts(&|row| row * row % 7));
    feature("b: town", true, texts(&|row| 90 - row * row % 7));
    feature(
        "c: coast",
        false,
        Values::Flag((0..200).map(|row| row * row % 7 == 2).collect()),
    );
    feature("d: shift", false, texts(&|row| row % 3));
    let encoded = encoded(&table, 1, 64);
    let names: Vec<&str> = encoded
        .attributes()
        .iter()
        .map(encode::Attribute::name)
        .collect();
    assert_eq!(names, ["b: town", "c: coast", "d: shift"]);
    assert!(!encoded.combine(0, 1) && encoded.combine(0, 2) && encoded.combine(1, 2));
    let said = encoded.descriptions(encode::Item::of_code(0, 0));
    let is = |feature: &str, value: &str| Condition::Is {
        feature: feature.to_owned(),
        value: value.to_owned(),
    };
    assert_eq!(said, [is("b: town", "v89"), is("a: city", "v1")]);
}

// spec: SEARCH-7
#[test]
fn a_search_beyond_its_limits_is_refused() {
    let mut table = naive::table(&mut Random(9), 4, 1);
    let feature = table.features.remove(0);
    table.features = (0..=encode::ATTRIBUTES_MAX)
        .map(|place| baton_eventlog::cases::Feature {
            name: format!("{place}").into(),
            values: Values::Flag(vec![true, false, true, false]),
            ..feature.clone()
        })
        .collect();
    let shape = encode::Settings { floor: 1, bins: 64 };
    let refused = Encoded::of(&table, None, &shape).map(|_| ());
    assert_eq!(refused, Err(encode::Error::Attributes));
}
