//! The search once more without any cleverness, and tables to hold the two against each other.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers of generated tables"
)]

use baton_eventlog::cases::{CaseTable, Feature, Origin, Unit, Values};
use baton_eventlog::model::{Dictionary, MISSING};

use super::found::Pattern;
use super::kinds::{KINDS, Levels, kind};
use super::settings::{Labels, Level, Settings};
use super::space::{Column, Space};
use crate::encode::{Bitmap, Encoded, Item};
use crate::statistics::{Cut, Hypergeometric, LogProbability, Testable, tarone_cut};

/// What the naive search answers: hypotheses, testable ones, levels, patterns.
pub(super) type Answer = (u64, u64, Levels, Vec<Pattern>);

/// Items, whether one is a number, cases and failures.
type Tested = (Vec<Item>, bool, u64, u64);

/// Looks at every hypothesis by going through every row.
pub(super) fn search(encoded: &Encoded, labels: &Labels, settings: &Settings) -> Answer {
    let rows: Vec<usize> = (0..encoded.rows())
        .filter(|row| labels.among.is_none_or(|among| among.contains(*row)))
        .collect();
    let failing = |row: &usize| labels.failed.contains(*row);
    let failures = rows.iter().filter(|row| failing(row)).count();
    let test = Hypergeometric::new(rows.len() as u64, failures as u64).unwrap();
    let space = Space::of(encoded, settings).unwrap();
    let mut hypotheses = 0;
    let mut tested: Vec<Tested> = Vec::new();
    for set in &space.sets {
        let columns: Vec<&Column> = set
            .columns()
            .iter()
            .map(|column| space.column(*column).unwrap())
            .collect();
        let numbers = columns.iter().any(|column| column.is_number());
        for boxed in boxes(&columns) {
            hypotheses += 1;
            let covered = |row: &&usize| {
                boxed.iter().all(|item| {
                    let attribute = &encoded.attributes()[usize::from(item.attribute)];
                    item.holds(attribute.codes().get(**row).unwrap())
                })
            };
            let cases = rows.iter().filter(covered).count() as u64;
            let fails = rows
                .iter()
                .filter(covered)
                .filter(|row| failing(row))
                .count() as u64;
            if cases >= settings.support.cases.max(1) {
                tested.push((boxed, numbers, cases, fails));
            }
        }
    }
    let trivial = failures == 0 || failures == rows.len();
    if trivial {
        tested.clear();
    }
    let least = |cases: u64| test.least_upper_tail(cases.min(test.failures())).unwrap();
    let groups: Vec<Testable> = tested
        .iter()
        .map(|(_, _, cases, _)| Testable {
            least: least(*cases),
            hypotheses: 1,
        })
        .collect();
    let (levels, testable) = levels(&space, (&tested, &groups), settings.level);
    (
        hypotheses,
        testable,
        levels,
        passing(tested, &test, settings, levels),
    )
}

/// The levels that the hypotheses ask for, and how many could reach them.
fn levels(
    space: &Space,
    (tested, groups): (&[Tested], &[Testable]),
    level: Level,
) -> (Levels, u64) {
    match level {
        Level::FamilyWise(alpha) => {
            let cut = tarone_cut(groups, alpha).unwrap();
            (Levels::same(cut.level), cut.testable)
        }
        Level::ByKind(alpha) => {
            let shares = space.by_kind.iter().filter(|count| **count > 0).count();
            let cuts: Vec<Cut> = (0..KINDS)
                .map(|of| {
                    let own = tested.iter().zip(groups);
                    let own =
                        own.filter(|((items, numbers, _, _), _)| kind(items.len(), *numbers) == of);
                    let own: Vec<Testable> = own.map(|(_, group)| *group).collect();
                    tarone_cut(&own, alpha / shares.max(1) as f64).unwrap()
                })
                .collect();
            let levels: Vec<LogProbability> = cuts.iter().map(|cut| cut.level).collect();
            let testable = cuts.iter().map(|cut| cut.testable).sum();
            (Levels::of_kinds(&levels), testable)
        }
        Level::Given(levels) => (levels, 0),
    }
}

fn passing(
    tested: Vec<Tested>,
    test: &Hypergeometric,
    settings: &Settings,
    levels: Levels,
) -> Vec<Pattern> {
    let mut best: Vec<(Pattern, bool)> = Vec::new();
    for (items, numbers, cases, failures) in tested {
        let p = test.upper_tail(cases, failures).unwrap();
        if p > levels.level(items.len(), numbers) || failures < settings.support.failures.max(1) {
            continue;
        }
        let mut sorted = items.clone();
        sorted.sort();
        let pattern = Pattern {
            items: sorted,
            cases,
            failures,
            p,
        };
        // Of the boxes of numbers under the same values, one with the least p-value stands for all.
        let twin = best.iter_mut().find(|(other, with_numbers)| {
            *with_numbers && numbers && context(&other.items) == context(&pattern.items)
        });
        match twin {
            Some((other, _)) if pattern.p < other.p => *other = pattern,
            Some(_) => {}
            None => best.push((pattern, numbers)),
        }
    }
    let mut patterns: Vec<Pattern> = best.into_iter().map(|(pattern, _)| pattern).collect();
    patterns.sort_by(Pattern::order);
    patterns
}

thread_local! {
    /// Attributes that are numbers, in the table the thread is looking at.
    static NUMBERS: std::cell::RefCell<Vec<bool>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Tells [`search`] and [`summary`] which attributes are numbers.
pub(super) fn look_at(encoded: &Encoded) {
    NUMBERS.with_borrow_mut(|numbers| {
        *numbers = encoded
            .attributes()
            .iter()
            .map(crate::encode::Attribute::is_number)
            .collect();
    });
}

/// The items that are not numbers, and which numbers there are.
pub(super) fn context(items: &[Item]) -> (Vec<Item>, Vec<u16>) {
    NUMBERS.with_borrow(|numbers| {
        let number = |item: &&Item| numbers[usize::from(item.attribute)];
        (
            items.iter().filter(|item| !number(item)).copied().collect(),
            items
                .iter()
                .filter(number)
                .map(|item| item.attribute)
                .collect(),
        )
    })
}

fn boxes(columns: &[&Column]) -> Vec<Vec<Item>> {
    let Some((first, rest)) = columns.split_first() else {
        return vec![Vec::new()];
    };
    let mut items = Vec::new();
    if first.is_number() {
        for low in 0..first.bins {
            for high in low..first.bins {
                if low > 0 || high + 1 < first.size {
                    items.push(first.item(low, high));
                }
            }
        }
        items.extend((first.bins..first.size).map(|code| first.item(code, code)));
    } else {
        items.extend((0..first.size).map(|code| first.item(code, code)));
    }
    let below = boxes(rest);
    items
        .iter()
        .flat_map(|item| {
            below.iter().map(|rest| {
                let mut all = vec![*item];
                all.extend(rest);
                all
            })
        })
        .collect()
}

/// A generator for tests: Steele, Lea and Flood (2014), `SplitMix64`.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// Returns a table of `rows` cases with some features of every kind; failures lean on the first.
pub(super) fn table(random: &mut Random, rows: usize, features: usize) -> CaseTable {
    let mut table = CaseTable {
        ids: (0..rows).map(|row| format!("{row}").into()).collect(),
        start: (0..rows as i64).collect(),
        ..CaseTable::default()
    };
    let lean = random.below(4);
    for place in 0..features {
        let values = match random.below(if place == 0 { 1 } else { 5 }) {
            0..=1 => category(random, rows),
            2 => Values::Flag((0..rows).map(|_| random.below(3) == 0).collect()),
            3 => {
                let spread = 1 + random.below(100);
                let missing = random.below(3);
                Values::Number {
                    values: (0..rows)
                        .map(|_| {
                            (missing == 0 || random.below(9) > 0)
                                .then(|| random.below(spread) as i64 - 5)
                        })
                        .collect(),
                    unit: Unit::Count,
                }
            }
            _ => match table.features.last().map(|feature| feature.values.clone()) {
                // The same feature again, or one that it tells.
                Some(Values::Category { codes, .. }) if random.below(2) == 0 => {
                    Values::Flag(codes.iter().map(|code| *code == 0).collect())
                }
                Some(values) if random.below(2) == 0 => values,
                _ => category(random, rows),
            },
        };
        table.features.push(Feature {
            name: format!("f{place}").into(),
            origin: Origin::Attribute,
            modifiable: random.below(2) == 0,
            group: false,
            values,
        });
    }
    let Values::Category { codes, .. } = &table.features[0].values else {
        return table;
    };
    table.failed = codes
        .iter()
        .map(|code| {
            let chance = if *code == 1 { 20 + 15 * lean } else { 12 };
            random.below(100) < chance
        })
        .collect();
    table
}

fn category(random: &mut Random, rows: usize) -> Values {
    let values = 1 + random.below(6);
    let mut dictionary = Dictionary::new();
    for value in 0..values {
        dictionary.intern(&format!("v{value}"));
    }
    let codes = (0..rows)
        .map(|_| match random.below(values * values + 1) {
            0 => MISSING,
            other => (other as f64).sqrt() as u32 % values as u32,
        })
        .collect();
    Values::Category { codes, dictionary }
}

/// Returns the failures of a table.
pub(super) fn failed(table: &CaseTable) -> Bitmap {
    Bitmap::of(table.failed.iter().copied())
}
