//! Tests of comparisons: exact splits, patterns that change, and nothing where nothing did.

use baton_eventlog::cases::{CaseTable, Feature, Origin, Values};
use baton_eventlog::model::Dictionary;

use super::*;
use crate::statistics::Stream;
use crate::wire::{Condition, Fixed};

const DAY: i64 = 86_400_000_000;

/// Cases of 60 days with three features, whose chance of failure in percent is given by what they are.
fn table(seed: u64, chance: impl Fn(i64, &[u32]) -> u32) -> CaseTable {
    let mut numbers = Stream::new(seed, 0, 0);
    let mut table = CaseTable::default();
    let mut codes = vec![Vec::new(); 3];
    for case in 0..6_000_i64 {
        let day = case / 100;
        let kinds: Vec<u32> = [4, 5, 3].map(|kinds| numbers.bits() % kinds).to_vec();
        table.ids.push(format!("{case:05}").into());
        table.start.push(day * DAY);
        table
            .failed
            .push(numbers.bits() % 100 < chance(day, &kinds));
        for (column, code) in codes.iter_mut().zip(kinds) {
            column.push(code);
        }
    }
    for (name, codes) in ["line", "team", "zone"].into_iter().zip(codes) {
        let mut dictionary = Dictionary::new();
        for value in ["a", "b", "c", "d", "e"] {
            dictionary.intern(value);
        }
        table.features.push(Feature {
            name: name.into(),
            origin: Origin::Attribute,
            modifiable: false,
            group: false,
            values: Values::Category { codes, dictionary },
        });
    }
    table
}

fn compared(table: &CaseTable) -> Comparison {
    let range = |start: i64, end: i64| Range {
        start: start * DAY,
        end: end * DAY,
    };
    compare_windows(
        table,
        range(0, 30),
        range(30, 60),
        Fixed::from_millionths(50_000),
    )
}

fn is(feature: &str, value: &str) -> Condition {
    Condition::Is {
        feature: feature.to_owned(),
        value: value.to_owned(),
    }
}

#[test]
fn what_changed_is_named_with_its_direction() {
    let appears = |day: i64, kinds: &[u32]| match (day >= 30, kinds[0], kinds[1]) {
        (true, 1, 2) => 60,
        _ => 10,
    };
    let vanishes = |day: i64, kinds: &[u32]| if day < 30 && kinds[2] == 0 { 40 } else { 10 };
    let grows = |day: i64, kinds: &[u32]| match (kinds[1], day >= 30) {
        (3, true) => 60,
        (3, false) => 25,
        _ => 10,
    };
    for (changed, conditions, became) in [
        (
            compared(&table(1, appears)),
            vec![is("line", "b"), is("team", "c")],
            Became::Appeared,
        ),
        (
            compared(&table(2, vanishes)),
            vec![is("zone", "a")],
            Became::Vanished,
        ),
        (
            compared(&table(3, grows)),
            vec![is("team", "d")],
            Became::Grew,
        ),
    ] {
        let first = &changed.causes[0];
        assert_eq!((&first.conditions, first.became), (&conditions, became));
        assert!(first.log10_p.unwrap().to_f64() < -2.0);
    }
}

#[test]
fn a_constant_world_and_a_general_rise_change_no_pattern() {
    let mut false_ones = 0;
    for seed in 0..20 {
        let steady = compared(&table(seed, |_, kinds| 5 + 10 * kinds[0]));
        false_ones += usize::from(!steady.causes.is_empty());
    }
    assert!(false_ones <= 4, "{false_ones} of 20");
    // Everything fails more often: the odds of every pattern move alike.
    let rise = compared(&table(9, |day, _| if day < 30 { 10 } else { 30 }));
    assert!(rise.causes.is_empty(), "{:?}", rise.causes);
    assert_eq!(rise.changes.len(), 1);
    assert_eq!(rise.changes[0].day, "1970-01-31");
    assert!(rise.log10_p.unwrap().to_f64() < -20.0);
}

#[test]
fn every_split_adds_up_to_the_last_digit() {
    let changed = compared(&table(5, |day, kinds| {
        if day < 30 {
            5 + kinds[1]
        } else {
            3 + 7 * kinds[0]
        }
    }));
    assert_eq!(changed.splits.len(), 3);
    for split in &changed.splits {
        let parts: i64 = split
            .groups
            .iter()
            .map(|group| group.rate.millionths() + group.mix.millionths())
            .sum();
        assert_eq!(parts, changed.change.millionths(), "{}", split.by);
        let whole = split.rate.millionths() + split.mix.millionths();
        assert_eq!(whole, changed.change.millionths(), "{}", split.by);
    }
}

#[test]
fn the_answer_reads_back_and_empty_windows_say_so() {
    let table = table(4, |_, _| 10);
    let changed = compared(&table);
    let written = serde_json::to_string(&changed).unwrap();
    let again: Comparison = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), written);
    let nothing = Range { start: 0, end: 0 };
    let empty = compare_windows(&table, nothing, nothing, Fixed::from_millionths(50_000));
    assert_eq!(empty.cautions.len(), 3, "{:?}", empty.cautions);
    assert!(empty.causes.is_empty() && empty.splits.is_empty());
}
