//! The lifecycle beside its naive reference: whatever is asked, both do the same, refuse the same and
//! stand the same.

use std::collections::{BTreeMap, BTreeSet};

use baton_mission::authority::Actor;
use baton_mission::handoff::{Ask, CheckSummary, StateName, is_legal};
use baton_mission::names::Revision;
use baton_reference::lifecycle as naive;
use baton_scoring::wire::{FindingState, Posture};
use baton_terms::Elapsed;
use proptest::prelude::*;

use crate::property::{asks, onwards, people};
use crate::words::{account, asked, field, meanings, millis, naive_stands, stage, stands};
use crate::world::World;

/// Both, side by side.
struct Pair<'s> {
    world: World<'s>,
    naive: naive::Handoff,
    contract: &'s naive::Contract,
    agreed: BTreeMap<String, usize>,
}

impl Pair<'_> {
    /// Asks both; returns whether it was carried out.
    fn ask(&mut self, who: &Actor, ask: &Ask, is_current: bool) -> bool {
        let mut command = self.world.command(ask.clone());
        if !is_current {
            command.expects = Revision::new(command.expects.get() + 1);
        }
        let request = naive::Request {
            by: account(who),
            now: millis(self.world.now),
            key: command.key.to_string(),
            body: (self.world.check_for(ask))
                .map_or_else(|| format!("{ask:?}"), |check| check.scorecard.to_string()),
            is_current,
            ask: asked(&self.world, ask),
            package: field(ask, "package"),
            reason: field(ask, "reason"),
            baseline: self.world.baseline.as_ref().map(|baseline| baseline.number),
            places_taken: self.world.places_taken,
        };
        let found = self.world.decide(who, &command);
        let expected = naive::ask(&mut self.naive, self.contract, &request);
        let told = format!("{ask:?} by {} when {}", who.principal, self.world.state());
        match (found, expected) {
            (Ok(events), Ok(expected)) => {
                assert_eq!(meanings(&self.world, &events), expected, "{told}");
                self.world.take(&events);
                *self
                    .agreed
                    .entry(format!("{} done", ask.name()))
                    .or_default() += 1;
                assert_eq!(
                    stands(&self.world),
                    naive_stands(&self.naive),
                    "after {told}"
                );
                !events.is_empty()
            }
            (Err(refusal), Err(against)) => {
                let code = refusal.code().number();
                assert!(
                    against.contains(&code),
                    "{told}: {refusal}, expected {against:?}"
                );
                *self.agreed.entry(format!("refused {code}")).or_default() += 1;
                false
            }
            (found, expected) => panic!("{told}: {found:?}, expected {expected:?}"),
        }
    }

    /// One step of a life, told from four bytes.
    fn step(&mut self, people: &[Actor], (dice, chance, twist): (u16, u8, u8)) {
        self.world.sabotage = sabotage(twist);
        if twist.is_multiple_of(5) {
            let minutes = u64::from(twist) * u64::from(dice % 16) * 60;
            let later = self.world.now.checked_add(Elapsed::from_seconds(minutes));
            self.world.now = later.unwrap();
        }
        let is_out = matches!(self.world.state(), StateName::Offered | StateName::Accepted);
        let ask = match chance % 16 {
            1 if is_out => World::delivered(None),
            2 | 3 | 5 if is_out => World::delivered(Some("recall")),
            6 | 7 | 9 if is_out && !self.world.handoff.effects().is_empty() => Ask::RollBack {
                reason: "because".to_owned(),
            },
            at if at.is_multiple_of(3) => asks(&self.world, dice),
            _ => onwards(&self.world, dice),
        };
        if let (Ask::Fire { timer }, true) = (&ask, chance < 128) {
            let mut timers = self.world.handoff.timers().iter();
            let due = timers.find(|one| one.number == *timer);
            self.world.now = due.map_or(self.world.now, |due| due.due.max(self.world.now));
        }
        // Whoever may is looked for only where anybody may.
        let is_one = chance.is_multiple_of(4) || !is_legal(self.world.state(), ask.name());
        let tries = if is_one { 1 } else { people.len() };
        let start = usize::from(chance) % people.len();
        for at in 0..tries {
            let who = &people[(start + at) % people.len()];
            self.world.requests += 1;
            if self.ask(who, &ask, twist % 32 != 9) {
                // Once more under the same key, and then something else under it.
                if twist.is_multiple_of(4) {
                    self.ask(who, &ask, true);
                    self.ask(who, &Ask::Acknowledge {}, true);
                }
                break;
            }
        }
    }
}

fn sabotage(twist: u8) -> Option<fn(&mut CheckSummary)> {
    Some(match twist % 24 {
        1 => |check| check.posture = Posture::Critical,
        2 => |check| check.findings[0].state = FindingState::Unknown,
        3 => |check| check.findings[1].state = FindingState::Pending,
        4 => |check| check.gates.clear(),
        5 => |check| check.gates.retain(|gate| gate.gate.as_str() == "product"),
        6 => |check| check.nothing_checked = true,
        7 => |check| check.as_of = "2026-11-22T00:00:00Z".parse().unwrap(),
        8 => |check| check.package = baton_terms::Digest::of(b"another"),
        9 => |check| check.findings[2].state = FindingState::Waived,
        _ => return None,
    })
}

type Life = Vec<(u16, u8, u8)>;

fn live(variant: usize, life: &Life, second: &Life) -> BTreeMap<String, usize> {
    let (stage, contract) = stage(variant);
    let people = people();
    let mut pair = Pair {
        world: World::new(&stage),
        naive: naive::Handoff::new(),
        contract: &contract,
        agreed: BTreeMap::new(),
    };
    for roll in life {
        pair.step(&people, *roll);
    }
    let mut next = World::new(&stage);
    next.id = "h-2";
    next.baseline.clone_from(&pair.world.baseline);
    next.places_taken = pair.world.places_taken;
    // With something to return to even where the first life accepted nothing.
    next.baseline = next.baseline.or_else(|| World::second(&stage).baseline);
    next.places_taken = next.places_taken.max(1);
    pair.world = next;
    pair.naive = naive::Handoff::new();
    for roll in second {
        pair.step(&people, *roll);
    }
    pair.agreed
}

fn lives(steps: std::ops::Range<usize>) -> impl Strategy<Value = Life> {
    proptest::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), steps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 400, ..ProptestConfig::default() })]

    // spec: LIFECYCLE-32
    #[test]
    fn both_do_refuse_and_stand_the_same(
        variant in 0_usize..3,
        first in lives(20..90),
        second in lives(20..90),
    ) {
        live(variant, &first, &second);
    }
}

/// A comparison that never gets anywhere shows nothing: each command is carried out, each refusal met.
// spec: LIFECYCLE-32
#[test]
fn the_comparison_gets_everywhere() {
    let mut seed: u64 = 0x5EED;
    let mut roll = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u16::try_from(seed >> 48).unwrap()
    };
    let mut agreed: BTreeMap<String, usize> = BTreeMap::new();
    for variant in 0..24 {
        let mut life = || -> Life {
            let byte = |roll: u16| u8::try_from(roll >> 8).unwrap();
            (0..150)
                .map(|_| (roll(), byte(roll()), byte(roll())))
                .collect()
        };
        let (first, second) = (life(), life());
        for (what, count) in live(variant, &first, &second) {
            *agreed.entry(what).or_default() += count;
        }
    }
    let missed: Vec<_> = (baton_mission::handoff::AskName::ALL.iter())
        .map(|ask| format!("{ask} done"))
        .chain(
            [
                1301, 1302, 1303, 1304, 1305, 1306, 1308, 1310, 1311, 1312, 1313, 1314, 1317, 1318,
            ]
            .map(|code| format!("refused {code}")),
        )
        .filter(|what| !agreed.contains_key(what))
        .collect();
    println!(
        "{} requests compared, {} carried out",
        agreed.values().sum::<usize>(),
        agreed
            .iter()
            .filter(|(what, _)| what.ends_with("done"))
            .map(|(_, count)| count)
            .sum::<usize>()
    );
    assert!(missed.is_empty(), "{missed:?} in {agreed:#?}");
}

// spec: LIFECYCLE-2
#[test]
fn the_table_of_the_page_is_the_one_both_hold() {
    let page = include_str!("../../../../docs/spec/lifecycle.md");
    let mut rows: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let mut words: BTreeSet<String> = BTreeSet::new();
        for word in cells[2].split(", ").filter(|word| *word != "none") {
            match word.strip_prefix("those of `") {
                Some(state) => words.extend(rows[state.trim_end_matches('`')].1.clone()),
                None => {
                    words.insert(word.to_owned());
                }
            }
        }
        for state in cells[0].split(", ") {
            rows.insert(
                state.trim_matches('`').to_owned(),
                (cells[1].to_owned(), words.clone()),
            );
        }
    }
    let naive: BTreeMap<_, _> = (naive::TABLE.iter())
        .map(|(state, turn, words)| {
            let words = words
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned);
            ((*state).to_owned(), ((*turn).to_owned(), words.collect()))
        })
        .collect();
    assert_eq!(rows, naive);
}
