//! Who decides, how often it counts, and what is left when a store breaks.

use super::world::*;
use crate::world::{clock, code, places};
use baton_engine::handoff::{Failure, engine};
use baton_engine::port::{NewJob, Request, Store, StreamId, Summary, Transition};
use baton_engine::rollout::{Call, freeze, list, look, roll_back, thaw};
use baton_engine::trail::Trail;
use baton_evidence::trace::Entry;
use baton_testkit::organization::{actor, form};
use baton_testkit::store::{
    ByCount, Fault as StoreFault, Faults, FaultyStore, MemoryStore, Operation,
};
use serde_json::Value;

// spec: ROLLOUT-2
#[test]
fn an_algorithm_of_another_program_moves_nobody() {
    let (written, read) = (MemoryStore::new(), MemoryStore::new());
    let (clock, flags) = (clock(), File::on());
    Org::new(&written, (&clock, &flags)).to_canary();
    copy_with(&written, &read, |text| {
        text.replace("sha256-modulo-v1", "murmur3-v9")
    });
    let org = Org::new(&read, (&clock, &flags));
    let held = holds(&org);
    assert!(held.contains("murmur3-v9"), "{held}");
    for number in 0..12 {
        let handoff = format!("h-{number}");
        org.open(&handoff, &org.canary).unwrap();
        assert_eq!(org.version(&handoff), org.stable.digest());
        let case = org.desk.load(&handoff.parse().unwrap()).unwrap();
        let why = case.assignment().unwrap().withheld.clone();
        assert!(why.unwrap().contains("murmur3-v9"));
    }
}

/// Copies a rollout as a program with another algorithm would have written it.
fn copy_with(from: &dyn Store, to: &dyn Store, change: impl Fn(&str) -> String) {
    let stream = StreamId::new("rollout/r-1").unwrap();
    let mut trail = Trail::default();
    let mut lines = Vec::new();
    let mut blobs = Vec::new();
    for line in from.lines(&stream, 0, 1_000).unwrap() {
        let mut draft = Entry::parse(&line.bytes).unwrap().draft().clone();
        for digest in draft.digests.values() {
            let bytes = from.blob(digest).unwrap().unwrap();
            blobs.push(baton_engine::port::Blob {
                digest: *digest,
                bytes,
            });
        }
        let detail = change(&Value::Object(draft.detail).to_string());
        draft.detail = serde_json::from_str(&detail).unwrap();
        lines.push(trail.push(draft).unwrap().1);
    }
    let key = "rollout-line/design-to-build/1";
    to.append(Transition {
        stream,
        expected: 0,
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        lines,
        leaf: trail.leaf(),
        summary: Summary {
            state: "running".to_owned(),
            turn: None,
            due: None,
        },
        request: from.request(key).unwrap(),
        blobs,
        jobs: Vec::<NewJob>::new(),
        cleared: Vec::new(),
        under: None,
    })
    .unwrap();
    assert_eq!(
        to.request(key).unwrap().map(|kept: Request| kept.key),
        Some(key.to_owned())
    );
}

// spec: ROLLOUT-18
#[test]
fn nodes_that_look_at_once_apply_once() {
    for place in places() {
        let (clock, flags) = (clock(), File::on());
        let store = place.store.as_ref();
        let org = Org::new(store, (&clock, &flags));
        org.start().unwrap();
        for number in 0..3 {
            org.hand_over(&format!("shadow-{number}"), |_| false);
        }
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let node = Org::new(store, (&clock, &flags));
                    let id = "r-1".parse().unwrap();
                    look(&node.desk, &node.watch, (&engine(), &id, None)).unwrap()
                });
            }
        });
        let view = org.status();
        let advances = view.decisions.iter().filter(|one| one.what == "advanced");
        assert_eq!(advances.count(), 1, "{}: {:?}", place.name, view.decisions);
        assert_eq!(view.percent, 50);
    }
}

// spec: ROLLOUT-18
#[test]
fn decisions_are_for_those_who_answer_for_the_contract_and_need_their_report() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    let sound = report(&org.canary);
    for (card, expected) in [
        ("ada/person/design/designer/submit", 1395),
        ("ada/person/design/designer/operate", 1395),
        ("bot+olga/agent/product-operations/owner/operate", 1395),
    ] {
        let refused = org
            .start_as(&actor(card), ("r-1", "start"), &sound)
            .unwrap_err();
        assert_eq!(code(&refused), expected, "{card}");
    }
    // Who answers for the next version says nothing about the one in force.
    let mut taken = Org::new(&memory, (&clock, &flags));
    taken.canary = form(&canary_text().replace("team: product-operations", "team: design"));
    let sender = actor("ada/person/design/designer/operate");
    let refused = taken.start_as(&sender, ("r-1", "start"), &report(&taken.canary));
    assert_eq!(code(&refused.unwrap_err()), 1395);
    for (validation, why) in [
        (b"".to_vec(), "no validation report"),
        (report(&org.stable), "no report in it is about this digest"),
        (
            String::from_utf8(sound.clone())
                .unwrap()
                .replace("regression", "r")
                .into(),
            "does not cover regression",
        ),
    ] {
        let refused = org
            .start_as(&olga(), ("r-1", "start"), &validation)
            .unwrap_err();
        assert_eq!(code(&refused), 1398);
        assert!(refused.to_string().contains(why), "{refused}");
    }
}

// spec: ROLLOUT-18
#[test]
fn a_request_is_done_once_and_one_rollout_counts() {
    let memory = MemoryStore::new();
    let (clock, flags) = (clock(), File::on());
    let org = Org::new(&memory, (&clock, &flags));
    let sound = report(&org.canary);
    let first = org.start().unwrap();
    assert_eq!(org.start().unwrap(), first);
    let again = org.start_as(&olga(), ("r-1", "other"), &sound).unwrap_err();
    assert_eq!(code(&again), 1391);
    let other = org.start_as(&olga(), ("r-2", "start"), &sound).unwrap_err();
    assert_eq!(code(&other), 1394);
    let who = olga();
    let call = deciding(&who, ("r-1", "freeze"));
    assert_eq!(code(&freeze(&org.desk, &call, " ").unwrap_err()), 1391);
    let stale = Call {
        expects: Some(7),
        ..call.clone()
    };
    assert_eq!(
        code(&freeze(&org.desk, &stale, "an incident").unwrap_err()),
        1396
    );
    let frozen = freeze(&org.desk, &call, "an incident").unwrap();
    assert_eq!(freeze(&org.desk, &call, "an incident").unwrap(), frozen);
    assert_eq!(
        code(&freeze(&org.desk, &call, "another").unwrap_err()),
        1397
    );
    for number in 0..3 {
        org.hand_over(&format!("shadow-{number}"), |_| false);
    }
    assert!(holds(&org).contains("frozen: an incident"));
    thaw(&org.desk, &deciding(&who, ("r-1", "thaw")), "it is over").unwrap();
    assert_eq!(org.look().unwrap().percent, 50);
    roll_back(&org.desk, &deciding(&who, ("r-1", "back")), "enough").unwrap();
    assert_eq!(
        org.start_as(&olga(), ("r-2", "start"), &sound)
            .unwrap()
            .phase,
        "running"
    );
    let late = roll_back(&org.desk, &deciding(&who, ("r-1", "late")), "again").unwrap_err();
    assert_eq!(code(&late), 1391);
    assert_eq!(list(&org.desk, (None, 10)).unwrap().len(), 2);
    let missing = look(&org.desk, &org.watch, (&who, &"r-9".parse().unwrap(), None));
    assert_eq!(code(&missing.unwrap_err()), 1392);
}

/// Faults of writing alone: reading fails before anything happened, which writing shows as well.
struct OfWriting(ByCount);

impl Faults for OfWriting {
    fn next(&self, operation: Operation) -> Option<StoreFault> {
        match operation {
            Operation::Read => None,
            _ => self.0.next(operation),
        }
    }
}

/// Asks until there is an answer, each time at a new desk, as if the process had died with the failure.
fn insist<T>(make: impl Fn() -> Result<T, Failure>) -> T {
    for _ in 0..50 {
        match make() {
            Ok(answer) => return answer,
            Err(failure) => assert!(failure.is_transient(), "{failure}"),
        }
    }
    panic!("no answer");
}

/// A rollout to its promotion and back, over a store that fails; returns what was decided.
fn live(store: &dyn Store, faults: &OfWriting) -> Vec<(&'static str, u64)> {
    let broken = FaultyStore::new(store, faults);
    let (clock, flags) = (clock(), File::on());
    let org = || Org::new(&broken, (&clock, &flags));
    insist(|| org().start());
    for number in 0..3 {
        let handoff = format!("h-{number}");
        clock.forward(60);
        insist(|| {
            let org = org();
            org.open(&handoff, &org.stable)
        });
        insist(|| org().send(&handoff));
        insist(|| org().answer(&handoff, false));
    }
    insist(|| org().look());
    let who = olga();
    insist(|| {
        freeze(
            &org().desk,
            &deciding(&who, ("r-1", "freeze")),
            "an incident",
        )
    });
    insist(|| thaw(&org().desk, &deciding(&who, ("r-1", "thaw")), "it is over"));
    insist(|| roll_back(&org().desk, &deciding(&who, ("r-1", "back")), "enough"));
    let whole = Org::new(store, (&clock, &flags));
    let view = whole.status();
    assert_eq!(view.shadow_assessed, 3);
    assert_eq!(view.phase, "rolled-back");
    view.decisions
        .iter()
        .map(|one| (one.what, one.revision))
        .collect()
}

// spec: ROLLOUT-18
#[test]
fn a_store_that_breaks_at_any_writing_call_loses_and_doubles_nothing() {
    let none = OfWriting(ByCount::once(StoreFault::Full, 0));
    let expected = live(&MemoryStore::new(), &none);
    assert_eq!(expected.last(), Some(&("rolled-back", 5)));
    let calls = none.0.calls();
    for fault in [
        StoreFault::Unavailable,
        StoreFault::UnknownAndKept,
        StoreFault::UnknownAndLost,
    ] {
        for number in 1..=calls {
            let faults = OfWriting(ByCount::once(fault, number));
            let decided = live(&MemoryStore::new(), &faults);
            assert_eq!(decided, expected, "{fault:?} at call {number}");
        }
    }
}
