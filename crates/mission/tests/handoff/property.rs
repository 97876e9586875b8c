//! Random lives: whatever is asked by whomever in whatever order, the invariants hold.

use std::collections::{BTreeMap, BTreeSet};

use baton_mission::authority::Actor;
use baton_mission::compensation;
use baton_mission::handoff::{Ask, Change, Divergence, Event, StateName, Step, Verdict};
use baton_mission::names::Revision;
use baton_scoring::wire::{FindingState, Posture};
use baton_terms::{Digest, Instant};
use proptest::prelude::*;

use crate::world::{
    PACKAGES, Stage, World, actor, ada, baton, bob, cleo, id, instant, lea, max, nia, olga, otto,
};

pub(crate) fn people() -> Vec<Actor> {
    vec![
        ada(),
        bob(),
        cleo(),
        lea(),
        max(),
        nia(),
        olga(),
        otto(),
        baton(),
        actor("gus/person/design/designer+product-lead/submit+approve"),
        actor("bot+ada/agent/design/designer+product-lead/submit+approve"),
        actor("eve/person/payments/engineer+safety-lead/read+submit+approve+operate+admin"),
    ]
}

pub(crate) fn asks(world: &World<'_>, dice: u16) -> Ask {
    let package = if dice.is_multiple_of(7) {
        Digest::of(b"another")
    } else {
        world.current()
    };
    let pick = usize::from(dice / 32);
    let gates = [vec!["product"], vec!["safety"], vec!["product", "safety"]];
    let gates: Vec<_> = gates[pick % 3].iter().map(|gate| id(gate)).collect();
    let team = id(["payments", "search"][pick % 2]);
    let reason = "because".to_owned();
    match dice % 32 {
        0 => World::open(),
        1..=3 => world.submit(PACKAGES[pick % PACKAGES.len()]),
        4..=7 => World::check(),
        8..=11 => Ask::Approve {
            gates,
            package,
            reason,
        },
        12 => Ask::Reject {
            gate: gates[0].clone(),
            package,
            reason,
        },
        13..=15 => Ask::Offer { team, reason },
        16 => Ask::Acknowledge {},
        17 | 18 => Ask::Accept { package },
        19 => world.need_input("more"),
        20 => world.decline(),
        21 => Ask::Complete { outputs: None },
        22 => Ask::Reassign { team, reason },
        _ => rarer(world, dice, reason),
    }
}

fn rarer(world: &World<'_>, dice: u16, reason: String) -> Ask {
    let pick = usize::from(dice / 32);
    let step = [Step::Evidence, Step::Delivery][pick % 2];
    match dice % 32 {
        23 => Ask::Waive {
            waiver: id("w-1"),
            clause: id("titled"),
            reason,
            owner: "ada".parse().unwrap(),
            expires: instant("2026-12-31T00:00:00Z"),
        },
        24 => Ask::RollBack { reason },
        25 => Ask::Escalate { reason },
        26 => Ask::Resume { reason },
        27 => Ask::Release { reason },
        28 => World::failed(step),
        29 if pick.is_multiple_of(3) => World::delivered(None),
        29 => World::delivered(Some("recall")),
        30 if dice > 50_000 => Ask::Withdraw { reason },
        31 if dice > 40_000 => Ask::Quarantine {
            divergence: Divergence {
                recorded: Digest::of(b"a"),
                replayed: Digest::of(b"b"),
            },
        },
        _ => {
            let timers = world.handoff.timers();
            let timer = timers.get(pick % timers.len().max(1));
            Ask::Fire {
                timer: timer.map_or_else(Default::default, |timer| timer.number),
            }
        }
    }
}

/// What usually comes next.
pub(crate) fn onwards(world: &World<'_>, dice: u16) -> Ask {
    let pick = usize::from(dice / 32);
    let gates = [["product"].as_slice(), &["safety"], &["product", "safety"]];
    match world.state() {
        StateName::Unopened => World::open(),
        StateName::Drafted => world.submit(PACKAGES[pick % PACKAGES.len()]),
        StateName::Submitted => World::check(),
        StateName::Gated if dice.is_multiple_of(3) => World::offer("payments"),
        StateName::Gated => world.approve(gates[pick % 3]),
        StateName::Offered if dice.is_multiple_of(5) => world.need_input("more"),
        StateName::Offered if dice.is_multiple_of(7) => world.decline(),
        StateName::Offered if dice.is_multiple_of(11) => Ask::Acknowledge {},
        StateName::Offered if dice.is_multiple_of(2) => world.accept(),
        StateName::Accepted if dice.is_multiple_of(4) => Ask::Complete { outputs: None },
        StateName::NeedsInput | StateName::Declined => world.submit(PACKAGES[pick % 3]),
        StateName::RollingBack | StateName::RollbackBlocked if !dice.is_multiple_of(5) => {
            undoing(world, dice)
        }
        _ => asks(world, dice),
    }
}

/// What may come next while effects are undone.
fn undoing(world: &World<'_>, dice: u16) -> Ask {
    let next = world.handoff.effects().iter().rev().find(|effect| {
        let undoing = world.handoff.phase().undoing();
        undoing.is_some_and(|undoing| {
            let mut undone = undoing.unwinding.undone().iter();
            undone.all(|undone| undone.effect != effect.id)
        })
    });
    let next = next.map_or("delivery-1", |effect| effect.id.as_str());
    match (world.state(), dice % 4) {
        (StateName::RollingBack, 0 | 1) => World::not_compensated(next, dice.is_multiple_of(3)),
        (StateName::RollingBack, _) => World::compensated(next),
        (_, 0..3) => World::retry(next),
        _ => World::leave(next),
    }
}

/// One step: mostly somebody who may, sometimes anybody.
fn step(world: &mut World<'_>, people: &[Actor], (dice, chance): (u16, u8)) -> bool {
    let ask = if chance.is_multiple_of(3) {
        asks(world, dice)
    } else {
        onwards(world, dice)
    };
    if let (Ask::Fire { timer }, true) = (&ask, chance < 128) {
        let due = world
            .handoff
            .timers()
            .iter()
            .find(|one| one.number == *timer);
        world.now = due.map_or(world.now, |due| due.due.max(world.now));
    }
    let start = usize::from(chance) % people.len();
    let tries = if chance.is_multiple_of(4) {
        1
    } else {
        people.len()
    };
    (0..tries).any(|at| {
        world
            .ask(&people[(start + at) % people.len()], ask.clone())
            .is_ok()
    })
}

/// What must hold over everything that happened. It looks at events alone and shares nothing with the
/// code that decided.
#[derive(Default)]
struct Ledger {
    submitted: Option<Digest>,
    senders: Vec<Vec<String>>,
    /// Who stands behind it, their team, the gates.
    approvals: Vec<(Vec<String>, String, Vec<String>)>,
    is_clear: bool,
    open: Vec<String>,
    acceptances: usize,
    timers: BTreeMap<Revision, Instant>,
    notices: BTreeSet<String>,
    accepted_before: BTreeSet<(u64, Digest)>,
    /// Effects that stand, and whether something undoes each.
    performed: Vec<(String, bool)>,
}

impl Ledger {
    fn take(&mut self, event: &Event) {
        let who: Vec<String> = event.by.principals().map(ToString::to_string).collect();
        match &event.change {
            Change::Submitted { package, .. } => {
                self.submitted = Some(package.digest);
                self.senders.push(who);
                self.is_clear = false;
            }
            Change::ApprovalsReviewed { kept, .. } => {
                let kept: Vec<_> = kept.iter().map(ToString::to_string).collect();
                self.approvals.retain(|(who, ..)| kept.contains(&who[0]));
            }
            Change::Checked { check } => {
                assert_eq!(Some(check.package), self.submitted);
                let is_met = |state| matches!(state, FindingState::Passed | FindingState::Waived);
                let mut findings = check.findings.iter();
                let title = findings.find(|found| found.clause.as_str() == "titled");
                self.is_clear = check.posture != Posture::Critical
                    && title.is_some_and(|title| is_met(title.state));
            }
            Change::GatesOpened { gates } => {
                self.open = gates.iter().map(ToString::to_string).collect();
            }
            Change::Approved { approval } => {
                assert_eq!(Some(approval.package), self.submitted);
                let gates = approval.gates.iter().map(ToString::to_string).collect();
                self.approvals.push((who, event.by.team.to_string(), gates));
            }
            Change::Rejected { .. } => {
                self.approvals
                    .retain(|(by, ..)| by.iter().all(|one| !who.contains(one)));
            }
            // What was accepted stays so through a release.
            Change::Waived { .. } | Change::Released { .. } if self.acceptances == 0 => {
                self.approvals.clear();
                self.is_clear = false;
            }
            Change::Noticed { notice } => {
                assert!(self.notices.insert(notice.id.clone()), "I4");
            }
            _ => self.take_outcome(event),
        }
    }

    fn take_outcome(&mut self, event: &Event) {
        match &event.change {
            Change::Offered { .. } => self.assert_cleared(),
            Change::Accepted {
                receipt, baseline, ..
            } => {
                self.acceptances += 1;
                assert!(self.acceptances <= 1, "I2");
                assert_eq!(receipt.verdict, Verdict::Accepted);
                assert_eq!(Some(receipt.package), self.submitted);
                let mut before = self.accepted_before.iter();
                assert!(before.all(|(number, _)| *number < baseline.number), "I2");
                self.assert_cleared();
            }
            Change::RolledBack { to, .. } => {
                assert!(
                    self.accepted_before.contains(&(to.number, to.package)),
                    "I8"
                );
            }
            Change::AttemptDone { effect, .. } => {
                let effect = effect.iter();
                let names = effect.map(|one| (one.id.to_string(), one.compensation.is_some()));
                self.performed.extend(names);
            }
            Change::Unwound { event, .. } => self.unwind(event),
            Change::TimerSet { timer } => {
                assert!(self.timers.insert(timer.number, timer.due).is_none());
            }
            Change::TimerFired { number } => {
                let due = self.timers.remove(number);
                assert!(due.is_some_and(|due| event.at >= due), "I5: {due:?}");
            }
            Change::TimerCleared { number } => assert!(self.timers.remove(number).is_some()),
            _ => {}
        }
    }

    /// The last effect that stands is settled first: undone where something undoes it, else left.
    fn unwind(&mut self, event: &compensation::Event) {
        use compensation::Event as E;
        let (E::Compensated { effect }
        | E::CompensationFailed { effect, .. }
        | E::CompensationRetried { effect }
        | E::EffectLeft { effect, .. }) = event;
        let last = self.performed.last().expect("nothing stands");
        assert_eq!(effect.as_str(), last.0);
        assert!(last.1 || matches!(event, E::EffectLeft { .. }));
        if matches!(event, E::Compensated { .. } | E::EffectLeft { .. }) {
            self.performed.pop();
        }
    }

    /// I3 and I9: clear, and two for safety and another for product, none of them a sender.
    fn assert_cleared(&self) {
        assert!(self.is_clear, "I9: goes on although unmet");
        assert_eq!(self.open, ["product", "safety"]);
        let fits = |gate: &str| -> BTreeSet<String> {
            let is_sender = |one: &String| self.senders.iter().any(|sender| sender.contains(one));
            let fitting = self.approvals.iter().filter(|(by, team, gates)| {
                let is_apart = !by.iter().any(is_sender) && (gate != "safety" || team != "design");
                is_apart && gates.iter().any(|one| one == gate)
            });
            fitting.filter_map(|(by, ..)| by.last().cloned()).collect()
        };
        let (product, safety) = (fits("product"), fits("safety"));
        let is_met = safety.len() >= 2 && !product.is_empty();
        assert!(
            is_met && product.union(&safety).count() >= 3,
            "I3: {product:?} {safety:?}"
        );
    }
}

fn hold(events: &[Event], accepted_before: BTreeSet<(u64, Digest)>) {
    let mut ledger = Ledger {
        accepted_before,
        ..Ledger::default()
    };
    for event in events {
        ledger.take(event);
    }
}

/// I4: each move to a state somebody is told of is followed by exactly one notice about it.
fn assert_told(events: &[Event]) {
    let mut state = StateName::Unopened;
    let mut handoff = baton_mission::handoff::Handoff::default();
    for (at, event) in events.iter().enumerate() {
        handoff = baton_mission::handoff::apply(handoff, event).unwrap();
        let is_moved =
            handoff.state() != state || matches!(event.change, Change::Reassigned { .. });
        let next = events.get(at + 1).map(|event| &event.change);
        let about = match next {
            Some(Change::Noticed { notice }) => Some(notice.about.as_str()),
            _ => None,
        };
        if is_moved && handoff.state().is_told() {
            assert_eq!(about, Some(handoff.state().word()));
        } else if !matches!(event.change, Change::RungReached { .. }) {
            assert_eq!(about, None, "after {}", event.change.word());
        }
        state = handoff.state();
    }
}

/// A random test that never gets anywhere shows nothing: this one gets everywhere.
// spec: LIFECYCLE-32
#[test]
fn random_lives_get_everywhere() {
    let stage = Stage::new();
    let people = people();
    let mut reached = BTreeSet::new();
    let mut steps = 0;
    let mut seed: u64 = 0x5EED;
    let mut roll = || {
        // Knuth's multiplier: all it has to do is spread.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        seed >> 40
    };
    let mut baseline = None;
    let mut places_taken = 0;
    for _ in 0..60 {
        let mut world = World::new(&stage);
        world.baseline.clone_from(&baseline);
        world.places_taken = places_taken;
        for _ in 0..150 {
            let dice = u16::try_from(roll() % 65_536).unwrap();
            let chance = u8::try_from(roll() % 256).unwrap();
            steps += usize::from(step(&mut world, &people, (dice, chance)));
            reached.insert(world.state().word());
        }
        baseline = world.baseline;
        places_taken = world.places_taken;
    }
    let missed: Vec<_> = StateName::ALL
        .iter()
        .filter(|s| !reached.contains(s.word()))
        .collect();
    // Without a gate that does not apply, a clean check goes on to `gated` in the same decision.
    assert_eq!(missed, [&StateName::Checked]);
    assert!(steps > 700, "{steps} steps");
    println!("{steps} accepted commands over 60 lives");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    // spec: LIFECYCLE-32
    #[test]
    fn invariants_hold_over_random_lives(
        dice in proptest::collection::vec((any::<u16>(), any::<u8>()), 40..160),
        second in proptest::collection::vec((any::<u16>(), any::<u8>()), 40..120),
    ) {
        let stage = Stage::new();
        let people = people();
        let mut first = World::new(&stage);
        for roll in dice {
            step(&mut first, &people, roll);
        }
        hold(&first.events, BTreeSet::new());
        assert_told(&first.events);
        first.assert_replays();
        // A second handoff of the same work item, after whatever became of the first.
        let mut before: BTreeSet<(u64, Digest)> = BTreeSet::new();
        before.extend(first.baseline.iter().map(|b| (b.number, b.package)));
        let mut next = World::new(&stage);
        next.id = "h-2";
        next.baseline.clone_from(&first.baseline);
        next.places_taken = first.places_taken;
        for roll in second {
            step(&mut next, &people, roll);
        }
        hold(&next.events, before);
        assert_told(&next.events);
        next.assert_replays();
    }
}
