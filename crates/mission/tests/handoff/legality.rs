//! Every state with every command.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use baton_mission::authority::Actor;
use baton_mission::handoff::{
    Ask, AskName, AttemptOutcome, Divergence, Event, Refusal, StateName, Step, apply, is_legal,
};
use baton_terms::Digest;

use crate::world::{Stage, World, ada, baton, bob, id, instant, max, olga, otto};

// spec: LIFECYCLE-2
#[test]
fn the_table_of_legal_commands_is_the_one_on_file() {
    let mut table = String::new();
    for state in StateName::ALL {
        let legal = AskName::ALL.iter().filter(|ask| is_legal(*state, **ask));
        let words: Vec<_> = legal.map(|ask| ask.word()).collect();
        writeln!(table, "{state}: {}", words.join(" ")).unwrap();
    }
    let table = table.replace(": \n", ":\n");
    assert_eq!(table, include_str!("legality.txt"), "\n{table}");
}

fn world_in(scene: &Stage, state: StateName) -> World<'_> {
    let reason = || "because".to_owned();
    match state {
        StateName::Checked => {
            let mut world = World::new(scene).reach(StateName::Submitted);
            world.sabotage = Some(|check| check.gates.clear());
            world.must(&baton(), World::check());
            world.sabotage = None;
            world
        }
        StateName::Escalated => {
            let mut world = World::new(scene).reach(StateName::Offered);
            world.must(&olga(), Ask::Escalate { reason: reason() });
            world
        }
        StateName::Quarantined => {
            let mut world = World::new(scene).reach(StateName::Offered);
            world.must(&baton(), diverged());
            world
        }
        StateName::Withdrawn => {
            let mut world = World::new(scene).reach(StateName::Offered);
            world.must(&ada(), Ask::Withdraw { reason: reason() });
            world
        }
        StateName::Expired => {
            let mut world = World::new(scene).reach(StateName::Gated);
            let gate = id("product");
            world.must(&max(), world.approve(&["safety"]));
            world.must(&crate::world::nia(), world.approve(&["safety"]));
            world.run_out(&baton_mission::handoff::TimerKind::Gate { gate });
            world
        }
        StateName::RollingBack | StateName::RollbackBlocked | StateName::RolledBack => {
            let mut world = World::second(scene).reach(StateName::Offered);
            if state != StateName::RolledBack {
                let undone_by = (state == StateName::RollingBack).then_some("recall");
                world.must(&baton(), World::delivered(undone_by));
            }
            world.must(&olga(), Ask::RollBack { reason: reason() });
            world
        }
        other => World::new(scene).reach(other),
    }
}

fn diverged() -> Ask {
    Ask::Quarantine {
        divergence: Divergence {
            recorded: Digest::of(b"recorded"),
            replayed: Digest::of(b"replayed"),
        },
    }
}

/// One of each command, by somebody who may.
fn samples(world: &World<'_>) -> Vec<(Actor, Ask)> {
    let reason = || "because".to_owned();
    let package = world.current();
    vec![
        (ada(), World::open()),
        (ada(), world.submit("retitled")),
        (baton(), World::check()),
        (max(), world.approve(&["safety"])),
        (max(), world.reject("safety")),
        (baton(), World::offer("payments")),
        (bob(), Ask::Acknowledge {}),
        (bob(), Ask::Accept { package }),
        (bob(), world.need_input("more")),
        (bob(), world.decline()),
        (bob(), Ask::Complete { outputs: None }),
        (ada(), Ask::Withdraw { reason: reason() }),
        (
            olga(),
            Ask::Reassign {
                team: id("search"),
                reason: reason(),
            },
        ),
        (
            otto(),
            Ask::Waive {
                waiver: id("w-1"),
                clause: id("titled"),
                reason: reason(),
                owner: "ada".parse().unwrap(),
                expires: instant("2026-12-31T00:00:00Z"),
            },
        ),
        (olga(), Ask::RollBack { reason: reason() }),
        (olga(), Ask::Escalate { reason: reason() }),
        (olga(), Ask::Resume { reason: reason() }),
        (baton(), diverged()),
        (olga(), Ask::Release { reason: reason() }),
        (
            baton(),
            Ask::Fire {
                timer: baton_mission::names::Revision::new(0),
            },
        ),
        (
            baton(),
            Ask::Report {
                step: Step::Evidence,
                result: AttemptOutcome::Done,
                compensation: None,
            },
        ),
        (baton(), World::compensated("delivery-9")),
        (olga(), World::retry("delivery-9")),
        (olga(), World::leave("delivery-9")),
    ]
}

// spec: LIFECYCLE-2
#[test]
fn every_other_pair_is_refused_by_naming_both() {
    let stage = Stage::new();
    let mut pairs = 0;
    for state in StateName::ALL {
        let world = world_in(&stage, *state);
        assert_eq!(world.state(), *state);
        let samples = samples(&world);
        assert_eq!(samples.len(), AskName::ALL.len());
        for (who, ask) in samples {
            pairs += 1;
            let name = ask.name();
            let mut tried = world.clone();
            tried.requests += 1;
            let refusal = tried.decide(&who, &tried.command(ask)).err();
            let illegal = Refusal::IllegalTransition {
                state: *state,
                ask: name,
            };
            assert_eq!(
                refusal.as_ref() == Some(&illegal),
                !is_legal(*state, name),
                "{name} when {state}: {refusal:?}"
            );
            if refusal == Some(illegal) {
                let told = refusal
                    .map(|refusal| refusal.to_string())
                    .unwrap_or_default();
                assert!(
                    told.contains(name.word()) && told.contains(state.word()),
                    "{told}"
                );
            }
        }
    }
    assert_eq!(pairs, StateName::ALL.len() * AskName::ALL.len());
}

/// Events of every kind, each as some handoff recorded it first.
fn recorded(stage: &Stage) -> BTreeMap<&'static str, Event> {
    let mut events = BTreeMap::new();
    let mut keep = |world: &World<'_>| {
        for event in &world.events {
            let word = event.change.word();
            events.entry(word).or_insert_with(|| event.clone());
        }
    };
    for state in StateName::ALL {
        let world = world_in(stage, *state);
        keep(&world);
        for (who, ask) in samples(&world) {
            let mut asked = world.clone();
            if asked.ask(&who, ask).is_ok() {
                keep(&asked);
            }
        }
    }
    let mut retried = World::new(stage).reach(StateName::Offered);
    retried.must(&baton(), World::failed(Step::Delivery));
    let step = Step::Delivery;
    retried.run_out(&baton_mission::handoff::TimerKind::Retry { step });
    keep(&retried);
    events
}

// spec: LIFECYCLE-1
#[test]
fn the_table_of_what_may_be_recorded_where_is_the_one_on_file() {
    let stage = Stage::new();
    let events = recorded(&stage);
    let mut table = String::new();
    for state in StateName::ALL {
        let world = world_in(&stage, *state);
        let leads = events.iter().filter_map(|(word, event)| {
            let event = Event {
                handoff: world.id.parse().unwrap(),
                revision: world.handoff.revision().next(),
                at: world.now.max(event.at),
                ..event.clone()
            };
            let after = apply(world.handoff.clone(), &event).ok()?.state();
            let to = (after != *state).then(|| format!(">{after}"));
            Some(format!(" {word}{}", to.unwrap_or_default()))
        });
        writeln!(table, "{state}:{}", leads.collect::<String>()).unwrap();
    }
    writeln!(
        table,
        "of: {}",
        events.keys().copied().collect::<Vec<_>>().join(" ")
    )
    .unwrap();
    assert_eq!(table, include_str!("recordable.txt"), "\n{table}");
}
