//! Every step broken in turn: each call of a store fails once while handoffs live their lives, callers ask again as they
//! would, nodes go on from what is kept, and in the end every promise is checked on what is left.

use std::collections::BTreeMap;

use baton_engine::handoff::{Failure, Outcome};
use baton_engine::node::Node;
use baton_engine::port::{Ledger, Store, StreamId};
use baton_mission::handoff::{Ask, StateName};
use baton_terms::{Digest, Elapsed, Instant};
use baton_testkit::check::{Acknowledged, Remains, Rules, check};
use baton_testkit::clock::SetClock;
use baton_testkit::courier::{FaultyCourier, Roads};
use baton_testkit::organization::QUORUMS;
use baton_testkit::seed::Seed;
use baton_testkit::store::{ByCount, Fault, Faults, FaultyStore, MemoryStore, Operation};

use crate::postgresql::Postgresql;
use crate::world::{World, ada, clock, lea, max, nia, olga, sqlite};

/// How often a caller or a node tries again before the test gives up.
const TRIES: u32 = 50;
/// Long after every deadline of the contract.
const END: &str = "2027-01-31T09:00:00Z";

/// What callers ask, in order; `None` where time passes and nobody asks.
#[derive(Debug, Clone, Copy)]
enum Step {
    Open,
    Submit,
    /// Without what the contract asks for.
    SubmitBadly,
    Approve,
    Accept,
    Complete,
    RollBack,
    Resume,
    Withdraw,
    /// Nothing is asked until nothing is due any more.
    Wait,
}

/// A handoff and its steps.
type Life = (&'static str, &'static [Step]);

/// Handoffs of one work item, with the steps of each.
const LIVES: [(&str, &[Life]); 3] = [
    (
        "sent back, mended, accepted and done",
        &[(
            "h-1",
            &[
                Step::Open,
                Step::SubmitBadly,
                Step::Submit,
                Step::Approve,
                Step::Accept,
                Step::Complete,
            ],
        )],
    ),
    (
        "rolled back to the handoff before",
        &[
            (
                "h-1",
                &[
                    Step::Open,
                    Step::Submit,
                    Step::Approve,
                    Step::Accept,
                    Step::Complete,
                ],
            ),
            (
                "h-2",
                &[
                    Step::Open,
                    Step::Submit,
                    Step::Approve,
                    Step::Accept,
                    Step::RollBack,
                ],
            ),
        ],
    ),
    (
        "left alone until oversight steps in",
        &[(
            "h-1",
            &[
                Step::Open,
                Step::Submit,
                Step::Wait,
                Step::Resume,
                Step::Approve,
                Step::Wait,
                Step::Withdraw,
            ],
        )],
    ),
];

/// Faults of writing alone: reading fails before anything happened, which writing shows as well.
struct OfWriting<'f>(&'f ByCount);

impl Faults for OfWriting<'_> {
    fn next(&self, operation: Operation) -> Option<Fault> {
        match operation {
            Operation::Read => None,
            _ => self.0.next(operation),
        }
    }
}

/// One run of a life over a store.
struct Run<'s> {
    /// What fails.
    faulty: &'s FaultyStore<'s>,
    clock: &'s SetClock,
    courier: FaultyCourier,
    /// The process of those who ask and work, which dies with each failure.
    process: World<'s>,
    /// That of those who only look on, and to whom nothing happens.
    bystander: World<'s>,
    acknowledged: Vec<Acknowledged>,
}

impl<'s> Run<'s> {
    fn new(store: &'s dyn Store, (faulty, clock): (&'s FaultyStore<'s>, &'s SetClock)) -> Self {
        Self {
            faulty,
            clock,
            courier: FaultyCourier::new(Seed::new(1), Roads::default()),
            process: World::new(faulty, clock),
            bystander: World::new(store, clock),
            acknowledged: Vec::new(),
        }
    }

    fn die_after(&mut self, wait: Elapsed) {
        self.process = World::new(self.faulty, self.clock);
        self.clock.wait(wait);
    }

    /// Asks until there is an answer, each time as if the caller's process had died with the failure.
    fn ask(
        &mut self,
        (handoff, key): (&str, &str),
        ask: impl Fn(&World<'_>) -> Result<Outcome, Failure>,
    ) {
        for _ in 0..TRIES {
            match ask(&self.process) {
                Ok(outcome) => {
                    self.acknowledged.push(Acknowledged {
                        handoff: handoff.to_owned(),
                        revision: outcome.revision.get(),
                        key: format!("{handoff}-{key}"),
                    });
                    return;
                }
                Err(failure) if failure.is_transient() => self.die_after(second()),
                Err(failure) => panic!("{handoff}, {key}: {failure}"),
            }
        }
        panic!("{handoff}, {key}: no answer after {TRIES} tries");
    }

    fn step(&mut self, (handoff, item): (&str, &str), step: Step) {
        match step {
            Step::Open => self.ask((handoff, "open"), |world| world.open(handoff, item)),
            Step::Submit => self.ask((handoff, "submit-Checkout"), |world| {
                world.submit(handoff, (item, "Checkout"))
            }),
            Step::SubmitBadly => self.ask((handoff, "submit-"), |world| {
                world.submit(handoff, (item, ""))
            }),
            Step::Approve => {
                for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
                    let question = Ask::Approve {
                        gates: vec![gate.parse().unwrap()],
                        package: self.package(handoff),
                        reason: "it is sound".to_owned(),
                    };
                    let key = format!("approve-{gate}-{}", who.principal);
                    self.question(&who, handoff, (&key, question));
                }
            }
            Step::Accept => {
                let question = Ask::Accept {
                    package: self.package(handoff),
                };
                let who = self.bystander.receiver(handoff);
                self.question(&who, handoff, ("accept", question));
            }
            Step::Complete => {
                let who = self.bystander.receiver(handoff);
                self.question(&who, handoff, ("complete", Ask::Complete { outputs: None }));
            }
            Step::RollBack | Step::Resume | Step::Withdraw => self.oversee(handoff, step),
            Step::Wait => self.wait_until_nothing_is_due(),
        }
    }

    fn oversee(&mut self, handoff: &str, step: Step) {
        let reason = "oversight has looked at it".to_owned();
        let (who, key, question) = match step {
            Step::RollBack => (olga(), "rollback", Ask::RollBack { reason }),
            Step::Resume => (olga(), "resume", Ask::Resume { reason }),
            _ => (ada(), "withdraw", Ask::Withdraw { reason }),
        };
        self.question(&who, handoff, (key, question));
    }

    fn question(
        &mut self,
        who: &baton_mission::authority::Actor,
        handoff: &str,
        (key, question): (&str, Ask),
    ) {
        self.ask((handoff, key), |world| {
            world.ask(who, handoff, (key, question.clone()))
        });
    }

    fn package(&self, handoff: &str) -> Digest {
        self.bystander.package(handoff)
    }

    /// Lets a node work until nothing is due now, starting it anew whenever something fails.
    fn work(&mut self) {
        for _ in 0..TRIES {
            let node = Node::new("a", &self.process.desk, &self.courier);
            match node.run_until_idle() {
                Ok(work) if work.failed.is_empty() => return,
                // What the dead node had claimed is free when its lease is over.
                Ok(_) | Err(_) => self.die_after(Elapsed::from_seconds(61)),
            }
        }
        panic!("the node comes to no rest");
    }

    fn wait_until_nothing_is_due(&mut self) {
        let end: Instant = END.parse().unwrap();
        loop {
            self.work();
            let desk = &self.bystander.desk;
            match desk.store().next_due().unwrap() {
                Some(due) if due <= end => self.clock.set(due.max(desk.now())),
                _ => return,
            }
        }
    }

    fn remains(&self) -> Remains {
        let page = baton_engine::port::Page {
            prefix: "handoff/".to_owned(),
            state: None,
            turn: None,
            after: None,
            limit: 100,
        };
        let store = self.bystander.desk.store();
        let mut handoffs = BTreeMap::new();
        for head in store.heads(&page).unwrap() {
            let name = head.stream.as_str().trim_start_matches("handoff/");
            handoffs.insert(name.to_owned(), lines(store, &head.stream));
        }
        Remains {
            handoffs,
            acknowledged: self.acknowledged.clone(),
            arrived: self.courier.log().arrived.into_keys().collect(),
        }
    }
}

fn lines(store: &(impl Ledger + ?Sized), stream: &StreamId) -> Vec<Vec<u8>> {
    let lines = store.lines(stream, 0, 10_000).unwrap();
    lines.into_iter().map(|line| line.bytes).collect()
}

fn second() -> Elapsed {
    Elapsed::from_seconds(1)
}

/// Lives one life while the calls that `faults` name fail, and checks every promise.
fn live(store: &dyn Store, faults: &dyn Faults, handoffs: &[Life]) -> Vec<StateName> {
    let broken_store = FaultyStore::new(store, faults);
    let clock = clock();
    let mut run = Run::new(store, (&broken_store, &clock));
    for (handoff, steps) in handoffs {
        for step in *steps {
            run.step((handoff, "item-1"), *step);
            run.work();
        }
    }
    run.wait_until_nothing_is_due();
    let rules = Rules {
        quorums: QUORUMS
            .map(|(gate, quorum)| (gate.to_owned(), quorum))
            .into(),
        // A lease, and the second in which a caller asks again.
        lateness_max: Elapsed::from_seconds(300),
        end: END.parse().unwrap(),
    };
    let (broken, counted) = check(&run.remains(), &rules);
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(counted.events > 0);
    let states = handoffs
        .iter()
        .map(|(handoff, _)| run.bystander.state(handoff));
    states.collect()
}

/// Breaks every writing call of every life with one fault, `span` calls at a time, and returns how many runs that took. Runs with an
/// even number go to one store and those with an odd one to the other: which is the fault's to say, so that two tests break every call on both.
/// Where `BATON_BREAK` is `all`, every run goes to both.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs this test says how long it may take"
)]
fn break_every_call((fault, span): (Fault, u64), first: Which) -> u64 {
    let postgresql = Postgresql::new(&format!("{fault:?}_{span}").to_lowercase());
    let is_all = std::env::var("BATON_BREAK").is_ok_and(|asked| asked == "all");
    let (mut runs, mut of_postgresql) = (0, 0);
    for (what, handoffs) in LIVES {
        let none = ByCount::once(fault, 0);
        let expected = live(&MemoryStore::new(), &OfWriting(&none), handoffs);
        for number in 1.. {
            let is_postgresql = (number % 2 == 1) == (first == Which::Postgresql);
            let mut places = Vec::new();
            if let Some(postgresql) = postgresql.as_ref().filter(|_| is_all || is_postgresql) {
                places.push(postgresql.emptied());
                of_postgresql += 1;
            }
            if is_all || places.is_empty() {
                places.push(sqlite());
            }
            let mut calls = 0;
            for place in &places {
                let faults = ByCount::between(fault, (number, number + span - 1));
                let ended = live(place.store.as_ref(), &OfWriting(&faults), handoffs);
                assert_eq!(ended, expected, "{what}: call {number} on {}", place.name);
                runs += 1;
                calls = calls.max(faults.calls());
            }
            if calls < number {
                break;
            }
        }
    }
    println!(
        "{fault:?}, {span} calls at a time: {runs} runs, {of_postgresql} of them on PostgreSQL, lost 0, doubled 0"
    );
    runs
}

/// Where the first call is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Sqlite,
    Postgresql,
}

#[test]
fn a_store_that_keeps_nothing_once_loses_and_doubles_nothing() {
    assert!(break_every_call((Fault::Unavailable, 1), Which::Sqlite) > 60);
}

#[test]
fn a_commit_that_nobody_saw_loses_and_doubles_nothing() {
    assert!(break_every_call((Fault::UnknownAndKept, 1), Which::Sqlite) > 60);
}

#[test]
fn a_commit_that_failed_unseen_loses_and_doubles_nothing() {
    assert!(break_every_call((Fault::UnknownAndLost, 1), Which::Postgresql) > 60);
}

#[test]
fn a_second_fault_during_recovery_loses_and_doubles_nothing() {
    assert!(break_every_call((Fault::UnknownAndKept, 3), Which::Postgresql) > 60);
}
