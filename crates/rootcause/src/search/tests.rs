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
        level: match random.below(4) {
            0 => Level::Given(LogProbability::from_probability(0.003).unwrap()),
            1 => Level::FamilyWise(0.9),
            _ => Level::FamilyWise(0.2),
        },
        engine: Engine::Cheapest,
    }
}

fn encoded(table: &baton_eventlog::cases::CaseTable, floor: u64, bins: u16) -> Encoded {
    let encoded = Encoded::of(table, None, &encode::Settings { floor, bins }).unwrap();
    naive::look_at(&encoded);
    encoded
}

#[test]
fn both_engines_find_what_the_naive_search_finds() {
    let mut with_patterns = 0;
    for seed in 0..120 {
        let mut random = Random(seed);
        let rows = random.below(160) as usize;
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
        let (hypotheses, testable, level, patterns) = naive::search(&encoded, &labels, &settings);
        with_patterns += usize::from(!patterns.is_empty());
        let mut answers = Vec::new();
        for engine in [Engine::Cubes, Engine::Bitmaps, Engine::Cheapest] {
            settings.engine = engine;
            let found = search(&encoded, &labels, &settings).unwrap();
            assert_eq!(found.hypotheses, hypotheses, "{seed} {settings:?}");
            assert_eq!(found.testable, testable, "{seed} {settings:?}");
            assert_eq!(found.level, level, "{seed} {settings:?}");
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
